"""Cards of obsidian-spaced-repetition, in notes with a tag `#flashcards` or `#flashcards/deck/…`.

    Capital of France::Paris            Capital of France:::Paris     (both directions)
    Capital of Chad::N'Djamena <!--ID: 1769619800835-->

    What is a group?                    The ==first== of ==1;;two;;a number== deletions
    ?                                   (`??`: both directions)
    a monoid with inverses
    <!--SR:!2024-08-16,51,230-->

Tags, separators and deletions are those of the settings. With one tag, the deck is the rest of the tag's
path; with several, it is the whole path. A line with `::` is always a card of its own; what stands above
it in a card of several lines is lost for the plugin, and reported here. Where an empty line parts a `?` from
what is above, the heading is the question: the plugin shows it over the card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vaultdeck.cards.cloze_patterns import to_anki
from vaultdeck.cards.ids import BARE_ID, CARET, CARET_ID, ID_COMMENT, MEND_ID, read_id
from vaultdeck.cards.lines import Line
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.slots import can_hold, end_of_text, row_slots
from vaultdeck.cards.syntaxes.make_card import CLOZE, make_card, report_half
from vaultdeck.cards.syntaxes.paragraphs import Row, paragraphs
from vaultdeck.cards.syntaxes.spaced_repetition_pieces import (
    Piece,
    PieceRow,
    Rules,
    is_id_line,
    pieces,
)
from vaultdeck.cards.syntaxes.spaced_repetition_topics import Topics
from vaultdeck.model import CardBlock, Span
from vaultdeck.model.diagnostics import shorten
from vaultdeck.regexps import regexp
from vaultdeck.vault.globs import is_within

NAME = "obsidian-spaced-repetition"
# An ID of flashcards-obsidian behind a line's text, where a block ID stands.
ID_BEHIND = regexp(rf"[ \t]+(?P<caret>{CARET})[ \t]*\r?$", re.MULTILINE)


def read_spaced_repetition(reading: Reading) -> Iterator[CardBlock]:
    """Yield the cards of a note with a flashcard tag, or of one in a folder, by the settings.

    Diagnostics: `half-card`, `malformed-id`, `extra-id`, `bad-properties`.
    """
    config, path = reading.config.spaced_repetition, reading.source.path
    if not may_hold_cards(reading) or is_within(path, config.ignore):
        return
    groups = list(paragraphs(reading))
    topics = Topics(reading, groups, _folder_of(reading))
    if topics.is_ignored or topics.deck is None:
        # Broken properties may name a tag all the same.
        reading.problems += topics.problems
        return
    rules = Rules.of(config)
    for piece in pieces(reading.source.text, groups, rules):
        if piece.kind and not piece.is_cut:
            card = _read_card(reading, rules, piece, topics)
            if card is not None:
                yield card
        else:
            if piece.is_cut:
                _report_cut(reading, piece)
            topics.read(row.row for row in piece.rows)
        topics.read_heading(row.row for row in piece.rows)


def may_hold_cards(reading: Reading) -> bool:
    """Tell at a glance whether a note may hold cards: whether it has one of the tags' words."""
    tags = reading.config.spaced_repetition.tags
    return bool(_folder_of(reading)) or any(tag in reading.source.text for tag in tags)


def _folder_of(reading: Reading) -> str:
    """Return the folder that is the deck of a note's cards; empty where folders are no decks."""
    has_decks = reading.config.spaced_repetition.folder_decks
    return reading.source.path.rpartition("/")[0] if has_decks else ""


def _report_cut(reading: Reading, piece: Piece) -> None:
    first, last = piece.rows[0].row, piece.rows[-1].row
    inline = reading.config.spaced_repetition.inline
    message = f"this card is cut off by the line with '{inline}' below it, and left out"
    hint = "put an empty line between them: the plugin makes one card of the line below alone"
    reading.report("half-card", first.line.start, last.end, message, hint)


