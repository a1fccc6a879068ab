"""The nouns: frozen values that pass from stage to stage.

    SourceFile ─▶ ParsedFile ──────▶ CompiledFile ─▶ Compiled ──────▶ Build
    a note file   CardBlock, Field   Note            all of them      what is told and written

    Note + Entry of the Lock ─▶ StampedNote ─▶ .apkg           AnkiNote: a note as Anki has it
    Change: what becomes of it in Anki                          Diagnostic: rides inside all of them

`CompiledFile` is in `compile.note_file`, `Compiled` in `build.compiled`, `Build` in `build.outcome`, `Lock`
and `Entry` in `anki.lock`, `Change` in `anki.stamp`, `Diagnostic` in `diagnostics`; all others are here.

Read this file first, then `build/build.py`, then any other. `Note` always means an Anki note; an Obsidian
note is a `SourceFile`. The **ID** is what the author sees in the note file; the **GUID** is what Anki
matches notes on. Offsets count code points into `SourceFile.text`; paths are relative to the vault
with `/` between their parts.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from vaultdeck.spelling import path_order

# What ends a line for Markdown, and so for every line number that is shown.
NEWLINE = re.compile(r"\r\n?|\n")

# Anki's ids have 63 bits; the ids of a note's cards follow its own.
MAX_ID = 2**63 - 1001


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range `start:end` of offsets into one file's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Location:
    """A place to show to a person: a vault-relative path, 1-based lines and columns.

    The end is exclusive: a column just behind the last character. A BOM is no column, as in editors.
    Places sort as the vault's files do.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __lt__(self, other: Location) -> bool:
        if self.path != other.path:
            return path_order(self.path) < path_order(other.path)
        return self._span < other._span

    @property
    def _span(self) -> tuple[int, ...]:
        return self.line, self.column, self.end_line, self.end_column


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One Obsidian note: its path in the vault and its text, newlines and BOM as they are on disk."""

    path: str
    text: str

    def locate(self, start: int, end: int | None = None) -> Location:
        """Return the location of the offsets `start` to `end` (`start` alone if `end` is not given)."""
        line, column = self._position(start)
        end_line, end_column = self._position(start if end is None else end)
        return Location(self.path, line, column, end_line, end_column)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column that `locate` gave."""
        return line_starts(self.text)[line - 1] + column - 1 + self._shift(line)

    def _position(self, offset: int) -> tuple[int, int]:
        starts = line_starts(self.text)
        line = bisect.bisect_right(starts, offset)
        return line, max(offset - starts[line - 1] - self._shift(line), 0) + 1

    def _shift(self, line: int) -> int:
        """Return how many characters of a line stand before its first column: its BOM."""
        return int(line == 1 and self.text.startswith("\ufeff"))

    def line_span(self, line: int) -> Span:
        """Return the span of the 0-based line `line`, without its newline; clamped to the text."""
        starts = line_starts(self.text)
        line = min(max(line, 0), len(starts) - 1)
        end = starts[line + 1] if line + 1 < len(starts) else len(self.text)
        return Span(starts[line], starts[line] + len(self.text[starts[line] : end].rstrip("\r\n")))


@functools.lru_cache(maxsize=16)
def line_starts(text: str) -> list[int]:
    """Return the offset of each line of a note file's text; remembered."""
    if "\r" in text:
        return [0, *(match.end() for match in NEWLINE.finditer(text))]
    lengths = (len(line) + 1 for line in text.split("\n")[:-1])
    return list(itertools.accumulate(lengths, initial=0))


@dataclass(frozen=True, slots=True)
class Field:
    """The Markdown of one field of a block; `origins` holds each line's offset in the note file."""

    name: str
    text: str
    origins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IdSlot:
    """Where a new ID goes in a note file: its digits at offset `at`, between `before` and `after`."""

    at: int
    before: str = "<!--ID: "
    after: str = "-->\n"


