"""Walk a vault's folder once: every file, and what tells whether it has changed since.

Light on purpose: a build that finds nothing changed does little else, so nothing slow is imported here
and files are plain tuples.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from operator import attrgetter
from typing import NamedTuple

from vaultdeck.vault.inside import FOLDER, USES_HANDLES, Stat, open_through_no_link, stat_of

# Where Obsidian keeps the settings of a vault.
OBSIDIAN_FOLDER = ".obsidian"
# What a folder holds that somebody has made a vault.
FOLDER_MARKS = (OBSIDIAN_FOLDER, "vaultdeck.yaml")
# What a build leaves in it.
LOCK_NAME = "vaultdeck.lock"
# What tells one folder from all others: numbers of the disk, and of the folder on it.
Number = tuple[int, int]
# A file that was changed so shortly before it was looked at may change again and look the same: some
# disks count time in steps of two seconds.
RACY_NS = 2_000_000_000
# Ends of names that begin with a dot: temporary files, and what iCloud leaves of a file for which a disk
# is too small (`.note.md.icloud`).
LEFTOVERS, NOT_LOADED = (".tmp", ".new"), ".icloud"
# The part of a mode that tells what kind of file it is.
FORMAT = 0o170000
IS_WINDOWS = sys.platform == "win32"

# Hints for what may not be read, and for a name that this Python does not read as UTF-8.
MAY_READ = "give yourself the right to read it"
MAY_NAME = (
    "rename it" if sys.getfilesystemencoding() == "utf-8" else "set the variable PYTHONUTF8 to 1"
)


class Problem(NamedTuple):
    """What was not followed: a diagnostic's code, path, message and hint."""

    code: str
    path: str
    message: str
    hint: str = ""


class FolderWalk(NamedTuple):
    """The files of a vault by path, with `/` between the parts; `aliases` are symbolic links to files.

    `leftovers` may be temporary files of a process that was killed.
    """

    files: dict[str, Stat]
    aliases: dict[str, Stat]
    problems: list[Problem]
    started_ns: int
    leftovers: list[str]

    @property
    def stats(self) -> dict[str, Stat]:
        """Return the state of every file."""
        return {**self.files, **self.aliases} if self.aliases else self.files


def walk(root: str) -> FolderWalk:
    """Return the files of the vault in folder `root` and what was not followed.

    As in Obsidian, files and folders whose name begins with a dot do not belong to the vault.
    Raises OSError if the folder itself cannot be listed.
    """
    return _Walker(root).walk()


def racy_paths(found: FolderWalk) -> set[str]:
    """Return the files whose state may not tell that they change once more."""
    limit = found.started_ns - RACY_NS
    return {path for path, stat in found.stats.items() if stat[1] >= limit or stat[2] >= limit}