def _read_card(reading: Reading, rules: Rules, piece: Piece, topics: Topics) -> CardBlock | None:
    rows = piece.rows
    span = Span(rows[0].row.line.start, rows[-1].row.end)
    held = _held(reading.source.text, rules, rows)
    slots = row_slots(reading, held, span.start, span.end, is_single=piece.is_line)
    found = _find_id(reading, rows)
    if found is not None and not found[0]:
        reading.taken.append(span)
        return None
    if found is not None and not rows[-1].is_meta and found[1].start == rows[-1].row.line.start:
        rows = rows[:-1]
    first, own = topics.take(rows[0].row)
    deck = (topics.deck if own is None else own) or None
    texts = [first if row is rows[0] else row.row for row in rows if row.row.is_code or row.is_text]
    if piece.kind == CLOZE:
        sides = [list(to_anki((row.line, rules.deletions(row.seen)) for row in texts))]
        return make_card(reading, CLOZE, sides, span, slots, found, deck)
    split = _split_line if piece.is_line else _split_rows
    separator, front, back = split(rules, piece.kind, texts)
    if topics.heading and not piece.is_line and all(line.is_blank for line in front):
        front = [topics.heading]
    for side, missing, place in ((front, "question", "above"), (back, "answer", "below")):
        if all(line.is_blank for line in side):
            reading.taken.append(span)
            hint = f"write the {missing} {'beside' if piece.is_line else place} '{separator}'"
            report_half(reading, rows[0].row, rows[-1].row, missing, hint)
            return None
    return make_card(reading, piece.kind, [front, back], span, slots, found, deck)


def _held(text: str, rules: Rules, rows: Sequence[PieceRow]) -> int | None:
    """Return the end of the last line of the card that can hold a comment, None if none can.

    The plugin passes over a comment that begins a line and over the line below, whatever that is: with
    one on a line of its own it would make one card of two, and lose the reviews of both.
    """
    held, was_open = None, False
    for row in rows:
        line = row.row.line
        at = end_of_text(text, line.start, line.end)
        is_whole = row.is_text and not line.is_blank and not (row.row.is_open or was_open)
        if is_whole and line.text.strip() not in rules.multiline and can_hold(text, at):
            held = at
        was_open = row.row.is_open
    return held


def _split_line(rules: Rules, kind: str, rows: Sequence[Row]) -> tuple[str, list[Line], list[Line]]:
    """Split a single-line card; display math that begins in the line belongs to it as a whole."""
    first = rows[0]
    separator = next(text for text, other in rules.inline if other == kind)
    # A separator that stood in the tag is gone with it.
    at = max(first.seen.find(separator), 0)
    back = [first.part(at + len(separator)).strip().line]
    while rows[len(back) - 1].is_open and len(back) < len(rows):
        back.append(rows[len(back)].line)
    return separator, [first.part(0, at).strip().line], back


def _split_rows(rules: Rules, kind: str, rows: Sequence[Row]) -> tuple[str, list[Line], list[Line]]:
    """Split a card of several lines at the first separator of its kind."""
    texts = [row.line.text.strip() if not row.is_code else "" for row in rows]
    separators = [text for text, other in rules.multiline.items() if other == kind]
    at = next((number for number, text in enumerate(texts) if text in separators), 0)
    lines = [row.line for row in rows]
    return separators[0], lines[:at], lines[at + 1 :]


def _find_id(reading: Reading, rows: Sequence[PieceRow]) -> tuple[int, Span] | None:
    """Return the ID of a card with its place, None if it has none, number 0 if it is broken."""
    spans = [span for row in rows for span in reversed(row.ids)]
    last = rows[-1].row.line
    text = reading.source.text
    if not spans and len(rows) > 1 and is_id_line(last.text):
        spans = [Span(last.start, last.end)]
    elif not spans and (caret := ID_BEHIND.match(text, last.end)):
        spans = [Span(*caret.span("caret"))]
    if not spans:
        return None
    for span in spans[:-1]:
        message = "a second ID is ignored: the last ID of a card counts"
        hint = "remove the ID that is not in Anki"
        reading.report("extra-id", span.start, span.end, message, hint)
    written = text[spans[-1].start : spans[-1].end]
    match = (
        ID_COMMENT.fullmatch(written) or BARE_ID.fullmatch(written) or CARET_ID.fullmatch(written)
    )
    if match is not None:
        return read_id(reading, match["id"], spans[-1]) or 0, spans[-1]
    message = f"'{shorten(written)}' cannot be an ID: the card is left out"
    reading.report("malformed-id", spans[-1].start, spans[-1].end, message, MEND_ID)
    return 0, spans[-1]
