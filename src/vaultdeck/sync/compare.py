"""The vault's notes compared with what Anki holds: the steps of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from vaultdeck.anki.decks import deck_key
from vaultdeck.anki.identity import guid_of, later
from vaultdeck.anki.lock import Entry
from vaultdeck.model import AnkiCard, AnkiNote, NoteType, StampedNote
from vaultdeck.model.diagnostics import counted
from vaultdeck.sync.found import InAnki, own_parts
from vaultdeck.sync.judge import (
    is_edited,
    is_in,
    is_known,
    is_ours,
    is_stale,
    never_buried,
    was_ours,
    who_edited,
    why_kept,
)
from vaultdeck.sync.plan import (
    DELETED,
    LEFT,
    MOVED,
    NEW,
    RETYPED,
    SUSPENDED,
    UPDATED,
    Plan,
    Step,
    VaultSide,
    Wishes,
)

TWICE = "two notes in Anki have its GUID: delete one"


def make_plan(vault: VaultSide, found: InAnki, wishes: Wishes) -> Plan:
    """Compare the notes of the vault, and those that the lock knows as removed, with Anki."""
    compared = _Comparison(vault, found, wishes, is_known(vault.lock, found))
    steps: list[Step] = []
    sent: dict[int, StampedNote] = {}
    for stamped in vault.notes:
        for step in compared.steps_of(stamped):
            if step.what in (NEW, UPDATED, RETYPED):
                in_anki = found.notes.get(stamped.guid)
                sent[stamped.id] = (
                    compared.as_update(stamped, in_anki)
                    if in_anki
                    else replace(stamped, id=never_buried(stamped, found))
                )
            steps.append(step)
    removed = [entry for entry in vault.lock.entries.values() if entry.is_removed]
    for entry in sorted(removed, key=lambda entry: entry.id):
        in_anki = found.notes.get(entry.guid or guid_of(entry.id))
        if in_anki is not None:
            steps += compared.removal(entry, in_anki)
    return Plan(tuple(steps), sent, len(found.notes))


class _Comparison(NamedTuple):
    """What is compared, and what the user wants of it; `is_known` if this collection was synced before."""

    vault: VaultSide
    found: InAnki
    wishes: Wishes
    is_known: bool

    def steps_of(self, stamped: StampedNote) -> Iterator[Step]:
        """Yield what is done to a note that the vault has."""
        note, entry = stamped.note, self.vault.lock.entries[stamped.id]
        in_anki = self.found.notes.get(stamped.guid)
        at = note.location
        if stamped.guid in self.found.twice:
            yield Step(LEFT, stamped.id, at, cause="twice", why=TWICE)
        elif in_anki is None and entry.sent and self.is_known and not self.wishes.restores:
            why = "deleted in Anki (--restore brings it back)"
            yield Step(LEFT, stamped.id, at, cause="deleted", why=why)
        elif in_anki is None and (why := _type_problem(note.note_type, self.found)):
            yield Step(LEFT, stamped.id, at, cause="type", why=why)
        elif in_anki is None and (why := _deck_problem(note.deck, self.found)):
            yield Step(LEFT, stamped.id, at, cause="filtered", why=why)
        elif in_anki is None:
            yield Step(NEW, stamped.id, at, target=note.deck)
        else:
            yield from self._text_steps(stamped, entry, in_anki)
            yield from self._moves(stamped, entry, in_anki)

    def as_update(self, stamped: StampedNote, in_anki: AnkiNote) -> StampedNote:
        """Return a note as it is sent to one in Anki: newer, and in the deck that all its cards are in.

        A deck that the user renamed would come back, empty.
        """
        entry = self.vault.lock.entries[stamped.id]
        homes = [card.deck for card in in_anki.cards]
        note = stamped.note
        if homes and not any(was_ours(card, entry) for card in in_anki.cards):
            note = replace(note, deck=homes[0])
        return replace(stamped, note=note, mtime=later(stamped.mtime, in_anki.mtime))

    def _text_steps(self, stamped: StampedNote, entry: Entry, in_anki: AnkiNote) -> Iterator[Step]:
        """Yield what is done to the text of a note: nothing where Anki has it, or a file is unread."""
        note = stamped.note
        step = Step(LEFT, stamped.id, note.location, in_anki.id)
        is_other = in_anki.type_id != note.note_type.id
        if note.is_partial:
            return
        edited = is_edited(stamped, entry, in_anki, stamped.id in self.vault.unknown)
        stale = is_other or is_stale(stamped, entry, in_anki)
        if not (stale or edited):
            return
        why = _type_problem(note.note_type, self.found)
        # A field of the user's own makes every note of that type another than it was.
        if edited and not self.wishes.vault_wins and (is_other or not why):
            also = " and changed in the vault" if stale else ""
            why = f"{who_edited(entry)}{also} (--resync lets the vault win)"
            yield step._replace(cause="edited", why=why)
            return
        surplus = [card for card in in_anki.cards if card.number not in stamped.cards]
        if is_other:
            why = self._retype_problem(entry, in_anki, surplus) or why
            # It may get new cards, which need a deck.
            why = why or _deck_problem(note.deck, self.found)
        if why:
            yield step._replace(cause="type", why=why)
        elif not is_other:
            yield step._replace(what=UPDATED)
        else:
            yield step._replace(
                what=RETYPED,
                cards=tuple(card.id for card in surplus),
                source=self.found.types[in_anki.type_id].name,
                target=note.note_type.name,
                reviews=sum(card.reviews for card in surplus),
            )

    def _retype_problem(self, entry: Entry, in_anki: AnkiNote, surplus: Sequence[AnkiCard]) -> str:
        """Return why a note keeps the note type that it has in Anki; empty if it gets that of the vault."""
        before = self.vault.note_types.get(entry.note_type)
        if before is None or before.id != in_anki.type_id or entry.adopted_type:
            return "of another note type in Anki: change it there with Notes > Change Note Type"
        reviews = sum(card.reviews for card in surplus)
        if reviews and not self.wishes.forces:
            numbers = ", ".join(str(card.number) for card in surplus)
            lost = counted(reviews, "review")
            return f"the new note type has no card {numbers}, whose {lost} would go (--force)"
        return (
            "" if self.wishes.retypes else f"note type '{entry.note_type}' in Anki (retype: false)"
        )

    def _moves(self, stamped: StampedNote, entry: Entry, in_anki: AnkiNote) -> Iterator[Step]:
        """Yield the moves of a note's cards, one for each deck that they leave.

        A card in any deck but those that the vault ever named is where the user put it. One in a filtered
        deck is moved when it is home again.
        """
        target = stamped.note.deck
        decks: dict[str, list[AnkiCard]] = {}
        for card in in_anki.cards:
            if not is_in(card, target):
                decks.setdefault(card.deck, []).append(card)
        for deck, cards in decks.items():
            step = Step(
                MOVED,
                stamped.id,
                stamped.note.location,
                in_anki.id,
                tuple(card.id for card in cards if not (card.filtered or self._is_due(card))),
                deck,
                target,
            )
            left = step._replace(what=LEFT)
            filtered = next((card.filtered for card in cards if card.filtered), "")
            if not was_ours(cards[0], entry):
                yield left._replace(cause="moved", why=f"moved in Anki to '{deck}'")
            elif not self.wishes.moves:
                yield left._replace(cause="settings", why=f"in '{deck}' in Anki (moved: report)")
            elif why := _deck_problem(target, self.found):
                yield left._replace(cause="filtered", why=why)
            else:
                if filtered:
                    yield left._replace(cause="filtered", why=f"in the filtered deck '{filtered}'")
                elif len(step.cards) < len(cards):
                    yield left._replace(cause="due", why=f"in '{deck}' until after the next review")
                if step.cards:
                    yield step

    def _is_due(self, card: AnkiCard) -> bool:
        return self.wishes.only_waiting and not card.waits

    def removal(self, entry: Entry, in_anki: AnkiNote) -> Iterator[Step]:
        """Yield what is done to a note that is gone from the vault."""
        cards = tuple(card.id for card in in_anki.cards)
        step = Step(LEFT, entry.id, None, in_anki.id, cards, reviews=in_anki.reviews)
        why = why_kept(entry, in_anki)
        if self.wishes.removed == "suspend" and all(card.is_suspended for card in in_anki.cards):
            return
        if in_anki.guid in self.found.twice:
            yield step._replace(cause="twice", why=TWICE)
        elif self.wishes.removed == "report":
            lost = counted(in_anki.reviews, "review")
            why = f"removed from the vault ({lost}; --removed delete or suspend)"
            yield step._replace(cause="removed", why=why)
        elif why and not (self.wishes.forces and is_ours(in_anki)):
            yield step._replace(cause="removed", why=f"removed from the vault, but {why}")
        elif self.wishes.removed == "delete":
            yield step._replace(what=DELETED)
        else:
            due = [
                card.id for card in in_anki.cards if self._is_due(card) and not card.is_suspended
            ]
            if due:
                why = "removed from the vault, suspended after the next review"
                yield step._replace(cause="due", why=why)
            if cards := tuple(card for card in cards if card not in due):
                yield step._replace(what=SUSPENDED, cards=cards)


def _type_problem(note_type: NoteType, found: InAnki) -> str:
    """Return why an import would not bring notes of a type into Anki's own; empty if it would."""
    in_anki = found.types.get(note_type.id)
    parts = own_parts(note_type, in_anki) if in_anki else []
    if not parts or in_anki is None:
        return ""
    names = ", ".join(f"'{name}'" for name in parts)
    return f"type '{in_anki.name}' was changed in Anki ({names}): import with File > Import"


def _deck_problem(deck: str, found: InAnki) -> str:
    """Return why no card can be put into a deck; empty if one can."""
    parts = deck_key(deck).split("::")
    above = {"::".join(parts[:number]) for number in range(1, len(parts) + 1)}
    filtered = next((name for name in sorted(found.filtered) if deck_key(name) in above), "")
    return f"'{filtered}' is a filtered deck, which holds no cards of its own" if filtered else ""
