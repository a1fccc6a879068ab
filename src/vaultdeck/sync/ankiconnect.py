"""The way into a running Anki that has the add-on AnkiConnect.

What Anki holds is read from a copy of its collection, as exactly as that of a closed one: the add-on tells
no GUIDs and no home decks. Only changes go through the add-on, so Anki itself makes them, and its windows
know of them. Its import merges note types, which is harmless as long as no note in the package is of
another type in Anki and no type has other fields or templates there; such notes are left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path

from vaultdeck.model import StampedNote
from vaultdeck.sync.add_on import ask, knows
from vaultdeck.sync.carry import Hands, carry_out
from vaultdeck.sync.collection import back_up
from vaultdeck.sync.copied import LocalWay, open_copy
from vaultdeck.sync.found import InAnki
from vaultdeck.sync.plan import RETYPED, Pack, Plan, Step
from vaultdeck.sync.running import Anki
from vaultdeck.sync.way import Changed

# What gives a note another type; the add-on has it since June 2024.
RETYPE = "updateNoteModel"


class AnkiConnect(LocalWay):
    """An open collection on this computer."""

    kind = "ankiconnect"
    why = Anki.CONNECTED.value
    told_after = (
        "Anki's File > Import has now the options on that AnkiConnect imports with: look at them before "
        "you import by hand"
    )

    def cannot(self, step: Step, plan: Plan, seen: InAnki) -> str:
        """Return why the add-on cannot give a note another type: it removes no cards, and adds no types."""
        if step.what != RETYPED:
            return ""
        if step.cards or plan.sent[step.id].note.note_type.id not in seen.types:
            return "AnkiConnect cannot change its type: close Anki"
        return (
            ""
            if self._retypes
            else "this AnkiConnect is too old to change its type: update it, or close Anki"
        )

    @cached_property
    def _retypes(self) -> bool:
        return knows(RETYPE)

    def change(self, plan: Plan, seen: InAnki, guids: Collection[str], pack: Pack) -> Changed:
        """Carry a plan out after a backup, which is made of a copy."""
        with open_copy(self.profile.collection) as collection:
            self.backup = back_up(collection, self.profile.backups)
        return Changed(carry_out(_Hands(self, guids, seen), plan, seen, pack))


class _Hands(Hands):
    """What the add-on can do."""

    # Merged by an import, a note of another type would cost the user's note types.
    brings_types = False

    def __init__(self, way: AnkiConnect, guids: Collection[str], seen: InAnki) -> None:
        self._way = way
        self._guids = guids
        self._seen = seen

    def read(self) -> InAnki:
        return self._way.look(self._guids)

    def move(self, cards: Sequence[int], deck: str) -> None:
        ask("changeDeck", cards=list(cards), deck=deck)

    def import_package(self, package: Path) -> None:
        ask("importPackage", path=str(package))

    def tag(self, notes: Sequence[int], tag: str) -> None:
        ask("addTags", notes=list(notes), tags=tag)

    def retype(self, note: int, to: StampedNote, tags: Sequence[str], gone: Sequence[int]) -> None:
        assert not gone
        kind = self._seen.types[to.note.note_type.id]
        fields = dict(zip((name for name, _ in kind.fields), to.note.fields, strict=True))
        told = {"id": note, "modelName": kind.name, "fields": fields, "tags": list(tags)}
        ask(RETYPE, note=told)

    def suspend(self, cards: Sequence[int]) -> None:
        ask("suspend", cards=list(cards))

    def delete(self, notes: Sequence[int]) -> None:
        ask("deleteNotes", notes=list(notes))
