"""The vault on disk: which files it has, and which file a link means.

Nothing outside the vault's folder is ever read: links are looked up among the files found by `scan`,
and a symbolic link that leads out of the folder is reported and not followed.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import Found, Location, SourceFile

NOTE_SUFFIX = ".md"


def name_key(name: str) -> str:
    """Return the form in which file names and paths are compared: NFC, case folded."""
    return unicodedata.normalize("NFC", name).casefold()


class Vault:
    """The files of a vault and Obsidian's way from a link to one of them."""

    def __init__(self, root: Path, files: Iterable[str], aliases: Iterable[str] = ()) -> None:
        self.root = root
        self._aliases = frozenset(aliases)
        self.files: tuple[str, ...] = tuple(sorted({*files, *self._aliases}, key=_path_order))
        self._by_name: dict[str, list[str]] = {}
        for path in self.files:
            self._by_name.setdefault(name_key(path.rpartition("/")[2]), []).append(path)

    @property
    def notes(self) -> Iterator[str]:
        """Yield the paths of the note files, in vault order; each once, under its real name."""
        return (
            path
            for path in self.files
            if path[-3:].lower() == NOTE_SUFFIX and path not in self._aliases
        )

    def has_unique_name(self, path: str) -> bool:
        """Tell whether no other file of the vault, in any folder, has the file name of `path`."""
        return len(self._by_name.get(name_key(path.rpartition("/")[2]), ())) < 2

    def find(self, link: str, source: str) -> Found:
        """Return the file that the path part of a link in note file `source` means.

        Obsidian's `getFirstLinkpathDest`: case-insensitive; an empty link is the source itself; `./`
        and `../` are relative and `/` is absolute, both exact; otherwise the exact path, then every
        file whose path ends with the link, those in the source's folder first, then the shortest.
        Each step is tried with the name as written, then with `.md` behind it.
        """
        wanted = name_key(link.replace("\N{NO-BREAK SPACE}", " ").strip())
        if not wanted:
            return Found(source)
        folder = source.rpartition("/")[0]
        if wanted.startswith(("./", "../")):
            return self._find_exact(_join(name_key(folder), wanted))
        if wanted.startswith("/"):
            return self._find_exact(wanted.lstrip("/"))
        name = wanted.rpartition("/")[2]
        for suffix in ("", NOTE_SUFFIX):
            candidates = self._by_name.get(name + suffix, [])
            if "/" in wanted:
                candidates = _ending_with(candidates, wanted + suffix)
            if candidates:
                break
        else:
            return Found(None)
        if len(candidates) == 1:
            return Found(candidates[0])
        if "/" in wanted:
            exact = [path for path in candidates if name_key(path) == wanted + suffix]
            if exact:
                return Found(exact[0])
        near = [path for path in candidates if path.rpartition("/")[0] == folder]
        if near:
            return Found(near[0])
        best, *others = sorted(candidates, key=lambda path: (len(path), path))
        return Found(best, tuple(others))

    def _find_exact(self, wanted: str) -> Found:
        name = wanted.rpartition("/")[2]
        for suffix in ("", NOTE_SUFFIX):
            for path in self._by_name.get(name + suffix, ()):
                if name_key(path) == wanted + suffix:
                    return Found(path)
        return Found(None)

    def read_bytes(self, path: str) -> bytes:
        """Return the bytes of a file found by `scan`; raises OSError."""
        return (self.root / path).read_bytes()

    def open(self, path: str) -> BinaryIO:
        """Open a file found by `scan` for reading; raises OSError."""
        return (self.root / path).open("rb")

    def read_note(self, path: str) -> SourceFile | Diagnostic:
        """Return a note file's text, or the diagnostic `unreadable-file` or `not-utf8`."""
        try:
            data = self.read_bytes(path)
        except OSError as error:
            message = f"cannot read this file: {error.strerror or error}"
            return Diagnostic("unreadable-file", Location(path), message)
        if data.count(0) * 4 > len(data):
            message = "this is not UTF-8 text: every other byte is zero, as in UTF-16"
            return Diagnostic("not-utf8", Location(path), message, hint="save the file as UTF-8")
        try:
            return SourceFile(path, data.decode("utf-8"))
        except UnicodeDecodeError as error:
            good = SourceFile(path, data[: error.start].decode("utf-8"))
            return Diagnostic(
                "not-utf8",
                good.locate(len(good.text)),
                f"this is not UTF-8 text: byte 0x{data[error.start]:02x}",
                hint="save the file as UTF-8",
            )


