"""Replay: print the report of the last identical command line while nothing that it saw has changed.

    vaultdeck build ~/notes        the same words in the same folder, and the vault as it was

Such a run does little more than look at every file once, so nothing slow is imported here: not even
what reads a command line.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from array import array
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from vaultdeck.compile.cache.folder import RENDERERS, default_folder, own_files, prune
from vaultdeck.regexps import regexp
from vaultdeck.vault.folder import FOLDER_MARKS, LOCK_NAME, FolderWalk, racy_paths, walk
from vaultdeck.vault.inside import Stat, read_inside, stat_of
from vaultdeck.vault.observed import Input, hash_file, hold

# Control characters that a terminal acts upon, colours left out.
SCREEN_CONTROL = regexp(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
COLOR_CODE = regexp(r"\x1b\[[0-9;]*m")
# Another version of one of these may build something else.
LIBRARIES = (*RENDERERS, "genanki", "wcmatch", "wcwidth")
# Environment variables on which the report depends.
VARIABLES = ("GITHUB_ACTIONS", "GITHUB_WORKSPACE", "HOME", "NO_COLOR", "FORCE_COLOR", "TERM")


class Said(NamedTuple):
    """What a command printed, and its exit code; JSON is UTF-8 whatever the terminal speaks."""

    out: str
    err: str
    code: int
    is_json: bool = False

    def show(self) -> NoReturn:
        """Print it, what is wrong last, and exit."""
        if self.is_json:
            sys.stdout.buffer.write(self.out.encode())
        else:
            sys.stdout.write(self.out)
        sys.stdout.flush()
        sys.stderr.write(self.err)
        sys.exit(self.code)


class Evidence(NamedTuple):
    """What a run has seen of a vault: from the same, the same follows.

    `racy` are hashes of the files that may have changed since without a trace in their state.
    """

    walk: FolderWalk
    inputs: Sequence[Input]
    racy: dict[str, str]


class Call(NamedTuple):
    """A command line."""

    arguments: tuple[str, ...]

    def recall(self) -> Said | None:
        """Return what would be said now; None if that is not sure."""
        folder = self._folder()
        if folder is None:
            return None
        try:
            path = self._path(folder)
            kept_text = (read_inside(folder, path.name) or b"").decode("utf-8")
            digest, _, text = kept_text.partition("\n")
            if digest != _digest(text):
                return None
            kept: dict[str, Any] = json.loads(text)
            racy: dict[str, str] = kept["racy"]
            root, output = kept["root"], kept["output"]
            if kept["program"] != _program() or kept["package"] != _state_of(output):
                return None
            if kept["real"] != os.path.realpath(root) or not self._may_mean(kept["real"]):
                return None
            if not hold(Path(root), [(kind, name, a) for kind, name, a in kept["inputs"]]):
                return None
            found = walk(root)
            if kept["files"] != _digest_files(found, root, output):
                return None
            if any(hash_file(read_inside(Path(root), name)) != racy[name] for name in racy):
                return None
            if racy and not racy_paths(found) & racy.keys():
                # From now on the state of these files tells.
                _write(path, {**kept, "racy": {}})
            os.utime(path)
            return _said(kept["said"])
        except (OSError, AttributeError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _may_mean(self, root: str) -> bool:
        """Tell whether a folder can be the vault of this call: one that it names, or is in."""
        words = [word.rpartition("=")[2] for word in self.arguments]
        named = [os.path.realpath(word) for word in (".", *words)]
        if root in named or root in map(os.path.dirname, named):
            return True
        inside = root.rstrip(os.sep) + os.sep
        is_vault = any(os.path.lexists(inside + mark) for mark in (*FOLDER_MARKS, LOCK_NAME))
        return is_vault and any(path.startswith(inside) for path in named)

    def keep(
        self, folder: Path, root: Path, output: Path | None, evidence: Evidence, said: Said
    ) -> None:
        """Remember what the next run says, for as long as all that this one saw stays the same.

        `folder` is that of the caches, `root` the vault, `output` the file that was written.
        """
        vault, package = os.fspath(root), None if output is None else os.fspath(output)
        from vaultdeck.vault.write import clear_leftovers

        with suppress(OSError, ValueError):
            kept = {
                "program": _program(),
                "root": vault,
                "real": os.path.realpath(vault),
                "output": package,
                "package": _state_of(package),
                "inputs": evidence.inputs,
                "files": _digest_files(evidence.walk, vault, package),
                "racy": evidence.racy,
                "said": said,
            }
            folder.mkdir(parents=True, exist_ok=True)
            path = self._path(folder)
            _write(path, kept)
            clear_leftovers(folder.iterdir())
            prune(folder, path.name.partition("-")[0])

    def _folder(self) -> Path | None:
        """Return the folder of caches that the arguments name, None if they want none.

        Where that is wrong, nothing is found: what is kept is kept under all of the arguments.
        """
        words = iter(self.arguments)
        for word in words:
            if word == "--no-cache":
                return None
            if word == "--cache-dir":
                return Path(next(words, ""))
            if word.startswith("--cache-dir="):
                return Path(word.partition("=")[2])
        try:
            return default_folder()
        except RuntimeError:
            return None

    def _path(self, folder: Path) -> Path:
        where = hashlib.sha256(os.fsencode(Path.cwd())).hexdigest()[:16]
        told = [*self.arguments, "", *(os.environ.get(name, "") for name in VARIABLES)]
        told += [str(stream.isatty()) for stream in (sys.stdout, sys.stderr)]
        told.append(str(screen_size()))
        what = hashlib.sha256("\0".join(told).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return folder / f"{where}-{what}.json"


def screen_size() -> tuple[int, int]:
    """Return the columns and rows of the terminal on which somebody reads; 0 and 0 without one."""
    for stream in (sys.stderr, sys.stdout):
        with suppress(OSError, ValueError):
            return os.get_terminal_size(stream.fileno())
    return 0, 0


def _said(plain: Any) -> Said:
    """Return what was said; raises ValueError if no command of ours could have said it."""
    out, err, code, is_json = plain
    if type(out) is not str or type(err) is not str or code not in (0, 1, 2):
        raise ValueError(code)
    if SCREEN_CONTROL.search(COLOR_CODE.sub("", out + err)):
        raise ValueError(out)
    return Said(out, err, int(code), bool(is_json))


def _digest_files(found: FolderWalk, root: str, output: str | None) -> str:
    """Return a hash of what a walk found; what a build writes itself is looked at elsewhere."""
    files: dict[str, Stat] = dict(found.files)
    written = [LOCK_NAME]
    if output is not None:
        with suppress(ValueError):
            written.append(Path(output).resolve().relative_to(Path(root).resolve()).as_posix())
    files.update((path, (0, 0, 0, 0)) for path in written if path in files)
    names = ["\0".join(files), "\0".join(found.aliases), *map(repr, found.problems)]
    digest = hashlib.sha256("\0\0".join(names).encode("utf-8", "surrogatepass"))
    for stats in (files.values(), found.aliases.values()):
        try:
            digest.update(array("Q", chain.from_iterable(stats)).tobytes())
        except OverflowError:
            # A time before 1970.
            digest.update(repr(list(stats)).encode())
    return digest.hexdigest()


def _write(path: Path, kept: dict[str, Any]) -> None:
    from vaultdeck.vault.write import replace_bytes

    text = json.dumps(kept, ensure_ascii=True, separators=(",", ":"))
    replace_bytes(path, f"{_digest(text)}\n{text}".encode())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _state_of(path: str | None) -> list[int]:
    """Return the state of a file; none for no file. Raises OSError."""
    return [] if path is None else list(stat_of(Path(path).stat()))


def _program() -> str:
    """Return what tells this program from another version of it."""
    seen: list[Any] = [sys.version]
    seen += [(entry.path, stat_of(entry.stat())) for entry in own_files()]
    for library in LIBRARIES:
        for place in sys.path:
            file = f"{place}/{library}/__init__.py"
            with suppress(OSError):
                seen.append((file, stat_of(os.stat(file))))  # noqa: PTH116
                break
    told = repr(sorted(seen, key=repr)).encode("utf-8", "surrogateescape")
    return hashlib.sha256(told).hexdigest()
