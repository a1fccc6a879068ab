"""The way through a sync server, AnkiWeb or one of one's own: no Anki has to run anywhere.

A working copy of the collection lies in the folder of caches. It is synced down, changed, and synced up as
any other device would. It is never uploaded whole but into an empty account, and when it is in doubt it is
thrown away and downloaded anew.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

from vaultdeck.build.exclusive import exclusive
from vaultdeck.regexps import regexp
from vaultdeck.sync.carry import carry_out
from vaultdeck.sync.collection import (
    AnkiCollection,
    AnkiSyncError,
    CollectionHands,
    NetworkError,
    SyncAuth,
    SyncErrorKind,
    back_up,
    open_collection,
    read,
    was_synced,
)
from vaultdeck.sync.errors import DecisionError, InUseError, SyncError
from vaultdeck.sync.found import InAnki
from vaultdeck.sync.plan import Pack, Plan
from vaultdeck.sync.way import Changed, Way

T = TypeVar("T")
# Seconds without an answer, after which a server counts as gone; and how often media are asked after.
SERVER_PATIENCE = 60
POLL = 0.1
# Another device that syncs is waited for once; seconds.
WAIT = 60.0
# What a working copy was changed since, beside it: it has not been synced up.
CHANGED = "changed"
# What the server answers to a sync, as Anki's protocol numbers it.
FULL_SYNC, FULL_DOWNLOAD, FULL_UPLOAD = 2, 3, 4
# Name and password of a proxy before the server.
NAME_IN_ADDRESS = regexp("//[^/]*@")
# What Anki was told, in its own message, stands between marks of direction.
BRACKETED = regexp("\u2068([^\u2069]*)\u2069")


class BusyError(InUseError):
    """Another device is syncing with the server just now."""


class Server(Way):
    """A collection on a server; every method raises SyncError."""

    kind = "server"
    why = "the working copy is synced down first"
    only_waiting = True
    way_back = (
        "on a computer with Anki File > Switch Profile > Open Backup, then sync and choose Upload"
    )

    def __init__(
        self,
        key: str,
        address: str,
        cache: Path,
        *,
        may_upload: bool = False,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Use the key that `log_in` gave; `address` is empty for AnkiWeb.

        `may_upload` lets an empty account be filled. The key goes into no name and no message. `say` is told
        what is done, when it may take long.
        """
        self._auth = SyncAuth(hkey=key, endpoint=address or None, io_timeout_secs=SERVER_PATIENCE)
        owner = hashlib.sha256(f"{address}\0{key}".encode()).hexdigest()[:16]
        self._home = cache / "sync" / owner
        self._folder = self._home / "copy"
        self._path = self._folder / "collection.anki2"
        self._may_upload = may_upload
        self._say = say
        self._is_empty = False
        self.name = f"server {NAME_IN_ADDRESS.sub('//', address)}" if address else "AnkiWeb"

    def look(self, guids: Collection[str]) -> InAnki:
        """Return what the server's collection holds."""
        with exclusive(self._folder):
            return self._look(guids)

    def _look(self, guids: Collection[str]) -> InAnki:
        if (self._folder / CHANGED).exists():
            shutil.rmtree(self._folder)
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.mkdir(exist_ok=True)
        with open_collection(self._path) as collection:
            self._sync_down(collection)
        if self._is_empty and not self._may_upload:
            shutil.rmtree(self._folder)
            raise DecisionError(f"{self.name} is empty: sync from Anki first (or --first-upload)")
        with open_collection(self._path) as collection:
            return read(collection, guids)

    def change(self, plan: Plan, seen: InAnki, guids: Collection[str], pack: Pack) -> Changed:
        """Carry a plan out after a backup, and sync it up.

        Media are synced before an import that brings some: what is new under a name that the server has gets
        another name only if that file is here. And before the notes: such as are there would never be sent
        again for a picture that is not.
        """
        has_media = any(stamped.note.files for stamped in plan.sent.values())
        with exclusive(self._folder), open_collection(self._path) as collection:
            self.backup = back_up(collection, self._home / "backups")
            if has_media:
                self._sync_media(collection)
            (self._folder / CHANGED).touch()
            after = carry_out(CollectionHands(collection, guids), plan, seen, pack)
            if has_media:
                self._sync_media(collection)
            self._sync_up(collection)
            (self._folder / CHANGED).unlink()
            return Changed(after)

    def _sync(self, collection: AnkiCollection) -> int:
        """Sync as a device does; return what else the server wants."""

        def once() -> Any:
            return self._told(lambda: collection.sync_collection(self._auth, False))

        try:
            answer = once()
        except BusyError:
            self._say(f"another device is syncing: waiting {WAIT:.0f} s")
            time.sleep(WAIT)
            answer = once()
        if answer.new_endpoint:
            self._auth.endpoint = answer.new_endpoint
        return int(answer.required)

    def _told(self, call: Callable[[], T]) -> T:
        return _told(call, self._auth.hkey)

    def _sync_down(self, collection: AnkiCollection) -> None:
        """Bring the working copy to what the server holds.

        Two empty collections have nothing to tell each other: then the copy has still never been synced.
        """
        required = self._sync(collection)
        if required in (FULL_SYNC, FULL_DOWNLOAD):
            self._whole(collection, is_upload=False)
        elif required == FULL_UPLOAD or not was_synced(collection):
            self._is_empty = True

    def _whole(self, collection: AnkiCollection, *, is_upload: bool) -> None:
        self._say("sending the collection" if is_upload else "fetching the collection")
        collection.close_for_full_sync()
        self._told(
            lambda: collection.full_upload_or_download(
                auth=self._auth, server_usn=None, upload=is_upload
            )
        )
        collection.reopen(after_full_sync=True)

    def _sync_media(self, collection: AnkiCollection) -> None:
        self._told(lambda: collection.sync_media(self._auth))
        while (status := self._told(collection.media_sync_status)).active:
            # Empty texts until Anki has figures.
            told = filter(None, (status.progress.checked, status.progress.added))
            self._say("media: " + (", ".join(told) or "looking for new ones"))
            time.sleep(POLL)

    def _sync_up(self, collection: AnkiCollection) -> None:
        required = self._sync(collection)
        if self._is_empty and required == FULL_UPLOAD:
            self._whole(collection, is_upload=True)
        elif required in (FULL_SYNC, FULL_DOWNLOAD, FULL_UPLOAD):
            raise DecisionError("this change would force a one-way sync, so nothing was uploaded")


