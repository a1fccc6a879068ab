"""A collection, through Anki's own package: the only module that imports `anki`.

It comes with the extra `vaultdeck[sync]`; it is under the AGPL, so nothing else needs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from anki.collection import Collection as AnkiCollection
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.errors import AnkiException, BackendIOError, DBError, NetworkError, SyncErrorKind
from anki.errors import SyncError as AnkiSyncError
from anki.sync import SyncAuth

from vaultdeck.model import AnkiCard, AnkiNote, StampedNote
from vaultdeck.regexps import regexp
from vaultdeck.sync.carry import Hands
from vaultdeck.sync.errors import InUseError, SyncError
from vaultdeck.sync.found import FoundType, InAnki

# What Anki's import remembers as the user's choice in its dialog.
PRESETS = ("mergeNotetypes", "withScheduling", "withDeckConfigs", "updateNotes", "updateNotetypes")
NOTES_AT_ONCE = 500
# The words of SQLite in what Anki says of its own errors.
SAID_BY_SQLITE = regexp(r'Some\("([^"]*)"\)')
# Queues of cards: those that wait for a day, those that are suspended.
REVIEW, SUSPENDED_QUEUE = 2, -1
# The parts of `anki` that other modules use.
__all__ = [
    "AnkiCollection",
    "AnkiSyncError",
    "CollectionHands",
    "NetworkError",
    "SyncAuth",
    "SyncErrorKind",
    "back_up",
    "open_collection",
    "read",
    "was_synced",
]


@contextmanager
def open_collection(path: Path) -> Iterator[AnkiCollection]:
    """Open a collection, and close it; raises InUseError if another process has it open."""
    try:
        collection = AnkiCollection(str(path))
    except DBError as error:
        raise InUseError(f"'{path}' is in use, or no collection: close Anki ({error})") from None
    try:
        with closing(collection):
            yield collection
    except (DBError, BackendIOError) as error:
        said = SAID_BY_SQLITE.search(str(error))
        why = said[1] if said else str(error)
        raise InUseError(f"Anki cannot read or write its files: {why}") from error
    except AnkiException as error:
        raise SyncError(f"Anki refused: {error}") from error


def was_synced(collection: AnkiCollection) -> bool:
    """Tell whether a collection was ever synced with a server that held one."""
    database: Any = collection.db
    return bool(database.scalar("select ls from col"))


def read(collection: AnkiCollection, guids: Collection[str]) -> InAnki:
    """Return the notes with these GUIDs, with their cards and note types."""
    database: Any = collection.db
    ids: dict[str, list[int]] = {}
    for number, guid in database.execute("select id, guid from notes order by id"):
        if guid in guids:
            ids.setdefault(guid, []).append(number)
    wanted = {numbers[0] for numbers in ids.values()}
    cards = _read_cards(collection, sorted(wanted))
    notes: dict[str, AnkiNote] = {}
    query = "select id, guid, mid, mod, tags, flds from notes where id in"
    for number, guid, type_id, mtime, tags, fields in _rows(database, query, sorted(wanted)):
        of_note = tuple(sorted(cards.get(number, []), key=lambda card: (card.number, card.id)))
        notes[guid] = AnkiNote(
            number, guid, type_id, mtime, tuple(tags.split()), tuple(fields.split("\x1f")), of_note
        )
    decks = collection.decks.all()
    return InAnki(
        notes,
        {kind["id"]: _note_type(kind) for kind in collection.models.all()},
        frozenset(deck["name"] for deck in decks if deck["dyn"]),
        frozenset(guid for guid, numbers in ids.items() if len(numbers) > 1),
        database.scalar("select scm from col"),
        # The day on which it began, which all its devices share.
        hashlib.sha256(str(database.scalar("select crt from col")).encode()).hexdigest()[:8],
        # Of cards and notes, not of decks. A first upload forgets them.
        frozenset(database.list("select oid from graves where type in (0, 1)")),
        was_synced(collection),
    )


def _read_cards(collection: AnkiCollection, notes: list[int]) -> dict[int, list[AnkiCard]]:
    database: Any = collection.db
    decks = {deck.id: deck.name for deck in collection.decks.all_names_and_ids()}
    logged = dict(database.execute("select cid, count() from revlog group by cid"))
    cards: dict[int, list[AnkiCard]] = {}
    today = collection.sched.today
    query = "select id, nid, ord, did, odid, queue, flags, due from cards where nid in"
    for number, note, ordinal, deck, home, queue, flags, due in _rows(database, query, notes):
        cards.setdefault(note, []).append(
            AnkiCard(
                ordinal + 1,
                decks.get(home or deck, ""),
                number,
                decks.get(deck, "") if home else "",
                queue == SUSPENDED_QUEUE,
                bool(flags & 7),
                logged.get(number, 0),
                queue == REVIEW and due > today,
            )
        )
    return cards


def _rows(database: Any, query: str, ids: Sequence[int]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), NOTES_AT_ONCE):
        numbers = ",".join(map(str, ids[start : start + NOTES_AT_ONCE]))
        yield from database.execute(f"{query} ({numbers}) order by id")


def _note_type(kind: Mapping[str, Any]) -> FoundType:
    fields, templates = (
        tuple((part["name"], part.get("id")) for part in kind[name]) for name in ("flds", "tmpls")
    )
    return FoundType(kind["name"], fields, templates)


def back_up(collection: AnkiCollection, folder: Path) -> Path:
    """Write a backup as Anki does and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    try:
        collection.create_backup(backup_folder=str(folder), force=True, wait_for_completion=True)
    except AnkiException as error:
        raise InUseError(
            f"no backup could be written to '{folder}' (full disk?): {error}"
        ) from error
    made = sorted(set(folder.iterdir()) - before) or sorted(folder.glob("*.colpkg"))
    if not made:
        raise SyncError(f"no backup could be written to '{folder}', so nothing was changed")
    return made[-1]


