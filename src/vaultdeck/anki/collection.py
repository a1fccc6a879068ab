"""What a collection, backup or export of Anki's holds, read without Anki.

    deck.apkg, backup.colpkg     zip; newer ones hold a zstd-compressed `collection.anki21b`
    collection.anki2             the SQLite database itself, with its `-wal` if that lies beside it

Two layouts of the database are known: note types and decks as JSON in table `col` (schema 11), and in
tables of their own with protobuf settings (schema 15 and later).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Collection as Many
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from vaultdeck.model import AnkiCollection, AnkiNote, NoteType, Template

# The databases in a package, best first; newer packages hold an empty older one for old Ankis.
MEMBERS = ("collection.anki21b", "collection.anki21", "collection.anki2")
ID_BATCH = 500


class CollectionError(Exception):
    """The file cannot be read as a collection; the message says why and what to do."""


def read_collection(path: Path, note_ids: Many[int]) -> AnkiCollection:
    """Return the notes with these ids from a package, backup or collection; raises CollectionError."""
    try:
        with _database(path) as database, closing(_connect(database)) as connection:
            return _read(connection, sorted(note_ids))
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            message = f"'{path}' is in use: close Anki, or export a package and adopt that"
            raise CollectionError(message) from None
        raise CollectionError(f"'{path}' cannot be read as a collection: {error}") from None
    except sqlite3.DatabaseError as error:
        raise CollectionError(f"'{path}' is no collection of Anki's: {error}") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, RecursionError) as error:
        raise CollectionError(f"'{path}' cannot be read: {error}") from None
    except OSError as error:
        raise CollectionError(f"cannot read '{path}': {error.strerror or error}") from None


@contextmanager
def _database(path: Path) -> Iterator[Path]:
    """Yield the path of a private copy of the database in `path`."""
    with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
        copy = Path(folder) / "collection.anki2"
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package, copy.open("wb") as target:
                _extract(package, path, target)
        else:
            _check_unlocked(path)
            shutil.copyfile(path, copy)
            beside = path.with_name(path.name + "-wal")
            if beside.is_file():
                shutil.copyfile(beside, copy.with_name(copy.name + "-wal"))
        yield copy


def _extract(package: zipfile.ZipFile, path: Path, target: IO[bytes]) -> None:
    members = package.namelist()
    name = next((name for name in MEMBERS if name in members), None)
    if name is None:
        raise CollectionError(
            f"'{path}' holds no collection: export it from Anki as .apkg or .colpkg"
        )
    with package.open(name) as source:
        if name.endswith("b"):
            import zstandard

            try:
                zstandard.ZstdDecompressor().copy_stream(source, target)
            except zstandard.ZstdError as error:
                raise CollectionError(f"'{path}' is damaged: {error}") from None
        else:
            shutil.copyfileobj(source, target)


def _check_unlocked(path: Path) -> None:
    """Raise sqlite3.OperationalError if Anki has the collection open."""
    if not path.is_file():
        raise CollectionError(f"no file named '{path}'")
    address = f"{path.resolve().as_uri()}?mode=ro"
    had = {beside: beside.exists() for beside in _companions(path)}
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=0.1)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    finally:
        for beside, existed in had.items():
            if not existed:
                beside.unlink(missing_ok=True)


def _companions(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.create_collation("unicase", _compare_unicase)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _compare_unicase(one: str, other: str) -> int:
    one, other = one.casefold(), other.casefold()
    return (one > other) - (one < other)


def _read(connection: sqlite3.Connection, note_ids: list[int]) -> AnkiCollection:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not {"col", "notes", "cards"} <= tables:
        raise CollectionError("this database is no collection of Anki's")
    decks = _modern_decks(connection) if "decks" in tables else _legacy_decks(connection)
    notes: dict[int, AnkiNote] = {}
    for start in range(0, len(note_ids), ID_BATCH):
        batch = note_ids[start : start + ID_BATCH]
        marks = ",".join("?" * len(batch))
        cards: dict[int, list[tuple[int, int]]] = {}
        query = f"SELECT nid, ord, did, odid FROM cards WHERE nid IN ({marks}) ORDER BY nid, ord"
        for note_id, ordinal, deck_id, home_id in connection.execute(query, batch):
            cards.setdefault(note_id, []).append((ordinal, home_id or deck_id))
        query = f"SELECT id, guid, mid, mod, tags, flds FROM notes WHERE id IN ({marks})"
        for number, guid, type_id, mtime, tags, fields in connection.execute(query, batch):
            of_note = cards.get(number, [])
            notes[number] = AnkiNote(
                id=number,
                guid=str(guid),
                type_id=int(type_id),
                mtime=int(mtime),
                tags=tuple(str(tags).split()),
                fields=tuple(str(fields).split("\x1f")),
                deck=decks.get(of_note[0][1], "") if of_note else "",
                cards=tuple(ordinal + 1 for ordinal, _ in of_note),
            )
    types = _modern_types(connection) if "notetypes" in tables else _legacy_types(connection)
    used = {note.type_id for note in notes.values()}
    return AnkiCollection(notes, {number: kind for number, kind in types.items() if number in used})


def _legacy_decks(connection: sqlite3.Connection) -> dict[int, str]:
    (text,) = connection.execute("SELECT decks FROM col").fetchone()
    return {int(number): str(deck["name"]) for number, deck in json.loads(text).items()}


def _modern_decks(connection: sqlite3.Connection) -> dict[int, str]:
    rows = connection.execute("SELECT id, name FROM decks")
    return {number: str(name).replace("\x1f", "::") for number, name in rows}


def _legacy_types(connection: sqlite3.Connection) -> dict[int, NoteType]:
    (text,) = connection.execute("SELECT models FROM col").fetchone()
    models: dict[str, dict[str, Any]] = json.loads(text)
    types = {}
    for number, model in models.items():
        fields = [f["name"] for f in sorted(model["flds"], key=lambda f: int(f["ord"]))]
        templates = [
            Template(t["name"], None, t["qfmt"], t["afmt"])
            for t in sorted(model["tmpls"], key=lambda t: int(t["ord"]))
        ]
        css, is_cloze = str(model.get("css", "")), model.get("type") == 1
        types[int(number)] = _note_type(
            int(number), model["name"], fields, templates, css, is_cloze
        )
    return types


def _modern_types(connection: sqlite3.Connection) -> dict[int, NoteType]:
    fields: dict[int, list[str]] = {}
    for type_id, name in connection.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        fields.setdefault(type_id, []).append(str(name))
    templates: dict[int, list[Template]] = {}
    query = "SELECT ntid, name, config FROM templates ORDER BY ntid, ord"
    for type_id, name, config in connection.execute(query):
        values = _protobuf(config)
        front, back = _text(values.get(1)), _text(values.get(2))
        templates.setdefault(type_id, []).append(Template(str(name), None, front, back))
    types = {}
    for number, name, config in connection.execute("SELECT id, name, config FROM notetypes"):
        values = _protobuf(config)
        types[number] = _note_type(
            number,
            str(name),
            fields.get(number, []),
            templates.get(number, []),
            _text(values.get(3)),
            values.get(1) == 1,
        )
    return types


def _note_type(
    number: int, name: str, fields: list[str], templates: list[Template], css: str, is_cloze: bool
) -> NoteType:
    """Return a note type of the user's; with time 0 an import never changes templates or CSS."""
    return NoteType(
        name=name,
        id=number,
        fields=tuple(fields),
        field_ids=(None,) * len(fields),
        templates=tuple(templates),
        css=css,
        is_cloze=is_cloze,
        mod=0,
    )


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _protobuf(data: bytes) -> dict[int, int | bytes]:
    """Return the fields of a protobuf message by number: numbers, and the bytes of the others."""
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
            raise ValueError("the settings of a note type are damaged")
        values[key >> 3] = data[pos : pos + size]
        pos += size
    return values


def _varint(data: bytes, pos: int) -> tuple[int, int]:
    value = shift = 0
    while pos < len(data):
        byte = data[pos]
        value |= (byte & 0x7F) << shift
        pos, shift = pos + 1, shift + 7
        if not byte & 0x80:
            return value, pos
    raise ValueError("the settings of a note type are damaged")
