"""Problems for a person: warnings, then errors, then the figures of each vault.

All problems, or about a screen of them: what the last build told is counted, and so is what is too much of
one code.

notes/a.md:3:1: warning link-not-found: no note or file named 'gone' (2 places)
    see [[gone]]
        ^^^^^^^^
    hint: create it, or correct the name
and 176 link-not-found: `vaultdeck check notes --format text` shows all
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from vaultdeck.build.replay import COLOR_CODE
from vaultdeck.model.diagnostics import ERROR, Diagnostic, code_counts, counted, in_order
from vaultdeck.report.summary import lock_types, vault_line
from vaultdeck.report.text import ReadText, text_lines
from vaultdeck.report.told import Told

# How many problems are shown.
MAX_PROBLEMS = 28
# Of so many problems the lines of the notes are shown, too.
FEW_CARDS = 8
# Rows of a screen for the command, for two bars of its progress and for the next prompt.
OTHER_ROWS = 4
ALL = "`vaultdeck check --format text` shows all"


def text(all_told: Sequence[Told]) -> Iterator[str]:
    """Yield notes, what is wrong in each vault that can be read, and how much is wrong in each."""
    is_quiet = all_told[0].is_quiet
    notes = [f"note: {n}" for told in all_told for n in lock_types(told.build) if not is_quiet]
    figures = [] if is_quiet else [*map(vault_line, all_told)]
    yield from notes
    for told in (told for told in all_told if told.is_usable):
        if told.is_brief:
            yield from screen_lines(told, read=told.read, around=[*notes, *figures])
        else:
            yield from text_lines(told.problems, told.read, is_colored=told.is_colored)
    yield from figures


def screen_lines(
    told: Told,
    was_told: Callable[[Diagnostic], bool] = lambda problem: False,
    read: ReadText | None = None,
    around: Sequence[str] = (),
) -> list[str]:
    """Return the problems: warnings, then how many `was_told` knows, then errors.

    Given `read`, the lines of notes are shown where there are few; `around` is what else is told.
    """
    (columns, rows), problems = told.screen, told.gathered
    errors = [problem for problem in problems if problem.severity == ERROR]
    others = [problem for problem in problems if problem.severity != ERROR]
    news = [problem for problem in others if not was_told(problem)]
    in_turn = _in_turn([*errors, *news])
    same = []
    if len(news) < len(others):
        noun = counted(len(others) - len(news), "warning")
        codes = code_counts(Counter(p.code for p in others if was_told(p)))
        same.append(told.command(f"{noun} as in the last build ({codes}): {ALL}"))
    read = read if len(problems) <= FEW_CARDS else None
    for room in range(MAX_PROBLEMS, 0, -1):
        warned, failed = (
            [*_some(told, in_turn, room, read, is_error)] for is_error in (False, True)
        )
        lines = [*warned, *same, *failed]
        if not columns or sum(_rows(x, columns) for x in [*around, *lines]) <= rows - OTHER_ROWS:
            break
    return lines


def _rows(line: str, columns: int) -> int:
    """Return about how many rows a line takes: letters of East Asia are wide."""
    plain = COLOR_CODE.sub("", line)
    return 1 + (len(plain) + sum(letter >= "\u1100" for letter in plain) - 1) // columns


def _in_turn(problems: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return one problem of each code, errors first, then a second of each, and so on."""
    seen: Counter[str] = Counter()
    turns: list[tuple[int, bool, Diagnostic]] = []
    for problem in problems:
        turns.append((seen[problem.code], problem.severity != ERROR, problem))
        seen[problem.code] += 1
    return [problem for *_, problem in sorted(turns, key=lambda turn: turn[:2])]


def _some(
    told: Told, in_turn: Sequence[Diagnostic], room: int, read: ReadText | None, is_error: bool
) -> Iterator[str]:
    """Yield the lines of the errors, or of the others, for which there is room; count the rest."""
    shown, more = (
        [problem for problem in part if (problem.severity == ERROR) is is_error]
        for part in (in_turn[:room], in_turn[room:])
    )
    yield from text_lines([*map(told.seen, in_order(shown))], read, is_colored=told.is_colored)
    if more:
        yield told.command(f"and {code_counts(Counter(p.code for p in more))}: {ALL}")
