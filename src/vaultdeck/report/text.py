"""Problems as text: `path:line:column: severity code: message`, the line itself, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from wcwidth import wcswidth

from vaultdeck.diagnostics import CONTROL, ERROR, Diagnostic
from vaultdeck.model import Location

# How much of a line is shown round a problem.
WIDTH = 76
# How many warnings of one code a build shows; `check` shows all.
MAX_OF_A_CODE = 20
# Gives the text of a note file, None if it cannot be read.
Read = Callable[[str], str | None]


def text_lines(diagnostics: Sequence[Diagnostic], read: Read | None = None) -> Iterator[str]:
    """Yield each problem, then its line with a caret (given `read`), the chain of embeds, the hint."""
    for problem in diagnostics:
        often = f" ({problem.count} times)" if problem.count > 1 else ""
        place = place_of(problem.location)
        yield _printable(f"{place}: {problem.severity} {problem.code}: {problem.message}{often}")
        if read is not None:
            yield from excerpt_lines(problem.location, read(problem.location.path))
        for embed in reversed(problem.via):
            yield _printable(f"    embedded at {place_of(embed)}")
        if problem.hint:
            yield _printable(f"    hint: {problem.hint}")


def limited(diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[str]]:
    """Return the problems that a build shows, and a line for each code of which it shows not all."""
    shown: list[Diagnostic] = []
    counts: Counter[str] = Counter()
    for problem in diagnostics:
        counts[problem.code] += 1
        if problem.severity == ERROR or counts[problem.code] <= MAX_OF_A_CODE:
            shown.append(problem)
    kept = Counter(problem.code for problem in shown)
    return shown, [
        f"{count - kept[code]} more of {code}: `vaultdeck check` shows all"
        for code, count in counts.items()
        if count > kept[code]
    ]


def without_most_missing_ids(
    diagnostics: Iterable[Diagnostic],
) -> tuple[list[Diagnostic], list[str]]:
    """Return the problems without most of the cards that have no ID, and a line that counts them.

    Before the first build that is every card, and all are mended by it.
    """
    problems = list(diagnostics)
    missing = [problem for problem in problems if problem.code == "missing-id"][MAX_OF_A_CODE:]
    if not missing:
        return problems, []
    dropped = set(map(id, missing))
    line = f"{len(missing)} more cards have no ID yet: `vaultdeck build` writes them all"
    return [problem for problem in problems if id(problem) not in dropped], [line]


def excerpt_lines(location: Location, text: str | None) -> Iterator[str]:
    """Yield the line of a problem, cut to what can be read, and a caret under what is meant."""
    lines = [] if text is None else text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if location.line > len(lines):
        return
    line = lines[location.line - 1]
    start = location.column - 1
    end = location.end_column - 1 if location.end_line == location.line else len(line.rstrip())
    if not line.strip() or start > len(line):
        return
    first = max(0, min(start - WIDTH // 2, len(line) - WIDTH))
    shown = CONTROL.sub(" ", line[first : first + WIDTH]).rstrip()
    before = wcswidth(CONTROL.sub(" ", line[first:start]))
    marked = wcswidth(CONTROL.sub(" ", line[start : min(max(end, start + 1), first + WIDTH)]))
    yield f"    {shown}"
    yield f"    {' ' * before}{'^' * max(marked, 1)}"


def place_of(location: Location) -> str:
    """Return `path:line:column`."""
    return f"{location.path}:{location.line}:{location.column}"


def _printable(line: str) -> str:
    """Return a line in which control characters, as file names may hold, are spelt out."""
    return CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", line)
