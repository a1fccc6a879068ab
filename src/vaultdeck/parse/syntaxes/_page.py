"""A note file as line-wise syntaxes see it: paragraphs, with code and math out of sight.

    The type `std::vector` is no card, nor is $f::g$.

Each row has its text as written and, of the same length, what is to be searched in: there code and
math are covered up, so that an offset into one is an offset into the other.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from vaultdeck.model import CardBlock, IdSlot, Span
from vaultdeck.parse.body import find_note_type, make_field
from vaultdeck.parse.fences import Fences
from vaultdeck.parse.lines import Line, split_lines
from vaultdeck.parse.markers import Kind, MarkerLine
from vaultdeck.parse.properties import end_of_properties
from vaultdeck.parse.reading import Reading

BASIC = "Basic"
REVERSED = "Basic (and reversed card)"
CLOZE = "Cloze"
COVER = "\0"
COVERED = re.compile(r"[^\r\n]")
# A line of a code fence, also in a quote or at the start of a list item.
FENCE = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*"
    r"(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})(?P<info>[^\n]*)$",
    re.MULTILINE,
)
# What begins or ends code or math, or keeps it from doing so; an empty line ends display math.
INLINE_MARK = re.compile(r"\\\\|\\(?=[`$])|`+|\$\$?|\n[ \t]*\r?\n|\n")
# A row that is comments from end to end, perhaps in a quote: `<!-- note -->`.
COMMENTS = re.compile(r"[ \t>]*(?:<!--(?:(?!-->|<!--).)*-->[ \t]*)+")


class Row(NamedTuple):
    """A line, or part of one; `seen` is its text with code and math covered up.

    `end` is where the whole line ends in the file.
    """

    line: Line
    seen: str
    is_code: bool
    end: int

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
        """Return the line with each match replaced; `write` is given its `inner` part as written."""
        pieces, done = [], 0
        for match in pattern.finditer(self.seen):
            inner = self.line.text[match.start("inner") : match.end("inner")]
            pieces += [self.line.text[done : match.start()], write(match, inner)]
            done = match.end()
        return Line("".join(pieces) + self.line.text[done:], self.line.start)


class _Spans:
    """Spans that do not overlap, to look up."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.merged: list[Span] = []
        for span in sorted(spans, key=lambda span: span.start):
            if self.merged and span.start < self.merged[-1].end:
                last = self.merged.pop()
                span = Span(last.start, max(last.end, span.end))
            self.merged.append(span)
        self._starts = [span.start for span in self.merged]

    def meet(self, start: int, end: int) -> bool:
        """Tell whether one of them has a place in common with `start:end` (if empty: with `start`)."""
        before = bisect_left(self._starts, max(end, start + 1)) - 1
        return before >= 0 and self.merged[before].end > start

    def cover(self, text: str) -> str:
        """Return the text with every character of the spans covered up."""
        pieces, done = [], 0
        for span in self.merged:
            pieces += [text[done : span.start], COVERED.sub(COVER, text[span.start : span.end])]
            done = span.end
        return "".join(pieces) + text[done:]


def paragraphs(reading: Reading) -> Iterator[list[Row]]:
    """Yield the paragraphs: rows without a blank line between; fences are taken whole.

    Properties, directives and what is taken end a paragraph; comments of several lines are left out.
    """
    text = reading.source.text
    start = end_of_properties(text) or int(text.startswith("\ufeff"))
    closed = _Spans([Span(0, start), *reading.taken, *_directives(reading)])
    seen = closed.cover(text)
    code = _Spans(_fences(seen))
    seen = code.cover(seen)
    seen = _Spans(_inline_spans(seen)).cover(seen)
    rows: list[Row] = []
    comment_end = -1
    last_comment_end = seen.rfind("-->")
    for line in split_lines(text, start, len(text)):
        if line.start < comment_end:
            continue
        is_code = code.meet(line.start, line.start)
        if closed.meet(line.start, line.end) or (line.is_blank and not is_code):
            if rows:
                yield rows
            rows = []
            continue
        row = Row(line, seen[line.start : line.end], is_code, line.end)
        if row.seen.lstrip().startswith("<!--") and "-->" not in row.seen:
            if last_comment_end > line.end:
                comment_end = seen.index("-->", line.end)
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
    """Yield code spans and inline math, each within its line, and display math within its paragraph.

    A mark that nothing closes is text. Walking over the marks once keeps this linear.
    """
    marks = list(INLINE_MARK.finditer(text))
    closers: dict[str, int] = {}
    closing: list[int | None] = [None] * len(marks)
    for index in range(len(marks) - 1, -1, -1):
        kind = marks[index][0]
        if kind[0] == "\n":
            # What a line does not close stays open; only `$$` reaches over the end of a line.
            display = closers.get("$$") if kind == "\n" else None
            closers = {} if display is None else {"$$": display}
        elif kind[0] in "`$":
            closing[index] = closers.get(kind)
            closers[kind] = index
    index = 0
    while index < len(marks):
        mark, close = marks[index], closing[index]
        if mark[0] == "\\":
            index += 1
        elif close is not None and (mark[0] != "$" or _is_math(text, mark, marks[close])):
            yield Span(mark.start(), marks[close].end())
            index = close
        index += 1


def _is_math(text: str, opening: re.Match[str], closing: re.Match[str]) -> bool:
    """Tell whether two `$` hold math and are not prices (see `markdown.math`)."""
    after = text[closing.end() : closing.end() + 1]
    inner = text[opening.end()], text[closing.start() - 1]
    return not (inner[0].isspace() or inner[1].isspace() or after in tuple("0123456789"))


def newline_at(text: str, at: int) -> str:
    """Return the newline that ends the line at `at`; at the end of a file, the one it uses."""
    is_crlf = text.startswith("\r\n", at) or (at == len(text) and "\r\n" in text)
    return "\r\n" if is_crlf else "\n"


def make_card(
    reading: Reading,
    kind: str,
    sides: Sequence[Sequence[Line]],
    span: Span,
    slot: IdSlot,
    found: tuple[int, Span] | None = None,
    deck: str | None = None,
    tags: Sequence[str] = (),
) -> CardBlock | None:
    """Make a card of a note type's first fields; None (and reported) if there is no such type.

    `found` is the ID with its place. The card's text is taken from here on.
    """
    reading.taken.append(span)
    note_type = find_note_type(reading, kind, span.start, span.end)
    if note_type is None:
        return None
    pairs = itertools.zip_longest(note_type.written, sides[: len(note_type.written)], fillvalue=())
    fields = tuple(make_field(str(name), lines) for name, lines in pairs)
    number, id_span = found or (None, None)
    return CardBlock(span, kind, fields, slot, tuple(tags), number, id_span, deck)


def report_half(reading: Reading, first: Row, last: Row, missing: str, hint: str) -> None:
    """Report a card of which one side is missing (`half-card`)."""
    message = f"this card has no {missing}: it is left out"
    reading.report("half-card", first.line.start, last.end, message, hint)
