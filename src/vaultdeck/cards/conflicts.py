"""Conflicts that git left in a note: nobody knows what the cards in them should be.

<<<<<<< HEAD
Back: a monoid
=======
Back: a monoid with inverses
>>>>>>> other
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vaultdeck.cards.opaque import Spans
from vaultdeck.cards.reading import Reading
from vaultdeck.model import CardBlock, Span

# The line in the middle alone would be the underline of a heading, the last one a quote.
MARKER = re.compile(r"^(?:(?P<begin><{7})|(?P<end>>{7}))(?=[ \r\n]|\Z)[^\n]*", re.MULTILINE)


def without_conflicts(reading: Reading, blocks: Sequence[CardBlock]) -> list[CardBlock]:
    """Return the cards that no conflict reaches into; report the others (`conflict-marker`)."""
    if "<<<<<<<" not in reading.source.text:
        return list(blocks)
    conflicts = Spans(_conflicts(reading.source.text, Spans(reading.fences)))
    kept: list[CardBlock] = []
    for block in blocks:
        if not conflicts.meet(block.span.start, block.span.end):
            kept.append(block)
            continue
        message = "a conflict that git left stands in this card: the card is left out"
        hint = "keep one of the two sides and remove the lines '<<<<<<<', '=======' and '>>>>>>>'"
        reading.report("conflict-marker", block.span.start, block.span.end, message, hint)
    return kept


def _conflicts(text: str, code: Spans) -> Iterator[Span]:
    """Yield the conflicts outside of code: each from its first line to its last, or that alone."""
    opened: re.Match[str] | None = None
    for match in MARKER.finditer(text):
        if code.meet(match.start(), match.start()):
            continue
        if match["begin"]:
            if opened is not None:
                yield Span(opened.start(), opened.end())
            opened = match
        elif opened is not None:
            yield Span(opened.start(), match.end())
            opened = None
    if opened is not None:
        yield Span(opened.start(), opened.end())
