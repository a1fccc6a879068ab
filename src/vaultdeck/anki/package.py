"""Notes → .apkg: the only module that knows genanki.

genanki writes note types, decks and the database's layout. Rows and the zip are written here, since
genanki gives every note a new id and one time, misses cloze cards (a note without deletions, nested
ones), stamps the zip with the clock and leaves its temporary file behind.
"""

from __future__ import annotations

import functools
import hashlib
import io
import itertools
import json
import shutil
import sqlite3
import sys
import zipfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from vaultdeck.anki.media import shrinks
from vaultdeck.anki.svg import is_svg, packed_bytes
from vaultdeck.anki.templates import shows_a_field
from vaultdeck.model import MediaRef, NoteType, StampedNote
from vaultdeck.regexps import regexp
from vaultdeck.vault.write import clear_leftovers, replacing, temporary


@contextmanager
def _without_asyncio() -> Iterator[None]:
    """Keep genanki from importing asyncio, which takes more time than the cards of a small vault.

    The package `cached_property` imports it; Python's own does the same for genanki.
    """
    found = sys.modules.setdefault("cached_property", functools)
    yield
    if found is functools:
        del sys.modules["cached_property"]


with _without_asyncio():
    import genanki

# The zip's own earliest date: the same bytes whenever the package is built.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
# How much of a file is held in memory at once.
COPY_BYTES = 1 << 18
# Half the time of zlib's default for a few percent more bytes.
DEFLATE_LEVEL = 4
# A field with a filter, which genanki does not count as shown.
FILTERED = regexp(r"\{\{[^{}]*:[^{}]*\}\}")
NOTE_ROW = f"INSERT INTO notes VALUES ({','.join('?' * 11)})"
CARD_ROW = f"INSERT INTO cards VALUES ({','.join('?' * 18)})"


class _PackedType(genanki.Model):  # type: ignore[misc]
    """genanki's note type with a fixed modification time and explicit ids."""

    def __init__(self, note_type: NoteType) -> None:
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[
                {"name": name} if field_id is None else {"name": name, "id": field_id}
                for name, field_id in zip(note_type.fields, note_type.field_ids, strict=True)
            ],
            templates=[
                {"name": t.name, "qfmt": t.front, "afmt": t.back}
                | ({} if t.id is None else {"id": t.id})
                for t in note_type.templates
            ],
            css=note_type.css,
            model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
        )
        self.note_type = note_type

    @property
    def _req(self) -> list[list[Any]]:
        """Return which fields each template needs.

        genanki renders the templates to learn it, and its renderer reads files that a template names
        and fails on some; adopted templates come from the lock.
        """
        templates = enumerate(self.note_type.templates)
        return [_needs(number, template.front, self.note_type) for number, template in templates]

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        """Return Anki's JSON of the note type; the time of the build does not enter it."""
        data: dict[str, Any] = super().to_json(self.note_type.mod, deck_id)
        return data


def write_package(
    path: Path, notes: Sequence[StampedNote], open_media: Callable[[str], BinaryIO]
) -> None:
    """Write the package to `path`, in one step: an existing file is replaced whole or not at all.

    `open_media` opens a file of the vault. Raises OSError.
    """
    packed = _list_packed(notes)
    clear_leftovers(path.parent.iterdir())
    with temporary(path.parent) as (_, database):
        _write_database(database, notes, packed)
        _write_zip(path, database, packed.media, open_media)


class _Packed(NamedTuple):
    """What a package holds: by deck its note types, by id.

    `ids`, `mtimes`, `decks` and `cards` are those of each note. `other_ids` are the ids of the cards, by
    note and number, of which another card has the one that is theirs.
    """

    types: dict[str, dict[int, NoteType]]
    ids: array[int]
    mtimes: array[int]
    decks: list[str]
    cards: list[tuple[int, ...]]
    media: list[MediaRef]
    other_ids: dict[tuple[int, int], int]


def _list_packed(notes: Iterable[StampedNote]) -> _Packed:
    types: dict[str, dict[int, NoteType]] = {}
    # The same bytes in two folders have one name, and are packed once.
    media: dict[str, MediaRef] = {}
    ids, mtimes, decks, cards = array("q"), array("q"), list[str](), []
    for stamped in notes:
        note = stamped.note
        types.setdefault(note.deck, {}).setdefault(note.note_type.id, note.note_type)
        media.update((ref.name, ref) for ref in note.files)
        ids.append(stamped.id)
        mtimes.append(stamped.mtime)
        decks.append(note.deck)
        cards.append(stamped.cards)
    packed = [media[name] for name in sorted(media)]
    return _Packed(types, ids, mtimes, decks, cards, packed, _other_ids(ids, cards))


