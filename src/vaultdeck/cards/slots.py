"""Where a new ID may stand in a note file: one function for each form of card, the best place first.

    block      START … <!--ID: n-->⏎END              directly above the end marker
    inline     STARTI … <!--ID: n--> ENDI            in front of the end marker
    text       question::answer⏎<!--ID: n-->         below the card, or behind its last line
    word       question<!--ID: n-->::$$              of a card that is cut off in a formula or code
    caret      question::answer⏎^n                   as flashcards-obsidian writes it

An ID never stands on a heading's line, between a text and the line below it that makes a heading of it,
or behind a block ID: Obsidian reads that at the end of its line only. In a table's row it stands in the
last cell: behind the header row it would be one more cell, and the table none.
`compile.placing` finds out which of the places leaves the note as it was.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from vaultdeck.cards.reading import Reading
from vaultdeck.markdown.block_id import BLOCK_ID
from vaultdeck.model import IdSlot, Span, line_starts
from vaultdeck.regexps import regexp

# What may stand in front of a line's text: a BOM, quote and list marks.
LINE_MARKS = r"\ufeff?[ \t]*(?:(?:>|[-*+][ \t]|[0-9]{1,9}[.)][ \t])[ \t]*)*"
HEADING_LINE_MARK = regexp(LINE_MARKS + r"#{1,6}(?:[ \t]|$)", re.MULTILINE)
FIRST_WORD = regexp(LINE_MARKS + r"\w+")
VISIBLE = regexp(r"\s*\S")
# A line that holds no comment behind its text: a table's row, display math, a fence, raw HTML, a block ID, a
# rule.
CLOSED = regexp(
    LINE_MARKS
    + r"(?:\||\$\$|`{3}|~{3}|<|\^[A-Za-z0-9-]+[ \t]*\r?$|(?P<rule>[-*_])(?:[ \t]*(?P=rule)){2,}[ \t]*\r?$)",
    re.MULTILINE,
)
# A table's row, below which each line is one.
ROW = regexp(LINE_MARKS + r"\|")
# The line below a table's header row.
DELIMITER_ROW = regexp(r"(?=[^\n]*\|)(?=[^\n]*-)[ \t>|:-]+\r?$", re.MULTILINE)
# A line of a list or quote.
NESTED = regexp(r"[ \t]+\S|>|[-*+][ \t]|[0-9]{1,9}[.)][ \t]|\|")
# What makes a heading of the text above it.
UNDERLINE_AROUND = regexp(r"[ \t>]*(?:=+|-+)[ \t]*\r?$", re.MULTILINE)


def newline_at(text: str, at: int) -> str:
    """Return the newline that ends the line at `at`; at the end of a file, the one it uses."""
    is_crlf = text.startswith("\r\n", at) or (at == len(text) and "\r\n" in text)
    return "\r\n" if is_crlf else "\n"


def block_slots(
    reading: Reading, block: Span, end: int, prefix: str = "", *, in_comment: bool
) -> tuple[IdSlot, ...]:
    """Return the places of the ID of a block whose end marker's line begins at `end`.

    As in the plugin it is the line directly above. An empty line there takes the ID (the plugin inserts
    a line and removes the empty one, which comes to the same). The newline is that of the begin
    marker's line. `prefix` is what stands before the end marker, quote marks and indentation.
    """
    text = reading.source.text
    newline = "\r\n" if text.endswith("\r", 0, max(text.find("\n", block.start), 0)) else "\n"
    empty = prefix.rstrip(" \t") + newline
    slots = [reading.slot(end, prefix, newline), reading.slot(end, empty + prefix, newline)]
    above = end - (2 if text.endswith("\r\n", 0, end) else 1)
    if text.endswith("\n", 0, end) and text.endswith("\n", 0, above):
        slots.insert(0, reading.slot(above))
    if in_comment:
        slots = [
            IdSlot(s.at, s.before.replace("<!--", ""), s.after.replace("-->", "")) for s in slots
        ]
    return tuple(slots)


def inline_slots(reading: Reading, note: Span, end: int) -> tuple[IdSlot, ...]:
    """Return the place of an inline note's ID: inside, at `end`; of a heading's on the line below."""
    is_heading = is_on_heading(reading.source.text, note.start)
    return (_below(reading, note.end) if is_heading else reading.slot(end, after=" "),)


def text_slots(reading: Reading, start: int, end: int, *, is_reviewed: bool) -> tuple[IdSlot, ...]:
    """Return the places of the ID of a card that a regexp found at `start:end`.

    The plugin writes it on a line of its own below the card, with an empty line behind. Where text goes
    on below, in lists and quotes, and in notes of obsidian-spaced-repetition (`is_reviewed`) it stands
    behind the last line instead: that plugin passes over a comment and the line below it, its schedule
    included.
    """
    text = reading.source.text
    behind, cell = tuple(_behind(reading, start, end)), tuple(_in_cell(text, start, end))
    if text.endswith("\n", start, end):
        newline = "\r\n" if text.endswith("\r\n", start, end) else "\n"
        return (reading.slot(end, after=newline), *behind, *cell)
    line_end = _line_end(text, end)
    newline = newline_at(text, line_end)
    below = reading.slot(end, before=newline, after=newline)
    # What stands behind the match on its line begins a line of its own.
    is_amid = bool(text[end:line_end].strip())
    tight = reading.slot(end, before=newline, after=newline if is_amid else "")
    is_free = _is_blank_below(text, line_end) and not is_amid
    if is_free and not is_reviewed and not NESTED.match(text, text.rfind("\n", 0, end) + 1):
        return (below, *behind, tight)
    # What that plugin does not see should be an empty line.
    own = (below, tight) if is_reviewed else (tight, below)
    return (*behind, *own, *_behind(reading, start, end, is_any=True), *cell)


def word_slots(reading: Reading, start: int, end: int) -> Iterator[IdSlot]:
    """Yield the place behind the first word of the last line of `start:end`, if it can hold an ID."""
    text = reading.source.text
    word = FIRST_WORD.match(text, max(text.rfind("\n", 0, end) + 1, start), end)
    if word and can_hold(text, word.end()):
        yield reading.slot(word.end())


def row_slots(
    reading: Reading, held: int | None, start: int, end: int, *, is_single: bool
) -> tuple[IdSlot, ...]:
    """Return the places of the ID of a card of obsidian-spaced-repetition at `start:end`.

    `held` is the end of its last line that can hold a comment. That plugin skips a comment on a line of
    its own together with the line below. So the line below should be empty, and not be the empty line
    that ends the card; a card of a single line needs no such end.
    """
    text = reading.source.text
    newline = newline_at(text, end)
    below = reading.slot(end, before=newline, after="" if end == len(text) else newline)
    tight = reading.slot(end, before=newline)
    if not reading.config.id_comments:
        return (tight, below)
    if held is None:
        own = (tight, below) if is_single and _is_blank_below(text, end) else (below, tight)
        anywhere = _behind(reading, start, end, is_any=True)
        return (*own, *_in_cell(text, start, end), *anywhere)
    return (reading.slot(held, before=" "), below)


def caret_slots(reading: Reading, start: int, end: int) -> tuple[IdSlot, ...]:
    """Return the places of the ID of a card of flashcards-obsidian: below, or behind the last line.

    In a table's cell Obsidian shows a block ID, and of two in a paragraph it reads the last: there the ID of
    a card is a comment.
    """
    text = reading.source.text
    line = max(text.rfind("\n", 0, end) + 1, start)
    behind = len(text[:end].rstrip(" \t"))
    is_second = BLOCK_ID.search(text, max(line - 1, 0), behind)
    before, after = ("<!--ID: ", "-->") if is_second else ("^", "")
    own, last = IdSlot(end, newline_at(text, end) + before, after), IdSlot(behind, " ^", "")
    if HEADING_LINE_MARK.match(text, line):
        return (own,)
    cell = tuple(_in_cell(text, start, end))
    return (*cell, last, own) if ROW.match(text, line) else (own, last, *cell)


def is_on_heading(text: str, at: int) -> bool:
    """Tell whether a place is on a heading's line, be it made one by the line below, or on that line."""
    starts = line_starts(text)
    number = bisect_right(starts, at)
    line = starts[number - 1]
    return bool(
        HEADING_LINE_MARK.match(text, line)
        or UNDERLINE_AROUND.match(text, line)
        or (
            number < len(starts)
            and UNDERLINE_AROUND.match(text, starts[number])
            and VISIBLE.match(text, line, at)
        )
    )


