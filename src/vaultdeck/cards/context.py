"""The headings above a place of a note file: the breadcrumb of a card."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vaultdeck.cards.opaque import Spans

# With a newline before the text: `re` finds that many times faster than the beginning of a line.
HEADING = re.compile(r"\n[ ]{0,3}(?P<level>#{1,6})[ \t]+(?P<text>[^\n]*)")


def headings_above(text: str, offsets: Sequence[int], skipped: Spans) -> list[tuple[str, ...]]:
    """Return for each offset the chain of headings it stands under, outermost first.

    A deeper heading is appended to the chain, one of the same or a higher level replaces the rest
    (spec of the plugin's "Add Context"). Headings in `skipped` (blocks and code) do not count.
    """
    if not offsets:
        return []
    chains: list[tuple[str, ...]] = []
    chain: list[tuple[int, str]] = []
    headings = HEADING.finditer(f"\n{text}")
    heading = next(headings, None)
    for offset in offsets:
        while heading is not None and heading.start() < offset:
            if not skipped.meet(heading.start(), heading.start()):
                level = len(heading["level"])
                chain = [entry for entry in chain if entry[0] < level]
                chain.append((level, _trim(heading["text"])))
            heading = next(headings, None)
        chains.append(tuple(title for _, title in chain))
    return chains


def _trim(text: str) -> str:
    """Return a heading's text without white space and closing `#`s."""
    text = " ".join(text.split())
    bare = text.rstrip("#")
    return bare.rstrip() if bare.endswith(" ") or not bare else text
