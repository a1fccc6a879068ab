"""What any program must do that builds a package: look at all files, read them, write the rows.

python -m tools.bench.floor rows PACKAGE ROWS       keeps what a build wrote, to write it again
python -m tools.bench.floor walk VAULT              stat
python -m tools.bench.floor read VAULT              stat, read
python -m tools.bench.floor cold VAULT ROWS         stat, read, write the database and the zip
python -m tools.bench.floor warm VAULT ROWS         stat, write the database and the zip
"""

from __future__ import annotations

import marshal
import os
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

DATABASE = "collection.anki2"


def walk(folder: str) -> Iterator[str]:
    """Yield the paths of all files below a folder, each looked at with stat."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from walk(entry.path)
            else:
                entry.stat()
                yield entry.path


def keep_rows(package: Path, rows: Path) -> None:
    """Write the tables and files of a package into a file that is quick to read."""
    files = {}
    tables: list[tuple[str, str, list[tuple[Any, ...]]]] = []
    with zipfile.ZipFile(package) as archive, tempfile.TemporaryDirectory() as folder:
        files = {name: archive.read(name) for name in archive.namelist() if name != DATABASE}
        archive.extract(DATABASE, folder)
        with closing(sqlite3.connect(Path(folder) / DATABASE)) as connection:
            made = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            ).fetchall()
            for name, sql in made:
                tables.append((name, sql, connection.execute(f"SELECT * FROM {name}").fetchall()))
    rows.write_bytes(marshal.dumps((tables, files)))


def write_rows(rows: Path) -> None:
    """Write the database and the zip anew."""
    tables, files = marshal.loads(rows.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / DATABASE
        with closing(sqlite3.connect(path)) as connection:
            for name, sql, values in tables:
                connection.execute(sql)
                if values:
                    marks = ",".join("?" * len(values[0]))
                    connection.executemany(f"INSERT INTO {name} VALUES ({marks})", values)
            connection.commit()
        with zipfile.ZipFile(rows.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, DATABASE)
            for name, data in files.items():
                # Pictures are stored; nothing is won by packing them.
                kind = zipfile.ZIP_STORED if name.isdigit() else zipfile.ZIP_DEFLATED
                archive.writestr(name, data, kind)


def main(what: str, folder: str, rows: str = "") -> None:
    """Do one of the jobs."""
    if what == "rows":
        keep_rows(Path(folder), Path(rows))
        return
    for path in walk(folder):
        if what in ("read", "cold"):
            with open(path, "rb") as file:  # noqa: PTH123
                file.read()
    if what in ("cold", "warm"):
        write_rows(Path(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