class CollectionHands(Hands):
    """A collection that this process has open; `guids` are those of the notes to read."""

    brings_types = True

    def __init__(self, collection: AnkiCollection, guids: Collection[str]) -> None:
        self._collection = collection
        self._guids = guids

    def read(self) -> InAnki:
        return read(self._collection, self._guids)

    def move(self, cards: Sequence[int], deck: str) -> None:
        self._collection.set_deck(list(cards), int(self._collection.decks.id(deck) or 1))

    def import_package(self, package: Path) -> None:
        """Import a package with all options off, and put those of the user back.

        Merging note types forces a one-way sync and can delete types of the user's.
        """
        options = ImportAnkiPackageOptions(
            merge_notetypes=False, update_notes=0, update_notetypes=0
        )
        request = ImportAnkiPackageRequest(package_path=str(package), options=options)
        with _presets_kept(self._collection):
            self._collection.import_anki_package(request)

    def tag(self, notes: Sequence[int], tag: str) -> None:
        self._collection.tags.bulk_add(list(notes), tag)

    def retype(self, note: int, to: StampedNote, tags: Sequence[str], gone: Sequence[int]) -> None:
        """Give a note another type, which the import before has brought.

        A card that it has not is removed: left in, Anki could not show it, and Check Database would
        force a one-way sync.
        """
        held = self._collection.get_note(note)
        held.mid = to.note.note_type.id
        held.fields = list(to.note.fields)
        held.tags = list(tags)
        self._collection.update_note(held)
        self._collection.remove_cards_and_orphaned_notes(list(gone))

    def suspend(self, cards: Sequence[int]) -> None:
        self._collection.sched.suspend_cards(list(cards))

    def delete(self, notes: Sequence[int]) -> None:
        self._collection.remove_notes(list(notes))


@contextmanager
def _presets_kept(collection: AnkiCollection) -> Iterator[None]:
    """Put the user's import options back, which every import overwrites."""
    before = {key: collection.get_config(key) for key in PRESETS}
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                collection.remove_config(key)
            elif collection.get_config(key) != value:
                collection.set_config(key, value)
