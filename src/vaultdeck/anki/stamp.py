"""Notes + lock → stamped notes, the new lock, and what this build changes in Anki.

A note's modification time moves only when something changes that an import would bring to Anki, and
then forwards: Anki updates a note only if the package's time is later than its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vaultdeck.anki.adopt import adapt
from vaultdeck.anki.cards import card_numbers
from vaultdeck.anki.decks import deck_key
from vaultdeck.anki.filters import withstand_templates
from vaultdeck.anki.identity import PARTIAL, digest_of, later, without_frames
from vaultdeck.anki.lock import Entry, Lock, used_types
from vaultdeck.anki.stamped_notes import NO_CONTENTS, Contents, StampedNotes
from vaultdeck.model import Location, Note, StampedNote
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.model.value import value
from vaultdeck.vault.folder import LOCK_NAME

# How many earlier times of a note the lock keeps: by them a sync knows a note that was not edited in Anki.
MAX_TIMES = 8


@value(frozen=True, slots=True)
class Change:
    """What a build does to one note in Anki.

    `status` is new, changed, removed or unchanged; `moved_from` the deck it was in (or nothing), as a
    note can move and change at once; `is_tagged` tells whether Anki's note has our tag for sure.
    """

    id: int
    status: str
    deck: str
    moved_from: str = ""
    is_tagged: bool = True


@dataclass(slots=True)
class Stamped:
    """The outcome of stamping: what goes into the package, the new lock, what changes.

    `contents` is what the notes come to, `retyped` the IDs of those that Anki has with another note type.
    """

    lock: Lock
    notes: Sequence[StampedNote] = ()
    changes: list[Change] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    contents: Contents = NO_CONTENTS
    retyped: frozenset[int] = frozenset()

    def written(self, numbers: Container[int]) -> dict[int, Note]:
        """Return those of some notes that the vault has, by ID."""
        entries = self.lock.entries
        found = (s for s in self.notes if s.id in numbers and not entries[s.id].is_removed)
        return {stamped.id: stamped.note for stamped in found}

    @property
    def packed(self) -> Sequence[StampedNote]:
        """Return the notes that a package may hold.

        Not those that are `retyped`: Anki takes no update of them, and up to 2.1.66 an import gave them
        a card that Anki could not show.
        """
        left = self.retyped
        return [n for n in self.notes if n.id not in left] if left else self.notes


def removed_ids(notes: Iterable[Note], present: Container[int], lock: Lock) -> list[int]:
    """Return the IDs that the lock knows as living and that the vault does not hold any more.

    `present` are the IDs that stand anywhere in the vault: a card that is left out because of an
    error is not removed.
    """
    entries = lock.entries.values()
    gone = [e.id for e in entries if not e.is_removed and e.id not in present]
    # An ID that was given just now stands nowhere yet.
    built = {note.id for note in notes} if gone else set()
    return [number for number in gone if number not in built]


def stamp(
    notes: Sequence[Note],
    lock: Lock,
    now: int,
    *,
    is_resync: bool = False,
    removed: Mapping[int, tuple[str, ...]] | None = None,
) -> Stamped:
    """Give each note its identity and modification time, and return them with the new lock.

    Every note has an ID. `now` is in seconds; with `is_resync` every time moves. `removed` are the
    IDs that are gone from the vault, with the last fields of each (none if they are not known).
    Diagnostics: `cloze-removed`, `note-type-changed`, `adopted-field-missing`.
    """
    stamped = Stamped(lock)
    entries = dict(lock.entries)
    changed: dict[int, Note] = {}
    retyped: set[int] = set()
    for written in notes:
        assert written.id is not None
        note, before = written, lock.entries.get(written.id)
        if before is not None:
            note, problems = adapt(note, before, lock.types)
            stamped.problems += problems
        note = withstand_templates(note)
        if note is not written:
            changed[written.id] = note
        entry = _entry_of(note, before, now, is_resync)
        if before is not None:
            stamped.problems += _compare(note, before, entry)
        entries[entry.id] = entry
        if entry.note_type not in ("", note.kind):
            retyped.add(entry.id)
        stamped.changes.append(_change(before, entry))
    for number, last in (removed or {}).items():
        entries[number] = replace(lock.entries[number], is_removed=True, last=last)
        stamped.changes.append(removed_change(lock.entries[number]))
    stamped.notes = StampedNotes(notes, entries, changed)
    stamped.retyped = frozenset(retyped)
    types = used_types(entries.values(), lock.types)
    stamped.lock = replace(lock, entries=entries, types=types, has_conflict=False)
    return stamped


def _entry_of(note: Note, before: Entry | None, now: int, is_resync: bool) -> Entry:
    assert note.id is not None
    digest = digest_of(note)
    if before is not None and digest != before.digest == digest_of(without_frames(note)):
        # A section that was pasted is embedded now: the card shows what it showed.
        digest = before.digest
    cards = card_numbers(note.note_type, note.fields)
    if before is None:
        return Entry(note.id, later(now, -1), digest, cards, note.deck, note.kind)
    was_whole = not before.digest.startswith(PARTIAL) and not before.is_removed
    if digest.startswith(PARTIAL) and was_whole:
        # A file that cannot be read is no change: what is in Anki is better.
        return before
    mtime = before.mtime
    if is_resync or before.digest != digest or before.is_buried:
        mtime = later(now, mtime)
    is_same = before.digest == digest and before.cards == cards and before.deck == note.deck
    is_same = is_same and before.mtime == mtime and not before.last
    if is_same and before.note_type and not before.is_removed:
        return before
    decks = dict.fromkeys(filter(None, [*before.was, before.deck]))
    times = (*before.times, before.mtime)
    return replace(
        before,
        mtime=mtime,
        digest=digest,
        cards=cards,
        deck=note.deck,
        was=tuple(name for name in decks if name != note.deck),
        times=before.times if before.mtime == mtime else times[-MAX_TIMES:],
        # What Anki has stays what it has: it takes no update of another note type.
        note_type=before.note_type or note.kind,
        is_removed=False,
        is_buried=False,
        last=(),
    )


def _compare(note: Note, before: Entry, entry: Entry) -> list[Diagnostic]:
    """Warn of changes that cost history."""
    if entry.note_type != note.kind:
        message = (
            f"in Anki it is of type '{entry.note_type}', which no import changes: it is left out"
        )
        hint = f"run `vaultdeck sync`, restore '{entry.note_type}' or give it a new ID (delete the old one)"
        return [Diagnostic("note-type-changed", note.location, message, hint)]
    gone = [number for number in before.cards if number not in entry.cards]
    if note.note_type.is_cloze and gone:
        numbers = ", ".join(f"c{number}" for number in gone)
        message = f"cloze {numbers} is gone: its card stays in Anki, empty, with its reviews"
        hint = "restore the number; or run Tools > Empty Cards in Anki, which deletes the reviews"
        return [Diagnostic("cloze-removed", note.location, message, hint)]
    return []


def removed_change(entry: Entry) -> Change:
    """Return the change that a removed note is; one that was adopted may not have our tag yet."""
    return Change(entry.id, "removed", entry.deck, is_tagged=not entry.adopted_type)


def _change(before: Entry | None, entry: Entry) -> Change:
    if before is None or before.is_removed:
        status = "new"
    else:
        status = "unchanged" if before.mtime == entry.mtime else "changed"
    moved = before is not None and before.deck and deck_key(before.deck) != deck_key(entry.deck)
    return Change(
        id=entry.id,
        status=status,
        deck=entry.deck,
        moved_from=before.deck if before and moved else "",
        is_tagged=status == "changed" or not entry.adopted_type,
    )


def find_outdated(stamped: Stamped, lock: Lock) -> list[Diagnostic]:
    """Return `lock-outdated` for each note of which the committed lock does not know the present."""
    problems = []
    hint = "run `vaultdeck build` and commit the note files and vaultdeck.lock"
    outdated = [
        change
        for change in stamped.changes
        if stamped.lock.entries[change.id] != lock.entries.get(change.id)
    ]
    notes = stamped.written({change.id for change in outdated})
    for change in outdated:
        location = notes[change.id].location if change.id in notes else Location(".")
        moved = change.moved_from and f"moved from deck '{change.moved_from}'"
        news = moved or change.status
        message = f"vaultdeck.lock is out of date for ID {change.id} ({news})"
        problems.append(Diagnostic("lock-outdated", location, message, hint))
    if not problems and stamped.lock != lock:
        message = "vaultdeck.lock is out of date"
        problems.append(Diagnostic("lock-outdated", Location(LOCK_NAME), message, hint))
    return problems