def log_in(name: str, password: str, address: str, folder: Path) -> str:
    """Return the key of an account; `folder` is an empty one. Raises SyncError."""
    with open_collection(folder / "collection.anki2") as collection:
        auth = _told(lambda: collection.sync_login(name, password, address or None), password)
        return str(auth.hkey)


def _told(call: Callable[[], T], secret: str) -> T:
    """Return what a call to the server returns; raises SyncError in words that say what to do.

    A server may say what it was told: the `secret` is taken out of its words.
    """
    try:
        return call()
    except (NetworkError, AnkiSyncError) as error:
        said = str(error).replace(secret, "…")
        raise _refusal(error, said) from None


def _refusal(error: NetworkError | AnkiSyncError, said: str) -> SyncError:
    if isinstance(error, NetworkError):
        # Anki takes the address out of what it says, and leaves its brackets.
        said = (" ".join(BRACKETED.findall(said)) or said).replace(" for url ()", "")
        return InUseError(
            f"no sync server answers: try again later, or correct the address of your own ({said})"
        )
    if error.kind is SyncErrorKind.AUTH:
        return SyncError("the key or password was refused: vaultdeck sync --login")
    if "Only one copy" in said:
        return BusyError("another device is syncing: try again in some minutes")
    if "try again" in said:
        return InUseError(f"the server refused: {said}")
    return SyncError(
        f"the server refused: {said} (is the address that of an Anki sync server, without "
        "/sync/ at its end?)"
    )
