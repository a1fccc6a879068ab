"""The lines of one block → note type, fields, tags and ID.

    Basic                         the note type: the first line with text
    What is a group?              the first field, up to the first line that begins with a field's
    Back: a monoid with inverses  name and a colon (column 0, exact case)
    Tags: algebra, groups
    <!--ID: 1769619800835-->

Tags and ID may come in either order, with blank lines between them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vaultdeck.cards.extents import Extent
from vaultdeck.cards.fences import find_fences
from vaultdeck.cards.hidden import drop_hiding_comments
from vaultdeck.cards.ids import (
    BARE_ID,
    MALFORMED_ID,
    MEND_ID,
    cut_spans,
    find_ids,
    read_id,
    report_misplaced_id,
)
from vaultdeck.cards.lines import INVISIBLE, Line, split_lines
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.slots import block_slots
from vaultdeck.cards.spans import Spans
from vaultdeck.cards.tags import split_tags
from vaultdeck.model import CardBlock, Field, NoteType, Span
from vaultdeck.model.diagnostics import shorten
from vaultdeck.regexps import regexp
from vaultdeck.spelling import did_you_mean, nearest

TAGS_LINE = regexp(r"[ \t]*Tags:(?P<tags>.*)")
# What a line looks like that begins a field.
FIELD_NAME = regexp(r"(?P<name>\w[\w ]{0,40}?) ?:")


@dataclass(slots=True)
class _Body:
    reading: Reading
    lines: list[Line]
    id: int | None = None
    id_span: Span | None = None
    tags: list[str] = field(default_factory=list)


def parse_body(reading: Reading, extent: Extent, *, in_comment: bool = False) -> CardBlock | None:
    """Return the card block of `extent`, or None if it cannot become a note.

    `in_comment` tells whether it stands in an HTML comment.

    Diagnostics: `missing-note-type`, `unknown-note-type`, `unknown-field`, `malformed-id` (errors),
    `misplaced-id`, `extra-id`, `misplaced-tags`.
    """
    text, span = reading.source.text, extent.body
    lines = extent.lines or split_lines(text, span.start, span.end)
    body = _Body(reading, list(lines))
    if not _take_ids(body, span):
        return None
    body.lines = drop_hiding_comments(body.lines, text, extent.span.start)
    _report_misplaced_id(body)
    if not _take_tail(body):
        return None
    _report_misplaced_tags(body, span)
    named = next((number for number, line in enumerate(body.lines) if not line.is_blank), None)
    if named is None:
        message = "this block is empty: its first line should name a note type"
        hint = "write a note type, such as Basic, below the begin marker, or remove the block"
        reading.report("missing-note-type", extent.span.start, extent.span.end, message, hint)
        return None
    name_line = body.lines[named]
    written = name_line.text.strip(INVISIBLE)
    name = unicodedata.normalize("NFC", written)
    start = name_line.start + name_line.text.index(written)
    note_type = find_note_type(reading, name, start, start + len(written))
    if note_type is None:
        return None
    fields = split_fields(body.lines[named + 1 :], note_type)
    if _has_misspelt_field(reading, fields):
        return None
    return CardBlock(
        span=extent.span,
        note_type=name,
        fields=fields,
        slots=()
        if body.id
        else block_slots(reading, extent.span, span.end, extent.prefix, in_comment=in_comment),
        tags=tuple(body.tags),
        id=body.id,
        id_span=body.id_span,
    )


def parse_lines(reading: Reading, span: Span, note_type: NoteType) -> tuple[Field, ...]:
    """Return the fields of text that is written like a block's body, tags and ID dropped."""
    body = _Body(reading, list(split_lines(reading.source.text, span.start, span.end)))
    if not _take_ids(body, span) or not _take_tail(body):
        return ()
    return split_fields(body.lines, note_type)


def _take_ids(body: _Body, span: Span) -> bool:
    """Take the ID comments out of the lines; return False if one of them is no ID at all."""
    reading = body.reading
    text = reading.source.text
    comments = find_ids(text, span.start, span.end, reading.config.markers)
    if not comments:
        return True
    for match in comments:
        if match.re.pattern == MALFORMED_ID.pattern:
            message = f"'{shorten(match[0])}' holds no number: the card is left out"
            body.reading.report("malformed-id", match.start(), match.end(), message, MEND_ID)
            return False
    last = comments[-1]
    for match in comments[:-1]:
        message = f"a second ID, {match['id']}, is ignored: the last ID of a block counts"
        hint = "remove the ID that is not in Anki"
        body.reading.report("extra-id", match.start(), match.end(), message, hint)
    body.lines = cut_spans(body.lines, [Span(match.start(), match.end()) for match in comments])
    return _set_id(body, last["id"], Span(last.start(), last.end()))


