"""Blocks.

START
Basic
What is a group?
Back: a monoid with inverses
Tags: algebra
<!--ID: 1769619800835-->
END
"""

from __future__ import annotations

from collections.abc import Iterator

from vaultdeck.cards.body import parse_body
from vaultdeck.cards.extents import find_extents
from vaultdeck.cards.hidden import long_comments
from vaultdeck.cards.quoted import find_quoted
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.model import CardBlock


def read_blocks(reading: Reading) -> Iterator[CardBlock]:
    """Yield the blocks of a note file; see `extents` for where they end, `body` for what they say."""
    source, config = reading.source, reading.config
    proper, problems = find_extents(source, config.markers)
    blocks, fences = Spans(extent.span for extent in proper), Spans(reading.fences)
    quoted, unread = find_quoted(source, config.markers, config.note_types, blocks, fences)
    extents = sorted([*proper, *quoted], key=lambda extent: extent.span.start)
    reading.problems += [*problems, *unread]
    reading.blocks += [extent.span for extent in extents]
    reading.taken += reading.blocks
    comments = long_comments(reading.source.text) if extents else None
    for extent in extents:
        at = extent.span.start
        in_comment = comments is not None and comments.meet(at, at)
        block = parse_body(reading, extent, in_comment=in_comment)
        if block is not None:
            yield block
