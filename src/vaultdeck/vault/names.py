"""The vault on disk: which files it has, and which file a link means.

Nothing outside the vault's folder is ever read: links are looked up among the files found by `scan`,
and a symbolic link that leads out of the folder is reported and not followed.
"""

from __future__ import annotations

import functools
import os
import unicodedata
from collections.abc import Iterator, Sequence
from io import FileIO
from pathlib import Path

from vaultdeck.model import Found, Location, SourceFile
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.spelling import NearNames, name_key, path_order, with_plain_spaces
from vaultdeck.vault.folder import MAY_READ, FolderWalk, walk
from vaultdeck.vault.inside import check_size, open_inside
from vaultdeck.vault.stand_in import (
    HEAD_BYTES,
    find_stand_in,
    flat_link,
    leads_away,
    link_target,
    read_utf8,
)

NOTE_SUFFIX = ".md"
# Drawings that are kept as notes have a few megabytes; longer notes are not written by people.
MAX_NOTE_BYTES = 16 << 20
# How many links are remembered: each takes some 300 bytes, and a vault has as many as it has words.
FOUND = 4096


def is_note(path: str) -> bool:
    """Tell whether a file is a note by its name."""
    return path[-len(NOTE_SUFFIX) :].lower() == NOTE_SUFFIX


def clean_folder(path: str) -> str:
    """Return a folder's path in the form of the vault's paths, in NFC; empty is the vault itself."""
    parts = (part for part in path.split("/") if part not in ("", "."))
    return unicodedata.normalize("NFC", "/".join(parts))


def folder_key(path: str) -> str:
    """Return what a folder that the settings name is known by, with any kind of space."""
    return with_plain_spaces(clean_folder(path))


class Vault:
    """The files that a walk found in a vault, and Obsidian's way from a link to one of them."""

    def __init__(self, root: Path, walked: FolderWalk) -> None:
        self.root = root
        self._root = os.fspath(root)
        self.walked = walked
        self.stats = walked.stats
        self.files = tuple(sorted(self.stats, key=path_order))
        self._by_name: dict[str, list[str]] = {}
        for path in self.files:
            self._by_name.setdefault(name_key(path.rpartition("/")[2]), []).append(path)
        # Notes of a folder name the same things again and again.
        self._find_from = functools.lru_cache(maxsize=FOUND)(self._find)
        self._near = NearNames(shown_name(path) for path in self.files)

    @property
    def notes(self) -> Iterator[str]:
        """Yield the paths of the note files, in vault order; each once, under its real name."""
        return (path for path in self.files if is_note(path) and path not in self.walked.aliases)

    def has_unique_name(self, path: str) -> bool:
        """Tell whether no other file of the vault, in any folder, has the file name of `path`."""
        return len(self._by_name.get(name_key(path.rpartition("/")[2]), ())) < 2

    def find(self, link: str, source: str) -> Found:
        """Return the file that the path part of a link in note file `source` means.

        Obsidian's `getFirstLinkpathDest`: case-insensitive; an empty link is the source itself; `./`
        and `../` are relative and `/` is absolute, both exact; otherwise the exact path, then every
        file whose path ends with the link, those in the source's folder first, then the shortest.
        Each step is tried with the name as written, then with `.md` behind it. Of names that are one
        in any letter case and with any kind of space, the one that is written to the letter counts.
        """
        if not link.strip():
            return Found(source)
        return self._find_from(link, source.rpartition("/")[0])

    def _find(self, link: str, folder: str) -> Found:
        wanted = name_key(link.strip())
        if wanted.startswith(("./", "../")):
            return self._find_exact(_join(folder, link.strip()))
        if wanted.startswith("/"):
            return self._find_exact(link.strip().lstrip("/"))
        name = wanted.rpartition("/")[2]
        for suffix in ("", NOTE_SUFFIX):
            candidates = self._by_name.get(name + suffix, [])
            if "/" in wanted:
                ending = f"/{wanted}{suffix}"
                candidates = [p for p in candidates if f"/{name_key(p)}".endswith(ending)]
            if candidates:
                break
        else:
            return Found(None, nearest=self._near.nearest(name.removesuffix(NOTE_SUFFIX)))
        if len(candidates) == 1:
            return Found(candidates[0])
        written = link.strip() + suffix
        if "/" in wanted:
            exact = [path for path in candidates if name_key(path) == wanted + suffix]
            if exact:
                return _choose(exact, written)
        near = [path for path in candidates if path.rpartition("/")[0] == folder]
        if near:
            return _choose(near, written)
        best, *others = sorted(
            candidates, key=lambda path: (len(path), not _is_spelled(path, written), path)
        )
        return Found(best, tuple(others))

    def _find_exact(self, link: str) -> Found:
        for written in (link, link + NOTE_SUFFIX):
            wanted = name_key(written)
            named = self._by_name.get(wanted.rpartition("/")[2], ())
            found = [path for path in named if name_key(path) == wanted]
            if found:
                return _choose(found, written)
        return Found(None)

    def read_bytes(self, path: str, limit: int = -1) -> bytes:
        """Return the bytes of a file found by `scan`, no more than `limit`; raises OSError."""
        with self.open(path) as file:
            state = os.fstat(file.fileno())
            if limit < 0:
                check_size(state, path)
            if limit < 0 or state.st_size < limit:
                return file.readall()
            return file.read(limit)

    def open(self, path: str) -> FileIO:
        """Open a file found by `scan` for reading, if it is one still; raises OSError."""
        # What an alias leads to is looked up each time.
        return open_inside(self._root, path, self.walked.files.get(path))

    def read_note(self, path: str) -> SourceFile | Diagnostic:
        """Return a note file's text, or why it cannot be read.

        Diagnostics: `unreadable-file`, `unreachable-file`, `encrypted-file`, `not-utf8`.
        """
        try:
            data = self.read_bytes(path, MAX_NOTE_BYTES + 1)
        except OSError as error:
            message = f"cannot read this file: {error.strerror or error}"
            hint = f"{MAY_READ}, or list it under `ignore` in vaultdeck.yaml"
            return Diagnostic("unreadable-file", Location(path), message, hint)
        if len(data) > MAX_NOTE_BYTES:
            message = f"this note has more than {MAX_NOTE_BYTES >> 20} MiB and is not read"
            return Diagnostic("unreadable-file", Location(path), message, hint="split the note")
        if instead := _stand_in(path, data):
            return instead
        if data.count(0) * 4 > len(data):
            message = "this is not UTF-8 text: every other byte is zero, as in UTF-16"
            return Diagnostic("not-utf8", Location(path), message, hint="save the file as UTF-8")
        return read_utf8(path, data, "not-utf8")


