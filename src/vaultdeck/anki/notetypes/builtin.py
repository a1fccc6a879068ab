"""Our own note types, which stand in folders beside this module."""

from __future__ import annotations

import functools
from pathlib import Path
from types import MappingProxyType

from vaultdeck.anki.notetypes.folder import read_notetype
from vaultdeck.model import NoteType

BUILTIN_FOLDER = Path(__file__).parent
OUR_SUFFIX = " (vaultdeck)"


@functools.cache
def load_builtin() -> MappingProxyType[str, NoteType]:
    """Return our own note types by the name that an author writes: Anki's stock names.

    In Anki they are called `Basic (vaultdeck)` and so on, since a package "Basic" beside the stock
    one would become "Basic+".
    """
    folders = sorted(path.parent for path in BUILTIN_FOLDER.glob("*/notetype.yaml"))
    types = [_load(folder) for folder in folders]
    return MappingProxyType({written_name(kind): kind for kind in types})


@functools.cache
def builtin_style() -> str:
    """Return the CSS of our own note types."""
    return (BUILTIN_FOLDER / "style.css").read_text(encoding="utf-8")


def _load(folder: Path) -> NoteType:
    """Read one of our own note types; a file that it has not is the one beside the folders."""

    def read(path: str) -> bytes | None:
        file = folder / path
        file = file if file.is_file() else BUILTIN_FOLDER / path
        return file.read_bytes() if file.is_file() else None

    note_type, problems = read_notetype(read, "", "")
    assert note_type is not None, problems
    return note_type


def written_name(note_type: NoteType) -> str:
    """Return the name of a note type as an author writes it."""
    return note_type.name.removesuffix(OUR_SUFFIX)
