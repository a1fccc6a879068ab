"""Cards of obsidian-spaced-repetition, in notes with a tag `#flashcards` or `#flashcards/deck/…`.

The plugin's settings may name other tags.

    Capital of France::Paris            Capital of France:::Paris     (both directions)
    Capital of Chad::N'Djamena <!--ID: 1769619800835-->

    What is a group?                    The ==first== of ==1;;two;;a number== deletions
    ?                                   (`??`: both directions)
    a monoid with inverses
    <!--SR:!2024-08-16,51,230-->

Other than there, what follows a `?` is the answer up to the next empty line, also with `::` in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vaultdeck.cards.body import MEND_ID, read_id
from vaultdeck.cards.ids import BARE_ID, ID_COMMENT, MALFORMED_ID
from vaultdeck.cards.lines import Line
from vaultdeck.cards.properties import read_properties, texts_of
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.slots import can_hold, row_slots
from vaultdeck.cards.syntaxes._card import (
    BASIC,
    CLOZE,
    REVERSED,
    make_card,
    report_half,
)
from vaultdeck.cards.syntaxes._page import Row, paragraphs
from vaultdeck.cards.syntaxes.card_tags import SPACED_REPETITION, card_tags, flashcards_tag
from vaultdeck.diagnostics import shorten
from vaultdeck.model import CardBlock, Span

# `==x==`, with a number before and a hint behind: `==1;;x;;hint==`.
HIGHLIGHT = re.compile(r"==(?![=\s])(?P<inner>(?:[^=\n]|=(?!=))+)(?<!\s)==")
CLOZE_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
# Which card hides, asks or shows a deletion: `==ahs;;x==`. Anki has no such thing.
SEQUENCE = re.compile(r"[ahs]+")
# When the plugin shows a card next, `<!--SR:!2024-08-16,51,230-->`, and the callout it may sit in.
SCHEDULE = re.compile(r"<!--SR:(?:(?!-->|<!--).)*-->")
SCHEDULE_CALLOUT = re.compile(r"[ \t]*>[ \t]*\[!sr\|card-metadata\][+-]?[ \t]*")
SEPARATORS = {"?": BASIC, "??": REVERSED}


class _Row(NamedTuple):
    """A row without the comments at its end; `ids` are those that are IDs, last first."""

    row: Row
    ids: tuple[Span, ...] = ()
    is_meta: bool = False

    @property
    def is_text(self) -> bool:
        """Tell whether the row is text that may be, or divide, a card."""
        return not (self.row.is_code or self.is_meta or self.row.is_comment)


def read_spaced_repetition(reading: Reading) -> Iterator[CardBlock]:
    """Yield the cards of a note with a flashcard tag.

    Diagnostics: `half-card`, `malformed-id`, `extra-id`.
    """
    words, text = card_tags(reading.config, SPACED_REPETITION), reading.source.text.lower()
    if not any(word.lower() in text for word in words):
        return
    pattern = flashcards_tag(tuple(words))
    properties, _ = read_properties(reading.source)
    tags = [
        f"#{tag.strip().lstrip('#')}"
        for key in ("tags", "tag")
        for tag in texts_of(properties.get(key))
    ]
    own = [match for tag in tags if (match := pattern.fullmatch(tag))]
    groups = list(paragraphs(reading))
    # As in the plugin, a card above the first tag of the text goes by that one.
    first = (match for group in groups for row in group if (match := pattern.search(row.seen)))
    tag = own[0] if own else next(first, None)
    if tag is None:
        return
    deck = _deck(tag)
    for group in groups:
        for rows in _pieces(group):
            if _kind(rows):
                card = _read_card(reading, rows, deck, pattern)
                if card is not None:
                    yield card
                continue
            for row in rows:
                match = pattern.search(row.row.seen)
                deck = _deck(match) if match else deck


def _deck(tag: re.Match[str]) -> str | None:
    return "::".join(part for part in tag["path"].split("/") if part) or None


def _pieces(group: Sequence[Row]) -> Iterator[list[_Row]]:
    """Yield what belongs together: each single-line card with its comments, and the rows between."""
    pending: list[_Row] = []
    is_answer = is_single = is_open = False
    for row in map(_strip_comments, group):
        was_open, is_open = is_open, row.row.is_open
        if is_single and (was_open or row.is_meta or BARE_ID.fullmatch(row.row.line.text)):
            pending.append(row)
            continue
        begins = not (is_answer or was_open) and row.is_text and "::" in row.row.seen
        if is_single or begins:
            if pending:
                yield pending
            pending = []
        is_single = begins
        divides = row.is_text and row.row.line.text.strip() in SEPARATORS
        is_answer = is_answer or (divides and bool(pending))
        pending.append(row)
    if pending:
        yield pending


def _strip_comments(row: Row) -> _Row:
    ids: list[Span] = []
    if SCHEDULE_CALLOUT.fullmatch(row.line.text):
        return _Row(row, (), True)
    end = len(row.line.text.rstrip())
    has_comment = False
    while row.line.text.endswith("-->", 0, end):
        start = row.line.text.rfind("<!--", 0, end)
        if start < 0 or row.seen[start] != "<":
            break
        comment = row.line.text[start:end]
        if ID_COMMENT.fullmatch(comment) or MALFORMED_ID.fullmatch(comment):
            ids.append(Span(row.line.start + start, row.line.start + end))
        elif not SCHEDULE.fullmatch(comment):
            break
        has_comment = True
        end = start
        while end and row.line.text[end - 1].isspace():
            end -= 1
    if not has_comment:
        return _Row(row)
    left = row.part(0, end)
    return _Row(left, tuple(ids), not left.line.text.strip(" \t>"))


def _kind(rows: Sequence[_Row]) -> str:
    """Return how a piece is a card: `::`, `?` or `==`; empty if it is none."""
    texts = [row.row for row in rows if row.is_text]
    if texts and "::" in texts[0].seen and rows[0].row is texts[0]:
        return "::"
    if any(row.line.text.strip() in SEPARATORS for row in texts):
        return "?"
    return "==" if any(HIGHLIGHT.search(row.seen) for row in texts) else ""


def _read_card(
    reading: Reading, rows: list[_Row], deck: str | None, pattern: re.Pattern[str]
) -> CardBlock | None:
    span = Span(rows[0].row.line.start, rows[-1].row.end)
    slots = row_slots(reading, _held(reading.source.text, rows), span.start, span.end)
    found = _find_id(reading, rows)
    if found is not None and not found[0]:
        reading.taken.append(span)
        return None
    if found is not None and not rows[-1].is_meta and found[1].start == rows[-1].row.line.start:
        rows = rows[:-1]
    first, match = rows[0].row, pattern.match(rows[0].row.seen.lstrip())
    kind = _kind(rows)
    deck = _deck(match) if match else deck
    while match:
        indent = len(first.seen) - len(first.seen.lstrip())
        first = first.part(indent + match.end())
        match = pattern.match(first.seen.lstrip()) if first.seen[:1].isspace() else None
    texts = [first if row is rows[0] else row.row for row in rows if row.row.is_code or row.is_text]
    if kind == "==":
        return make_card(reading, CLOZE, [list(_number(texts))], span, slots, found, deck)
    note_type, front, back = _split_line(texts) if kind == "::" else _split_rows(texts)
    for side, missing in ((front, "question"), (back, "answer")):
        if all(line.is_blank for line in side):
            reading.taken.append(span)
            hint = f"write the {missing} {'above' if side is front else 'below'} '?'"
            hint = f"write the {missing} beside '::'" if kind == "::" else hint
            report_half(reading, rows[0].row, rows[-1].row, missing, hint)
            return None
    return make_card(reading, note_type, [front, back], span, slots, found, deck)


def _held(text: str, rows: Sequence[_Row]) -> int | None:
    """Return the end of the last line of the card that can hold a comment, None if none can.

    The plugin passes over a comment that begins a line and over the line below, whatever that is: with
    one on a line of its own it would make one card of two, and lose the reviews of both.
    """
    held, was_open = None, False
    for row in rows:
        line = row.row.line
        at = line.start + len(line.text.rstrip())
        is_whole = row.is_text and not (row.row.is_open or was_open)
        if is_whole and line.text.strip() not in SEPARATORS and can_hold(text, at):
            held = at
        was_open = row.row.is_open
    return held


def _split_line(rows: Sequence[Row]) -> tuple[str, list[Line], list[Line]]:
    """Split a single-line card; display math that begins in the line belongs to it as a whole."""
    first, width = rows[0], 3 if ":::" in rows[0].seen else 2
    at = first.seen.index(":" * width)
    back = [first.part(at + width).strip().line]
    while rows[len(back) - 1].is_open and len(back) < len(rows):
        back.append(rows[len(back)].line)
    return REVERSED if width == 3 else BASIC, [first.part(0, at).strip().line], back


def _split_rows(rows: Sequence[Row]) -> tuple[str, list[Line], list[Line]]:
    texts = [row.line.text.strip() if not row.is_code else "" for row in rows]
    at = next(number for number, text in enumerate(texts) if text in SEPARATORS)
    lines = [row.line for row in rows]
    return SEPARATORS[texts[at]], lines[:at], lines[at + 1 :]


def _number(rows: Sequence[Row]) -> Iterator[Line]:
    """Yield the lines with `==x==` as Anki's deletions, those without a number each with a new one."""
    matches = [match for row in rows for match in HIGHLIGHT.finditer(row.seen)]
    used = {int(m["inner"].split(";;")[0]) for m in matches if _has_number(m["inner"])}
    free = iter(number for number in range(1, len(matches) + len(used) + 1) if number not in used)

    def write(match: re.Match[str], written: str) -> str:
        parts, at = [], 2
        for part in match["inner"].split(";;"):
            parts.append(written[at : at + len(part)])
            at += len(part) + 2
        if _has_number(match["inner"]):
            number = int(parts.pop(0))
        else:
            number = next(free)
            if len(parts) > 1 and SEQUENCE.fullmatch(parts[0]):
                parts.pop(0)
        return f"{{{{c{number}::{'::'.join(parts[:2])}}}}}"

    for row in rows:
        yield row.rewrite(HIGHLIGHT, write)


def _has_number(inner: str) -> bool:
    number, separator, _ = inner.partition(";;")
    return bool(separator and CLOZE_NUMBER.fullmatch(number))


def _find_id(reading: Reading, rows: Sequence[_Row]) -> tuple[int, Span] | None:
    """Return the ID of a card with its place, None if it has none, number 0 if it is broken."""
    spans = [span for row in rows for span in reversed(row.ids)]
    last = rows[-1].row.line
    if not spans and len(rows) > 1 and BARE_ID.fullmatch(last.text):
        spans = [Span(last.start, last.end)]
    if not spans:
        return None
    text = reading.source.text
    for span in spans[:-1]:
        message = "a second ID is ignored: the last ID of a card counts"
        hint = "remove the ID that is not in Anki"
        reading.report("extra-id", span.start, span.end, message, hint)
    written = text[spans[-1].start : spans[-1].end]
    match = ID_COMMENT.fullmatch(written) or BARE_ID.fullmatch(written)
    if match is not None:
        return read_id(reading, match["id"], spans[-1]) or 0, spans[-1]
    message = f"'{shorten(written)}' cannot be an ID: the card is left out"
    reading.report("malformed-id", spans[-1].start, spans[-1].end, message, MEND_ID)
    return 0, spans[-1]