@dataclass(frozen=True, slots=True)
class CardBlock:
    """One card of a note file, as written, in whatever syntax.

    `span` is the whole card (of a block: from the begin marker to the end of the end marker's line);
    `slots` are where a new ID may go, best first. `deck` is the card's own deck, where its syntax names one.
    `context` are the headings above the card, outermost first, `heading` the one that it begins at.
    `is_prompt` tells that it is meant to have no answer.
    """

    span: Span
    note_type: str
    fields: tuple[Field, ...]
    slots: tuple[IdSlot, ...]
    tags: tuple[str, ...] = ()
    id: int | None = None
    id_span: Span | None = None
    deck: str | None = None
    context: tuple[str, ...] = ()
    heading: str = ""
    is_prompt: bool = False


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a note file says about cards: its cards and what it sets for all of them.

    `frozen` are fields that are appended to every note of a type; `deleted` the IDs of notes that the
    author has marked with `DELETE`.
    """

    source: SourceFile
    blocks: tuple[CardBlock, ...] = ()
    tags: tuple[str, ...] = ()
    frozen: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    deleted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """What a link leads to: a path of the vault, or None.

    `others` fit the link as well; `nearest` is the name that may have been meant where none fits.
    """

    path: str | None
    others: tuple[str, ...] = ()
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A file of the vault that a field shows: its path, its name in the package, a hash of its bytes.

    Without a path it is not in the vault and not packed, as where a Git LFS pointer tells the hash;
    without a name as well, nothing is known of it.
    """

    path: str
    name: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A card template of a note type: Anki's front and back format strings.

    `id` is fixed for ever; None where the note type is the user's own and matched by names.
    """

    name: str
    id: int | None
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """An Anki note type. `written` are the fields that an author can fill with a `Name:` line.

    `field_ids` are explicit, so that Anki takes a later rename for a rename; `mod` is in seconds and
    decides whether templates and CSS overwrite those of the collection. With `is_guess` only the name
    and fields are known: the templates are made up, and its cards tell whether it is a cloze type.
    `files` are what its templates and its CSS show.
    """

    name: str
    id: int
    fields: tuple[str, ...]
    field_ids: tuple[int | None, ...]
    templates: tuple[Template, ...]
    css: str
    is_cloze: bool = False
    mod: int = 0
    written: tuple[str, ...] = ()
    is_guess: bool = False
    files: tuple[MediaRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a note file: the offsets `start:end` are replaced by `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """One Anki note ready for identity: fields in HTML, in the order of its note type.

    `kind` is the note type's name as the author wrote it; `remote` are the addresses of pictures that
    Anki loads from the web; `digest` is what `identity.digest_of` says, empty if it was not asked yet.
    """

    location: Location
    kind: str
    note_type: NoteType
    deck: str
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    media: tuple[MediaRef, ...] = ()
    id: int | None = None
    remote: tuple[str, ...] = ()
    digest: str = ""

    @property
    def files(self) -> tuple[MediaRef, ...]:
        """Return the media that are packed with the note."""
        return (*(ref for ref in self.media if ref.path), *self.note_type.files)

    @property
    def is_partial(self) -> bool:
        """Tell whether a file that the note shows could not be read, so that it may be another note."""
        return any(not ref.name for ref in self.media)


@dataclass(frozen=True, slots=True)
class StampedNote:
    """A note with its identity: Anki's note id, the GUID, and the modification time in seconds.

    `cards` are the numbers of its cards, the first template's or deletion's is 1.
    """

    note: Note
    id: int
    guid: str
    mtime: int
    cards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnkiNote:
    """A note as Anki has it; `deck` is that of its first card."""

    id: int
    guid: str
    type_id: int
    mtime: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    deck: str
    cards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnkiCollection:
    """The notes that were asked for, by id, and the note types they are of."""

    notes: Mapping[int, AnkiNote]
    types: Mapping[int, NoteType]
