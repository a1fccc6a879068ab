"""The notes of note files outside memory, where a vault has many; each stage of a build reads them anew.

What a stage says of one is a value like any other, but two stages do not have the same one.
"""

from __future__ import annotations

import marshal
import math
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate, chain
from sys import intern
from typing import IO, Any

from vaultdeck.compile.cache.plain import pack_note
from vaultdeck.model import Location, MediaRef, Note, NoteType

# Characters of notes that stay in memory: those of a vault of a usual size.
HELD_IN_MEMORY = 1_500_000
# What counts for a note beside its fields: of short ones many stay, as reading them is much of their work.
NOTE_LENGTH = 100
# The form of Python's data that is made without looking for values that occur again.
FORM = 2


class NoteStore:
    """Keeps notes in a temporary file without a name; in memory, where there can be none.

    `types` are the note types by the names that the notes have for them.
    """

    def __init__(self, types: Mapping[str, NoteType]) -> None:
        self._types = types
        self._room: float = HELD_IN_MEMORY
        self._file: IO[bytes] | None = None
        self._end = 0
        # The notes of a file are mostly looked at one after the other.
        self._last: tuple[int, tuple[Note, ...]] = -1, ()

    def put(self, notes: Sequence[Note]) -> Sequence[Note]:
        """Return the notes of one note file as they are kept."""
        if not notes or self._room > 0:
            self._room -= sum(NOTE_LENGTH + sum(map(len, note.fields)) for note in notes)
            return notes
        data = marshal.dumps((notes[0].location.path, [*map(pack_note, notes)]), FORM)
        with suppress(OSError):
            if self._write(data):
                kept = KeptNotes(self, self._end, len(data), len(notes))
                self._end += len(data)
                return kept
        self._room = math.inf
        return notes

    def _write(self, data: bytes) -> bool:
        """Tell whether all of it is written; raises OSError."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        self._file.seek(self._end)
        return self._file.write(data) == len(data)

    def read(self, at: int, size: int) -> tuple[Note, ...]:
        """Return the notes that are kept at a place of the file; raises OSError."""
        if self._last[0] != at:
            assert self._file is not None
            self._file.seek(at)
            path, plain = marshal.loads(self._file.read(size))
            types = self._types
            # The lock and the package hold on to the names of decks and types.
            self._last = (
                at,
                tuple(
                    [
                        Note(
                            Location(path, *place),
                            intern(kind),
                            types[kind],
                            intern(deck),
                            tags,
                            fields,
                            tuple([MediaRef(*ref) for ref in media]) if media else (),
                            *rest,
                        )
                        for place, kind, deck, tags, fields, media, *rest in plain
                    ]
                ),
            )
        return self._last[1]


class KeptNotes(Sequence[Note]):
    """The notes of one note file that a store keeps."""

    __slots__ = ("_at", "_count", "_size", "_store")

    def __init__(self, store: NoteStore, at: int, size: int, count: int) -> None:
        self._store, self._at, self._size, self._count = store, at, size, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Note]:
        return iter(self._store.read(self._at, self._size))

    def __getitem__(self, index: Any) -> Any:
        return self._store.read(self._at, self._size)[index]


class VaultNotes(Sequence[Note]):
    """The notes of all note files, in their order."""

    def __init__(self, files: Iterable[Sequence[Note]]) -> None:
        self._files = [notes for notes in files if notes]
        self._ends = [*accumulate(map(len, self._files))]

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Note]:
        return chain.from_iterable(self._files)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [*self][index]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        file = bisect_right(self._ends, index)
        return self._files[file][index - self._ends[file]]
