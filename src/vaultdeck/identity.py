"""Who a note is: from the ID in the note file to Anki's note id and GUID.

Anki matches notes on import by GUID alone, so the GUID is a fixed function of the ID, for ever,
unless the lock holds the one that the note already has in Anki.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterator

from vaultdeck.model import Note

# New IDs look like creation times of the last four months, in milliseconds, as the plugin's do. Those of
# one run follow each other from a random point on: Anki, which sorts by them, shows the cards in the
# order of the vault, and two people who build on two branches hardly ever come upon the same ones.
SPREAD = 10**10
# Behind each ID there is room for the ids of the note's cards.
STEP = 100
DAY = 24 * 60 * 60
# The tag of every note that vaultdeck makes, to find them in Anki's browser.
TAG = "vaultdeck"
ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def guid_of(note_id: int) -> str:
    """Return the GUID of the note with an ID."""
    return f"vaultdeck-{note_id}"


def mint_ids(taken: Container[int], now: int, pick: Callable[[int], int]) -> Iterator[int]:
    """Yield new 13-digit IDs in ascending order that are not `taken`.

    `now` is in seconds; `pick(n)` chooses a number below n.
    """
    number = (now - DAY) * 1000 - pick(SPREAD)
    while True:
        if number not in taken:
            yield number
        number += STEP


def digest_of(note: Note) -> str:
    """Return the hash of all that an import would change in Anki: fields, tags, type, media bytes."""
    content = [
        note.note_type.id,
        note.fields,
        sorted(tag for tag in note.tags if tag != TAG),
        sorted((ref.name, ref.digest) for ref in note.media),
    ]
    return hashlib.sha256(ENCODER.encode(content).encode()).hexdigest()[:20]
