"""Who a note is: from the ID in the note file to Anki's note id and GUID.

Anki matches notes on import by GUID alone, so the GUID is a fixed function of the ID, for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import Note, StampedNote

# 13 digits like the plugin's, in milliseconds of the years 2001 to 2013: never a real creation time.
PROVISIONAL_FIRST = 10**12
PROVISIONAL_COUNT = 4 * 10**11


def guid_of(note_id: int) -> str:
    """Return the GUID of the note with an ID."""
    return f"vaultdeck-{note_id}"


def provisional_id(note: Note) -> int:
    """Return the ID of a note that has none yet: the same as long as its file and text are the same."""
    text = "\x1f".join((note.location.path, note.note_type.name, *note.fields))
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return PROVISIONAL_FIRST + number % PROVISIONAL_COUNT


def stamp(notes: Iterable[Note], mtime: int) -> tuple[list[StampedNote], list[Diagnostic]]:
    """Give each note its identity; `mtime` is in seconds.

    Of notes with one ID the first is kept and every other one reported as `duplicate-id`.
    """
    stamped: dict[int, StampedNote] = {}
    problems: list[Diagnostic] = []
    for note in notes:
        note_id = note.id
        if note_id is None:
            note_id = provisional_id(note)
            while note_id in stamped:
                note_id += 1
        first = stamped.get(note_id)
        if first is None:
            stamped[note_id] = StampedNote(note, note_id, guid_of(note_id), mtime)
            continue
        at = first.note.location
        message = f"ID {note_id} is already that of the card at {at.path}:{at.line}"
        hint = "remove the ID of the card that was copied: it then gets one of its own"
        problems.append(Diagnostic("duplicate-id", note.location, message, hint))
    return list(stamped.values()), problems
