"""A note file as line-wise syntaxes see it: paragraphs, with code and math out of sight.

    The type `std::vector` is no card, nor is $f::g$.

Each row has its text as written and, of the same length, what is to be searched in: there code and
math are covered up, so that an offset into one is an offset into the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from vaultdeck.cards.fences import Fences
from vaultdeck.cards.lines import INVISIBLE, Line, split_lines
from vaultdeck.cards.markers import Kind, MarkerLine
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.model import Span

# A line of a code fence, also in a quote or at the start of a list item.
FENCE = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*"
    r"(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})(?P<info>[^\n]*)$",
    re.MULTILINE,
)
# `#tag`, also with characters that Obsidian does not take; and any word.
ANY_TAG = re.compile(r"#[^\s#\0]+")
TAGS = re.compile(r"(?:#[^\s#\0]+)+")
WORD = re.compile(r"\S+")
# What begins or ends code or math, or keeps it from doing so; an empty line ends display math, and a
# line that begins a list item, a quote, a heading or a table row ends math in a line.
NEWLINE = r"(?:\r\n|\r(?!\n)|\n)"
BLANK = INVISIBLE.replace("\r", "")
INLINE_MARK = re.compile(
    rf"\\\\|\\(?=[`$])|`+|\$\$?|(?P<blank>{NEWLINE}[{BLANK}]*(?=[\r\n]))"
    rf"|(?P<block>{NEWLINE}(?=[ \t]*(?:[-*+]|#{{1,6}}|[0-9]{{1,9}}[.)])[ \t]|[ \t]*[>|]))|{NEWLINE}"
)
# A row that is comments from end to end, perhaps in a quote: `<!-- note -->`.
COMMENTS = re.compile(r"[ \t>]*(?:<!--(?:(?!-->|<!--).)*-->[ \t]*)+")
# A comment of several lines ends with the next mark, or is text if that begins another one.
COMMENT_MARK = re.compile(r"<!--|-->")


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
    start = end_of_properties(text) or int(text.startswith("\ufeff"))
    closed = Spans([Span(0, start), *reading.taken, *_directives(reading)])
    seen = closed.cover(text)
    code = Spans(_fences(seen))
    seen = code.cover(seen)
    math = Spans(_inline_spans(seen))
    seen = math.cover(seen)
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
    pattern = rf"^\ufeff?(?:{'|'.join(words)})(?!\w)(?:[ \t]*:?[ \t]*\r?\n)?[^\n]*"
    for match in re.finditer(pattern, reading.source.text, re.MULTILINE):
        yield Span(match.start(), match.end())


def _fences(text: str) -> Iterator[Span]:
    if "```" not in text and "~~~" not in text:
        return iter(())
    lines = [
        MarkerLine(Kind.FENCE, m.start(), m.end(), m["fence"], m["info"].strip())
        for m in FENCE.finditer(text)
    ]
    return Fences(lines).closed()


def _inline_spans(text: str) -> Iterator[Span]:
    """Yield code spans, each within its line, and math within its paragraph.

    A mark that nothing closes is text. Walking over the marks once keeps this linear.
    """
    marks = list(INLINE_MARK.finditer(text))
    closers: dict[str, int] = {}
    closing: list[int | None] = [None] * len(marks)
    for index in range(len(marks) - 1, -1, -1):
        kind = marks[index][0]
        if kind[0] == "$" and _is_escaped(marks, index):
            continue
        if kind[0] in "\r\n":
            # What a line does not close stays open; only math reaches over the end of a line.
            kept = (
                () if marks[index]["blank"] else ("$$",) if marks[index]["block"] else ("$$", "$")
            )
            closers = {kind: closers[kind] for kind in kept if kind in closers}
        elif kind[0] in "`$":
            closing[index] = closers.get(kind)
            closers[kind] = index
    index = 0
    while index < len(marks):
        mark, close = marks[index], closing[index]
        if (
            close is not None
            and not _is_escaped(marks, index)
            and (mark[0] != "$" or _is_math(text, mark, marks[close]))
        ):
            yield Span(mark.start(), marks[close].end())
            index = close
        index += 1


def _is_escaped(marks: Sequence[re.Match[str]], index: int) -> bool:
    before = marks[index - 1] if index else None
    return bool(before and before[0] == "\\" and before.end() == marks[index].start())


def _is_math(text: str, opening: re.Match[str], closing: re.Match[str]) -> bool:
    """Tell whether two `$` hold math and are not prices (see `markdown.math`)."""
    after = text[closing.end() : closing.end() + 1]
    inner = text[opening.end()], text[closing.start() - 1]
    return not (inner[0].isspace() or inner[1].isspace() or after in tuple("0123456789"))


def trailing_tags(seen: str, *, is_glued: bool = False) -> list[re.Match[str]]:
    """Return the tags that a line ends with; with `is_glued` the first may be glued to the text."""
    start = len(seen)
    for word in reversed(list(WORD.finditer(seen)) if "#" in seen else []):
        text, sign, _ = word[0].partition("#")
        if not sign or not TAGS.fullmatch(word[0], len(text)) or (text and not is_glued):
            break
        start = word.start() + len(text)
        if text:
            break
    return list(ANY_TAG.finditer(seen, start))
