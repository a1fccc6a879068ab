"""Inline notes: a whole card on one line, amid other text.

    Remember: STARTI [Basic] capital of France? Back: Paris Tags: geography <!--ID: 1769…--> ENDI

The first `[…]` names the note type; a word `Name:` that is a field of the type begins that field. Tags
come behind the text, the ID last.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from vaultdeck.cards.body import find_note_type, make_field
from vaultdeck.cards.ids import ID_COMMENT, read_id
from vaultdeck.cards.lines import Line
from vaultdeck.cards.markers import inline_spans
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.slots import inline_slots, is_on_heading
from vaultdeck.cards.spans import Spans
from vaultdeck.cards.tags import split_tags
from vaultdeck.model import CardBlock, Field, NoteType, Span
from vaultdeck.regexps import regexp

TYPE = regexp(r"\[(?P<name>[^\]]*)\]")
# `ID: 123` with or without the comment round it; everything behind is cut off, as by the plugin.
ANY_INLINE_ID = regexp(r"(?:(?:<!--|%%)\s*)?ID:\s*(?P<id>[0-9]+)")
BEHIND = regexp(rf"[ \t]*{ID_COMMENT.pattern}")
# The line below a note, the last of its line: an ID and nothing else.
LINE_BELOW = regexp(
    r"(?P<rest>[^\n]{0,1000})\n[ \t>]*(?P<comment>(?:<!--|%%)[ \t]*ID:[^\n]*)(?=\n|\Z)"
)
# What stands before a note that has a line to itself, perhaps in a list or quote.
MARKS_BEFORE = regexp(r"(?:[\s>*+-]|[0-9]{1,9}[.)][ \t]|\[.\][ \t])*")
# A word that may begin a field.
LABEL = regexp(r"(?<!\S)(?P<name>\S*):(?!\S)")
INLINE_TAGS = regexp(r"(?<!\S)Tags:[ \t]?")


def read_inline(reading: Reading) -> Iterator[CardBlock]:
    """Yield the inline notes of a note file.

    They count wherever they stand, also in a block, whose text they stay; only a closed code fence
    hides them. Diagnostics: `missing-note-type`, `unknown-note-type`, `malformed-id`.
    """
    text, words = reading.source.text, reading.config.markers
    if words.inline_begin not in text:
        return
    code, blocks = Spans(reading.fences), Spans(reading.blocks)
    for span in inline_spans(text, words):
        if code.meet(span.start, span.start):
            continue
        reading.taken.append(span)
        body = Span(span.start + len(words.inline_begin), span.end - len(words.inline_end))
        block = _read_note(reading, span, body, blocks)
        if block is not None:
            yield block


def _read_note(reading: Reading, whole: Span, body: Span, blocks: Spans) -> CardBlock | None:
    text, end = reading.source.text, body.end
    number, id_span, tags = None, None, []
    found = ANY_INLINE_ID.search(text, body.start, end)
    beside = None if found else _find_id_beside(reading, whole, blocks)
    if beside:
        reading.taken.append(Span(*beside.span()))
    if match := found or beside:
        id_span, end = Span(*match.span("id")), found.start() if found else end
        number = read_id(reading, match["id"], id_span)
        if number is None:
            return None
    found = INLINE_TAGS.search(text, body.start, end)
    if found:
        tags = split_tags(text[found.end() : end])
        end = found.start()
    named = TYPE.search(text, body.start, end)
    if named is None:
        message = "this inline note names no type: the card is left out"
        hint = f"write [Basic] behind '{reading.config.markers.inline_begin}'"
        reading.report("missing-note-type", whole.start, whole.end, message, hint)
        return None
    name = unicodedata.normalize("NFC", named["name"].strip())
    note_type = find_note_type(reading, name, named.start("name"), named.end("name"))
    if note_type is None:
        return None
    return CardBlock(
        span=whole,
        note_type=name,
        fields=tuple(_split_fields(text, named.end(), end, note_type)),
        slots=() if number else inline_slots(reading, whole, body.end),
        tags=tuple(tags),
        id=number,
        id_span=id_span,
    )


def _find_id_beside(reading: Reading, note: Span, blocks: Spans) -> re.Match[str] | None:
    """Return the ID behind a note, or on the line below for one with a line or list item to itself.

    Of a heading it is that of the last note; in a block it is the block's.
    """
    text = reading.source.text
    if blocks.meet(note.start, note.start):
        return None
    if behind := BEHIND.match(text, note.end):
        return behind
    line = LINE_BELOW.match(text, note.end)
    if line is None or not ID_COMMENT.fullmatch(line["comment"].rstrip()):
        return None
    begin = text.rfind("\n", 0, note.start) + 1
    is_alone = not line["rest"].strip() and MARKS_BEFORE.fullmatch(text, begin, note.start)
    if not (is_alone or is_on_heading(text, note.start)):
        return None
    if next(inline_spans(text, reading.config.markers, note.end, line.start("comment")), None):
        return None
    return ID_COMMENT.match(text, line.start("comment"))


def _split_fields(text: str, start: int, end: int, note_type: NoteType) -> Iterator[Field]:
    """Yield the fields: a word that is a field's name and a colon begins that field."""
    pieces: dict[str, list[tuple[int, int]]] = {name: [] for name in note_type.written}
    current, begin = note_type.written[0], start
    for word in LABEL.finditer(text[start:end]):
        if word["name"] in pieces:
            pieces[current].append((begin, start + word.start()))
            current, begin = word["name"], start + word.end()
    pieces[current].append((begin, end))
    for name, found in pieces.items():
        lines = [
            Line(text[a:b].strip(), a + len(text[a:b]) - len(text[a:b].lstrip())) for a, b in found
        ]
        yield make_field(name, [line for line in lines if line.text])
