"""What Anki holds of the vault's notes, as plain values."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vaultdeck.anki.identity import ENCODER, OUR_TAG
from vaultdeck.anki.removed import REMOVED_TAG
from vaultdeck.model import AnkiNote, Note, NoteType
from vaultdeck.model.value import value

# Tags that Anki's scheduler, its `Mark` and we ourselves set: a note that gets one was not edited.
MARKED = "marked"
ANKIS_TAGS = ("leech", MARKED)
UNTOLD = {*ANKIS_TAGS, OUR_TAG, REMOVED_TAG}


class FoundType(NamedTuple):
    """A note type: name and id of each field and template; the id is None in old ones."""

    name: str
    fields: tuple[tuple[str, int | None], ...]
    templates: tuple[tuple[str, int | None], ...]


@value(frozen=True, slots=True)
class InAnki:
    """Notes by GUID, note types by id, and the names of the filtered decks.

    `twice` are GUIDs that several notes have; `schema` is the time of the last change that forces a
    one-way sync; `collection` tells collections that began on different days apart, on whatever device.
    `graves` are the ids of deleted notes and cards; other devices know of them if it `was_synced`.
    """

    notes: Mapping[str, AnkiNote]
    types: Mapping[int, FoundType]
    filtered: frozenset[str] = frozenset()
    twice: frozenset[str] = frozenset()
    schema: int = 0
    collection: str = ""
    graves: frozenset[int] = frozenset()
    was_synced: bool = False


def digest_in_anki(found: AnkiNote) -> str:
    """Return the hash of what a person can edit in a note in Anki."""
    return _digest(found.type_id, found.fields, found.tags)


def digest_as_found(note: Note) -> str:
    """Return the hash that a note has in Anki if Anki takes its text and tags as they are."""
    fields = [unicodedata.normalize("NFC", field) for field in note.fields]
    return _digest(note.note_type.id, fields, note.tags)


def _digest(type_id: int, fields: Iterable[str], tags: Iterable[str]) -> str:
    told = sorted({tag.casefold() for tag in tags} - UNTOLD)
    return hashlib.sha256(ENCODER.encode([type_id, list(fields), told]).encode()).hexdigest()[:20]


def own_parts(ours: NoteType, found: FoundType) -> list[str]:
    """Return the fields and templates in which a note type in Anki differs from ours.

    Anki's import takes two types for the same if all fields and templates agree in their order, by id
    where both have one, else by name; otherwise it makes a copy of the type beside it.
    """
    pairs = [
        ([*zip(ours.fields, ours.field_ids, strict=True)], found.fields),
        ([(template.name, template.id) for template in ours.templates], found.templates),
    ]
    differing: list[str] = []
    for mine, theirs in pairs:
        same = [
            a[1] == b[1] if a[1] is not None and b[1] is not None else a[0] == b[0]
            for a, b in zip(mine, theirs, strict=False)
        ]
        differing += [b[0] for b, is_same in zip(theirs, same, strict=False) if not is_same]
        differing += [name for name, _ in [*theirs[len(mine) :], *mine[len(theirs) :]]]
    return differing
