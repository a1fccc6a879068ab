"""A phone that syncs with a server, for tests of `sync --to server`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from anki.collection import Collection

from tests.support.syncing import NAME, PASSWORD, Pair
from vaultdeck.sync.server import Server, log_in


class Phone:
    """A device with a collection of its own."""

    def __init__(self, folder: Path, name: str, address: str) -> None:
        folder.mkdir(parents=True)
        self.col = Collection(str(folder / "collection.anki2"))
        self.auth = self.col.sync_login(name, PASSWORD, address)

    def sync(self) -> int:
        """Sync, whole if the server wants that; return what it wanted."""
        answer: Any = self.col.sync_collection(self.auth, False)
        if answer.required in (2, 3, 4):
            self.col.close_for_full_sync()
            upload = answer.required == 4
            self.col.full_upload_or_download(auth=self.auth, server_usn=None, upload=upload)
            self.col.reopen(after_full_sync=True)
        return int(answer.required)

    def media(self) -> None:
        self.col.sync_media(self.auth)
        while self.col.media_sync_status().active:
            time.sleep(0.05)

    def rows(self) -> tuple[list[Any], list[Any]]:
        """Return the scheduling of all cards, and the review log."""
        database: Any = self.col.db
        columns = "id, nid, ord, type, queue, due, ivl, factor, reps, lapses, flags"
        return database.all(f"select {columns} from cards order by id"), database.all(
            "select id, cid, ease, ivl, lastIvl, factor, type from revlog order by id"
        )

    def decks(self) -> dict[int, str]:
        """Return the deck of each note."""
        notes = map(self.col.get_note, self.col.find_notes(""))
        return {int(note.id): self.col.decks.name(note.cards()[0].did) for note in notes}


class Account:
    """An account with a vault, and a phone that has synced."""

    def __init__(self, folder: Path, address: str, pair: Pair, user: int) -> None:
        self.address, self.folder = address, folder
        self.user = f"{NAME}{user}"
        self.pair = pair
        self.key = log_in(self.user, PASSWORD, address, self._empty("login"))
        self.phone = Phone(folder / "phone", self.user, address)

    def _empty(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir()
        return path

    def machine(self, name: str, **options: Any) -> Server:
        """Let the vault be synced by a machine with a cache of its own."""
        way = Server(self.key, self.address, self.folder / name, **options)
        self.pair.way = way
        return way
