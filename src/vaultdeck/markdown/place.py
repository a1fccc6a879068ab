"""Where in the source an inline token stands: markdown-it knows the lines, not the columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it.token import Token

from vaultdeck.model import line_starts
from vaultdeck.regexps import regexp

# What is in the source and not in the token: control characters, and the backslash of `\|` in a
# table cell. Anki strips the former, which would join what was kept apart, and refuses U+001F altogether.
DROPPED = regexp(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
DROPPED_IN_CELL = regexp(rf"{DROPPED.pattern}|\\(?=\|)")


class Spot(NamedTuple):
    """A 0-based line and column."""

    line: int
    column: int


class Places:
    """The lines of a text that was parsed, in which the places of inline tokens are found.

    Block parsing cuts list marks, quote marks and indentation off the beginning of a line and white
    space off its end, so a content's line is sought as a part of the source's; where it was rewritten
    beyond recognition the column is the line's first. What is known of a content serves for the next
    place in it.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._content = ""
        # Where the lines of that content begin, and, by line, which columns of the source they hold.
        self._starts = [0]
        self._columns: dict[tuple[int, int], tuple[int, Sequence[int]]] = {}

    def find(self, token: Token, start: int, end: int) -> tuple[Spot, Spot]:
        """Return where the range `start:end` of an inline token's content begins and ends."""
        first = self._find(token, start)
        if self._lines[first.line].startswith(token.content[start:end], first.column):
            return first, Spot(first.line, first.column + end - start)
        return first, max(first, self._find(token, end))

    def _find(self, token: Token, pos: int) -> Spot:
        if self._content is not token.content:
            self._content, self._columns = token.content, {}
            self._starts = line_starts(token.content)
        number = bisect_right(self._starts, pos) - 1
        line = (token.map[0] if token.map else 0) + number
        if line >= len(self._lines):
            return Spot(max(len(self._lines) - 1, 0), 0)
        start = self._starts[number]
        if (line, number) not in self._columns:
            end = token.content.find("\n", start)
            shown = token.content[start : end if end >= 0 else None]
            self._columns[line, number] = _find_columns(self._lines[line], shown)
        blank, columns = self._columns[line, number]
        return Spot(line, columns[min(max(pos - start - blank, 0), len(columns) - 1)])


def _find_columns(source: str, shown: str) -> tuple[int, Sequence[int]]:
    """Return how much white space a content's line begins with, and where what follows stands.

    That is the column in the source's line of each further character and of the end.
    """
    blank, wanted = len(shown) - len(shown.lstrip()), shown.strip()
    cut = source.find(wanted)
    if cut >= 0:
        return blank, range(cut, cut + len(shown) - blank + 1)
    for dropped in (DROPPED, DROPPED_IN_CELL):
        left = _left(source, dropped)
        cut = "".join(source[index] for index in left).find(wanted)
        if cut >= 0:
            return blank, [*left, len(source)][cut:]
    return blank, [len(source) - len(source.lstrip())]


def _left(source: str, dropped: re.Pattern[str]) -> list[int]:
    """Return the columns of what is left of a line."""
    gone = {match.start() for match in dropped.finditer(source)}
    return [column for column in range(len(source)) if column not in gone]
