"""Read settings files and record what was read.

Settings lie in files that a walk does not see (`.obsidian/app.json`), and depend on files that are
missing as well. So each read is recorded as an `Input`, (question, path, answer); `hold` repeats the
reads and tells whether every answer is unchanged.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from vaultdeck.vault.inside import read_inside

# A question, its path, and what tells one answer from another.
Input = tuple[str, str, str]
NO_FILE_HINT = (
    "put a file there that you may read, no folder and no link that leads out of the vault"
)


class Observed:
    """A folder that is asked about its files; `inputs` are the questions so far, with the answers.

    `faults` are the system's reasons why files could not be read, by path.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.inputs: list[Input] = []
        self.faults: dict[str, str] = {}

    def read_file(self, path: str) -> bytes | None:
        """Return the bytes of a file of the vault, None if it is missing or cannot be read."""
        try:
            data = read_inside(self.root, path)
        except (OSError, ValueError) as error:
            data = None
            self.faults[path] = (error.strerror if isinstance(error, OSError) else "") or str(error)
        self.note_file(path, data)
        return data

    def find_fault(self, path: str) -> str:
        """Return why what stands at a path was not read, empty if nothing stands there."""
        why = "this is no regular file inside the vault" if self.exists(path) else ""
        return self.faults.get(path, why)

    def is_folder(self, path: str) -> bool:
        """Tell whether the vault has a folder."""
        try:
            folder = (self.root / path).resolve()
            answer = folder.is_dir() and folder.is_relative_to(self.root.resolve())
        except (OSError, ValueError, RuntimeError):
            answer = False
        self.inputs.append(("folder", path, str(answer)))
        return answer

    def exists(self, path: str) -> bool:
        """Tell whether something of this name is there, be it a link that leads nowhere."""
        answer = os.path.lexists(self.root / path)
        self.inputs.append(("entry", path, str(answer)))
        return answer

    def folders_with(self, name: str) -> list[str]:
        """Return the folders of the vault that hold an entry of this name, two deep at most."""
        found = (
            path.parent for depth in ("*", "*/*") for path in self.root.glob(f"{depth}/{name}")
        )
        own = (folder for folder in found if folder.resolve().is_relative_to(self.root.resolve()))
        folders = sorted(folder.relative_to(self.root).as_posix() for folder in own)
        self.inputs.append(("folders", name, "\n".join(folders)))
        return folders

    def note_file(self, path: str, data: bytes | None) -> None:
        """Record the content of a file that was read by other means, None if it does not exist."""
        self.inputs.append(("file", path, hash_file(data)))


def hold(root: Path, inputs: Iterable[Input]) -> bool:
    """Tell whether all questions would be answered as they were."""
    now = Observed(root)
    ask: dict[str, Callable[[str], object]] = {
        "file": now.read_file,
        "folder": now.is_folder,
        "entry": now.exists,
        "folders": now.folders_with,
    }
    for kind, path, answer in inputs:
        ask[kind](path)
        if now.inputs[-1] != (kind, path, answer):
            return False
    return True


def hash_file(data: bytes | None) -> str:
    """Return what tells one content from another, empty where there is no file."""
    return "" if data is None else hashlib.blake2b(data, digest_size=16).hexdigest()
