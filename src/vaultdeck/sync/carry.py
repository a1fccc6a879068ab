"""A plan carried out, the same way whoever's hands reach into Anki."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from vaultdeck.anki.identity import later
from vaultdeck.model import StampedNote
from vaultdeck.sync.errors import InUseError, SyncError
from vaultdeck.sync.found import ANKIS_TAGS, InAnki
from vaultdeck.sync.plan import DELETED, MOVED, RETYPED, SUSPENDED, Pack, Plan


class Hands(Protocol):
    """What can be done to a collection, each in a transaction of its own; all raise SyncError.

    With `brings_types` an import brings the note type of a note that is of another one in Anki.
    """

    brings_types: bool

    def read(self) -> InAnki:
        """Return what the collection holds now."""

    def move(self, cards: Sequence[int], deck: str) -> None:
        """Make a deck, which may be new, the home of cards."""

    def import_package(self, package: Path) -> None:
        """Import a package as File > Import does: what is newer in Anki stays."""

    def tag(self, notes: Sequence[int], tag: str) -> None:
        """Give notes a tag, if they have it not."""

    def retype(self, note: int, to: StampedNote, tags: Sequence[str], gone: Sequence[int]) -> None:
        """Give a note another note type, and remove its cards that are `gone`; no schema changes."""

    def suspend(self, cards: Sequence[int]) -> None:
        """Suspend cards."""

    def delete(self, notes: Sequence[int]) -> None:
        """Delete notes with their cards."""


def carry_out(hands: Hands, plan: Plan, seen: InAnki, pack: Pack) -> InAnki:
    """Do what a plan says that was made of what was `seen`; return what Anki holds then.

    From every state in between the next plan goes on. Raises SyncError; InUseError if Anki holds something
    else now, and then nothing is done.
    """
    if hands.read() != seen:
        raise InUseError("the collection changed meanwhile, so nothing was done: try again")
    for deck, cards in _by_deck((step.target, step.cards) for step in plan.of(MOVED)):
        hands.move(cards, deck)
    retyped = {step.id: step for step in plan.of(RETYPED)}
    given = [note for note in plan.sent.values() if hands.brings_types or note.id not in retyped]
    _import(hands, seen, given, pack)
    if retyped:
        for number, step in retyped.items():
            stamped = plan.sent[number]
            tags = [*stamped.note.tags, *_own_tags(seen, stamped)]
            hands.retype(step.note, stamped, tags, step.cards)
        _settle(hands, seen, [plan.sent[number] for number in retyped], pack)
    if suspended := [card for step in plan.of(SUSPENDED) for card in step.cards]:
        hands.suspend(suspended)
    if deleted := [step.note for step in plan.of(DELETED)]:
        hands.delete(deleted)
    after = hands.read()
    if after.schema != seen.schema:
        raise SyncError(
            "this changed the schema, so Anki will ask for a one-way sync: restore the backup"
        )
    return after


def _settle(hands: Hands, seen: InAnki, retyped: Sequence[StampedNote], pack: Pack) -> None:
    """Put the new cards of notes of another type into their decks, and bring their media."""
    now = hands.read()
    had = {card.id for note in retyped for card in seen.notes[note.guid].cards}
    fresh = (
        (note.note.deck, [card.id for card in now.notes[note.guid].cards if card.id not in had])
        for note in retyped
    )
    for deck, cards in _by_deck(fresh):
        hands.move(cards, deck)
    again = [replace(note, mtime=later(note.mtime, now.notes[note.guid].mtime)) for note in retyped]
    _import(hands, now, again, pack)


def _import(hands: Hands, seen: InAnki, notes: Sequence[StampedNote], pack: Pack) -> None:
    """Import notes; the tags that Anki itself set on them stay."""
    if not notes:
        return
    kept: dict[str, list[int]] = defaultdict(list)
    for note in notes:
        for tag in _own_tags(seen, note):
            kept[tag].append(seen.notes[note.guid].id)
    hands.import_package(pack(notes))
    for tag, numbers in kept.items():
        hands.tag(numbers, tag)


def _own_tags(seen: InAnki, stamped: StampedNote) -> list[str]:
    in_anki = seen.notes.get(stamped.guid)
    tags = in_anki.tags if in_anki else ()
    return [tag for tag in tags if tag.casefold() in ANKIS_TAGS]


def _by_deck(moves: Iterable[tuple[str, Iterable[int]]]) -> list[tuple[str, list[int]]]:
    decks: dict[str, list[int]] = defaultdict(list)
    for deck, cards in moves:
        decks[deck] += cards
    return [(deck, cards) for deck, cards in decks.items() if cards]
