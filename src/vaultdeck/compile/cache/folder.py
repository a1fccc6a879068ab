"""Where caches lie, and how long.

~/.cache/vaultdeck/<hash of the vault's path>-<hash of settings and versions>.db
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import vaultdeck
from vaultdeck.regexps import regexp

# Nothing else in the folder, which may be one that the user named, is ours.
OUR_CACHE = regexp(
    r"\.?[0-9a-f]{16}-[0-9a-f]{16}(?:\.db|\.json|\.told|\.json-\w+\.tmp|\.db-journal)"
)
VARIABLE = "VAULTDECK_CACHE_DIR"
# Libraries that decide what a card looks like; another version may render otherwise.
RENDERERS = ("markdown_it", "mdit_py_plugins", "nh3", "pygments", "yaml", "regex")
# Files of vaultdeck that decide what it builds.
BUILT_FROM = (".py", ".html", ".css", ".js", ".yaml", ".txt")
# What has not been used for so long belongs to a vault that is gone.
MAX_AGE = 60 * 24 * 60 * 60
MAX_CACHE_BYTES = 2 << 30
# Of one vault: settings are tried out, decks are named on the command line.
MAX_OF_VAULT = 8


def default_folder() -> Path:
    """Return the folder of vaultdeck's caches, which need not exist; a variable may name it."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "vaultdeck"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "vaultdeck" / "Cache"
    named = os.environ.get("XDG_CACHE_HOME", "")
    # As the specification says, one that is not absolute does not count.
    base = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
    return base / "vaultdeck"


def own_files() -> Iterator[os.DirEntry[str]]:
    """Yield the files that vaultdeck is made of; what Python compiles beside them is none."""
    pending = [os.path.dirname(vaultdeck.__file__)]  # noqa: PTH120
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(BUILT_FROM):
                    yield entry
                elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                    pending.append(entry.path)


def vault_key(root: Path) -> str:
    """Return what tells the caches of one vault from those of another."""
    return hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]


def prune(folder: Path, key: str) -> None:
    """Remove caches that have not been used for long, and the oldest if there are too many.

    `key` is that of the vault in use. Raises OSError if the folder cannot be listed.
    """
    oldest = time.time() - MAX_AGE
    found: list[tuple[float, int, Path]] = []
    for path in folder.iterdir():
        if not OUR_CACHE.fullmatch(path.name):
            continue
        with suppress(OSError):
            state = path.stat()
            found.append((state.st_mtime, state.st_size, path))
    total, of_vault = 0, 0
    for used, size, path in sorted(found, reverse=True):
        total += size
        of_vault += path.name.startswith(key)
        is_extra = path.name.startswith(key) and of_vault > MAX_OF_VAULT
        if used < oldest or total > MAX_CACHE_BYTES or is_extra:
            with suppress(OSError):
                path.unlink()
