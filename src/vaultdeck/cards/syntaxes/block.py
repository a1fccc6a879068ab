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
from vaultdeck.cards.reading import Reading
from vaultdeck.model import CardBlock


def read_blocks(reading: Reading) -> Iterator[CardBlock]:
    """Yield the blocks of a note file; see `extents` for where they end, `body` for what they say."""
    extents, problems = find_extents(reading.source, reading.config.markers)
    reading.problems += problems
    reading.blocks += [extent.span for extent in extents]
    reading.taken += reading.blocks
    for extent in extents:
        block = parse_body(reading, extent)
        if block is not None:
            yield block
