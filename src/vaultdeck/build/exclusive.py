"""One build of a vault at a time: others wait, and say so.

~/.cache/vaultdeck/locks/<hash of the vault's real path>
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vaultdeck.compile.cache.folder import default_folder, vault_key
from vaultdeck.vault.write import NO_FOLLOW

WAITING = "vaultdeck: another run is at work here: waiting"


@contextmanager
def exclusive(place: Path) -> Iterator[None]:
    """Let one process at a time work on a vault, or another folder; freed when the process ends.

    Where this user can have no folder of their own, nobody waits.
    """
    folder = _own_folder()
    if folder is None:
        yield
        return
    path = folder / vault_key(place)
    handle = _acquire(path)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(handle)


def _acquire(path: Path) -> int:
    """Wait for the lock file and return its handle; raises OSError."""
    has_told = False
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | NO_FOLLOW, 0o600)
        while not _lock(handle, waits=has_told):
            if not has_told:
                print(WAITING, file=sys.stderr, flush=True)
                has_told = True
        with suppress(FileNotFoundError):
            # The process that held it before has removed it.
            if os.path.samestat(os.fstat(handle), path.lstat()):
                return handle
        os.close(handle)


def _own_folder() -> Path | None:
    """Return a folder that only this user can write into: of the caches, else of temporary files."""
    name = f"vaultdeck-{os.getuid()}" if hasattr(os, "getuid") else "vaultdeck"
    folders = [Path(tempfile.gettempdir()) / name]
    with suppress(RuntimeError):
        folders.insert(0, default_folder() / "locks")
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_own(folder):
                return folder
    return None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, waits: bool) -> bool:
        """Lock an open file; tell whether that was done. Windows gives up after ten seconds."""
        try:
            msvcrt.locking(handle, msvcrt.LK_LOCK if waits else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _is_own(folder: Path) -> bool:
        return folder.is_dir()

else:
    import fcntl

    def _lock(handle: int, *, waits: bool) -> bool:
        """Lock an open file; tell whether that was done."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def _is_own(folder: Path) -> bool:
        state = folder.lstat()
        is_own = stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid()
        return is_own and not state.st_mode & 0o022 and os.access(folder, os.W_OK)
