"""Write files so that nobody ever sees a half-written one."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class ChangedMeanwhileError(Exception):
    """A file is not any more as it was when it was read."""


@contextmanager
def replacing(path: Path, is_current: Callable[[], bool] = lambda: True) -> Iterator[IO[bytes]]:
    """Open a file beside `path` that takes its place when the block ends without an exception.

    The permissions of an existing file are kept; a symbolic link stays one. `is_current` is asked at
    the last moment whether the file may still be replaced. Raises OSError, ChangedMeanwhileError.
    """
    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}-", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(_mode(path))
        if not is_current():
            raise ChangedMeanwhileError
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def replace_bytes(path: Path, data: bytes, expected: bytes | None = None) -> None:
    """Replace the content of a file in one step; raises OSError.

    With `expected` only if that is still its content, else raises ChangedMeanwhileError.
    """
    with replacing(path, lambda: expected is None or path.read_bytes() == expected) as file:
        file.write(data)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Let one process at a time work on a folder; others wait. Freed when the process ends."""
    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:20]
    with (Path(tempfile.gettempdir()) / f"vaultdeck-{_user()}-{digest}.lock").open("ab") as file:
        _lock(file)
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

    def _user() -> str:
        return "user"

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _user() -> str:
        return str(os.getuid())


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0o022)
        os.umask(mask)
        return 0o666 & ~mask
