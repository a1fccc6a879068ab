"""What a command said last of a vault, to be said again while nothing has changed.

Such a run does little more than look at every file once, so nothing slow is imported here.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from vaultdeck.cache.folder import prune, vault_key
from vaultdeck.inputs import Input, hash_file, hold
from vaultdeck.walk import Stat, Walk, racy_paths, stat_of, walk

LOCK = "vaultdeck.lock"
# Whose other version may build otherwise.
LIBRARIES = (
    "markdown_it",
    "mdit_py_plugins",
    "nh3",
    "pygments",
    "yaml",
    "regex",
    "genanki",
    "wcmatch",
)
OWN_FOLDER = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    out: str
    err: str
    code: int


class Evidence(NamedTuple):
    """What a run has seen of a vault: from the same, the same follows.

    `racy` are hashes of the files that may have changed since without a trace in their state.
    """

    walk: Walk
    inputs: Sequence[Input]
    racy: dict[str, str]


class Last:
    """What one command said; `call` is all that it was told, `output` the file that it wrote."""

    def __init__(self, folder: Path, root: Path, call: Iterable[str], output: Path | None) -> None:
        key = hashlib.sha256("\0".join(call).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._folder = folder
        self._vault = vault_key(root)
        self._path = folder / f"{self._vault}-{key}.json"
        self._root = root
        self._output = output

    def recall(self) -> Said | None:
        """Return what would be said now; None if that is not sure."""
        try:
            digest, _, text = self._path.read_text(encoding="utf-8").partition("\n")
            if digest != _digest(text):
                return None
            kept: dict[str, Any] = json.loads(text)
            if kept["program"] != _program() or kept["output"] != _state_of(self._output):
                return None
            if not hold(self._root, [(kind, path, a) for kind, path, a in kept["inputs"]]):
                return None
            found = walk(os.fspath(self._root))
            if kept["files"] != self._digest_files(found):
                return None
            racy: dict[str, str] = kept["racy"]
            if any(hash_file((self._root / path).read_bytes()) != racy[path] for path in racy):
                return None
            said = Said(*kept["said"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        if racy and not racy_paths(found) & racy.keys():
            # From now on the state of these files tells.
            self._write({**kept, "racy": {}})
        with suppress(OSError):
            os.utime(self._path)
        return said

    def keep(self, evidence: Evidence, said: Said) -> None:
        """Remember what was said, for as long as all that was seen stays the same."""
        with suppress(OSError, ValueError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(
                {
                    "program": _program(),
                    "output": _state_of(self._output),
                    "inputs": evidence.inputs,
                    "files": self._digest_files(evidence.walk),
                    "racy": evidence.racy,
                    "said": said,
                }
            )
            prune(self._folder, self._vault)

    def _digest_files(self, found: Walk) -> str:
        """Return a hash of what a walk found; what a build writes itself is looked at elsewhere."""
        files: dict[str, Stat | None] = dict(found.files)
        written = [LOCK]
        if self._output is not None:
            with suppress(ValueError):
                inside = self._output.resolve().relative_to(self._root.resolve())
                written.append(inside.as_posix())
        files.update((path, None) for path in written if path in files)
        content = [
            list(files.items()),
            list(found.aliases.items()),
            list(map(tuple, found.problems)),
        ]
        return hashlib.sha256(marshal.dumps(content, 2)).hexdigest()

    def _write(self, kept: dict[str, Any]) -> None:
        """Write beside and replace."""
        text = json.dumps(kept, ensure_ascii=True, separators=(",", ":"))
        beside = self._path.with_name(f".{self._path.name}-{os.getpid()}.tmp")
        with suppress(OSError):
            beside.write_text(f"{_digest(text)}\n{text}", encoding="utf-8", newline="\n")
            beside.replace(self._path)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _state_of(path: Path | None) -> list[int]:
    """Return the state of a file; none for no file. Raises OSError."""
    return [] if path is None else list(stat_of(path.stat()))


def _program() -> list[Any]:
    """Return what tells this program from another version of it, in JSON's types."""
    seen: list[Any] = [sys.version]
    for folder, _, files in os.walk(OWN_FOLDER):
        for name in sorted(files):
            if name.endswith((".py", ".html", ".css", ".yaml")):
                seen.append([folder, name, *stat_of(Path(folder, name).stat())])
    for library in LIBRARIES:
        for place in sys.path:
            with suppress(OSError):
                file = Path(place, library, "__init__.py")
                seen.append([str(file), *stat_of(file.stat())])
                break
    return [hashlib.sha256(repr(seen).encode("utf-8", "surrogateescape")).hexdigest()]
