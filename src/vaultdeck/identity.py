"""Who a note is: from the ID in the note file to Anki's note id and GUID.

Anki matches notes on import by GUID alone, so the GUID is a fixed function of the ID, for ever,
unless the lock holds the one that the note already has in Anki.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection

from vaultdeck.model import Note

# New IDs look like creation times of the last four months, in milliseconds, as the plugin's do; so
# many that two people who build on two branches do not come upon the same one.
SPREAD = 10**10
# The tag of every note that vaultdeck makes, to find them in Anki's browser.
TAG = "vaultdeck"


def guid_of(note_id: int) -> str:
    """Return the GUID of the note with an ID."""
    return f"vaultdeck-{note_id}"


def mint_id(taken: Collection[int], now: int, pick: Callable[[int], int]) -> int:
    """Return a new 13-digit ID that is not `taken`.

    `now` is in seconds; `pick(n)` chooses a number below n.
    """
    while True:
        number = now * 1000 - pick(SPREAD)
        if number not in taken:
            return number


def digest_of(note: Note) -> str:
    """Return the hash of all that an import would change in Anki: fields, tags, type, media bytes."""
    content = [
        note.note_type.id,
        note.fields,
        sorted(tag for tag in note.tags if tag != TAG),
        sorted((ref.name, ref.digest) for ref in note.media),
    ]
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:20]
