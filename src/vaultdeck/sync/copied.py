"""A copy of a collection, even of one that Anki has open.

Reading the bytes of an open collection harms nothing, and no lock is asked for. Anki appends what it
changes to a log (`-wal`) and moves it into the collection from time to time, after which the log starts
anew with another head. The copy is whole if the log had the same head all the while: whatever was
moved meanwhile is in the copied log as well, and an entry that is not finished yet ends it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from vaultdeck.sync.collection import AnkiCollection, open_collection, read
from vaultdeck.sync.errors import InUseError, SyncError
from vaultdeck.sync.found import InAnki
from vaultdeck.sync.profiles import Profile
from vaultdeck.sync.running import wal_of
from vaultdeck.sync.way import Way

# The head of a log of SQLite: among other things how often it was begun, and two random numbers.
HEAD_LENGTH = 32
TRIES, PAUSE = 50, 0.1
# Since 2.1.50; an older one is not converted, as older Ankis of the user could not read it any more.
LAYOUT_VERSION = 18


@contextmanager
def open_copy(path: Path) -> Iterator[AnkiCollection]:
    """Open a copy of a collection, and remove it; raises SyncError and OSError."""
    with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
        copy = Path(folder) / path.name
        for _ in range(TRIES):
            if _copy(path, copy):
                break
            time.sleep(PAUSE)
        else:
            raise InUseError("Anki is writing all the time: try again")
        _check_layout(copy)
        with open_collection(copy) as collection:
            yield collection


def _check_layout(copy: Path) -> None:
    """Raise SyncError for a collection that Anki's package would convert when it opens it."""
    try:
        with closing(sqlite3.connect(copy)) as database:
            layout = database.execute("select ver from col").fetchone()[0]
    except (sqlite3.Error, TypeError) as error:
        raise SyncError(f"'{copy.name}' is no collection of Anki's: {error}") from None
    if layout != LAYOUT_VERSION:
        raise SyncError("this collection is of an old Anki: open it once with Anki 2.1.50 or newer")


def _copy(path: Path, copy: Path) -> bool:
    """Copy a collection with its log; tell whether the copy is whole."""
    log, copied_log = wal_of(path), wal_of(copy)
    before = _head(log)
    shutil.copyfile(path, copy)
    copied_log.unlink(missing_ok=True)
    if os.path.lexists(log):
        shutil.copyfile(log, copied_log)
    return _head(copied_log) == before == _head(log)


def _head(log: Path) -> bytes | None:
    """Return the head of a log, None if there is none."""
    try:
        with log.open("rb") as file:
            return file.read(HEAD_LENGTH)
    except FileNotFoundError:
        return None


class LocalWay(Way):
    """A way into a collection on this computer; it is read from a copy."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.name = profile.name

    def look(self, guids: Collection[str]) -> InAnki:
        """Return what the collection holds."""
        with open_copy(self.profile.collection) as collection:
            return read(collection, guids)
