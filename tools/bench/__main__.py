"""Print how fast vaultdeck is, as a Markdown table.

    python -m tools.bench [--notes 1000 10000 50000] [--rounds 5] [--folder DIR]
    python -m tools.bench scaling …             another table: see `scaling`

Each round runs every program once, one after the other, so that a machine that slows down slows all
of them; a figure is the median of the rounds, and a ratio the median of the ratios within a round.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tools.bench.measure import PYTHON, Usage, measure, run

VAULTDECK = (*PYTHON, "vaultdeck")
HEAD = (
    *("notes", "what", "CPU s", "wall s", "peak MB", "floor", "CPU / floor", "wall / floor"),
    *("CPU / stock", "wall / stock", "CPU ms / card"),
)


@dataclass(frozen=True, slots=True)
class Program:
    """What is measured: a name, a command, what to do before, and the floor to compare it with."""

    name: str
    command: Sequence[str]
    floor: str = ""
    prepare: Callable[[int], None] | None = None
    subtracts: bool = False
    is_rendering: bool = False


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["scaling"]:
        from tools.bench import scaling

        scaling.main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--notes", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to work; temporary if left out")
    options = parser.parse_args()
    print(
        f"{date.today()}, Python {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} processors, medians of {options.rounds} rounds\n"
    )
    print("|", " | ".join(HEAD), "|")
    print("|", " | ".join("---" if name in ("what", "floor") else "--:" for name in HEAD), "|")
    for notes in options.notes:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            for row in rows(Path(folder), notes, options.rounds):
                print("|", " | ".join(row), "|", flush=True)


def rows(folder: Path, notes: int, rounds: int) -> Iterator[Sequence[str]]:
    """Yield the table's rows for a vault of `notes` notes, made in `folder`."""
    programs, cards = prepare(folder, notes)
    measured: dict[str, list[Usage]] = {program.name: [] for program in programs}
    for number in range(rounds):
        for program in programs:
            if program.prepare:
                program.prepare(number)
            usage = measure(program.command, folder, subtracts=program.subtracts)
            measured[program.name].append(usage)
    stock = measured["stock markdown-it-py"]
    for program in programs:
        mine = measured[program.name]
        floor = measured.get(program.floor, [])
        yield (
            f"{notes:,}",
            program.name,
            *(f"{statistics.median(values):.2f}" for values in _columns(mine)[:2]),
            f"{statistics.median(_columns(mine)[2]):.0f}",
            program.floor,
            *_ratios(mine, floor),
            *_ratios(mine, stock if program.is_rendering else []),
            f"{statistics.median(u.cpu for u in mine) / cards * 1000:.2f}" if program.is_rendering else "",
        )  # fmt: skip


def _columns(usages: Sequence[Usage]) -> tuple[list[float], list[float], list[float]]:
    return [u.cpu for u in usages], [u.wall for u in usages], [u.memory for u in usages]


def _ratios(mine: Sequence[Usage], others: Sequence[Usage]) -> tuple[str, str]:
    if not others:
        return "", ""
    pairs = list(zip(mine, others, strict=True))
    cpu = statistics.median(a.cpu / b.cpu for a, b in pairs)
    wall = statistics.median(a.wall / b.wall for a, b in pairs)
    return f"{cpu:.2f}", f"{wall:.2f}"


def prepare(folder: Path, notes: int) -> tuple[list[Program], int]:
    """Make a vault and build it once; return what to measure, and how many cards there are."""
    vault, package = folder / "vault", folder / "first.apkg"
    paths = json.loads(run([*PYTHON, "tools.bench.generate", str(notes), str(vault)], folder))
    rows, fields = str(folder / "rows"), str(folder / "fields.json")
    build = ["build", str(vault), "-o", str(package)]
    warm = [*build, "--cache-dir", str(folder / "cache")]
    # A package of its own: writing over the warm one would be a change.
    cold = [*build[:-1], str(folder / "cold.apkg"), "--no-cache"]
    alone = [*cold, "--jobs", "1"]
    # The first build makes the lock, which the second one meets for the first time.
    for _ in range(2):
        measure([*VAULTDECK, *warm], folder)
    run([*PYTHON, "tools.bench.floor", "rows", str(package), rows], folder)
    cards = int(run([*PYTHON, "tools.bench.fields", str(vault), fields], folder))
    floor = (*PYTHON, "tools.bench.floor")
    card, section = vault / paths["card"], vault / paths["section"]
    text = section.read_text(encoding="utf-8")
    heading = text[text.index("\n## ") :].splitlines()[1]
    programs = [
        Program("walk", [*floor, "walk", str(vault)]),
        Program("read", [*floor, "read", str(vault)]),
        Program("read and write", [*floor, "cold", str(vault), rows]),
        Program("walk and write", [*floor, "warm", str(vault), rows]),
        Program("import click", [sys.executable, "-c", "import click"]),
        Program("stock markdown-it-py", [*PYTHON, "tools.bench.stock", fields], is_rendering=True),
        Program("cold", [*VAULTDECK, *cold], "read and write", is_rendering=True),
        Program("cold, one process", [*VAULTDECK, *alone], "read and write", is_rendering=True),
    ]
    aside = [*PYTHON, "tools.bench.aside", *alone]
    again = [*VAULTDECK, *warm]

    def edit_card(number: int) -> None:
        insert(card, "Back:\n", number)

    def edit_section(number: int) -> None:
        insert(section, f"{heading}\n\n", number)

    programs += [
        Program("cold, rendering left out", aside, "read and write", subtracts=True),
        Program("warm, nothing changed", again, "walk"),
        Program("warm, a card edited", again, "walk and write", edit_card),
        Program("warm, an embedded section edited", again, "walk and write", edit_section),
    ]
    check = [*VAULTDECK, "check", str(vault), "--no-cache"]
    programs.append(Program("check, cold", check, "read", is_rendering=True))
    return [*programs, Program("--help", [*VAULTDECK, "--help"], "import click")], cards


def insert(file: Path, after: str, number: int) -> None:
    """Write a few words behind the first `after` in a note."""
    before, found, rest = file.read_text(encoding="utf-8").partition(after)
    if not found:
        raise ValueError(f"no '{after}' in {file}")
    file.write_text(f"{before}{found}Edit {number}. {rest}", encoding="utf-8")


if __name__ == "__main__":
    main()
