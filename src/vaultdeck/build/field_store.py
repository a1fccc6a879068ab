"""The fields of notes outside memory, where a vault has many: they are most of what its notes hold.

A note whose fields are kept is a `Note` like any other; they come back whenever they are looked at.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import IO, Any

from vaultdeck.compile.note_file import CompiledFile
from vaultdeck.model import Note

# Characters of fields that stay in memory: those of a vault of a usual size, and of notes so short that
# the way back to their fields would take as much.
HELD_IN_MEMORY = 2_000_000
SHORT_FIELDS = 300
# What Anki puts between fields.
FIELD_MARK = "\x1f"


class FieldStore:
    """Keeps fields in a temporary file without a name; in memory, where there can be none."""

    def __init__(self) -> None:
        self._room: float = HELD_IN_MEMORY
        self._file: IO[bytes] | None = None
        self._end = 0
        # One stage after another asks for the fields of a note several times.
        self._last: tuple[int, tuple[str, ...]] = -1, ()

    def put(self, file: CompiledFile) -> CompiledFile:
        """Return a compiled file whose fields are kept."""
        if self._room > 0:
            self._room -= sum(len(html) for note in file.notes for html in note.fields)
            return file
        notes = tuple(map(self._put_note, file.notes))
        return replace(file, notes=notes) if notes else file

    def _put_note(self, note: Note) -> Note:
        text = FIELD_MARK.join(note.fields)
        if len(text) < SHORT_FIELDS or text.count(FIELD_MARK) >= len(note.fields):
            return note
        data = text.encode("utf-8", "surrogatepass")
        with suppress(OSError):
            if self._write(data):
                kept = KeptFields(self, self._end, len(data))
                self._end += len(data)
                return replace(note, fields=kept)
        self._room = math.inf
        return note

    def _write(self, data: bytes) -> bool:
        """Tell whether all of it is written; raises OSError."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        self._file.seek(self._end)
        return self._file.write(data) == len(data)

    def read(self, at: int, size: int) -> tuple[str, ...]:
        """Return the fields that are kept at a place of the file; raises OSError."""
        if self._last[0] != at:
            assert self._file is not None
            self._file.seek(at)
            text = self._file.read(size).decode("utf-8", "surrogatepass")
            self._last = at, tuple(text.split(FIELD_MARK))
        return self._last[1]


class KeptFields(Sequence[str]):
    """The fields of a note that a store keeps; equal to a tuple of them."""

    __slots__ = ("_at", "_size", "_store")

    def __init__(self, store: FieldStore, at: int, size: int) -> None:
        self._store, self._at, self._size = store, at, size

    def _read(self) -> tuple[str, ...]:
        return self._store.read(self._at, self._size)

    def __getitem__(self, index: Any) -> Any:
        return self._read()[index]

    def __len__(self) -> int:
        return len(self._read())

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (tuple, KeptFields)) and self._read() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._read())

    def __repr__(self) -> str:
        return repr(self._read())

    def __reduce__(self) -> tuple[type[tuple[str, ...]], tuple[tuple[str, ...]]]:
        return tuple, (self._read(),)
