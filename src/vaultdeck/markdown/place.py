"""Where in the source an inline token stands: markdown-it knows the lines, not the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it.token import Token

# What is in the source and not in the token: control characters, and the backslash of `\|` in a
# table cell. Anki strips the former, which would join what was kept apart, and refuses U+001F altogether.
DROPPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
DROPPED_IN_CELL = re.compile(rf"{DROPPED.pattern}|\\(?=\|)")


class Spot(NamedTuple):
    """A 0-based line and column."""

    line: int
    column: int


def find_place(lines: Sequence[str], token: Token, start: int, end: int) -> tuple[Spot, Spot]:
    """Return where the range `start:end` of an inline token's content begins and ends.

    `lines` is the text that was parsed. Block parsing cuts list marks, quote marks and indentation
    off the beginning of a line and white space off its end, so the content's line is sought as a
    part of the source's; where it was rewritten beyond recognition the column is the line's first.
    """
    first = _find(lines, token, start)
    if lines[first.line].startswith(token.content[start:end], first.column):
        return first, Spot(first.line, first.column + end - start)
    return first, max(first, _find(lines, token, end))


def _find(lines: Sequence[str], token: Token, pos: int) -> Spot:
    before = token.content[:pos]
    line = (token.map[0] if token.map else 0) + before.count("\n")
    if line >= len(lines):
        return Spot(max(len(lines) - 1, 0), 0)
    start = before.rfind("\n") + 1
    end = token.content.find("\n", pos)
    shown = token.content[start : len(token.content) if end < 0 else end]
    source = lines[line]
    wanted = shown.strip()
    pos = max(pos - start - (len(shown) - len(shown.lstrip())), 0)
    cut = source.find(wanted)
    if cut >= 0:
        return Spot(line, cut + pos)
    for dropped in (DROPPED, DROPPED_IN_CELL):
        left = _left(source, dropped)
        cut = "".join(source[index] for index in left).find(wanted)
        if cut >= 0:
            return Spot(line, [*left, len(source)][min(cut + pos, len(left))])
    return Spot(line, len(source) - len(source.lstrip()))


def _left(source: str, dropped: re.Pattern[str]) -> list[int]:
    """Return the columns of what is left of a line."""
    gone = {match.start() for match in dropped.finditer(source)}
    return [column for column in range(len(source)) if column not in gone]
