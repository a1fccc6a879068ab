"""Problems as text: `path:line:column: severity code: message`, the line itself, what to do."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from vaultdeck.model import Location
from vaultdeck.model.diagnostics import ERROR, NOTICE, WARNING, Diagnostic
from vaultdeck.regexps import regexp

# How much of a line is shown round a problem.
WIDTH = 76
# Of so many problems of one code each is shown with its line; of more, each takes one line.
FEW = 3
# What a terminal or a log acts upon (GitHub Actions on `##[…]` anywhere in a line), what makes it show the
# rest of a line from right to left, or no Unicode.
UNSHOWN = regexp(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]|(?<=##)\[")
# GitHub Actions acts upon a line that begins so.
WORKFLOW_COMMAND = regexp(r"\A(\s*):(?=:)")
# How much of the text of a field is its title.
MAX_TITLE = 50
# A tag of a field; a `<` or `>` between the quotes of an attribute belongs to it.
FIELD_TAG = regexp(r"<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>(?:[^\">]|\"[^\"]*\")*)>")
# Gives the text of a note file, None if it cannot be read.
ReadText = Callable[[str], str | None]
COLORS = {ERROR: "\x1b[1;31m", WARNING: "\x1b[1;33m", NOTICE: "\x1b[1m"}
COLOR_END = "\x1b[0m"
OUR_HEAD = regexp(rf"(\x1b\[1(?:;3[13])?m(?:{ERROR}|{WARNING}|{NOTICE}) [a-z-]+:\x1b\[0m)")


def text_lines(
    diagnostics: Sequence[Diagnostic], read: ReadText | None = None, *, is_colored: bool = False
) -> Iterator[str]:
    """Yield each problem, then its line with a caret (given `read`), the chain of embeds, the hint.

    Errors come last, where a terminal shows them. The hint that several of one code share is told once.
    """
    of_code = Counter(problem.code for problem in diagnostics)
    told: set[tuple[str, str]] = set()
    for problem in sorted(diagnostics, key=lambda problem: problem.severity == ERROR):
        head = f"{problem.severity} {problem.code}:"
        if is_colored:
            head = f"{COLORS[problem.severity]}{head}{COLOR_END}"
        said = printable(f"{problem.message}{often(problem)}")
        place = printable(place_of(problem.location))
        yield f"{'./' if place.startswith('::') else ''}{place}: {head} {said}"
        if read is not None and of_code[problem.code] <= FEW:
            yield from excerpt_lines(problem.location, read(problem.location.path))
        for embed in reversed(problem.via):
            yield printable(f"    embedded at {place_of(embed)}")
        if problem.hint and (problem.code, problem.hint) not in told:
            told.add((problem.code, problem.hint))
            yield printable(f"    hint: {problem.hint}")


def often(problem: Diagnostic) -> str:
    """Return how many times a problem is there, for the end of its message; nothing for once."""
    if problem.count == 1:
        return ""
    return f" ({problem.count} {'places' if problem.others else 'times'})"


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
    # A vault without a problem does not wait for its tables.
    from wcwidth import wcswidth

    first = max(0, min(start - WIDTH // 2, len(line) - WIDTH))
    shown = UNSHOWN.sub(" ", line[first : first + WIDTH]).rstrip()
    before = wcswidth(UNSHOWN.sub(" ", line[first:start]))
    marked = wcswidth(UNSHOWN.sub(" ", line[start : min(max(end, start + 1), first + WIDTH)]))
    yield f"    {shown}"
    yield f"    {' ' * before}{'^' * max(marked, 1)}"


def place_of(location: Location) -> str:
    """Return `path:line:column`."""
    return f"{location.path}:{location.line}:{location.column}"


def printable(line: str) -> str:
    """Return a line in which such characters, as file names may hold, are spelt out."""
    return UNSHOWN.sub(lambda match: _code_of(ord(match[0])), line)


class Annotation(str):
    """A line that GitHub Actions is to act upon, as upon no other."""

    __slots__ = ()


def shown(line: str) -> str:
    """Return a line of a report as a terminal or log may have it: `printable`, but for our own colours."""
    if not isinstance(line, Annotation):
        line = WORKFLOW_COMMAND.sub(lambda match: match[1] + _code_of(ord(":")), line)
    parts = OUR_HEAD.split(line)
    return "".join(part if number % 2 else printable(part) for number, part in enumerate(parts))


def as_json(data: object) -> str:
    """Return JSON in which such characters, which may stand in texts only, are spelt out."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return "\n".join(
        UNSHOWN.sub(lambda match: f"\\u{ord(match[0]):04x}", line) for line in text.split("\n")
    )


def _code_of(char: int) -> str:
    return f"\\x{char:02x}" if char < 0x100 else f"\\u{char:04x}"


def text_of(field: str) -> str:
    """Return what the HTML of a field shows as one line of text."""
    return " ".join(html.unescape(FIELD_TAG.sub(" ", field)).split())
