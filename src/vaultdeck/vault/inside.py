"""Open files of a folder, and nothing that is not a file in it, whatever another process does meanwhile.

A file may become a link out of the folder, a pipe that nobody writes to or a device after the walk has found
it. One that still has the state in which it was found is that file; any other is opened once more by its
real path, folder by folder, through no link.

Light on purpose, like `folder`.
"""

from __future__ import annotations

import errno
import os
import stat
from functools import partial
from io import FileIO
from pathlib import Path

# Size, times of the last change of content and of inode in nanoseconds, number of the file.
Stat = tuple[int, int, int, int]
# Whether a folder can be listed, and what is in it opened, by a handle: that stays the folder which it is.
USES_HANDLES = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
NOT_THROUGH_LINKS = getattr(os, "O_NOFOLLOW", 0)
FOLDER = getattr(os, "O_DIRECTORY", 0)
PASSED_THROUGH = getattr(os, "O_PATH", os.O_RDONLY) | FOLDER
# No file is read as a whole that is larger; AnkiWeb takes no larger media.
MAX_FILE_BYTES = 100 << 20
# A pipe is opened without waiting for who writes to it, and no terminal becomes that of this process.
AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def stat_of(found: os.stat_result) -> Stat:
    """Return what of a file's state tells whether it has changed."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def open_inside(root: str, path: str, found: Stat | None = None) -> FileIO:
    """Open a regular file in the folder `root`, which had the state `found`; raises OSError.

    FileNotFoundError if it is no such file: it leads out of the folder, or is a pipe or a device.
    """
    place = f"{root}{os.sep}{path}"
    if found is not None:
        file = FileIO(place, opener=_open_at_once)
        if stat_of(os.fstat(file.fileno())) == found:
            return file
        file.close()
    real, base = os.path.realpath(place, strict=True), os.path.realpath(root, strict=True)
    if Path(real).is_file() and real.startswith(base.rstrip(os.sep) + os.sep):
        file = FileIO(real, opener=partial(_open_in, base) if USES_HANDLES else _open_at_once)
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file
        file.close()
    raise FileNotFoundError(errno.ENOENT, "this is no regular file in the folder", place)


def read_inside(root: Path, path: str) -> bytes | None:
    """Return the bytes of a regular file in the folder `root`; None if it has no such file.

    Raises OSError if the file cannot be read, or is too large.
    """
    try:
        with open_inside(os.fspath(root), path) as file:
            check_size(os.fstat(file.fileno()), os.fspath(root / path))
            return file.readall()
    except (FileNotFoundError, NotADirectoryError):
        return None


def check_size(state: os.stat_result, file: str) -> None:
    """Raise OSError if a file is too large to be read as a whole."""
    if state.st_size > MAX_FILE_BYTES:
        reason = f"{os.strerror(errno.EFBIG)} (more than {MAX_FILE_BYTES >> 20} MiB)"
        raise OSError(errno.EFBIG, reason, file)


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | AT_ONCE)


def _open_in(base: str, real: str, flags: int) -> int:
    return open_through_no_link(base, real, flags | AT_ONCE)


def open_through_no_link(base: str, real: str, flags: int) -> int:
    """Open what has the real path `real` in the folder `base`, though links may stand there by now.

    Raises OSError, also if one does.
    """
    handle = os.open(base, PASSED_THROUGH)
    *folders, name = [part for part in real[len(base) :].split("/") if part] or ["."]
    for part in folders:
        handle = _open_next(handle, part, PASSED_THROUGH)
    return _open_next(handle, name, flags)


def _open_next(folder: int, name: str, flags: int) -> int:
    try:
        return os.open(name, flags | NOT_THROUGH_LINKS, dir_fd=folder)
    finally:
        os.close(folder)
