"""Notes + lock → stamped notes, the new lock, and what this build changes in Anki.

A note's modification time moves only when something changes that an import would bring to Anki, and
then forwards: Anki updates a note only if the package's time is later than its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vaultdeck.cards import card_ordinals
from vaultdeck.diagnostics import Diagnostic
from vaultdeck.identity import TAG, digest_of, guid_of
from vaultdeck.lock import Entry, Lock, used_types
from vaultdeck.model import Location, Note, NoteType, StampedNote

REMOVED_TAG = "vaultdeck::removed"


@dataclass(frozen=True, slots=True)
class Change:
    """What a build does to one note in Anki.

    `status` is new, changed, removed or unchanged; `moved_from` the deck it was in (or nothing), as a
    note can move and change at once; `is_tagged` tells whether Anki's note has our tag for sure.
    """

    id: int
    status: str
    deck: str
    moved_from: str = ""
    location: Location | None = None
    title: str = ""
    is_tagged: bool = True


@dataclass(slots=True)
class Linked:
    """The outcome of linking: what goes into the package, the new lock, what changes."""

    lock: Lock
    notes: list[StampedNote] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)


def removed_ids(notes: Iterable[Note], present: Container[int], lock: Lock) -> list[int]:
    """Return the IDs that the lock knows as living and that the vault does not hold any more.

    `present` are the IDs that stand anywhere in the vault: a card that is left out because of an
    error is not removed.
    """
    built = {note.id for note in notes}
    return [
        entry.id
        for entry in lock.entries.values()
        if not entry.is_removed and entry.id not in built and entry.id not in present
    ]


def link(
    notes: Sequence[Note],
    lock: Lock,
    now: int,
    *,
    is_resync: bool = False,
    removed: Mapping[int, tuple[str, ...]] | None = None,
) -> Linked:
    """Give each note its identity and modification time, and return them with the new lock.

    Every note has an ID. `now` is in seconds; with `is_resync` every time moves. `removed` are the
    IDs that are gone from the vault, with the last fields of each (none if they are not known).
    Diagnostics: `cloze-removed`, `note-type-changed`, `adopted-field-missing`.
    """
    linked = Linked(lock)
    entries = dict(lock.entries)
    for note in notes:
        assert note.id is not None
        before = lock.entries.get(note.id)
        is_adopted = before is not None and before.adopted_type and before.note_type == note.kind
        if before is not None and is_adopted:
            note = _adapt(note, before, lock.types[before.adopted_type], linked.problems)
        entry = _entry_of(note, before if is_adopted else None, before, now, is_resync)
        if before is not None:
            linked.problems += _compare(note, before, entry)
        entries[entry.id] = entry
        linked.notes.append(
            StampedNote(note, entry.id, entry.guid or guid_of(entry.id), entry.mtime)
        )
        linked.changes.append(_change(note, before, entry))
    for number, last in (removed or {}).items():
        before = lock.entries[number]
        entries[number] = replace(before, is_removed=True, last=last)
        is_tagged = not before.adopted_type
        linked.changes.append(Change(number, "removed", before.deck, is_tagged=is_tagged))
    types = used_types(entries.values(), lock.types)
    linked.lock = Lock(entries, types, lock.is_adopted)
    return linked


def _entry_of(
    note: Note, adopted: Entry | None, before: Entry | None, now: int, is_resync: bool
) -> Entry:
    assert note.id is not None
    digest = digest_of(note)
    if before is None:
        mtime = now
    elif is_resync or before.digest != digest or before.is_buried:
        mtime = max(now, before.mtime + 1)
    else:
        mtime = before.mtime
    return Entry(
        id=note.id,
        mtime=mtime,
        digest=digest,
        cards=tuple(n + 1 for n in card_ordinals(note.note_type, note.fields)),
        deck=note.deck,
        note_type=note.kind,
        guid=before.guid if before else "",
        adopted_type=adopted.adopted_type if adopted else 0,
        tags=adopted.tags if adopted else (),
        fields=adopted.fields if adopted else {},
    )


def _adapt(note: Note, entry: Entry, note_type: NoteType, problems: list[Diagnostic]) -> Note:
    """Return a note in the shape of the user's own note type, with what the user put into it."""
    ours = dict(zip(note.note_type.fields, note.fields, strict=True))
    lost = [name for name in note.note_type.written if ours[name] and name not in note_type.fields]
    if lost:
        message = (
            f"the note type '{note_type.name}' in Anki has no field '{lost[0]}': it is left out"
        )
        hint = "add the field in Anki and adopt again"
        problems.append(Diagnostic("adopted-field-missing", note.location, message, hint))
    fields = tuple(ours.get(name) or entry.fields.get(name, "") for name in note_type.fields)
    known = {tag.casefold() for tag in note.tags}
    own = tuple(tag for tag in entry.tags if tag.casefold() not in known)
    return replace(note, note_type=note_type, fields=fields, tags=note.tags + own)


