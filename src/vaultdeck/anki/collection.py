"""What a collection, backup or export of Anki's holds, read without Anki.

    deck.apkg, backup.colpkg     zip; newer ones hold a zstd-compressed `collection.anki21b`
    collection.anki2             the SQLite database itself, with its `-wal` if that lies beside it

Two layouts of the database are known: note types and decks as JSON in table `col` (schema 11), and in
tables of their own with protobuf settings (schema 15 and later). How the file becomes rows that can be
trusted to end is told in `foreign_database`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection as Many
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from vaultdeck.anki.cards import MAX_CARD_NUMBER
from vaultdeck.anki.foreign_database import CollectionError, Database, open_database
from vaultdeck.anki.templates import refuse_endless
from vaultdeck.model import AnkiCard, AnkiCollection, AnkiNote, NoteType, Template
from vaultdeck.model.decode import decode, parse_json
from vaultdeck.model.notes import own_type

DAMAGED = "the settings of a note type are damaged"
ID_BATCH = 500

__all__ = ["CollectionError", "read_collection"]


# Decks and note types as schema 11 has them.
class _Deck(NamedTuple):
    name: str


class _Field(NamedTuple):
    name: str
    ord: int


class _Template(NamedTuple):
    name: str
    ord: int
    qfmt: str
    afmt: str


class _StoredType(NamedTuple):
    """A note type as schema 11 has it; type 1 is a cloze type."""

    name: str
    flds: tuple[_Field, ...]
    tmpls: tuple[_Template, ...]
    css: str = ""
    type: int = 0


def read_collection(path: Path, note_ids: Many[int]) -> AnkiCollection:
    """Return the notes with these ids from a package, backup or collection; raises CollectionError."""
    try:
        with open_database(path) as database:
            return _read(database, sorted(note_ids))
    except (sqlite3.Error, ValueError) as error:
        raise CollectionError(f"'{path}' cannot be read as a collection: {error}") from None
    except OSError as error:
        raise CollectionError(f"cannot read '{path}': {error.strerror or error}") from None


def _read(database: Database, note_ids: list[int]) -> AnkiCollection:
    if not {"col", "notes", "cards"} <= database.tables:
        raise CollectionError("this database is no collection of Anki's")
    decks = _modern_decks(database) if "decks" in database.tables else _legacy_decks(database)
    notes: dict[int, AnkiNote] = {}
    for start in range(0, len(note_ids), ID_BATCH):
        batch = note_ids[start : start + ID_BATCH]
        cards: dict[int, list[AnkiCard]] = {}
        for row in database.rows("cards", ("nid", "ord", "did", "odid"), batch):
            note_id, ordinal, deck_id, home_id = decode(tuple[int, int, int, int], row)
            if 0 <= ordinal < MAX_CARD_NUMBER:
                card = AnkiCard(ordinal + 1, decks.get(home_id or deck_id, ""))
                cards.setdefault(note_id, []).append(card)
        for row in database.rows("notes", ("id", "guid", "mid", "mod", "tags", "flds"), batch):
            number, guid, type_id, mtime, tags, fields = decode(
                tuple[int, str, int, int, str, str], row
            )
            parts = tuple(tags.split()), tuple(fields.split("\x1f"))
            of_note = tuple(sorted(cards.get(number, [])))
            notes[number] = AnkiNote(number, guid, type_id, mtime, *parts, of_note)
    is_modern = "notetypes" in database.tables
    types = [*(_modern_types(database) if is_modern else _legacy_types(database))]
    used = {note.type_id for note in notes.values()}
    found = {kind.id: kind for kind in types if kind.id in used}
    for kind in found.values():
        refuse_endless(kind)
    return AnkiCollection(notes, found, frozenset(kind.name for kind in types))


def _json_of(database: Database, column: str) -> object:
    """Return what a column of the table `col` holds; raises ValueError.

    genanki writes a note type once for each deck that has it, all under one key; Anki takes the last.
    """
    for row in database.rows("col", (column,)):
        return parse_json(decode(tuple[str], row)[0], last_wins=True)
    raise ValueError("the table 'col' is empty")


def _legacy_decks(database: Database) -> dict[int, str]:
    decks = decode(Mapping[str, _Deck], _json_of(database, "decks"))  # type: ignore[type-abstract]
    return {int(number): deck.name for number, deck in decks.items()}


def _modern_decks(database: Database) -> dict[int, str]:
    rows = (decode(tuple[int, str], row) for row in database.rows("decks", ("id", "name")))
    return {number: name.replace("\x1f", "::") for number, name in rows}


def _legacy_types(database: Database) -> Iterator[NoteType]:
    models = decode(Mapping[str, _StoredType], _json_of(database, "models"))  # type: ignore[type-abstract]
    for number, model in models.items():
        templates = sorted(model.tmpls, key=lambda template: template.ord)
        yield own_type(
            int(number),
            model.name,
            [field.name for field in sorted(model.flds, key=lambda field: field.ord)],
            [Template(t.name, None, t.qfmt, t.afmt) for t in templates],
            model.css,
            model.type == 1,
        )


def _modern_types(database: Database) -> Iterator[NoteType]:
    fields: dict[int, dict[int, str]] = {}
    for row in database.rows("fields", ("ntid", "ord", "name")):
        type_id, place, name = decode(tuple[int, int, str], row)
        fields.setdefault(type_id, {})[place] = name
    templates: dict[int, dict[int, Template]] = {}
    for row in database.rows("templates", ("ntid", "ord", "name", "config")):
        type_id, place, name = decode(tuple[int, int, str], row[:3])
        values = _protobuf(row[3])
        template = Template(name, None, _text(values.get(1)), _text(values.get(2)))
        templates.setdefault(type_id, {})[place] = template
    for row in database.rows("notetypes", ("id", "name", "config")):
        number, name = decode(tuple[int, str], row[:2])
        values = _protobuf(row[2])
        yield own_type(
            number,
            name,
            [field for _, field in sorted(fields.get(number, {}).items())],
            [template for _, template in sorted(templates.get(number, {}).items())],
            _text(values.get(3)),
            values.get(1) == 1,
        )


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _protobuf(data: object) -> dict[int, int | bytes]:
    """Return the fields of a protobuf message by number: numbers, and the bytes of the others."""
    if not isinstance(data, bytes):
        raise ValueError(DAMAGED)
    values: dict[int, int | bytes] = {}
    pos = 0
    while pos < len(data):
        key, pos = _varint(data, pos)
        kind = key & 7
        if kind == 0:
            value, pos = _varint(data, pos)
            values[key >> 3] = value
            continue
        size = {1: 8, 5: 4}.get(kind)
        if kind == 2:
            size, pos = _varint(data, pos)
        if size is None or pos + size > len(data):
            raise ValueError(DAMAGED)
        values[key >> 3] = data[pos : pos + size]
        pos += size
    return values


def _varint(data: bytes, pos: int) -> tuple[int, int]:
    """Return a number of at most 64 bits, and where the next one begins."""
    value = 0
    for shift in range(0, 70, 7):
        if pos >= len(data):
            break
        byte = data[pos]
        value |= (byte & 0x7F) << shift
        pos += 1
        if not byte & 0x80:
            return value, pos
    raise ValueError(DAMAGED)
