"""A database that somebody else made, read so that nothing in it runs and reading it ends.

1. Only a regular file is opened, and what it unpacks to is bounded by its size.
2. A private copy is read, read-only, with the schema trusted in nothing.
3. Only tables are asked, column by column: what is a view, virtual, or computed is refused, and SQLite
   asks before each use of anything else (`_authorize`).
4. Steps, rows and bytes are counted; between the steps Ctrl-C and SIGTERM are heard.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from vaultdeck.regexps import regexp

# The databases in a package, best first; newer packages hold an empty older one for old Ankis.
MEMBERS = ("collection.anki21b", "collection.anki21", "collection.anki2")
READ_BYTES = 1 << 20
# How Anki packs, and all that it unpacks.
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What a package may unpack to: Anki's own become four to ten times larger.
MAX_RATIO = 200
ALWAYS_FINE = 64 << 20
MAX_COLLECTION_BYTES = 4 << 30
# SQLite's steps from one count to the next; a million notes take about 40 million.
STEPS = 20_000
MAX_STEPS = 1_000_000_000
MAX_ROWS = 5_000_000
CREATE_TABLE = regexp(r"CREATE TABLE [\"'`\[]?\w+[\"'`\]]?\s*\(", re.IGNORECASE)
HARDENING = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA query_only = ON",
    "PRAGMA mmap_size = 0",
)
READABLE = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
ENDLESS = "it does not come to an end: this is no collection of Anki's"


class CollectionError(Exception):
    """The file cannot be read as a collection; the message says why and what to do."""


class Database:
    """Tables of a foreign database; every method raises sqlite3.Error, ValueError, CollectionError."""

    def __init__(self, connection: sqlite3.Connection, size: int) -> None:
        self._connection = connection
        self._steps = 0
        self._rows = 0
        # A database can hold the same page many times over, an honest one does not.
        self._bytes = 2 * size
        connection.set_progress_handler(self._step, STEPS)
        for statement in HARDENING:
            connection.execute(statement)
        self.tables = self._find_tables()
        connection.set_authorizer(_authorize)

    def rows(
        self, table: str, columns: Sequence[str], ids: Sequence[int] = ()
    ) -> Iterator[list[Any]]:
        """Yield the values of these columns, of rows whose first column is one of `ids` if given."""
        if table not in self.tables:
            raise ValueError(f"there is no table '{table}'")
        query = f"SELECT {','.join(columns)} FROM {table}"
        query += f" WHERE {columns[0]} IN ({','.join('?' * len(ids))})" if ids else ""
        for row in self._run(query, ids):
            self._rows += 1
            self._bytes -= sum(len(value) for value in row if isinstance(value, (str, bytes)))
            if self._rows > MAX_ROWS or self._bytes < 0:
                raise ValueError(ENDLESS)
            yield list(row)

    def _find_tables(self) -> frozenset[str]:
        found = self._run("SELECT name, sql, rootpage FROM sqlite_master")
        names = [
            str(name)
            for name, sql, page in found
            if isinstance(page, int) and page > 0 and CREATE_TABLE.match(str(sql))
        ]
        if len(set(names)) != len(names):
            raise ValueError("a table stands in it twice")
        return frozenset(name for name in names if name.isidentifier() and self._is_plain(name))

    def _is_plain(self, table: str) -> bool:
        """Tell whether no column of a table is computed."""
        columns = self._run(f"PRAGMA table_xinfo({table})")
        return all(hidden == 0 for *_, hidden in columns)

    def _run(self, query: str, values: Sequence[int] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(query, values)
        except sqlite3.OperationalError as error:
            if self._steps > MAX_STEPS:
                raise ValueError(ENDLESS) from None
            if str(error) == "interrupted":
                # A signal's exception, which sqlite3 does not hand on.
                raise KeyboardInterrupt from None
            raise

    def _step(self) -> bool:
        """Count steps and tell SQLite whether to stop; Python delivers signals meanwhile."""
        self._steps += STEPS
        return self._steps > MAX_STEPS


@contextmanager
def open_database(path: Path) -> Iterator[Database]:
    """Open the database in a package, backup or collection.

    Raises CollectionError, sqlite3.Error, ValueError and OSError.
    """
    with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
        copy = Path(folder) / "collection.anki2"
        _copy(path, copy)
        with closing(_connect(copy)) as connection:
            yield Database(connection, sum(file.stat().st_size for file in Path(folder).iterdir()))


def _copy(path: Path, copy: Path) -> None:
    if not path.exists():
        raise CollectionError(f"no file named '{path}'")
    if not stat.S_ISREG(path.stat().st_mode):
        raise CollectionError(f"'{path}' is no file: name an .apkg, a .colpkg or a collection")
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as package, copy.open("wb") as target:
                _extract(package, path, target)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise CollectionError(f"'{path}' is damaged: {error}") from None
        return
    _check_unlocked(path)
    shutil.copyfile(path, copy)
    beside = path.with_name(path.name + "-wal")
    if beside.is_file():
        shutil.copyfile(beside, copy.with_name(copy.name + "-wal"))


def _extract(package: zipfile.ZipFile, path: Path, target: IO[bytes]) -> None:
    members = package.namelist()
    name = next((name for name in MEMBERS if name in members), None)
    if name is None:
        raise CollectionError(
            f"'{path}' holds no collection: export it from Anki as .apkg or .colpkg"
        )
    if package.getinfo(name).compress_type not in PACKINGS:
        raise CollectionError(f"'{path}' is not packed as Anki packs: export it from Anki anew")
    room = min(max(path.stat().st_size * MAX_RATIO, ALWAYS_FINE), MAX_COLLECTION_BYTES)
    with package.open(name) as source:
        for piece in _unpack(source, path) if name.endswith("b") else _pieces(source):
            room -= len(piece)
            if room < 0:
                raise CollectionError(
                    f"'{path}' unpacks to far more than Anki packs: export it from Anki anew"
                )
            target.write(piece)


def _pieces(source: Any) -> Iterator[bytes]:
    while piece := source.read(READ_BYTES):
        yield piece


def _unpack(source: IO[bytes], path: Path) -> Iterator[bytes]:
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(source) as reader:
            yield from _pieces(reader)
    except zstandard.ZstdError as error:
        raise CollectionError(f"'{path}' is damaged: {error}") from None


def _check_unlocked(path: Path) -> None:
    """Raise CollectionError if Anki has the collection open."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    companions = [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]
    had = {beside: beside.exists() for beside in companions}
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=0.1)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        message = f"'{path}' is in use: close Anki, or export a package and adopt that"
        raise CollectionError(message) from None
    finally:
        for beside, existed in had.items():
            if not existed:
                beside.unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    connection.create_collation("unicase", _compare_unicase)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _compare_unicase(one: str, other: str) -> int:
    one, other = one.casefold(), other.casefold()
    return (one > other) - (one < other)


def _authorize(action: int, _one: object, _two: object, _database: object, inside: object) -> int:
    """Let SQLite read columns of tables; `inside` is the view that it would read them for."""
    is_fine = action in READABLE and inside is None
    return sqlite3.SQLITE_OK if is_fine else sqlite3.SQLITE_DENY
