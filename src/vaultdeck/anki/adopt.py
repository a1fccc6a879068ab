"""Adoption: the lock learns what Anki already knows of the vault's notes.

The plugin made notes with random GUIDs, of the user's own note types. Once the lock holds both, the
next package updates these notes in place: same GUID, same note type, the user's templates, tags and
other fields untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from vaultdeck.anki.decks import clean_deck
from vaultdeck.anki.identity import MAX_MTIME, changed, digest_of, guid_of
from vaultdeck.anki.lock import Entry, Lock, used_types
from vaultdeck.anki.media import remote_images
from vaultdeck.model import AnkiCollection, AnkiNote, Note, NoteType
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.model.value import value

# What other tools call our fields, by note types of theirs: flashcards-obsidian, Yanki.
OTHER_NAMES = {"Front": ("Prompt",), "Text": ("Front",), "Back Extra": ("Extra", "Back")}

# The note type of Obsidian Anki Sync, a cloze type; its notes and the vault share an `oid`, no ID of Anki's.
OAS_TYPE = "ObsidianAnkiSyncModel"
NO_IDS = (
    "notes of Obsidian Anki Sync cannot be adopted: the vault holds no IDs of Anki's for them, and in Anki "
    "they are cloze deletions (docs/other-tools.md)"
)


@value(frozen=True, slots=True)
class Adoption:
    """The lock after adoption, the IDs that were found in Anki, and the notes that were not.

    `left` tells why notes of another tool's in the collection cannot be adopted; empty if there are none.
    """

    lock: Lock
    matched: tuple[int, ...]
    missing: tuple[Note, ...]
    left: str = ""


def adopt(
    notes: Iterable[Note],
    present: Iterable[int],
    collection: AnkiCollection,
    lock: Lock,
    clean: Callable[[str], str],
) -> Adoption:
    """Record in the lock what the collection knows of the vault's IDs; matched by note id = ID.

    `present` are all IDs of the vault: a card that cannot be built today is adopted as well. A note
    without media whose content in Anki is that of the vault keeps its time, so that the next import
    leaves it alone; every other one gets a later time when it is built (of media Anki's notes tell the
    names, not the bytes). `clean` makes the HTML of the user's own fields harmless, as it is when it
    comes out of the lock again.
    """
    built = {note.id: note for note in notes if note.id is not None}
    entries = dict(lock.entries)
    types = dict(lock.types)
    matched: list[int] = []
    for number in sorted({*built, *present}):
        found = collection.notes.get(number)
        note_type = collection.types.get(found.type_id) if found else None
        if found is None or note_type is None or len(found.fields) != len(note_type.fields):
            continue
        matched.append(number)
        entry = _entry(built.get(number), found, note_type, clean)
        if entry.adopted_type:
            types[note_type.id] = note_type
        if number in lock.entries and lock.entries[number].mtime > entry.mtime:
            # Anki may have had a later build from us since; the lock never goes back behind that.
            entry = replace(entry, mtime=lock.entries[number].mtime, digest="")
        entries[number] = entry
    adopted = replace(
        lock,
        has_conflict=False,
        entries=entries,
        types=used_types(entries.values(), types),
        is_adopted=True,
        undecided=0,
    )
    known = set(matched)
    missing = tuple(note for number, note in built.items() if number not in known)
    left = NO_IDS if OAS_TYPE in collection.type_names else ""
    return Adoption(adopted, tuple(matched), missing, left)


def _entry(
    note: Note | None, found: AnkiNote, note_type: NoteType, clean: Callable[[str], str]
) -> Entry:
    fields = dict(zip(note_type.fields, found.fields, strict=True))
    entry = Entry(
        id=found.id,
        mtime=min(max(found.mtime, 0), MAX_MTIME),
        digest="",
        cards=tuple(card.number for card in found.cards),
        deck=clean_deck(found.cards[0].deck if found.cards else ""),
        note_type=note.kind if note else "",
        guid="" if found.guid == guid_of(found.id) else found.guid,
        adopted_type=found.type_id,
        tags=found.tags,
        fields={name: clean(text) for name, text in fields.items() if text},
    )
    if note is None:
        return entry
    if _is_ours(note.note_type, note_type):
        in_anki = changed(note, fields=found.fields, tags=found.tags, media=())
        return replace(entry, adopted_type=0, tags=(), fields={}, digest=digest_of(in_anki))
    given = {tag.casefold() for tag in note.tags}
    ours = _written(note, note_type)
    kept = {name: text for name, text in entry.fields.items() if name not in ours}
    in_anki = changed(
        note,
        note_type=note_type,
        fields=tuple({**fields, **kept}.values()),
        tags=found.tags,
        media=(),
    )
    return replace(
        entry,
        digest=digest_of(in_anki),
        tags=tuple(tag for tag in found.tags if tag.casefold() not in given),
        fields=kept,
    )


def _written(note: Note, note_type: NoteType) -> dict[str, str]:
    """Return what the author writes by the names of the fields of a note type in Anki."""
    named = note.named
    found = {}
    for name in note.note_type.written:
        called = (
            other for other in (name, *OTHER_NAMES.get(name, ())) if other in note_type.fields
        )
        if named[name]:
            found[next(called, name)] = named[name]
    return found


def _is_ours(ours: NoteType, found: NoteType) -> bool:
    """Tell whether a note type in Anki is our own, with the fields and templates that we gave it."""
    names = [template.name for template in found.templates]
    return (
        found.id == ours.id
        and found.fields == ours.fields
        and names == [template.name for template in ours.templates]
    )


def adapt(note: Note, entry: Entry, types: Mapping[int, NoteType]) -> tuple[Note, list[Diagnostic]]:
    """Return a note in the shape of the note type it was adopted with, if it was.

    What the author writes goes into the fields of the same name; the user's other fields and tags are
    carried over. Diagnostics: `adopted-field-missing`.
    """
    if not entry.adopted_type or entry.note_type not in ("", note.kind):
        return note, []
    note_type = types[entry.adopted_type]
    ours = _written(note, note_type)
    problems = []
    lost = [name for name in ours if name not in note_type.fields]
    if lost:
        names = ", ".join(f"'{name}'" for name in lost)
        message = (
            f"the note type '{note_type.name}' in Anki has no field {names}: that text is left out"
        )
        hint = (
            "add the field in Anki and adopt again, or use the note type that the note has in Anki"
        )
        problems.append(Diagnostic("adopted-field-missing", note.location, message, hint))
    fields = tuple(ours.get(name) or entry.fields.get(name, "") for name in note_type.fields)
    known = {tag.casefold() for tag in note.tags}
    own = tuple(tag for tag in entry.tags if tag.casefold() not in known)
    remote = [a for name in note_type.fields for a in remote_images(entry.fields.get(name, ""))]
    adapted = changed(
        note,
        note_type=note_type,
        fields=fields,
        tags=note.tags + own,
        remote=tuple(dict.fromkeys([*note.remote, *remote])),
    )
    return adapted, problems
