"""What the line-wise syntaxes have in common in making a card of what they found."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from vaultdeck.cards.body import find_note_type, make_field
from vaultdeck.cards.lines import Line
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.syntaxes.paragraphs import Row
from vaultdeck.model import CardBlock, IdSlot, Span

BASIC = "Basic"
REVERSED = "Basic (and reversed card)"
CLOZE = "Cloze"


def make_card(
    reading: Reading,
    kind: str,
    sides: Sequence[Sequence[Line]],
    span: Span,
    slots: tuple[IdSlot, ...],
    found: tuple[int, Span] | None = None,
    deck: str | None = None,
    tags: Sequence[str] = (),
) -> CardBlock | None:
    """Make a card of a note type's first fields; None (and reported) if there is no such type.

    A card of one side is a prompt. `found` is the ID with its place. The card's text is taken from here on.
    """
    reading.taken.append(span)
    note_type = find_note_type(reading, kind, span.start, span.end)
    if note_type is None:
        return None
    pairs = itertools.zip_longest(note_type.written, sides[: len(note_type.written)], fillvalue=())
    fields = tuple(make_field(str(name), lines) for name, lines in pairs)
    number, id_span = found or (None, None)
    return CardBlock(
        span, kind, fields, slots, tuple(tags), number, id_span, deck, is_prompt=len(sides) == 1
    )


def report_half(reading: Reading, first: Row, last: Row, missing: str, hint: str) -> None:
    """Report a card of which one side is missing (`half-card`)."""
    message = f"this card has no {missing}: it is left out"
    reading.report("half-card", first.line.start, last.end, message, hint)
