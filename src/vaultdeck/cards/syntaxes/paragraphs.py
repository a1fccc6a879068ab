"""A note file as line-wise syntaxes see it: paragraphs, with code and math out of sight.

    The type `std::vector` is no card, nor is $f::g$.

Each row has its text as written and, of the same length, what is to be searched in: there code and
math are covered up, so that an offset into one is an offset into the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from vaultdeck.cards.lines import WORD, Line, split_lines
from vaultdeck.cards.opaque import find_opaque
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.model import Span
from vaultdeck.regexps import regexp

# `#tag`, also with characters that Obsidian does not take.
ANY_TAG = regexp(r"#[^\s#\0]+")
TAG_WORD = regexp(r"(?:#[^\s#\0]+)+")
HEADING_MARK = regexp(r"[ ]{0,3}#{1,6}[ \t]+")
# A row that is comments from end to end, perhaps in a quote: `<!-- note -->`.
COMMENTS = regexp(r"[ \t>]*(?:<!--(?:(?!-->|<!--).)*-->[ \t]*)+")
# A comment of several lines ends with the next mark, or is text if that begins another one.
COMMENT_MARK = regexp(r"<!--|-->")


class Row(NamedTuple):
    """A line, or part of one; `seen` is its text with code and math covered up.

    `end` is where the whole line ends in the file; with `is_open` display math runs on below it.
    """

    line: Line
    seen: str
    is_code: bool
    end: int
    is_open: bool

    @property
    def is_comment(self) -> bool:
        """Tell whether the row shows nothing but comments."""
        return "<!--" in self.seen and COMMENTS.fullmatch(self.seen) is not None

    def part(self, start: int, end: int | None = None) -> Row:
        """Return the part of the row between two columns."""
        line = Line(self.line.text[start:end], self.line.start + start)
        return self._replace(line=line, seen=self.seen[start:end])

    def without(self, start: int, end: int) -> Row:
        """Return the row without what stands between two columns."""
        text, seen = self.line.text, self.seen
        line = Line(text[:start] + text[end:], self.line.start)
        return self._replace(line=line, seen=seen[:start] + seen[end:])

    def strip(self) -> Row:
        """Return the row without white space at its ends."""
        text = self.line.text
        return self.part(len(text) - len(text.lstrip()), len(text.rstrip()) or None)

    def rewrite(self, pattern: re.Pattern[str], write: Callable[[re.Match[str], str], str]) -> Line:
        """Return the line with each match replaced; `write` is given it and its text as written."""
        pieces, done = [], 0
        for match in pattern.finditer(self.seen):
            written = self.line.text[match.start() : match.end()]
            pieces += [self.line.text[done : match.start()], write(match, written)]
            done = match.end()
        return Line("".join(pieces) + self.line.text[done:], self.line.start)


def paragraphs(reading: Reading) -> Iterator[list[Row]]:
    """Yield the paragraphs: rows without a blank line between; fences are taken whole.

    Properties, directives and what is taken end a paragraph; comments of several lines are left out.
    """
    text = reading.source.text
    top = end_of_properties(text)
    start = top or int(text.startswith("\ufeff"))
    closed = Spans([Span(0, top), *reading.taken, *_directives(reading)])
    seen = closed.cover(text)
    parts = list(find_opaque(seen, by_line=True))
    code = Spans(part.span for part in parts if part.is_fence)
    math = Spans(part.span for part in parts if part.kind == "math")
    seen = Spans(part.span for part in parts).cover(seen)
    rows: list[Row] = []
    comment_end = -1
    for line in split_lines(text, start, len(text)):
        if line.start < comment_end:
            continue
        is_code = code.meet(line.start, line.start)
        if closed.meet(line.start, line.end) or (line.is_blank and not is_code):
            if rows:
                yield rows
            rows = []
            continue
        row = Row(
            line, seen[line.start : line.end], is_code, line.end, math.meet(line.end, line.end)
        )
        if row.seen.lstrip().startswith("<!--"):
            mark = COMMENT_MARK.search(seen, seen.index("<!--", line.start) + 4)
            if mark and mark[0] == "-->" and mark.start() >= line.end:
                comment_end = mark.end()
                continue
        rows.append(row)
    if rows:
        yield rows


def _directives(reading: Reading) -> Iterator[Span]:
    """Yield deck and tags lines, with the line below where the name stands there."""
    words = [re.escape(word) for word in (reading.config.markers.deck, reading.config.markers.tags)]
    pattern = rf"^\ufeff?[ \t]*(?:{'|'.join(words)})(?!\w)(?:[ \t]*:?[ \t]*\r?\n)?[^\n]*"
    for match in re.finditer(pattern, reading.source.text, re.MULTILINE):
        yield Span(match.start(), match.end())


def trailing_tags(seen: str, *, is_glued: bool = False) -> list[re.Match[str]]:
    """Return the tags that a line ends with; with `is_glued` the first may be glued to the text."""
    start = len(seen)
    for word in reversed(list(WORD.finditer(seen)) if "#" in seen else []):
        text, sign, _ = word[0].partition("#")
        if not sign or not TAG_WORD.fullmatch(word[0], len(text)) or (text and not is_glued):
            break
        start = word.start() + len(text)
        if text:
            break
    return list(ANY_TAG.finditer(seen, start))
