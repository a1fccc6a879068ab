"""Obsidian_to_Anki's Python script as a peer: the same cards, given to a stand-in for Anki.

It expands no embeds, so it is given notes in which they are replaced by what they name; it checks nothing and
writes no package, but sends the fields of every card. Nothing of it is part of this repository: a checkout
of it is named when the benchmark is run.
"""

from __future__ import annotations

import configparser
import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.bench.measure import PYTHON, ROOT, run
from tools.bench.shapes import REGEXPS
from tools.bench.stand_in import FIELDS, PORT

SCRIPT = "obsidian_to_anki.py"


class Peer:
    """The script of a checkout, ready to be run on a copy of a vault in `folder`."""

    def __init__(self, checkout: Path, vault: Path, folder: Path, *, by_regexps: bool) -> None:
        self._own = folder / "peer"
        self._own.mkdir()
        shutil.copy(checkout / SCRIPT, self._own)
        self._config(by_regexps=by_regexps)
        copy = folder / "peer-vault"
        shutil.copytree(vault, copy)
        run([*PYTHON, "tools.bench.fields", "notes", str(vault), str(copy)], folder)
        # It looks for pictures from the folder of the note only.
        for inner in {file.parent for file in copy.rglob("*.md")}:
            if (copy / "pictures").is_dir():
                (inner / "pictures").symlink_to(copy / "pictures")
        more = ["-r"] if by_regexps else []
        self.command: Sequence[str] = [
            sys.executable,
            str(self._own / SCRIPT),
            "-R",
            *more,
            str(copy),
        ]

    def _config(self, *, by_regexps: bool) -> None:
        config = configparser.ConfigParser(interpolation=None)
        config.optionxform = str  # type: ignore[assignment,method-assign]
        # What is left out it fills in by itself, but for these.
        config["Custom Regexps"] = {
            name: REGEXPS.get(name, "") if by_regexps else "" for name in FIELDS
        }
        config["Defaults"] = {"GUI": "False"}
        with (self._own / "obsidian_to_anki_config.ini").open("w", encoding="utf-8") as file:
            config.write(file)

    def forget(self, _: int) -> None:
        """Let the next run be a first one: nothing is known of any file."""
        (self._own / "obsidian_to_anki_data.json").unlink(missing_ok=True)


@contextmanager
def anki(vault: Path) -> Iterator[None]:
    """Let the stand-in for Anki run meanwhile; raises RuntimeError if it cannot."""
    command = [*PYTHON, "tools.bench.stand_in", str(vault)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"port {PORT} is taken: end Anki first")
        yield
    finally:
        process.terminate()
        process.communicate()


def count_given() -> int:
    """Return how many notes the stand-in was given since this was asked last."""
    with urllib.request.urlopen(f"http://localhost:{PORT}") as answer:
        return int(json.load(answer))
