"""A vault and a real collection that live together, for tests of `sync`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anki.collection import Collection

from tests.support.helpers import NOW
from vaultdeck.build.options import Mode, Options
from vaultdeck.sync.direct import Direct
from vaultdeck.sync.plan import Plan, Step, Wishes
from vaultdeck.sync.profiles import Profile
from vaultdeck.sync.sync import Synced, sync
from vaultdeck.sync.way import Way


class Pair:
    """A vault, one note file a note, and the collection that it is synced with."""

    def __init__(self, folder: Path) -> None:
        self.vault, self.base = folder / "vault", folder / "base"
        self.vault.mkdir(parents=True)
        self.base.mkdir()
        self.path = self.base / "collection.anki2"
        self.now = NOW
        self.number = 0
        self.way: Way | None = None
        # The way that the last sync took.
        self.taken: Way = Direct(Profile("test", self.path))
        if EMPTY:
            shutil.copyfile(EMPTY[0], self.path)
        else:
            Collection(str(self.path)).close()
            EMPTY.append(folder / "empty.anki2")
            shutil.copyfile(self.path, EMPTY[0])

    def write(
        self, number: int, front: str, *, deck: str = "Deck", kind: str = "Basic", back: str = "b"
    ) -> None:
        """Write the note file of one note."""
        back = "" if kind == "Cloze" else f"Back: {back}\n"
        text = f"TARGET DECK: {deck}\nSTART\n{kind}\n{front}\n{back}<!--ID: {number}-->\nEND\n"
        (self.vault / f"{number}.md").write_text(text)

    def remove(self, number: int) -> None:
        (self.vault / f"{number}.md").unlink()

    def sync(self, *, is_dry_run: bool = False, **wishes: Any) -> Synced:
        """Sync; nobody is asked."""
        self.now += 10
        self.taken = self.way or Direct(Profile("test", self.path))
        return sync(
            self.vault,
            self.now,
            Options(Mode.IDS, is_dry_run=is_dry_run),
            self.taken,
            Wishes(**wishes),
            lambda plan: None,
            is_dry_run=is_dry_run,
        )

    def plan(self, **wishes: Any) -> Plan:
        """Return what a sync would do."""
        plan = self.sync(is_dry_run=True, **wishes).plan
        assert plan is not None
        return plan

    @contextmanager
    def anki(self) -> Iterator[Collection]:
        """Open the collection as Anki does, and close it."""
        collection = Collection(str(self.path))
        try:
            yield collection
        finally:
            collection.close()

    def edit(self, number: int, text: str) -> None:
        """Edit a note in Anki."""
        with self.anki() as col:
            note: Any = col.get_note(number)
            note.fields[0] = text
            col.update_note(note)

    def move(self, number: int, deck: str) -> None:
        """Move all cards of a note in Anki."""
        with self.anki() as col:
            cards = col.card_ids_of_note(number)
            col.set_deck(cards, int(col.decks.id(deck) or 1))

    def review(self, *numbers: int) -> None:
        """Answer each card that is due (of these notes) once."""
        with self.anki() as col:
            review(col, numbers)

    def notes(self) -> dict[int, tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """Return first field, tags and home decks of all notes by id."""
        with self.anki() as col:
            names = {deck.id: deck.name for deck in col.decks.all_names_and_ids()}
            found = {}
            for number in col.find_notes(""):
                note = col.get_note(number)
                decks = tuple(names[card.odid or card.did] for card in note.cards())
                found[int(number)] = (note.fields[0], tuple(note.tags), decks)
            return found

    def rows(self) -> tuple[dict[int, list[Any]], list[Any]]:
        """Return all cards by id, every column, and the whole review log."""
        with self.anki() as col:
            database: Any = col.db
            cards = {row[0]: row for row in database.all("select * from cards")}
            return cards, database.all("select * from revlog order by id")


EMPTY: list[Path] = []
# The accounts of a sync server: NAME1, NAME2 …
NAME, PASSWORD = "somebody", "secret"


@contextmanager
def sync_server(folder: Path, accounts: int = 19) -> Iterator[str]:
    """Let Anki's own sync server run, with some accounts, each of which costs it time; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    users = {f"SYNC_USER{n}": f"{NAME}{n}:{PASSWORD}" for n in range(1, accounts + 1)}
    variables = {"SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port), "SYNC_BASE": str(folder)}
    command = [sys.executable, "-m", "anki.syncserver"]
    with subprocess.Popen(command, env={**os.environ, **variables, **users}) as server:
        try:
            for _ in range(1200):
                with socket.socket() as client:
                    if client.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.kill()


def review(col: Collection, numbers: tuple[int, ...] = ()) -> None:
    """Answer each card (of these notes) once, as a person does."""
    database: Any = col.db
    chosen = f"where nid in ({','.join(map(str, numbers))})" if numbers else ""
    for number in database.list(f"select id from cards {chosen}"):
        card = col.get_card(number)
        if card.queue >= 0:
            card.start_timer()
            col.sched.answerCard(card, 4)


def told(steps: tuple[Step, ...] | list[Step]) -> list[tuple[str, int]]:
    """Return what steps do, to compare."""
    return [(step.what, step.id) for step in steps]