def _report_misplaced_id(body: _Body) -> None:
    """Report an ID comment that text stands below."""
    span = body.id_span
    if span is not None and any(
        not (line.is_blank or TAGS_LINE.fullmatch(line.text) or BARE_ID.fullmatch(line.text))
        for line in body.lines
        if line.start >= span.end
    ):
        report_misplaced_id(body.reading, body.id, span, "above the end marker")


def _set_id(body: _Body, digits: str, span: Span) -> bool:
    body.id, body.id_span = read_id(body.reading, digits, span), span
    return body.id is not None


def _take_tail(body: _Body) -> bool:
    """Take tags lines and a bare ID off the block's end, in any order, over blank lines.

    Returns False if the bare ID is none.
    """
    tags: list[list[str]] = []
    while body.lines:
        line = body.lines[-1]
        tags_line = TAGS_LINE.fullmatch(line.text)
        bare_id = BARE_ID.fullmatch(line.text) if body.id is None else None
        if tags_line:
            tags.append(split_tags(tags_line["tags"]))
        elif bare_id:
            if not _set_id(body, bare_id["id"], Span(line.start, line.end)):
                return False
        elif not line.is_blank:
            break
        body.lines.pop()
    body.tags = list(dict.fromkeys(tag for line in reversed(tags) for tag in line))
    return True


def _report_misplaced_tags(body: _Body, span: Span) -> None:
    text = body.reading.source.text[span.start : span.end]
    if "Tags:" not in text:
        return
    found = [line for line in body.lines if line.text.startswith("Tags:")]
    code = Spans(find_fences(text) if found else ())
    for line in found:
        if not code.meet(line.start - span.start, line.start - span.start):
            message = "this tags line is not read: text follows it"
            hint = "move it to the end of the block, above the ID"
            body.reading.report("misplaced-tags", line.start, line.end, message, hint)


def find_note_type(reading: Reading, name: str, start: int, end: int) -> NoteType | None:
    """Return the note type of a name that stands at `start:end`, or report it as unknown."""
    note_types = reading.config.note_types
    found = note_types.get(name)
    if found is None:
        hint = did_you_mean(name, note_types, "known types")
        message = f"no note type named '{shorten(name)}': the card is left out"
        reading.report("unknown-note-type", start, end, message, hint)
    return found


def _has_misspelt_field(reading: Reading, fields: Sequence[Field]) -> bool:
    """Tell, and report, whether a line seems to begin a field that is empty: `Bakc: …`, `back: …`."""
    empty = [field.name for field in fields[1:] if not field.text]
    for written in [each for each in fields if ":" in each.text] if empty else ():
        for line, start in zip(written.text.split("\n"), written.origins, strict=False):
            match = FIELD_NAME.match(line)
            if match is None:
                continue
            near = nearest(match["name"], empty, 0.74)
            if near:
                message = f"no field named '{match['name']}', and '{near}' is empty"
                end = start + match.end("name")
                reading.report("unknown-field", start, end, message, f"did you mean '{near}:'?")
                return True
    return False


def split_fields(lines: Iterable[Line], note_type: NoteType) -> tuple[Field, ...]:
    """Share the lines out among the note type's fields, as the plugin does.

    The first field needs no name. A line that begins with `Name:` continues field `Name` from behind
    the colon, also in code and math; names that the type does not have are text.
    """
    collected: dict[str, list[Line]] = {name: [] for name in note_type.written}
    current = note_type.written[0]
    for line in lines:
        name, colon, text = line.text.partition(":")
        if colon and name in collected:
            current = name
            text = text.lstrip(" \t")
            line = Line(text, line.end - len(text))
        collected[current].append(line)
    return tuple([make_field(name, lines) for name, lines in collected.items()])


def make_field(name: str, lines: Sequence[Line]) -> Field:
    """Make a field of lines, without blank lines at its ends and its first line's indentation."""
    first, end = 0, len(lines)
    while first < end and lines[first].is_blank:
        first += 1
    while first < end and lines[end - 1].is_blank:
        end -= 1
    if first == end:
        return Field(name, "", ())
    lines = lines[first:end]
    shift = len(lines[0].text) - len(lines[0].text.lstrip(" \t"))
    if shift:
        indent = lines[0].text[:shift]
        lines = [
            Line(line.text[shift:], line.start + shift) if line.text.startswith(indent) else line
            for line in lines
        ]
    text = "\n".join([line.text for line in lines]).rstrip()
    return Field(name, text, tuple([line.start for line in lines]))
