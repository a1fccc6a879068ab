"""Random lives of a vault and a collection: whatever happens, a sync settles it and loses nothing."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from tests.support.syncing import Pair, review
from vaultdeck.sync.plan import LEFT

# A hunt looks at as many as are asked for.
LIVES = int(os.environ.get("VAULTDECK_HUNT") or 6)
ROUNDS = 4
DEEDS = (
    "edit tag move back review flag mark suspend delete undo cram home rename bury retype".split()
)
FIRST = 1_700_000_000_000
KINDS = ["Basic", "Basic (and reversed card)", "Cloze"]
DECKS = ["One", "Two", "Two::Three"]


class Life:
    """What happens to a vault and a collection, by chance."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.pair = Pair(folder)
        self.chance = random.Random(seed)
        # What the vault says of each note: front, deck, note type; None once it is removed.
        self.notes: dict[int, tuple[str, str, str] | None] = {}
        # Notes whose text somebody has changed in Anki since the vault last won.
        self.edited: set[int] = set()
        self.deleted: set[int] = set()
        self.second = 1_900_000_000

    def in_vault(self) -> None:
        """Change a few notes of the vault."""
        for _ in range(self.chance.randint(1, 6)):
            number = FIRST + 100 * self.chance.randrange(8)
            kept = self.notes.get(number)
            if kept and self.chance.random() < 0.2:
                self.pair.remove(number)
                self.notes[number] = None
                continue
            front, deck, kind = kept or ("", self.chance.choice(DECKS), "Basic")
            what = self.chance.choice(["text", "text", "deck", "kind"])
            if what == "text" or not front:
                front = f"q{self.chance.randrange(1000)}"
            if what == "deck":
                deck = self.chance.choice(DECKS)
            if what == "kind":
                kind = self.chance.choice(KINDS)
            self.notes[number] = front, deck, kind
            text = f"{{{{c1::{front}}}}} {{{{c2::x}}}}" if kind == "Cloze" else front
            self.pair.write(number, text, deck=deck, kind=kind)

    def in_anki(self) -> None:
        """Do what a person does in Anki."""
        with self.pair.anki() as col:
            for _ in range(self.chance.randint(0, 5)):
                found = [int(number) for number in col.find_notes("")]
                if found:
                    number = self.chance.choice(found)
                    self._do(col, number)
                    # A person acts in another second than any build, which here are all the same.
                    self.second += 100
                    database: Any = col.db
                    database.execute(
                        "update notes set mod = ? where id = ? and id in "
                        f"({','.join(map(str, self.edited)) or 0})",
                        self.second,
                        number,
                    )

    def _do(self, col: Any, number: int) -> None:
        cards = list(col.card_ids_of_note(number))
        note = col.get_note(number)
        match self.chance.choice(DEEDS):
            case "edit":
                note.fields[0] += " mine"
                col.update_note(note)
                self.edited.add(number)
            case "tag":
                note.tags.append("hard")
                col.update_note(note)
                self.edited.add(number)
            case "move":
                col.set_deck(cards, int(col.decks.id("Mine")))
            case "back":
                col.set_deck(cards, int(col.decks.id(self.chance.choice(DECKS))))
            case "review":
                review(col, (number,))
            case "flag":
                col.set_user_flag_for_cards(2, cards)
            case "mark":
                col.tags.bulk_add([number], "marked")
            case "suspend":
                col.sched.suspend_cards(cards)
            case "cram":
                deck = col.sched.get_or_create_filtered_deck(0)
                deck.name = "Cram"
                deck.config.search_terms[0].search = f"nid:{number}"
                deck.allow_empty = True
                col.sched.add_or_update_filtered_deck(deck)
            case "home":
                for deck in [deck for deck in col.decks.all() if deck["dyn"]]:
                    col.decks.remove([deck["id"]])
            case "rename" if self.chance.random() < 0.3:
                decks = [deck for deck in col.decks.all() if deck["id"] != 1]
                col.decks.rename(self.chance.choice(decks), f"New{self.chance.randrange(99)}")
            case "bury":
                col.sched.bury_cards(cards)
            case "retype" if len(note.fields) == 4 and len(cards) == 1:
                # As Change Note Type does, but without a change of the schema.
                note.mid = col.models.by_name("Basic")["id"]
                note.fields = note.fields[:2]
                col.update_note(note)
                self.edited.add(number)
            case "delete" if self.chance.random() < 0.3:
                col.remove_notes([number])
                self.deleted.add(number)
            case "undo":
                if any(col.get_card(card).queue >= 0 for card in cards):
                    review(col, (number,))
                    col.undo()

    def sync(self) -> None:
        """Sync, and check what must hold after every sync."""
        wishes: dict[str, Any] = {
            "removed": self.chance.choice(["report", "delete", "suspend"]),
            "vault_wins": self.chance.random() < 0.15,
            "restores": self.chance.random() < 0.15,
            "forces": self.chance.random() < 0.1,
        }
        texts, (cards, log), settled = self.pair.notes(), self.pair.rows(), self._settings()
        plan = self.pair.plan(**wishes)
        done = self.pair.sync(**wishes)
        assert done.plan and done.plan.steps == plan.steps
        again = self.pair.plan(**wishes)
        assert again.is_empty, again.steps
        texts_after, (cards_after, log_after) = self.pair.notes(), self.pair.rows()
        assert log_after == log
        assert self._settings() == settled
        moved = {card for step in plan.of("moved") for card in step.cards}
        suspended = {card for step in plan.of("suspended") for card in step.cards}
        gone = {card for step in plan.of("deleted", "retyped") for card in step.cards}
        assert cards.keys() - cards_after.keys() <= gone
        for number in cards.keys() & cards_after.keys():
            before, after = list(cards[number]), list(cards_after[number])
            # Deck, time and sync number; the queue.
            changing = {*([2, 4, 5] if number in moved else [])}
            changing |= {*([4, 5, 7] if number in suspended else [])}
            for column in changing:
                before[column] = after[column] = None
            assert after == before
        for number in self.edited & texts.keys() & texts_after.keys():
            if not wishes["vault_wins"]:
                assert texts_after[number][:2] == texts[number][:2]
        if not wishes["restores"]:
            back = self.deleted & texts_after.keys() - texts.keys()
            assert back <= {step.id for step in plan.of("new")}
        self._check_vault(plan, texts_after)
        if wishes["vault_wins"]:
            self.edited.clear()
        self.edited &= texts.keys() & texts_after.keys()

    def _check_vault(self, plan: Any, texts: dict[int, Any]) -> None:
        """Check that Anki is as the vault says, but for what the plan leaves."""
        left = {step.id for step in plan.of(LEFT)}
        for number, said in self.notes.items():
            if said is None or number in left:
                continue
            front, deck, _ = said
            assert front in texts[number][0]
            assert {name.casefold() for name in texts[number][2]} == {deck.casefold()}

    def _settings(self) -> tuple[Any, ...]:
        """Return what no sync may change: the schema, the import options, the decks that were there."""
        with self.pair.anki() as col:
            database: Any = col.db
            config = database.all("select key, val from config order by key")
            presets = [
                row for row in config if "pdate" in row[0] or row[0].startswith(("with", "merge"))
            ]
            return database.scalar("select scm from col"), presets


@pytest.mark.parametrize("seed", range(LIVES))
def test_every_sync_settles_all_and_loses_nothing(tmp_path: Path, seed: int) -> None:
    life = Life(tmp_path, seed)
    for _ in range(ROUNDS):
        life.in_vault()
        life.in_anki()
        life.sync()
    with life.pair.anki() as col:
        said, is_fine = col.fix_integrity()
        assert is_fine, said
