"""The fields of the last build, taken from its package before that is replaced.

An update replaces all fields of a note, so the tombstone of a removed one needs them (see
`anki.removed`); and people review what changes in those of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from vaultdeck.anki.lock import Lock
from vaultdeck.anki.removed import unburied
from vaultdeck.html import make_safe
from vaultdeck.model import AnkiNote, Note, NoteType

LastFields = Mapping[int, tuple[str, ...]]
NamedFields = Mapping[str, str]


def read_last_fields(package: Path, removed: Iterable[int], lock: Lock) -> LastFields:
    """Return the fields that removed notes have in `package`, by ID.

    `removed` are the notes that this build calls removed; those that the lock called so before and
    whose fields are not known yet are looked for as well.
    """
    numbers = [*removed, *(entry.id for entry in unburied(lock) if not entry.last)]
    if numbers and package.is_file():
        # Few builds look into the last package.
        from vaultdeck.anki.collection import CollectionError, read_collection

        with suppress(CollectionError):
            found = read_collection(package, numbers).notes
            return {n: tuple(map(make_safe, note.fields)) for n, note in found.items()}
    return {}


def read_named_fields(package: Path, numbers: Sequence[int]) -> Mapping[int, NamedFields]:
    """Return the fields and tags that notes have in `package`, by ID; raises CollectionError."""
    from vaultdeck.anki.collection import read_collection

    found = read_collection(package, numbers)
    return {
        number: named_fields(note, found.types[note.type_id])
        for number, note in found.notes.items()
        if note.type_id in found.types
    }


def named_fields(note: Note | AnkiNote, note_type: NoteType) -> NamedFields:
    """Return the fields and tags of a note, built or in Anki, by their names."""
    named = dict(zip(note_type.fields, note.fields, strict=False))
    return {**named, "tags": " ".join(sorted(note.tags))}


def with_last_fields(lock: Lock, last: LastFields) -> Lock:
    """Return the lock in which removed notes have their last fields, as far as they were found."""
    lacking = [entry for entry in unburied(lock) if last.get(entry.id) and not entry.last]
    found = {entry.id: replace(entry, last=last[entry.id]) for entry in lacking}
    return replace(lock, entries={**lock.entries, **found}) if found else lock
