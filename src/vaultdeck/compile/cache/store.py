"""Compiled files on disk: one sqlite database a vault and settings.

Two builds at once are safe: of two that update the same state the second one's update is dropped.
Anything unexpected in the file raises `sqlite3.Error` or ValueError, and the file is made anew.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from vaultdeck.compile.asked import Asked
from vaultdeck.compile.cache.plain import to_json
from vaultdeck.model.decode import decode, parse_json
from vaultdeck.vault.inside import Stat

STORE_TABLES = (
    "CREATE TABLE state (token TEXT, names TEXT)",
    "CREATE TABLE seen (path TEXT PRIMARY KEY, stat TEXT, answer TEXT) WITHOUT ROWID",
    "CREATE TABLE compiled (path TEXT PRIMARY KEY, text TEXT, needs TEXT, links TEXT, result TEXT,"
    " checksum INTEGER) WITHOUT ROWID",
)
# Seconds to wait for another build that writes.
WRITE_PATIENCE = 5.0


class CacheRow(NamedTuple):
    """A compiled file as it is kept: see `Asked`; `result` is made by `pack_file`."""

    path: str
    text: str
    needs: str
    links: str
    result: str
    checksum: int

    @property
    def is_whole(self) -> bool:
        """Tell whether the row is as it was written."""
        return self.checksum == _checksum(self)

    def read_needs(self) -> tuple[Mapping[str, str], Mapping[str, tuple[str, bool]]]:
        """Return the texts and media that the file asked for; raises ValueError."""
        return decode(
            tuple[Mapping[str, str], Mapping[str, tuple[str, bool]]], parse_json(self.needs)
        )

    def read_links(self) -> tuple[tuple[tuple[str, str, str], ...], Mapping[str, bool]]:
        """Return the links that the file asked for and what names are unique; raises ValueError."""
        return decode(
            tuple[tuple[tuple[str, str, str], ...], Mapping[str, bool]], parse_json(self.links)
        )


def make_row(path: str, asked: Asked, result: str) -> CacheRow:
    """Return the row of a compiled file."""
    links = [[link, source, answer] for (link, source), answer in asked.links.items()]
    row = CacheRow(
        path,
        asked.text,
        to_json([asked.notes, asked.media]),
        to_json([links, asked.unique]),
        result,
        0,
    )
    return row._replace(checksum=_checksum(row))


def _checksum(row: CacheRow) -> int:
    return zlib.crc32("\0".join(row[:5]).encode("utf-8", "surrogatepass"))


def read_all(texts: Iterable[str]) -> list[Any]:
    """Return what JSON texts hold, read at once, as it is quicker; raises ValueError."""
    data: list[Any] = json.loads(f"[{','.join(texts)}]")
    return data


@dataclass(slots=True)
class State:
    """What is in a store, as of one moment.

    `names` is a hash of the vault's paths for which all links were answered; `seen` the state of each
    note or media file when its hash was taken; `paths` are those of the rows, which are read in portions.
    """

    token: str = ""
    names: str = ""
    seen: dict[str, tuple[Stat, str]] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)


class Store:
    """The database of one vault; every method may raise sqlite3.Error, OSError or ValueError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> State:
        """Return what is kept."""
        if not self._path.is_file():
            return State()
        with self._open() as connection:
            connection.execute("BEGIN")
            _check_schema(connection)
            (head,) = connection.execute("SELECT token, names FROM state").fetchall()
            token, names = decode(tuple[str, str], list(head))
            found = connection.execute("SELECT path, stat, answer FROM seen").fetchall()
            stats = decode(tuple[Stat, ...], read_all(stat for _, stat, _ in found))
            seen = {
                decode(str, path): (stat, decode(str, answer))
                for (path, _, answer), stat in zip(found, stats, strict=True)
            }
            paths = {
                decode(str, path) for (path,) in connection.execute("SELECT path FROM compiled")
            }
            state = State(token, names, seen, paths)
        with suppress(OSError):
            os.utime(self._path)
        return state

    def rows(self, state: State, paths: Iterable[str]) -> list[CacheRow]:
        """Return the rows of some paths; none if somebody else has changed the store since `state`."""
        with self._open() as connection:
            connection.execute("BEGIN")
            if not _is_in(state, connection):
                return []
            wanted = "SELECT * FROM compiled WHERE path = ?"
            found = (row for path in paths for row in connection.execute(wanted, (path,)))
            return [decode(CacheRow, list(row)) for row in found]

    def update(
        self,
        state: State,
        names: str,
        seen: dict[str, tuple[Stat, str]],
        rows: Iterable[CacheRow],
        gone: Iterable[str],
    ) -> None:
        """Bring a store from `state` to a new one, unless somebody else has changed it since `state`.

        `rows` are new or changed, `gone` are the paths of rows to remove; `seen` is all of it. Then
        `state` is the new one, but for the paths.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            if not state.token and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                for statement in STORE_TABLES:
                    connection.execute(statement)
                connection.execute("INSERT INTO state VALUES ('', '')")
            if not _is_in(state, connection):
                return
            token = secrets.token_hex(8)
            connection.execute("UPDATE state SET token = ?, names = ?", (token, names))
            removed = [(path,) for path in state.seen.keys() - seen.keys()]
            connection.executemany("DELETE FROM seen WHERE path = ?", removed)
            news = [
                (path, to_json(stat), answer)
                for path, (stat, answer) in seen.items()
                if state.seen.get(path) != (stat, answer)
            ]
            connection.executemany("INSERT OR REPLACE INTO seen VALUES (?,?,?)", news)
            connection.executemany(
                "DELETE FROM compiled WHERE path = ?", [(path,) for path in gone]
            )
            connection.executemany("INSERT OR REPLACE INTO compiled VALUES (?,?,?,?,?,?)", rows)
            connection.execute("COMMIT")
        state.token, state.names, state.seen = token, names, seen

    def discard(self) -> None:
        """Remove the store."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(
            sqlite3.connect(self._path, timeout=WRITE_PATIENCE, isolation_level=None)
        ) as connection:
            # A store is never worth waiting for the disk.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.text_factory = bytes.decode
            yield connection


def _is_in(state: State, connection: sqlite3.Connection) -> bool:
    """Tell whether a store is still in the state that was read; raises ValueError as below."""
    _check_schema(connection)
    return bool(connection.execute("SELECT token FROM state").fetchall() == [(state.token,)])


def _check_schema(connection: sqlite3.Connection) -> None:
    """Raise ValueError if the file was not made by `update`: no view or trigger may answer."""
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    if sorted(sql for (sql,) in found) != sorted(STORE_TABLES):
        raise ValueError("another schema")
