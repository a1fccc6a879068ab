"""Random lives of a vault and a collection: whatever happens, a sync settles it and loses nothing."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from anki.collection import Collection

from tests.support.helpers import PNG
from tests.support.phone import Account
from tests.support.syncing import Pair, review, sync_server
from vaultdeck.sync.direct import Direct
from vaultdeck.sync.errors import InUseError
from vaultdeck.sync.plan import LEFT
from vaultdeck.sync.way import Changed

# A hunt looks at as many as are asked for, from a seed of its own.
LIVES = int(os.environ.get("VAULTDECK_HUNT") or 4)
FIRST_LIFE = int(os.environ.get("VAULTDECK_HUNT_FROM") or 0)
ROUNDS = 4
IN_VAULT = (
    "text text text deck kind remove rename move split join forget picture lose merge".split()
)
IN_ANKI = (
    "edit tag move back review flag mark suspend delete undo cram home rename bury retype "
    "field template under drop own".split()
)
FIRST = 1_700_000_000_000
KINDS = ["Basic", "Basic (and reversed card)", "Cloze"]
DECKS = ["One", "Two", "Two::Three"]
FILES = ["a.md", "b.md", "sub/c.md", "sub/d.md"]
ID = re.compile(r"<!--ID: (\d+)-->")


class Said(NamedTuple):
    """What the vault says of a note."""

    front: str
    kind: str
    file: str


class OnPhone(Pair):
    """A vault that is synced with a server; Anki is a phone that syncs before and after."""

    def __init__(self, folder: Path, address: str, user: int) -> None:
        super().__init__(folder / "pair")
        self.account = Account(folder, address, self, user)
        self.account.machine("first", may_upload=True)
        self.write(FIRST + 99_000, "first")
        super().sync()
        self.account.phone.sync()
        (self.vault / f"{FIRST + 99_000}.md").unlink()

    def sync(self, **options: Any) -> Any:
        # Another machine begins anew.
        self.account.machine(f"machine{self.now // 30 % 3}")
        done = super().sync(**options)
        assert self.account.phone.sync() in (0, 1)
        if not options.get("is_dry_run"):
            self.account.phone.media()
        return done

    @contextmanager
    def anki(self) -> Iterator[Collection]:
        yield self.account.phone.col
        assert self.account.phone.sync() in (0, 1)

    def rows(self) -> tuple[dict[int, list[Any]], list[Any]]:
        """Return cards and log without what numbers the syncs."""
        cards, log = super().rows()
        return (
            {number: [*row[:5], 0, *row[6:]] for number, row in cards.items()},
            [[*row[:2], 0, *row[3:]] for row in log],
        )


class Meddled(Direct):
    """A closed collection that somebody opens and changes between look and change."""

    def change(self, *told: Any) -> Changed:
        col = Collection(str(self.profile.collection))
        review(col)
        col.tags.bulk_add(list(col.find_notes("")), "meddled")
        col.tags.bulk_remove(list(col.find_notes("")), "meddled")
        col.close()
        return super().change(*told)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sync_server(tmp_path_factory.mktemp("server"), LIVES) as address:
        yield address


class Life:
    """What happens to a vault and a collection, by chance."""

    def __init__(self, pair: Pair, seed: int) -> None:
        self.pair = pair
        self.chance = random.Random(seed)
        self.notes: dict[int, Said] = {}
        self.decks = {file: self.chance.choice(DECKS) for file in FILES}
        self.pictures = 0
        # Another vault whose notes are in the same collection.
        self.other = Pair(pair.vault.parent / "other")
        self.other.path = pair.path
        self.backup: Path | None = None
        self.locks: list[bytes] = []
        # Notes whose text somebody has changed in Anki since the vault last won.
        self.edited: set[int] = set()
        self.deleted: set[int] = set()
        self.elsewhere: set[int] = set()
        self.second = 1_900_000_000

    def in_vault(self) -> None:
        """Change a few notes of the vault, and write it anew."""
        for _ in range(self.chance.randint(1, 6)):
            number = FIRST + 100 * self.chance.randrange(8)
            what = self.chance.choice(IN_VAULT)
            if number not in self.notes or what == "text":
                # Few texts, so that first fields are the same.
                front = f"q{self.chance.randrange(12)} ![[p.png]]"
                kept = self.notes.get(number, Said("", "Basic", self.chance.choice(FILES)))
                self.notes[number] = kept._replace(front=front)
            else:
                self._in_vault(what, number)
        self._write()

    def _in_vault(self, what: str, number: int) -> None:
        note, other = self.notes[number], self.chance.choice(FILES)
        match what:
            case "deck":
                self.decks[note.file] = self.chance.choice(DECKS)
            case "kind":
                self.notes[number] = note._replace(kind=self.chance.choice(KINDS))
            case "remove":
                del self.notes[number]
            case "rename" | "join":
                if what == "rename":
                    self.decks[note.file], self.decks[other] = (
                        self.decks[other],
                        self.decks[note.file],
                    )
                swap = (
                    {note.file: other} if what == "join" else {note.file: other, other: note.file}
                )
                self.notes = {
                    number: said._replace(file=swap.get(said.file, said.file))
                    for number, said in self.notes.items()
                }
            case "move" | "split":
                self.notes[number] = note._replace(file=other)
            case "forget":
                # The ID is removed by hand: a build gives it another.
                self.notes[-number] = self.notes.pop(number)
            case "picture":
                self.pictures += 1
            case "lose" if self.chance.random() < 0.3:
                (self.pair.vault / "vaultdeck.lock").unlink(missing_ok=True)
            case "merge" if self.locks:
                path = self.pair.vault / "vaultdeck.lock"
                if path.exists():
                    # As `merge=union` does: the lines of both.
                    mine, theirs = path.read_bytes(), self.chance.choice(self.locks)
                    path.write_bytes(
                        b"".join(dict.fromkeys(mine.splitlines(True) + theirs.splitlines(True)))
                    )

    def _write(self) -> None:
        vault = self.pair.vault
        (vault / "sub").mkdir(exist_ok=True)
        (vault / "p.png").write_bytes(PNG + bytes([self.pictures]))
        for file in FILES:
            blocks = [f"TARGET DECK: {self.decks[file]}"]
            for number, said in sorted(self.notes.items(), key=lambda item: abs(item[0])):
                if said.file == file:
                    text = (
                        f"{{{{c1::{said.front}}}}} {{{{c2::x}}}}"
                        if said.kind == "Cloze"
                        else f"{said.front}\nBack: b"
                    )
                    tail = [f"<!--ID: {number}-->"] if number > 0 else []
                    blocks.append("\n".join(["START", said.kind, text, *tail, "END"]))
            (vault / file).write_text("\n\n".join(blocks) + "\n")

    def _read_ids(self) -> None:
        """Learn the IDs that a build has given."""
        for file in FILES:
            given = [int(number) for number in ID.findall((self.pair.vault / file).read_text())]
            had = sorted((n for n, said in self.notes.items() if said.file == file), key=abs)
            assert len(given) == len(had)
            for old, new in zip(had, given, strict=True):
                self.notes[new] = self.notes.pop(old)

    def in_anki(self) -> None:
        """Do what a person does in Anki."""
        if self.backup and self.chance.random() < 0.1:
            self._go_back(self.backup)
        with self.pair.anki() as col:
            for _ in range(self.chance.randint(0, 6)):
                found = [int(number) for number in col.find_notes("")]
                if found:
                    number = self.chance.choice(found)
                    database: Any = col.db
                    before = dict(database.all("select id, mod from notes"))
                    self._do(col, number)
                    # A person acts in another second than any build, which here are all the same.
                    self.second += 100
                    touched = self.edited & {number}
                    for note, time in database.all("select id, mod from notes"):
                        if before.get(note) != time or note in touched:
                            database.execute(
                                "update notes set mod = ?, usn = -1 where id = ?", self.second, note
                            )

    def _go_back(self, backup: Path) -> None:
        """Open a backup, as Anki does."""
        with self.pair.anki() as col:
            backend, media = col._backend, self.pair.base / "collection.media"
        backend.import_collection_package(
            col_path=str(self.pair.path),
            backup_path=str(backup),
            media_folder=str(media),
            media_db=str(self.pair.base / "collection.media.db2"),
        )
        self.edited.clear()

    def _do(self, col: Any, number: int) -> None:
        cards = list(col.card_ids_of_note(number))
        note = col.get_note(number)
        match self.chance.choice(IN_ANKI):
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
            case "under" if self.chance.random() < 0.4:
                moved, above = (self.chance.choice(col.decks.all()) for _ in range(2))
                if moved["id"] != 1 and not above["dyn"]:
                    col.decks.reparent([moved["id"]], above["id"])
            case "drop" if self.chance.random() < 0.2:
                decks = [deck for deck in col.decks.all() if deck["id"] != 1 and not deck["dyn"]]
                if decks:
                    before = {int(found) for found in col.find_notes("")}
                    col.decks.remove([self.chance.choice(decks)["id"]])
                    self.deleted |= before - {int(found) for found in col.find_notes("")}
            case "field" if self.chance.random() < 0.3:
                kind = note.note_type()
                kind["flds"][-1]["name"] = f"Mine{self.chance.randrange(9)}"
                col.models.update_dict(kind)
            case "template":
                kind = note.note_type()
                kind["tmpls"][0]["afmt"] += "<hr>"
                kind["css"] += " "
                col.models.update_dict(kind)
            case "own":
                own = col.new_note(col.models.by_name("Basic"))
                own.fields = [note.fields[0], "own"]
                col.add_note(own, col.decks.id("Mine"))
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
        self._meddle(wishes)
        self._sync_other()
        texts, (cards, log), settled = self.pair.notes(), self.pair.rows(), self._settings()
        plan = self.pair.plan(**wishes)
        done = self.pair.sync(**wishes)
        assert done.plan
        if min(self.notes) > 0:
            assert done.plan.steps == plan.steps
        plan = done.plan
        if not isinstance(self.pair, OnPhone):
            self.backup = self.pair.taken.backup or self.backup
        self._read_ids()
        self.locks.append((self.pair.vault / "vaultdeck.lock").read_bytes())
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
        fresh = {step.id for step in plan.of("new")}
        for number, said in self.notes.items():
            if number in left:
                continue
            if number not in texts:
                # Under another id, as one was deleted before.
                assert number in fresh | self.elsewhere
                self.elsewhere.add(number)
                continue
            text = texts[number][0]
            assert said.front.split()[0] in text
            assert {name.casefold() for name in texts[number][2]} == {
                self.decks[said.file].casefold()
            }
            with self.pair.anki() as col:
                picture = Path(col.media.dir()) / text.split('src="')[1].split('"')[0]
                assert picture.read_bytes() == PNG + bytes([self.pictures])

    def _settings(self) -> tuple[Any, ...]:
        """Return what no sync may change: the schema, the import options, the decks that were there."""
        with self.pair.anki() as col:
            database: Any = col.db
            config = database.all("select key, val from config order by key")
            presets = [
                row for row in config if "pdate" in row[0] or row[0].startswith(("with", "merge"))
            ]
            return database.scalar("select scm from col"), presets

    def _sync_other(self) -> None:
        """Sync the other vault; this one's notes stay."""
        if isinstance(self.pair, OnPhone) or self.chance.random() < 0.7:
            return
        before, plan = self.pair.notes(), self.pair.plan()
        number = FIRST + 50_000 + 100 * self.chance.randrange(2)
        self.other.write(number, f"other{self.chance.randrange(9)}")
        self.other.sync()
        assert self.other.plan().is_empty
        after = self.pair.notes()
        assert {**before, number: after.get(number)} == {number: None, **after}
        if min(self.notes) > 0:
            assert self.pair.plan().steps == plan.steps

    def _meddle(self, wishes: dict[str, Any]) -> None:
        """Let somebody change the collection amid a sync, which then does nothing."""
        if isinstance(self.pair, OnPhone) or self.chance.random() < 0.8 or min(self.notes) < 0:
            return
        self.pair.way = Meddled(self.pair.taken.profile)  # type: ignore[attr-defined]
        before = self.pair.notes()
        try:
            self.pair.sync(**wishes)
        except InUseError as error:
            assert "changed meanwhile" in str(error)
            assert self.pair.notes() == before
        self.pair.way = None


def live(life: Life) -> None:
    for _ in range(ROUNDS):
        life.in_vault()
        life.in_anki()
        life.sync()
    with life.pair.anki() as col:
        said, is_fine = col.fix_integrity()
        assert is_fine, said


@pytest.mark.parametrize("seed", range(FIRST_LIFE, FIRST_LIFE + LIVES))
def test_every_sync_settles_all_and_loses_nothing(tmp_path: Path, seed: int) -> None:
    live(Life(Pair(tmp_path), seed))


@pytest.mark.parametrize("seed", range(FIRST_LIFE, FIRST_LIFE + LIVES))
def test_every_sync_through_a_server_does_so_too(tmp_path: Path, address: str, seed: int) -> None:
    live(Life(OnPhone(tmp_path, address, 1 + seed - FIRST_LIFE), seed))
