"""A line of a note file and where it stands: the unit that blocks are read in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vaultdeck.model import NEWLINE
from vaultdeck.regexps import regexp

# Invisible characters that editors and copy-paste leave behind a word.
INVISIBLE = " \t\r\x00\x0b\x0c\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
# Characters up to the next white space.
WORD = regexp(r"\S+")


class Line(NamedTuple):
    """The text of a line (or of what is left of it) without newline, and its offset in the file."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Return the offset just behind the text."""
        return self.start + len(self.text)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing visible stands in the line."""
        return not self.text.strip(INVISIBLE)


def split_lines(text: str, start: int, end: int) -> Iterator[Line]:
    """Yield the lines of `text[start:end]`; no empty line follows the last newline."""
    for match in NEWLINE.finditer(text, start, end):
        yield Line(text[start : match.start()], start)
        start = match.end()
    if start < end:
        yield Line(text[start:end], start)


def strip_end(text: str, end: int, white: str) -> int:
    """Return where a text up to `end` ends without the characters of `white`."""
    while end and text[end - 1] in white:
        end -= 1
    return end