def end_of_text(text: str, start: int, end: int) -> int:
    """Return where the text of a line at `start:end` ends: before white space and a block ID."""
    found = BLOCK_ID.search(text, start, end) if "^" in text[start:end] else None
    return start + len(
        text[start : found.start() if found and found.start() > start else end].rstrip()
    )


def end_of_cell(text: str, start: int, end: int) -> int:
    """Return where the last cell of a table's row at `start:end` ends, `end` if no `|` closes it."""
    row = text[start:end].rstrip("| \t\r")
    if row.endswith("\\"):
        row = text[start : start + len(row) + 1]
    return start + len(row.rstrip()) if row.strip() and text.endswith("|", 0, end) else end


def can_hold(text: str, at: int) -> bool:
    """Tell whether a comment may stand at `at`, behind the text of a line."""
    starts = line_starts(text)
    line = starts[bisect_right(starts, at) - 1]
    is_text = VISIBLE.match(text, line, at) and not CLOSED.match(text, line)
    return bool(is_text) and _is_harmless(text, at)


def _is_harmless(text: str, at: int) -> bool:
    """Tell whether a comment at `at`, behind the text of a line, leaves headings and tables as they are."""
    below = text.find("\n", at) + 1
    is_header = below and text.endswith("|", 0, at) and DELIMITER_ROW.match(text, below)
    return not is_header and not is_on_heading(text, at)


