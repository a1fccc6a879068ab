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
from vaultdeck.model.diagnostics import ERROR, Diagnostic, counted
from vaultdeck.report.summary import lock_types, vault_line
from vaultdeck.report.text import ReadText, text_lines
from vaultdeck.report.told import Told

# How many errors, how many others and how many of both are shown.
MAX_ERRORS = 16
MAX_OTHERS = 24
MAX_BOTH = 28
# Of so many problems the lines of the notes are shown, too.
FEW_CARDS = 8
# Rows of a screen for what stands round the problems: figures, a notice, the prompt.
OTHER_ROWS = 6
ALL = "`vaultdeck check --format text` shows all"


def text(all_told: Sequence[Told]) -> Iterator[str]:
    """Yield notes, what is wrong in each vault that can be read, and how much is wrong in each."""
    for told in all_told if not all_told[0].is_quiet else ():
        yield from (f"note: {notice}" for notice in lock_types(told.build))
    for told in (told for told in all_told if told.is_usable):
        if told.is_brief:
            yield from screen_lines(told, read=told.read)
        else:
            yield from text_lines(told.problems, told.read, is_colored=told.is_colored)
    if not all_told[0].is_quiet:
        yield from map(vault_line, all_told)


def screen_lines(
    told: Told,
    was_told: Callable[[Diagnostic], bool] = lambda problem: False,
    read: ReadText | None = None,
) -> list[str]:
    """Return the problems: warnings, then how many `was_told` knows, then errors.

    Given `read`, the lines of notes are shown where there are few.
    """
    (columns, rows), problems = told.screen, told.gathered
    for room in range(MAX_BOTH, 0, -1):
        lines = [*_lines_of(told, problems, was_told, read, room)]
        if not columns or sum(1 + _width(line) // columns for line in lines) <= rows - OTHER_ROWS:
            break
    return lines


def _width(line: str) -> int:
    """Return about how many columns a line takes: letters of East Asia are wide."""
    plain = COLOR_CODE.sub("", line)
    return len(plain) + sum(letter >= "\u1100" for letter in plain)


def _lines_of(
    told: Told,
    problems: Sequence[Diagnostic],
    was_told: Callable[[Diagnostic], bool],
    read: ReadText | None,
    most: int,
) -> Iterator[str]:
    """Yield about so many problems, and how many are left."""
    errors = [problem for problem in problems if problem.severity == ERROR]
    others = [problem for problem in problems if problem.severity != ERROR]
    same = Counter(problem.code for problem in others if was_told(problem))
    news = [problem for problem in others if not was_told(problem)]
    most_errors = min(MAX_ERRORS, max(most - bool(news), 1))
    room = max(1, min(MAX_OTHERS, most - min(len(errors), most_errors)))
    read = read if len(problems) <= FEW_CARDS else None
    yield from _some(told, news, room, read)
    if same:
        noun = counted(same.total(), "warning")
        yield told.command(f"{noun} as in the last build ({_of_codes(same)}): {ALL}")
    yield from _some(told, errors, most_errors, read)


def _some(
    told: Told, problems: Sequence[Diagnostic], room: int, read: ReadText | None
) -> Iterator[str]:
    """Yield the lines of as many problems as there is room for, which their codes share; count the rest."""
    counts = Counter(problem.code for problem in problems)
    most = room
    while most > 1 and sum(min(count, most) for count in counts.values()) > room:
        most -= 1
    seen: Counter[str] = Counter()
    shown: list[Diagnostic] = []
    for problem in problems:
        seen[problem.code] += 1
        shown += [told.seen(problem)] if seen[problem.code] <= most else []
    yield from text_lines(shown, read, is_colored=told.is_colored)
    more = counts - Counter(dict.fromkeys(counts, most))
    if more:
        yield told.command(f"and {_of_codes(more)}: {ALL}")


def _of_codes(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {code}" for code, count in counts.items())
