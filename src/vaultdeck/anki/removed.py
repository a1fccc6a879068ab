"""Removed notes, sent to Anki once more with a tag by which the user finds and deletes them.

An import can delete nothing. A tombstone carries the note's last fields, since an update replaces
them all: who decides to keep the note loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vaultdeck.anki.cards import card_numbers
from vaultdeck.anki.filters import withstand_templates
from vaultdeck.anki.identity import OUR_TAG, guid_of, later
from vaultdeck.anki.lock import Entry, Lock
from vaultdeck.model import Location, Note, NoteType, StampedNote

REMOVED_TAG = "vaultdeck::removed"


def unburied(lock: Lock) -> list[Entry]:
    """Return the removed notes that have not been sent once more."""
    return [e for e in lock.entries.values() if e.is_removed and not e.is_buried]


def bury(
    lock: Lock, note_types: Mapping[str, NoteType], now: int
) -> tuple[Lock, list[StampedNote], list[Entry]]:
    """Return the lock after burying all removed notes, their tombstones, and who cannot have one.

    These are the notes whose last fields are not known. `now` is in seconds.
    """
    tombstones: list[StampedNote] = []
    unknown: list[Entry] = []
    entries = dict(lock.entries)
    for entry in unburied(lock):
        note_type = lock.types.get(entry.adopted_type) or note_types.get(entry.note_type)
        if note_type is None or not entry.last:
            unknown.append(entry)
            continue
        empty = [""] * len(note_type.fields)
        last = Note(
            location=Location("."),
            kind=entry.note_type,
            note_type=note_type,
            deck=entry.deck,
            tags=(OUR_TAG, REMOVED_TAG, *entry.tags),
            fields=tuple([*entry.last, *empty][: len(empty)]),
            id=entry.id,
        )
        note = withstand_templates(last)
        mtime = later(now, entry.mtime)
        guid = entry.guid or guid_of(entry.id)
        cards = card_numbers(note_type, note.fields)
        tombstones.append(StampedNote(note, entry.id, guid, mtime, cards))
        entries[entry.id] = replace(entry, is_buried=True, mtime=mtime, last=())
    return replace(lock, entries=entries), tombstones, unknown
