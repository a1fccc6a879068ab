"""The lines of one block → note type, fields, tags and ID.

    Basic                         the note type: the first line with text
    What is a group?              the first field, up to the first line that begins with a field's
    Back: a monoid with inverses  name and a colon (column 0, exact case)
    Tags: algebra, groups
    <!--ID: 1769619800835-->

Tags and ID may come in either order, with blank lines between them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vaultdeck.diagnostics import Diagnostic, shorten
from vaultdeck.model import MAX_ID, CardBlock, Field, Markers, NoteType, SourceFile, Span
from vaultdeck.parse.blocks import Extent
from vaultdeck.parse.fences import code_spans
from vaultdeck.parse.ids import BARE_ID, LINE_PREFIX, MALFORMED_ID, find_ids
from vaultdeck.parse.lines import INVISIBLE, Line, split_lines
from vaultdeck.parse.tags import split_tags

TAGS_LINE = re.compile(r"[ \t]*Tags:(?P<tags>.*)")
MEND_ID = "restore the 13-digit number, or remove the ID if the card was never in Anki"


@dataclass(slots=True)
class _Body:
    source: SourceFile
    lines: list[Line]
    problems: list[Diagnostic] = field(default_factory=list)
    id: int | None = None
    id_span: Span | None = None
    tags: list[str] = field(default_factory=list)

    def report(self, code: str, start: int, end: int, message: str, hint: str = "") -> None:
        location = self.source.locate(start, end)
        self.problems.append(Diagnostic(code, location, message, hint))


def parse_body(
    source: SourceFile, extent: Extent, words: Markers, note_types: Mapping[str, NoteType]
) -> tuple[CardBlock | None, list[Diagnostic]]:
    """Return the card block of `extent`, or None if it cannot become a note, and what is wrong.

    Diagnostics: `missing-note-type`, `unknown-note-type`, `malformed-id` (errors), `misplaced-id`,
    `extra-id`, `misplaced-tags`.
    """
    text, span = source.text, extent.body
    body = _Body(source, list(split_lines(text, span.start, span.end)))
    if not _take_ids(body, span, words):
        return None, body.problems
    if not _take_tail(body):
        return None, body.problems
    _report_misplaced_tags(body, span, words)
    named = next((number for number, line in enumerate(body.lines) if not line.is_blank), None)
    if named is None:
        message = "this block is empty: its first line should name a note type"
        body.report("missing-note-type", extent.span.start, extent.span.end, message)
        return None, body.problems
    name_line = body.lines[named]
    name = unicodedata.normalize("NFC", name_line.text.strip(INVISIBLE))
    note_type = note_types.get(name)
    if note_type is None:
        _report_unknown_type(body, name_line, name, note_types)
        return None, body.problems
    block = CardBlock(
        span=extent.span,
        note_type=name,
        fields=_split_fields(body.lines[named + 1 :], note_type),
        tags=tuple(body.tags),
        id=body.id,
        id_span=body.id_span,
        insert_at=span.end,
    )
    return block, body.problems


def _take_ids(body: _Body, span: Span, words: Markers) -> bool:
    """Take the ID comments out of the lines; return False if one of them is no ID at all."""
    text = body.source.text
    comments = find_ids(text, span.start, span.end, words)
    if not comments:
        return True
    for match in comments:
        if match.re is MALFORMED_ID:
            message = f"'{shorten(match[0])}' holds no number: the card is left out"
            body.report("malformed-id", match.start(), match.end(), message, MEND_ID)
            return False
    last = comments[-1]
    for match in comments[:-1]:
        message = f"a second ID, {match['id']}, is ignored: the last ID of a block counts"
        hint = "remove the ID that is not in Anki"
        body.report("extra-id", match.start(), match.end(), message, hint)
    body.lines = _cut(body.lines, [Span(match.start(), match.end()) for match in comments])
    if any(
        not (line.is_blank or _is_tail(line)) for line in body.lines if line.start >= last.end()
    ):
        message = f"ID {last['id']} stands amid the card's text"
        hint = "move the ID comment to the line above the end marker"
        body.report("misplaced-id", last.start(), last.end(), message, hint)
    return _set_id(body, last["id"], Span(last.start(), last.end()))


def _set_id(body: _Body, digits: str, span: Span) -> bool:
    if not 0 < int(digits[:20]) <= MAX_ID or len(digits) > 19:
        message = f"{shorten(digits)} cannot be an ID: the card is left out"
        body.report("malformed-id", span.start, span.end, message, MEND_ID)
        return False
    body.id, body.id_span = int(digits), span
    return True


def _cut(lines: Iterable[Line], spans: Sequence[Span]) -> list[Line]:
    """Remove `spans`, sorted, from the lines.

    A line of which nothing but a list or quote mark stays goes as a whole.
    """
    kept: list[Line] = []
    first = 0
    for line in lines:
        while first < len(spans) and spans[first].end <= line.start:
            first += 1
        left, start = "", line.start
        done = line.start
        number = first
        while number < len(spans) and spans[number].start < line.end:
            left += line.text[done - line.start : max(spans[number].start - line.start, 0)]
            done = spans[number].end
            start = start if left else done
            number += 1
        if number == first:
            kept.append(line)
            continue
        left += line.text[done - line.start :] if done < line.end else ""
        if not LINE_PREFIX.fullmatch(left):
            kept.append(Line(left, start))
    return kept


def _is_tail(line: Line) -> bool:
    return bool(TAGS_LINE.fullmatch(line.text) or BARE_ID.fullmatch(line.text))


def _take_tail(body: _Body) -> bool:
    """Take tags lines and a bare ID off the block's end, in any order, over blank lines.

    Returns False if the bare ID is none.
    """
    tags: list[str] = []
    while body.lines:
        line = body.lines[-1]
        tags_line = TAGS_LINE.fullmatch(line.text)
        bare_id = BARE_ID.fullmatch(line.text) if body.id is None else None
        if tags_line:
            tags = [*split_tags(tags_line["tags"]), *tags]
        elif bare_id:
            if not _set_id(body, bare_id["id"], Span(line.start, line.end)):
                return False
        elif not line.is_blank:
            break
        body.lines.pop()
    body.tags = list(dict.fromkeys(tags))
    return True


def _report_misplaced_tags(body: _Body, span: Span, words: Markers) -> None:
    found = [line for line in body.lines if line.text.startswith("Tags:")]
    code = code_spans(body.source.text[span.start : span.end], words) if found else []
    for line in found:
        if not any(c.start <= line.start - span.start < c.end for c in code):
            message = "this tags line is not read: text follows it"
            hint = "move it to the end of the block, above the ID"
            body.report("misplaced-tags", line.start, line.end, message, hint)


def _report_unknown_type(
    body: _Body, line: Line, name: str, note_types: Mapping[str, NoteType]
) -> None:
    near = difflib.get_close_matches(name, note_types, n=1)
    same = [known for known in note_types if known.casefold() == name.casefold()]
    known = ", ".join(f"'{kind}'" for kind in note_types)
    hint = f"did you mean '{(same or near)[0]}'?" if same or near else f"known types: {known}"
    message = f"no note type named '{shorten(name)}': the card is left out"
    body.report("unknown-note-type", line.start, line.end, message, hint)


def _split_fields(lines: Iterable[Line], note_type: NoteType) -> tuple[Field, ...]:
    """Share the lines out among the note type's fields, as the plugin does.

    The first field needs no name. A line that begins with `Name:` continues field `Name` from behind
    the colon, also in code and math; names that the type does not have are text.
    """
    collected: dict[str, list[Line]] = {name: [] for name in note_type.written}
    current = note_type.written[0]
    for line in lines:
        text, start = line
        for name in note_type.written:
            if text.startswith(name + ":"):
                current = name
                text, start = text[len(name) + 1 :].lstrip(" \t"), line.end
                start -= len(text)
                break
        collected[current].append(Line(text, start))
    return tuple(_make_field(name, lines) for name, lines in collected.items())


def _make_field(name: str, lines: list[Line]) -> Field:
    """Strip blank lines round the text and the indentation of its first line from all lines."""
    filled = [number for number, line in enumerate(lines) if not line.is_blank]
    if not filled:
        return Field(name, "", ())
    lines = lines[filled[0] : filled[-1] + 1]
    first = lines[0].text
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    shift = len(indent)
    lines = [
        Line(text[shift:], start + shift)
        if shift and text.startswith(indent)
        else Line(text, start)
        for text, start in lines
    ]
    return Field(
        name,
        "\n".join(line.text for line in lines).rstrip(),
        tuple(line.start for line in lines),
    )
