"""Read settings files and record what was read.

Settings lie in files that a walk does not see (`.obsidian/app.json`), and depend on files that are
missing as well. So each read is recorded as an `Input`, (question, path, answer); `hold` repeats the
reads and tells whether every answer is unchanged.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from vaultdeck.vault.folder import read_inside

# A question, its path, and what tells one answer from another.
Input = tuple[str, str, str]
_noted: ContextVar[list[Input] | None] = ContextVar("noted", default=None)


@contextmanager
def noting_inputs() -> Iterator[list[Input]]:
    """Record everything that is read within the block."""
    noted: list[Input] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def read_file(root: Path, path: str) -> bytes | None:
    """Return the bytes of a file of the vault, None if there is none that can be read."""
    try:
        data = read_inside(root, path)
    except (OSError, ValueError):
        data = None
    note_file(path, data)
    return data


def is_folder(root: Path, path: str) -> bool:
    """Tell whether the vault has a folder."""
    try:
        folder = (root / path).resolve()
        answer = folder.is_dir() and folder.is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        answer = False
    _note("folder", path, str(answer))
    return answer


def exists(root: Path, path: str) -> bool:
    """Tell whether something of this name is there, be it a link that leads nowhere."""
    answer = os.path.lexists(root / path)
    _note("entry", path, str(answer))
    return answer


def hold(root: Path, inputs: Iterable[Input]) -> bool:
    """Tell whether all questions would be answered as they were."""
    with noting_inputs() as now:
        ask = {"file": read_file, "folder": is_folder, "entry": exists}
        for kind, path, answer in inputs:
            ask[kind](root, path)
            if now[-1] != (kind, path, answer):
                return False
    return True


def hash_file(data: bytes | None) -> str:
    """Return what tells one content from another, empty where there is no file."""
    return "" if data is None else hashlib.blake2b(data, digest_size=16).hexdigest()


def note_file(path: str, data: bytes | None) -> None:
    """Record the content of a file, None if it does not exist, for the enclosing `noting_inputs()`."""
    _note("file", path, hash_file(data))


def _note(question: str, path: str, answer: str) -> None:
    noted = _noted.get()
    if noted is not None:
        noted.append((question, path, answer))