def _other_ids(ids: Iterable[int], cards: Iterable[tuple[int, ...]]) -> dict[tuple[int, int], int]:
    # Every note's first card has the note's own id, whatever notes stand beside it in the vault.
    used = {*ids}
    # From an id that is used, one that a later search may begin at: ids of notes made at once are a row.
    later: dict[int, int] = {}
    other_ids = {}
    for note_id, numbers in zip(ids, cards, strict=True):
        for number in numbers:
            wanted = free = note_id + number - 1
            passed = []
            while number > 1 and free in used:
                passed.append(free)
                free = later.get(free, free + 1)
            later.update(dict.fromkeys(passed, free))
            used.add(free)
            if free != wanted:
                other_ids[note_id, number] = free
    return other_ids


def _needs(ordinal: int, front: str, note_type: NoteType) -> list[Any]:
    """Return a template's number, and the fields all or any of which it needs to show something."""
    front, names = FILTERED.sub("", front), note_type.fields
    every = frozenset(names)
    required = [n for n, name in enumerate(names) if not shows_a_field(front, every - {name})]
    if required:
        return [ordinal, "all", required]
    shown = [n for n, name in enumerate(names) if shows_a_field(front, frozenset([name]))]
    return [ordinal, "any", shown]


def _write_database(path: Path, notes: Sequence[StampedNote], packed: _Packed) -> None:
    models = {n: _PackedType(kind) for kinds in packed.types.values() for n, kind in kinds.items()}
    made: list[genanki.Deck] = []
    for name in sorted(packed.types):
        made.append(genanki.Deck(_deck_id(name), name))
        for number in packed.types[name]:
            made[-1].add_model(models[number])
    try:
        # No lock: the file is ours alone, and locked as a temporary one by other means.
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?nolock=1", uri=True)
        ) as connection:
            # The file is temporary: a crash may lose it.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = OFF")
            # Rows are only ever added: in KiB, a quarter of what SQLite takes by itself.
            connection.execute("PRAGMA cache_size = -500")
            genanki.Package(made).write_to_db(connection.cursor(), 0, itertools.count())
            connection.executemany(NOTE_ROW, map(_note_row, notes))
            connection.executemany(CARD_ROW, _card_rows(packed))
            connection.commit()
    except sqlite3.OperationalError as error:
        raise OSError(f"cannot write the temporary file '{path}': {error}") from error


def _note_row(stamped: StampedNote) -> tuple[Any, ...]:
    note = stamped.note
    tags, fields = f" {' '.join(note.tags)} ", "\x1f".join(note.fields)
    head = (stamped.id, stamped.guid, note.note_type.id, stamped.mtime)
    return (*head, -1, tags, fields, note.fields[0], 0, 0, "")


def _card_rows(packed: _Packed) -> Iterator[tuple[Any, ...]]:
    """Yield rows of Anki's table `cards`: new ones, in the order of the vault."""
    deck_ids = {name: _deck_id(name) for name in packed.types}
    for due, numbers in enumerate(packed.cards):
        note_id, mtime = packed.ids[due], packed.mtimes[due]
        deck_id = deck_ids[packed.decks[due]]
        for number in numbers:
            card_id = packed.other_ids.get((note_id, number), note_id + number - 1)
            place = (card_id, note_id, deck_id, number - 1, mtime, -1, 0, 0, due)
            yield (*place, 0, 0, 0, 0, 0, 0, 0, 0, "")


def _write_zip(
    path: Path, database: Path, media: Sequence[MediaRef], open_media: Callable[[str], BinaryIO]
) -> None:
    with replacing(path) as file, zipfile.ZipFile(file, "w") as package:
        with database.open("rb") as rows:
            _add(package, "collection.anki2", rows)
        names = {str(number): ref.name for number, ref in enumerate(media)}
        _add(package, "media", io.BytesIO(json.dumps(names, ensure_ascii=False).encode()))
        for number, ref in enumerate(media):
            with open_media(ref.path) as data:
                if is_svg(ref.name):
                    data = io.BytesIO(packed_bytes(ref.name, data.read()))
                _add(package, str(number), data, shrinks=shrinks(ref.name))


def _add(package: zipfile.ZipFile, name: str, data: BinaryIO, *, shrinks: bool = True) -> None:
    """Copy a file into the package in pieces, as if it were of a fixed date; deflate what shrinks."""
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED if shrinks else zipfile.ZIP_STORED
    entry._compresslevel = DEFLATE_LEVEL  # type: ignore[attr-defined]
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    with package.open(entry, "w") as file:
        shutil.copyfileobj(data, file, COPY_BYTES)


def _deck_id(name: str) -> int:
    """Return a stable id: Anki matches decks by name and gives them ids of its own on import."""
    if name.casefold() == "default":
        return 1
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") + 2
