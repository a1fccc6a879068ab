"""What a sync does, as a value: the vault's notes compared with what Anki holds, whatever was before.

    new        not in Anki, and never was      updated    Anki has an older text of ours
    moved      a card is in a deck that the vault gave it before      retyped    of its old note type
    deleted, suspended    removed from the vault, and nobody touched it in Anki
    left       not as the vault says, for a reason of the user's

The comparison is by state, not with the last sync: another device may undo a move, and a sync may end
halfway. A second plan after a sync has nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import NamedTuple

from vaultdeck.anki.identity import guid_of
from vaultdeck.anki.lock import Lock
from vaultdeck.model import Location, NoteType, StampedNote
from vaultdeck.model.value import value

NEW, UPDATED, MOVED, RETYPED = "new", "updated", "moved", "retyped"
DELETED, SUSPENDED, LEFT = "deleted", "suspended", "left"
# Writes a package with these notes and returns its path.
Pack = Callable[[Sequence[StampedNote]], Path]
# More deletions than these, or this share of the notes in Anki, are asked about.
MANY, MANY_SHARE = 20, 0.1


@value(frozen=True, slots=True)
class Wishes:
    """What the user wants of a sync.

    `removed` is report, delete or suspend (empty: as the settings say). `moves` and `retypes` tell
    whether these are done or only said. `restores` brings back what was deleted in Anki, `vault_wins`
    overwrites what was edited there, `forces` deletes also what the user edited, moved, flagged or
    marked, and cards with reviews that a new note type has not. With `only_waiting` no card is moved or
    suspended that may just be reviewed on a device that has not synced yet: of two changes of a card the
    later wins whole.
    """

    removed: str = ""
    moves: bool = True
    retypes: bool = True
    restores: bool = False
    vault_wins: bool = False
    forces: bool = False
    only_waiting: bool = False


class Step(NamedTuple):
    """One thing that a sync does to a note, or leaves; `what` is one of the words above.

    `note` is the note's id in Anki (0: it has none yet), `cards` are the cards that it is about;
    `source` and `target` are decks or note types; `reviews` are those that go with deleted cards. Where
    something is left, `cause` is one of the words below, and `why` tells it to a person.

    edited, deleted, moved, filtered    by the user, in Anki      type    the note type prevents it
    due    cards that may be under review elsewhere
    removed    from the vault      settings    they say so      twice    two notes have one GUID
    way    it leads not as far as that
    """

    what: str
    id: int
    location: Location | None = None
    note: int = 0
    cards: tuple[int, ...] = ()
    source: str = ""
    target: str = ""
    reviews: int = 0
    cause: str = ""
    why: str = ""


@value(frozen=True, slots=True)
class Plan:
    """All steps, in the order of the vault; `sent` are the notes to import by ID, stamped for that."""

    steps: tuple[Step, ...]
    sent: Mapping[int, StampedNote] = field(default_factory=dict)
    notes_in_anki: int = 0

    def of(self, *what: str) -> list[Step]:
        """Return the steps of some kinds."""
        return [step for step in self.steps if step.what in what]

    def seen(self, place: Callable[[Location], Location]) -> Plan:
        """Return the plan with its places in the vault as `place` gives them."""
        steps = (
            step._replace(location=place(step.location)) if step.location else step
            for step in self.steps
        )
        return replace(self, steps=tuple(steps))

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return all(step.what == LEFT for step in self.steps)

    @property
    def asks(self) -> bool:
        """Tell whether it deletes or suspends so much that somebody has to agree."""
        many = len(self.of(DELETED, SUSPENDED))
        return many > MANY or many > MANY_SHARE * self.notes_in_anki


@value(frozen=True, slots=True)
class VaultSide:
    """What the vault says: its notes, the lock of the build that made them, its note types by name.

    `unknown` are the IDs that the lock did not know before that build.
    """

    notes: Sequence[StampedNote]
    lock: Lock
    note_types: Mapping[str, NoteType]
    unknown: Collection[int] = ()

    @property
    def guids(self) -> set[str]:
        """Return the GUIDs of all notes that the vault has or had."""
        return {entry.guid or guid_of(entry.id) for entry in self.lock.entries.values()}