def _compare(note: Note, before: Entry, entry: Entry) -> list[Diagnostic]:
    """Warn of changes that cost history."""
    if before.note_type != entry.note_type:
        message = (
            f"this card was '{before.note_type}' when it was built last: Anki keeps the old note "
            "type and takes no more changes of this note"
        )
        hint = f"give it a new ID and delete the old note in Anki, or restore '{before.note_type}'"
        return [Diagnostic("note-type-changed", note.location, message, hint)]
    gone = [number for number in before.cards if number not in entry.cards]
    if note.note_type.is_cloze and gone:
        numbers = ", ".join(f"c{number}" for number in gone)
        message = f"cloze {numbers} is gone: its card stays in Anki, empty, with its reviews"
        hint = "restore the number; or run Tools > Empty Cards in Anki, which deletes the reviews"
        return [Diagnostic("cloze-removed", note.location, message, hint)]
    return []


def _change(note: Note, before: Entry | None, entry: Entry) -> Change:
    if before is None or before.is_removed:
        status = "new"
    else:
        status = "unchanged" if before.mtime == entry.mtime else "changed"
    moved = before is not None and before.deck not in ("", entry.deck)
    return Change(
        id=entry.id,
        status=status,
        deck=entry.deck,
        moved_from=before.deck if before and moved else "",
        location=note.location,
        title=note.fields[0],
        is_tagged=status == "changed" or not entry.adopted_type,
    )


def bury(
    linked: Linked, note_types: Mapping[str, NoteType], now: int
) -> tuple[list[int], list[int]]:
    """Send removed notes to Anki once more, tagged `vaultdeck::removed`, for the user to delete.

    Adds them to `linked.notes`, with their last fields; returns the IDs of those sent, and of those
    whose last fields are not known and that can therefore not be sent.
    """
    buried: list[int] = []
    unknown: list[int] = []
    entries = dict(linked.lock.entries)
    for entry in linked.lock.entries.values():
        if not entry.is_removed or entry.is_buried:
            continue
        note_type = linked.lock.types.get(entry.adopted_type) or note_types.get(entry.note_type)
        if note_type is None or len(entry.last) != len(note_type.fields):
            unknown.append(entry.id)
            continue
        note = Note(
            location=Location("."),
            kind=entry.note_type,
            note_type=note_type,
            deck=entry.deck,
            tags=(TAG, REMOVED_TAG, *entry.tags),
            fields=entry.last,
            id=entry.id,
        )
        mtime = max(now, entry.mtime + 1)
        guid = entry.guid or guid_of(entry.id)
        linked.notes.append(StampedNote(note, entry.id, guid, mtime))
        entries[entry.id] = replace(entry, is_buried=True, mtime=mtime, last=())
        buried.append(entry.id)
    linked.lock = replace(linked.lock, entries=entries)
    return buried, unknown


def find_outdated(linked: Linked, lock: Lock) -> list[Diagnostic]:
    """Return `lock-outdated` for each note of which the committed lock does not know the present."""
    problems = []
    hint = "run `vaultdeck build` and commit the note files and vaultdeck.lock"
    for change in linked.changes:
        if linked.lock.entries[change.id] != lock.entries.get(change.id):
            location = change.location or Location(".")
            message = f"vaultdeck.lock is out of date for ID {change.id} ({_news(change)})"
            problems.append(Diagnostic("lock-outdated", location, message, hint))
    if not problems and linked.lock != lock:
        message = "vaultdeck.lock is out of date"
        problems.append(Diagnostic("lock-outdated", Location("vaultdeck.lock"), message, hint))
    return problems


def _news(change: Change) -> str:
    if change.moved_from:
        return f"moved from deck '{change.moved_from}'"
    return change.status
