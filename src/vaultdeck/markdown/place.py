"""Where in the source an inline token stands: markdown-it knows the lines, not the columns."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token


def find_place(lines: Sequence[str], token: Token, pos: int) -> tuple[int, int]:
    """Return the 0-based line and column of offset `pos` in the content of an inline token.

    `lines` is the text that was parsed. Block parsing cuts list marks, quote marks and indentation
    off the beginning of a line and white space off its end, so the content's line is sought as a
    part of the source's; where it was rewritten (`\\|` in a table cell) the column is the line's first.
    """
    before = token.content[:pos]
    line = (token.map[0] if token.map else 0) + before.count("\n")
    if line >= len(lines):
        return max(len(lines) - 1, 0), 0
    start = before.rfind("\n") + 1
    end = token.content.find("\n", pos)
    shown = token.content[start : len(token.content) if end < 0 else end]
    source = lines[line]
    cut = source.find(shown.strip())
    if cut < 0:
        return line, len(source) - len(source.lstrip())
    indent = len(shown) - len(shown.lstrip())
    return line, cut + max(pos - start - indent, 0)