def scan(root: Path) -> tuple[Vault, tuple[Diagnostic, ...]]:
    """Walk the vault's folder; return its files and the diagnostics of what was not followed.

    Raises OSError if the folder itself cannot be listed.
    """
    found = walk(os.fspath(root))
    problems = [Diagnostic(p.code, Location(p.path), p.message, p.hint) for p in found.problems]
    vault = Vault(root, found)
    return vault, (*problems, *_flat_links(vault))


def _stand_in(path: str, data: bytes) -> Diagnostic | None:
    """Return what a note file holds in place of the note, if it does."""
    found = find_stand_in(data[:HEAD_BYTES])
    if found is not None:
        code = "encrypted-file" if found.is_encrypted else "unreachable-file"
        return Diagnostic(code, Location(path), f"this note {found.what}", found.hint)
    target = link_target(data)
    is_link = is_note(target) and leads_away(target)
    return flat_link(path, target) if is_link else None


def _flat_links(vault: Vault) -> Iterator[Diagnostic]:
    """Yield the files that hold only the path of a folder: symbolic links to one that were checked out.

    Such a file has the name of a folder, which seldom has a dot.
    """
    folders = {path.rpartition("/")[0] for path in vault.files}
    for path in vault.files:
        folder, _, name = path.rpartition("/")
        if "." in name or vault.stats[path][0] > HEAD_BYTES:
            continue
        try:
            target = link_target(vault.read_bytes(path, HEAD_BYTES + 1))
        except OSError:
            continue
        if target and (leads_away(target) or _join(folder, target) in folders):
            yield flat_link(path, target)


def shown_name(path: str) -> str:
    """Return the name by which a link calls a file: without folder, a note without its extension."""
    name = path.rpartition("/")[2]
    return name[: -len(NOTE_SUFFIX)] if is_note(name) else name


def _choose(paths: Sequence[str], written: str) -> Found:
    """Return which of several files of one name is meant: `x.PNG` and `X.png` are two on some disks."""
    spelled = [path for path in paths if _is_spelled(path, written)]
    if spelled or len(paths) == 1:
        return Found((spelled or paths)[0])
    return Found(paths[0], tuple(paths[1:]))


def _is_spelled(path: str, written: str) -> bool:
    """Tell whether a path ends as a link is written, to the letter."""
    return unicodedata.normalize("NFC", path).endswith(unicodedata.normalize("NFC", written))


def _join(folder: str, relative: str) -> str:
    """Return `relative` seen from `folder`; what climbs out of the vault is held at its root."""
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