class _Walker:
    def __init__(self, root: str) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)
        self._found = FolderWalk({}, {}, [], time.time_ns(), [])
        # The real path of each folder that is known by it; others are looked up.
        self._seen = {self._real_root}
        # Folders behind symbolic links come last, so that files go by their real paths.
        self._pending: list[tuple[str, str, Number | None]] = [("", self._real_root, None)]
        self._linked: list[str] = []

    def walk(self) -> FolderWalk:
        while self._pending or self._linked:
            if self._pending:
                folder, real, number = self._pending.pop()
            else:
                folder, number = self._linked.pop(0), None
                real = os.path.realpath(f"{self._root}/{folder}")
                if real in self._seen:
                    continue
                self._seen.add(real)
            try:
                self._list(folder, real, number)
            except OSError as error:
                if not folder:
                    raise
                self._report(folder, "cannot list this folder", error)
        self._found.problems.sort(key=lambda problem: problem.path)
        return self._found

    def _list(self, folder: str, real: str, number: Number | None) -> None:
        """Look at what is in a folder, in order; raises OSError."""
        if not USES_HANDLES:
            with os.scandir(real) as entries:
                self._look_at(sorted(entries, key=attrgetter("name")), folder, real)
            return
        handle = self._open(real, number)
        try:
            with os.scandir(handle) as entries:
                self._look_at(sorted(entries, key=attrgetter("name")), folder, real)
        finally:
            os.close(handle)

    def _open(self, real: str, number: Number | None) -> int:
        """Open a folder: at once if it has the number that it had, else through no link; raises OSError."""
        if number is not None:
            handle = os.open(real, os.O_RDONLY | FOLDER)
            if _number(os.fstat(handle)) == number:
                return handle
            # Another one was put in its place, or the disk numbers folders anew.
            os.close(handle)
        return open_through_no_link(self._real_root, real, os.O_RDONLY | FOLDER)

    def _look_at(self, entries: list[os.DirEntry[str]], folder: str, real: str) -> None:
        files = self._found.files
        prefix = f"{folder}/" if folder else ""
        for entry in entries:
            name = entry.name
            path = prefix + name
            if name[0] == ".":
                if name.endswith((*LEFTOVERS, NOT_LOADED)):
                    self._look_at_hidden(path, prefix, name)
                continue
            if not name.isascii() and not _is_encodable(name):
                shown = path.encode("utf-8", "backslashreplace").decode()
                message = "the name of this file is not valid Unicode"
                self._found.problems.append(Problem("unreadable-file", shown, message, MAY_NAME))
                continue
            try:
                state = entry.stat(follow_symlinks=False)
                kind = state.st_mode & FORMAT
                if kind == stat.S_IFREG:
                    files[path] = stat_of(state)
                elif kind == stat.S_IFDIR:
                    self._enter(path, f"{real.rstrip(os.sep)}{os.sep}{name}", _number(state))
                elif kind == stat.S_IFLNK:
                    self._follow(entry, path)
            except FileNotFoundError:
                # It was removed meanwhile.
                continue
            except (OSError, RuntimeError) as error:
                self._report(path, "cannot follow this link", error)

    def _enter(self, path: str, real: str, number: Number) -> None:
        """Remember a folder to look into, unless it has been by another name."""
        if IS_WINDOWS:
            # A junction is no symbolic link for Python.
            real = os.path.realpath(real)
        if real not in self._seen:
            self._seen.add(real)
            self._pending.append((path, real, number))

    def _follow(self, entry: os.DirEntry[str], path: str) -> None:
        """Look at what a symbolic link leads to; raises OSError."""
        try:
            real = os.path.realpath(f"{self._root}/{path}", strict=True)
        except FileNotFoundError:
            if os.path.lexists(f"{self._root}/{path}"):
                message = "this symbolic link leads to nothing: what it stands for cannot be seen"
                hint = "connect the disk that holds it, or delete the link"
                self._found.problems.append(Problem("unreachable-file", path, message, hint))
            return
        inside = self._real_root.rstrip(os.sep) + os.sep
        if real != self._real_root and not real.startswith(inside):
            message = "this symbolic link leads out of the vault and is not followed"
            hint = "copy what it points to into the vault"
            self._found.problems.append(Problem("link-outside-vault", path, message, hint))
        elif entry.is_dir():
            self._linked.append(path)
        else:
            state = entry.stat()
            if stat.S_ISREG(state.st_mode):
                self._found.aliases[path] = stat_of(state)

    def _look_at_hidden(self, path: str, prefix: str, name: str) -> None:
        """Take note of a file whose name begins with a dot, which is not the vault's."""
        if name.endswith(LEFTOVERS):
            self._found.leftovers.append(path)
        elif name.lower().endswith(".md" + NOT_LOADED):
            message = "this note lies in iCloud and not on this disk"
            hint = "let Finder download it ('Download Now'), or switch off 'Optimise Mac Storage'"
            shown = prefix + name[1 : -len(NOT_LOADED)]
            self._found.problems.append(Problem("unreachable-file", shown, message, hint))

    def _report(self, path: str, message: str, error: Exception) -> None:
        reason = error.strerror if isinstance(error, OSError) else None
        message = f"{message}: {reason or error}"
        self._found.problems.append(Problem("unreadable-file", path, message, MAY_READ))


def as_unicode(name: str) -> str:
    """Return a name from the system without bytes that are not valid Unicode."""
    return os.fsencode(name).decode("utf-8", "replace")


def _number(state: os.stat_result) -> Number:
    return state.st_dev, state.st_ino


def _is_encodable(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
