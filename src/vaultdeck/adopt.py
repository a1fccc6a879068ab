"""Adoption: the lock learns what Anki already knows of the vault's notes.

The plugin made notes with random GUIDs, of the user's own note types. Once the lock holds both, the
next package updates these notes in place: same GUID, same note type, the user's templates, tags and
other fields untouched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from vaultdeck.identity import digest_of
from vaultdeck.lock import Entry, Lock, used_types
from vaultdeck.model import AnkiCollection, AnkiNote, Note, NoteType


@dataclass(frozen=True, slots=True)
class Adoption:
    """The lock after adoption, and the IDs that were found in Anki and that were not."""

    lock: Lock
    matched: tuple[int, ...]
    missing: tuple[int, ...]


def adopt(notes: Iterable[Note], collection: AnkiCollection, lock: Lock) -> Adoption:
    """Record in the lock what the collection knows of the vault's notes; matched by note id = ID.

    A note whose content in Anki is that of the vault keeps its time, so that the next import leaves
    it alone; every other one gets a later time when it is built.
    """
    entries = dict(lock.entries)
    types = dict(lock.types)
    matched: list[int] = []
    missing: list[int] = []
    for note in notes:
        assert note.id is not None
        found = collection.notes.get(note.id)
        note_type = collection.types.get(found.type_id) if found else None
        if found is None or note_type is None or len(found.fields) != len(note_type.fields):
            missing.append(note.id)
            continue
        matched.append(note.id)
        if found.type_id == note.note_type.id:
            entries[note.id] = _own_entry(note, found, lock.entries.get(note.id))
            continue
        types[note_type.id] = note_type
        entries[note.id] = _entry(note, found, note_type)
    adopted = Lock(entries, used_types(entries.values(), types), is_adopted=True)
    return Adoption(adopted, tuple(matched), tuple(missing))


def _entry(note: Note, found: AnkiNote, note_type: NoteType) -> Entry:
    written = dict(zip(note.note_type.fields, note.fields, strict=True))
    given = {tag.casefold() for tag in note.tags}
    in_anki = replace(note, note_type=note_type, fields=found.fields, tags=found.tags)
    return Entry(
        id=found.id,
        mtime=found.mtime,
        digest=digest_of(in_anki),
        cards=found.cards,
        deck=found.deck,
        note_type=note.kind,
        guid=found.guid,
        adopted_type=found.type_id,
        tags=tuple(tag for tag in found.tags if tag.casefold() not in given),
        fields={
            name: text
            for name, text in zip(note_type.fields, found.fields, strict=True)
            if text and not (name in note.note_type.written and written.get(name))
        },
    )


def _own_entry(note: Note, found: AnkiNote, before: Entry | None) -> Entry:
    """Return the entry of a note that already has our note type: made by us, its lock was lost."""
    digest = digest_of(replace(note, fields=found.fields, tags=found.tags))
    if before is not None:
        return replace(before, guid=found.guid, mtime=max(before.mtime, found.mtime))
    return Entry(
        id=found.id,
        mtime=found.mtime,
        digest=digest,
        cards=found.cards,
        deck=found.deck,
        note_type=note.kind,
        guid=found.guid,
    )