def read_inside(root: Path, path: str) -> bytes | None:
    """Return the bytes of a regular file in the folder `root`; None if it has no such file.

    What leads out of the folder, or is a pipe or device, is no such file. Raises OSError if the file
    cannot be read.
    """
    file = root / path
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return None
        if not file.resolve().is_relative_to(root.resolve()):
            return None
    except (FileNotFoundError, NotADirectoryError, RuntimeError):
        return None
    return file.read_bytes()


def scan(root: Path) -> tuple[Vault, tuple[Diagnostic, ...]]:
    """Walk the vault's folder; return its files and the diagnostics of what was not followed.

    As in Obsidian, files and folders whose name begins with a dot do not belong to the vault.
    Raises OSError if the folder itself cannot be listed.
    """
    real_root = root.resolve()
    files: list[str] = []
    aliases: list[str] = []
    problems: list[Diagnostic] = []
    seen = {os.fspath(real_root)}
    # Folders behind symbolic links come last, so that files go by their real paths.
    pending = [""]
    linked: list[str] = []
    while pending or linked:
        folder = pending.pop() if pending else linked.pop(0)
        try:
            real = os.path.realpath(root / folder)
            if folder and real in seen:
                continue
            seen.add(real)
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except OSError as error:
            if not folder:
                raise
            problems.append(_unreadable(folder, "cannot list this folder", error))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not _is_encodable(path):
                shown = path.encode("utf-8", "backslashreplace").decode()
                message = "the name of this file is not valid Unicode"
                problems.append(Diagnostic("unreadable-file", Location(shown), message))
                continue
            is_link = entry.is_symlink()
            try:
                if is_link and not Path(entry.path).resolve(strict=True).is_relative_to(real_root):
                    problems.append(_outside(path))
                elif entry.is_dir():
                    (linked if is_link else pending).append(path)
                elif stat.S_ISREG(entry.stat().st_mode):
                    (aliases if is_link else files).append(path)
            except FileNotFoundError:
                continue
            except (OSError, RuntimeError) as error:
                problems.append(_unreadable(path, "cannot follow this link", error))
    problems.sort(key=lambda problem: problem.location)
    return Vault(root, files, aliases), tuple(problems)


def _unreadable(path: str, message: str, error: Exception) -> Diagnostic:
    reason = error.strerror if isinstance(error, OSError) else None
    return Diagnostic("unreadable-file", Location(path), f"{message}: {reason or error}")


def _outside(path: str) -> Diagnostic:
    return Diagnostic(
        "link-outside-vault",
        Location(path),
        "this symbolic link leads out of the vault and is not followed",
        hint="copy what it points to into the vault",
    )


def _is_encodable(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _path_order(path: str) -> tuple[str, ...]:
    """Sort as a file tree shows: by folder, then by name, whatever the letter case."""
    return (*map(name_key, path.split("/")), path)


def _ending_with(paths: Iterable[str], wanted: str) -> list[str]:
    """Keep the paths that end with `wanted` at a folder boundary."""
    return [path for path in paths if ("/" + name_key(path)).endswith("/" + wanted)]


def _join(folder: str, relative: str) -> str:
    """Return `relative` seen from `folder`; what climbs out of the vault is held at its root."""
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