def _behind(reading: Reading, start: int, end: int, *, is_any: bool = False) -> Iterator[IdSlot]:
    """Yield the place behind the last text of `start:end`, if the line can hold an ID.

    With `is_any` any line will do but a heading: what looks like a table's row may be none. A line that
    means something to obsidian-spaced-repetition holds no ID.
    """
    text = reading.source.text
    at = start + len(text[start:end].rstrip())
    line = text.rfind("\n", 0, at) + 1
    rules = reading.config.spaced_repetition
    marks = (rules.multiline, rules.multiline_reversed, rules.end)
    if text[line:at] in marks:
        return
    at = end_of_text(text, line, at)
    if can_hold(text, at) or (is_any and _is_harmless(text, at)):
        is_amid = at < len(text) and not text[at].isspace()
        yield reading.slot(at, before=" ", after=" " if is_amid else "")


def _in_cell(text: str, start: int, end: int) -> Iterator[IdSlot]:
    """Yield the place in the last cell of what may be a table's row, with which `start:end` ends."""
    end = start + len(text[start:end].rstrip())
    line = text.rfind("\n", 0, end) + 1
    at = end_of_cell(text, line, end_of_text(text, line, end))
    if "|" in text[line:end] and not is_on_heading(text, at):
        yield IdSlot(at, " <!--ID: ", "-->")


def _below(reading: Reading, at: int) -> IdSlot:
    """Return a line of its own below the one that `at` is in, with an empty line before other text."""
    text = reading.source.text
    end = _line_end(text, at)
    newline = newline_at(text, end)
    return reading.slot(end, before=newline, after="" if _is_blank_below(text, end) else newline)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end - (end > at and text[end - 1] == "\r")


def _is_blank_below(text: str, at: int) -> bool:
    start = text.find("\n", at) + 1
    return not start or not text[start : _line_end(text, start)].strip()
