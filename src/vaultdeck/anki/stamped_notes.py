"""Notes with their identity, made when they are asked for, and what they come to together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from vaultdeck.anki.identity import guid_of, is_minted
from vaultdeck.anki.lock import Entry
from vaultdeck.anki.media import remote_images
from vaultdeck.model import Note, StampedNote
from vaultdeck.model.value import value


class StampedNotes(Sequence[StampedNote]):
    """Notes, each with the identity that its entry in the lock gives it: made when it is asked for.

    `changed` are those, by ID, that Anki is given in another form.
    """

    def __init__(
        self, notes: Sequence[Note], entries: Mapping[int, Entry], changed: Mapping[int, Note]
    ) -> None:
        self._notes, self._entries, self._changed = notes, entries, changed

    def __len__(self) -> int:
        return len(self._notes)

    def __iter__(self) -> Iterator[StampedNote]:
        return map(self._stamp, self._notes)

    def __getitem__(self, index: Any) -> Any:
        return self._stamp(self._notes[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and [*self] == [*other]

    def _stamp(self, note: Note) -> StampedNote:
        assert note.id is not None
        entry = self._entries[note.id]
        guid = entry.guid or guid_of(entry.id)
        note = self._changed.get(entry.id, note)
        return StampedNote(note, entry.id, guid, entry.mtime, entry.cards)


@value(frozen=True, slots=True)
class Contents:
    """How many cards notes have, their decks and the names of their media.

    `remote` are the addresses of what Anki loads from the web, `pictures` those of pictures among them;
    `foreign` the syntaxes of the notes that had an ID before vaultdeck.
    """

    cards: int = 0
    decks: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    remote: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()


NO_CONTENTS = Contents()


def list_contents(notes: Iterable[StampedNote], entries: Mapping[int, Entry]) -> Contents:
    """Return what notes, which have these entries in the lock, come to."""
    cards = 0
    decks: set[str] = set()
    media: set[str] = set()
    remote: set[str] = set()
    pictures: set[str] = set()
    foreign: set[str] = set()
    for stamped in notes:
        note = stamped.note
        cards += len(entries[stamped.id].cards)
        decks.add(note.deck)
        media.update([ref.name for ref in note.files])
        if note.remote:
            remote.update(note.remote)
            pictures.update(*map(remote_images, note.fields))
        if not is_minted(stamped.id):
            foreign.add(note.syntax)
    found = map(frozenset, (decks, media, remote, pictures, foreign))
    return Contents(cards, *found)
