"""Where Anki keeps its collections.

<base>/prefs21.db                      the profiles, in SQLite
<base>/<profile>/collection.anki2      beside it collection.media and backups
"""

from __future__ import annotations

import io
import os
import pickle
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from vaultdeck.sync.errors import SyncError

PREFERENCES = "prefs21.db"
COLLECTION = "collection.anki2"
LAST = "last_loaded_profile_name"


class Profile(NamedTuple):
    """A user's collection; `name` is what a person calls it."""

    name: str
    collection: Path

    @property
    def backups(self) -> Path:
        """Return Anki's own folder of backups."""
        return self.collection.parent / "backups"


def base_folders() -> list[Path]:
    """Return the folders in which Anki may keep its profiles, by ANKI_BASE or as Anki's manual lists."""
    if named := os.environ.get("ANKI_BASE"):
        return [Path(named)]
    home = Path.home()
    if sys.platform == "darwin":
        return [home / "Library" / "Application Support" / "Anki2"]
    if sys.platform == "win32":
        return [Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming") / "Anki2"]
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return [
        data / "Anki2",
        home / ".var" / "app" / "net.ankiweb.Anki" / "data" / "Anki2",
        home / "snap" / "anki-woodrow" / "current" / ".local" / "share" / "Anki2",
    ]


def find_profile(name: str = "", collection: Path | None = None) -> Profile:
    """Return the collection that is meant: a file, else the profile of a name, else the last one used.

    Raises SyncError.
    """
    if collection is not None:
        if not collection.is_file():
            raise SyncError(f"no collection named '{collection}'")
        # A link stays one: Anki keeps media and backups beside it.
        return Profile(str(collection), collection.absolute())
    bases = [base for base in base_folders() if (base / PREFERENCES).is_file()]
    if not bases:
        raise SyncError("no Anki was found here: start Anki once, or name a file with --collection")
    names, last = _read_profiles(bases[0] / PREFERENCES)
    wanted = name or (last if last in names else names[0] if len(names) == 1 else "")
    if wanted not in names:
        known = ", ".join(f"'{known}'" for known in names) or "none"
        what = f"no profile '{name}' in Anki" if name else "Anki has more than one profile"
        raise SyncError(f"{what} (there are: {known}): name one with --profile")
    path = bases[0] / wanted / COLLECTION
    if not path.is_file():
        raise SyncError(f"the profile '{wanted}' has no collection yet: open it once in Anki")
    return Profile(f'profile "{wanted}"', path)


def _read_profiles(path: Path) -> tuple[list[str], str]:
    """Return the names of all profiles and of the one used last."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            rows = dict(database.execute("select cast(name as text), data from profiles"))
    except sqlite3.Error as error:
        raise SyncError(f"'{path}' cannot be read: {error}") from None
    general = _unpickle(rows.pop("_global", b""))
    last = general.get(LAST) if isinstance(general, dict) else None
    return sorted(rows), last if isinstance(last, str) else ""


class _Harmless(pickle.Unpickler):
    """Reads a pickle without running anything of it: every class and function is a stand-in."""

    def find_class(self, module: str, name: str) -> Any:
        return _StandIn


class _StandIn:
    def __init__(self, *_: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        pass


def _unpickle(data: bytes) -> Any:
    try:
        return _Harmless(io.BytesIO(data)).load()
    except Exception:
        # Other people's bytes fail in every way; then no profile is the last one.
        return None
