"""Notes → .apkg: the only module that knows genanki.

genanki writes note types, decks and the database's layout. Rows and the zip are written here, since
genanki gives every note a new id and one time, misses cloze cards (a note without deletions, nested
ones), stamps the zip with the clock and leaves its temporary file behind.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import genanki

from vaultdeck.cards import card_ordinals
from vaultdeck.files import replacing
from vaultdeck.model import MediaRef, NoteType, StampedNote

# The zip's own earliest date: the same bytes whenever the package is built.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
# How much of a file is held in memory at once.
PIECE = 1 << 20


class _Model(genanki.Model):  # type: ignore[misc]
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

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        """Return Anki's JSON of the note type; the time of the build does not enter it."""
        data: dict[str, Any] = super().to_json(self.note_type.mod, deck_id)
        return data


class _Note(genanki.Note):  # type: ignore[misc]
    """genanki's note that writes the ids, times and cards that we have chosen."""

    def __init__(
        self, stamped: StampedNote, model: _Model, due: int, cards: list[tuple[int, int]]
    ) -> None:
        note = stamped.note
        super().__init__(model=model, fields=list(note.fields), guid=stamped.guid, due=due)
        self.tags = list(note.tags)
        self.stamped = stamped
        self.card_rows = cards

    def write_to_db(
        self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]
    ) -> None:
        """Write the note's row and its cards' rows."""
        note_id, mtime = self.stamped.id, self.stamped.mtime
        row = (
            note_id,
            self.guid,
            self.model.model_id,
            mtime,
            -1,
            self._format_tags(),
            self._format_fields(),
            self.fields[0],
            0,
            0,
            "",
        )
        cursor.execute("INSERT INTO notes VALUES(?,?,?,?,?,?,?,?,?,?,?)", row)
        for ordinal, card_id in self.card_rows:
            card = genanki.Card(ordinal)
            card.write_to_db(cursor, mtime, deck_id, note_id, iter([card_id]), self.due)


def write_package(
    path: Path,
    notes: Sequence[StampedNote],
    open_media: Callable[[str], BinaryIO],
) -> int:
    """Write the package to `path`, in one step: an existing file is replaced whole or not at all.

    Returns the number of cards. Raises OSError; `open_media` opens a file of the vault.
    """
    cards = 0
    models: dict[int, _Model] = {}
    decks: dict[str, genanki.Deck] = {}
    # Every note's first card has the note's own id, whatever notes stand beside it in the vault.
    used = {stamped.id for stamped in notes}
    for due, stamped in enumerate(notes):
        note = stamped.note
        if note.note_type.id not in models:
            models[note.note_type.id] = _Model(note.note_type)
        if note.deck not in decks:
            decks[note.deck] = genanki.Deck(_deck_id(note.deck), note.deck)
        rows = [
            (ordinal, _free_id(stamped.id + ordinal, used) if ordinal else stamped.id)
            for ordinal in card_ordinals(note.note_type, note.fields)
        ]
        cards += len(rows)
        decks[note.deck].add_note(_Note(stamped, models[note.note_type.id], due, rows))
    # The same bytes in two folders have one name, and are packed once.
    named = {ref.name: ref for stamped in notes for ref in stamped.note.media}
    media = [named[name] for name in sorted(named)]
    with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
        database = Path(folder) / "collection.anki2"
        _write_database(database, [decks[name] for name in sorted(decks)])
        _write_zip(path, database, media, open_media)
    return cards


def _write_database(path: Path, decks: Sequence[genanki.Deck]) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            genanki.Package(decks).write_to_db(connection.cursor(), 0, itertools.count())
            connection.commit()
    except sqlite3.OperationalError as error:
        raise OSError(f"cannot write the temporary file '{path}': {error}") from error


def _write_zip(
    path: Path,
    database: Path,
    media: Sequence[MediaRef],
    open_media: Callable[[str], BinaryIO],
) -> None:
    with replacing(path) as file, zipfile.ZipFile(file, "w") as package:
        with database.open("rb") as rows:
            _add(package, "collection.anki2", rows)
        names = {str(number): ref.name for number, ref in enumerate(media)}
        _add(package, "media", io.BytesIO(json.dumps(names, ensure_ascii=False).encode()))
        for number, ref in enumerate(media):
            with open_media(ref.path) as data:
                _add(package, str(number), data)


def _add(package: zipfile.ZipFile, name: str, data: BinaryIO) -> None:
    """Copy a file into the package in pieces, as if it were of a fixed date."""
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    with package.open(entry, "w") as file:
        shutil.copyfileobj(data, file, PIECE)


def _deck_id(name: str) -> int:
    """Return a stable id: Anki matches decks by name and gives them ids of its own on import."""
    if name.casefold() == "default":
        return 1
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") + 2


def _free_id(wanted: int, used: set[int]) -> int:
    while wanted in used:
        wanted += 1
    used.add(wanted)
    return wanted
