"""Write files: whole or not at all, and only where the user pointed.

    .vaultdeck-x3k9q_2a.tmp    the new content, beside the file, until it takes its place
    .vaultdeck-x3k9q_2a.new    the same of a file that is written in place, until all is written

No link is followed: a vault may be a stranger's, and its `vaultdeck.lock` a link to the user's own
files. `inside` says where a file of a vault really is; what the user typed the command line resolves.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import signal
import stat
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from vaultdeck.regexps import regexp

try:
    import fcntl
except ImportError:  # Windows, where no open file is removed or renamed
    fcntl = None  # type: ignore[assignment]

# The name of a temporary file, as `tempfile` makes it.
OUR_LEFTOVER = regexp(r"\.vaultdeck-[a-z0-9_]{8}\.(?:tmp|new)")
# The signals that end the program.
ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
# Where the system knows it: a link at the end of a path is an error.
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


class ChangedMeanwhileError(Exception):
    """A file has changed since it was read."""


def inside(root: Path, path: str) -> Path:
    """Return the real place of a file of the vault in folder `root`; it need not exist.

    Raises OSError if a symbolic link leads out of the vault.
    """
    real = Path(os.path.realpath(root / path))
    if not real.is_relative_to(os.path.realpath(root)):
        message = "a symbolic link leads out of the vault: it is not written through"
        raise OSError(errno.ELOOP, message, os.fspath(root / path))
    return real


@contextmanager
def temporary(folder: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """Make a new file in a folder that is gone when the block ends; raises OSError.

    It is locked until then, so that `clear_leftovers` does not take it for one of a killed process.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=".vaultdeck-", suffix=".tmp", dir=folder)
    except OSError as error:
        # A name that nobody gave says nothing.
        raise OSError(error.errno, error.strerror, os.fspath(folder)) from None
    path = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX)
            yield file, path
    finally:
        path.unlink(missing_ok=True)


def clear_leftovers(paths: Iterable[Path]) -> None:
    """Remove those of the files that a killed process of this user left: regular, ours, not locked.

    The whole copy of a file that was written in place stays until that file holds what it holds.
    """
    for path in paths:
        if not OUR_LEFTOVER.fullmatch(path.name):
            continue
        with suppress(OSError):
            handle = os.open(path, os.O_RDWR | NO_FOLLOW | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(handle, "r+b") as file:
                state = os.fstat(handle)
                if not stat.S_ISREG(state.st_mode):
                    continue
                if fcntl:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if state.st_uid != os.geteuid():
                        continue
                if path.suffix == ".new" and not _stands_beside(path, file.read()):
                    continue
            path.unlink()


def _stands_beside(path: Path, content: bytes) -> bool:
    """Tell whether another file in the folder of `path` holds the same."""
    others = (other for other in path.parent.iterdir() if other != path)
    return any(
        other.is_file() and other.stat().st_size == len(content) and other.read_bytes() == content
        for other in others
    )


@contextmanager
def replacing(path: Path, expected: bytes | None = None) -> Iterator[IO[bytes]]:
    """Open a file beside `path` that takes its place when the block ends without an exception.

    An existing file keeps its permissions, extended attributes, owner and group; where it would lose
    its owner or another hard link, it is written in place. A new one that root writes belongs to whom
    its folder belongs to. With `expected` only if that is still its content at the last moment, else
    raises ChangedMeanwhileError. Raises OSError, also if the file is a link or read-only.
    """
    state = _state(path)
    with _named(path), temporary(path.parent) as (file, beside):
        yield file
        file.flush()
        os.fsync(file.fileno())
        can_replace = _take_after(file, beside, path, state)
        if not fcntl:
            file.close()
        if expected is not None and path.read_bytes() != expected:
            raise ChangedMeanwhileError
        if can_replace:
            beside.replace(path)
        else:
            _write_in_place(beside, path)


def try_writing(path: Path) -> None:
    """Raise OSError if `path` cannot be written, as far as that can be known without doing it."""
    _state(path)
    with _named(path), temporary(path.parent) as (file, _):
        file.write(bytes(1 << 16))
        file.flush()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an OSError name this file: a person knows nothing of the one beside it."""
    try:
        yield
    except OSError as error:
        error.filename = os.fspath(path)
        raise


def replace_bytes(path: Path, data: bytes, expected: bytes | None = None) -> None:
    """Replace the content of a file as `replacing` does; raises OSError and ChangedMeanwhileError."""
    with uninterrupted(), replacing(path, expected) as file:
        file.write(data)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let signals that end the program wait for the end of the block, which is short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    handlers = {number: signal.getsignal(number) for number in ENDING}
    for number in ENDING:
        signal.signal(number, lambda number, _: waiting.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in waiting[:1]:
            signal.raise_signal(number)


def _state(path: Path) -> os.stat_result | None:
    """Return the state of a file that may be written, None if there is none; raises OSError."""
    try:
        state = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(state.st_mode):
        message = "this is a symbolic link: it is not written through"
        raise OSError(errno.ELOOP, message, os.fspath(path))
    if not stat.S_ISREG(state.st_mode):
        raise OSError(errno.EINVAL, "this is no regular file", os.fspath(path))
    # Root may write everything; that an owner has protected a file counts all the same.
    if not state.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise OSError(errno.EACCES, "this file is read-only", os.fspath(path))
    return state


def _take_after(file: IO[bytes], beside: Path, path: Path, state: os.stat_result | None) -> bool:
    """Give a new file what is kept of the one that it replaces; tell whether nothing would be lost."""
    if state is None:
        mask = os.umask(0o022)
        os.umask(mask)
        if fcntl and os.geteuid() == 0:
            folder = path.parent.stat()
            with suppress(OSError):
                os.chown(file.fileno(), folder.st_uid, folder.st_gid)
        beside.chmod(0o666 & ~mask)
        return True
    new = os.fstat(file.fileno())
    if (new.st_uid, new.st_gid) != (state.st_uid, state.st_gid):
        try:
            os.chown(file.fileno(), state.st_uid, state.st_gid)
        except OSError:
            return False
    beside.chmod(stat.S_IMODE(state.st_mode))
    with suppress(OSError):
        shutil.copystat(path, beside)
    os.utime(beside)
    return state.st_nlink == 1


def _write_in_place(beside: Path, path: Path) -> None:
    """Write the content of a file into another one, which stays the file that it is.

    Until that has succeeded a whole copy stands beside, which nobody clears away.
    """
    whole = beside.with_suffix(".new")
    beside.rename(whole)
    before = path.read_bytes()
    try:
        with whole.open("rb") as file:
            _overwrite(path, file)
    except OSError:
        # No space is left, say; there was enough for what it held.
        _overwrite(path, io.BytesIO(before))
        whole.unlink()
        raise
    whole.unlink()


def _overwrite(path: Path, file: IO[bytes]) -> None:
    handle = os.open(path, os.O_WRONLY | NO_FOLLOW | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "wb") as target:
        shutil.copyfileobj(file, target)
        target.truncate()
        target.flush()
        os.fsync(handle)
