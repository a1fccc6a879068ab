"""Print how fast vaultdeck is on vaults of several shapes, as a Markdown table.

    python -m tools.bench [--notes 1000] [--shape mixed short …] [--rounds 5] [--peer CHECKOUT]
    python -m tools.bench scaling …             another table: see `scaling`

CHECKOUT is one of Obsidian_to_Anki, whose Python script is then measured beside, on the same cards.

Each round runs every program once, one after the other, so that a machine that slows down slows all
of them; a figure is the median of the rounds, and a ratio the median of the ratios within a round.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from tools.bench import peer
from tools.bench.measure import PYTHON, Usage, measure, run
from tools.bench.shapes import SHAPES

VAULTDECK = (*PYTHON, "vaultdeck")
HEAD = (
    *("vault", "cards", "what", "CPU s", "wall s", "peak MB", "floor", "CPU / floor"),
    *("CPU / stock", "CPU / peer", "wall / peer"),
)
STOCK, PEER = "stock markdown-it-py", "Obsidian_to_Anki's script"


@dataclass(frozen=True, slots=True)
class Program:
    """What is measured: a name, a command, what to do before, and the floor to compare it with.

    What `is_cold` is compared with stock Markdown and with the peer.
    """

    name: str
    command: Sequence[str]
    floor: str = ""
    prepare: Callable[[int], None] | None = None
    is_cold: bool = False


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["scaling"]:
        from tools.bench import scaling

        scaling.main(sys.argv[2:])
        return
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench", description=__doc__, formatter_class=formatter
    )
    shapes = ["mixed", *SHAPES]
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--shape", nargs="+", choices=shapes, default=shapes)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", type=Path, help="a checkout of Obsidian_to_Anki")
    parser.add_argument("--folder", type=Path, help="where to work; temporary if left out")
    options = parser.parse_args()
    print("|", " | ".join(HEAD), "|")
    print("|", " | ".join("---" if n in ("vault", "what", "floor") else "--:" for n in HEAD), "|")
    for shape in options.shape:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            for row in rows(Path(folder), shape, options.notes, options.rounds, options.peer):
                print("|", " | ".join(row), "|", flush=True)
    print(
        f"\n{date.today()}, {options.notes:,} notes a vault, Python {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} processors with a load of {os.getloadavg()[2]:.1f}, "
        f"medians of {options.rounds} rounds"
    )


def rows(
    folder: Path, shape: str, notes: int, rounds: int, checkout: Path | None
) -> Iterator[Sequence[str]]:
    """Yield the table's rows for a vault of a shape, made in `folder`; floors have none of their own.

    Raises RuntimeError if a program fails, or if the peer takes other cards than vaultdeck.
    """
    programs, cards = prepare(folder, shape, notes)
    if checkout is not None:
        peer_run = peer.Peer(checkout, folder / "vault", folder, by_regexps=shape == "regexps")
        programs.insert(0, Program(PEER, peer_run.command, prepare=peer_run.forget))
    measured: dict[str, list[Usage]] = {program.name: [] for program in programs}
    with peer.anki(folder / "vault") if checkout is not None else nullcontext():
        for number in range(rounds):
            for program in programs:
                if program.prepare:
                    program.prepare(number)
                measured[program.name].append(measure(program.command, folder))
                if program.name == PEER and (given := peer.count_given()) != cards:
                    raise RuntimeError(f"{shape}: the peer takes {given} cards of {cards}")
    floors = {program.floor for program in programs}
    for program in programs:
        if program.name not in floors:
            mine = measured[program.name]
            stock = measured[STOCK] if program.is_cold else []
            beside = measured.get(PEER, []) if program.is_cold else []
            yield (
                shape,
                f"{cards:,}",
                program.name,
                f"{median(usage.cpu for usage in mine):.2f}",
                f"{median(usage.wall for usage in mine):.2f}",
                f"{median(usage.memory for usage in mine):.0f}",
                program.floor,
                _ratio(mine, measured.get(program.floor, []), "cpu"),
                _ratio(mine, stock, "cpu"),
                _ratio(mine, beside, "cpu"),
                _ratio(mine, beside, "wall"),
            )


def _ratio(mine: Sequence[Usage], others: Sequence[Usage], what: str) -> str:
    if not others:
        return ""
    pairs = zip(mine, others, strict=True)
    return f"{median(getattr(a, what) / getattr(b, what) for a, b in pairs):.2f}"


def prepare(folder: Path, shape: str, notes: int) -> tuple[list[Program], int]:
    """Make a vault and build it once; return what to measure, and how many cards there are."""
    vault, package = folder / "vault", folder / "first.apkg"
    made = run([*PYTHON, "tools.bench.shapes", shape, str(notes), str(vault)], folder)
    edits = json.loads(made)
    rows, fields = str(folder / "rows"), str(folder / "fields.json")
    build = [*VAULTDECK, "build", str(vault), "-o"]
    warm = [*build, str(package), "--cache-dir", str(folder / "cache")]
    # A package of its own: writing over the warm one would be a change.
    cold = [*build, str(folder / "cold.apkg"), "--no-cache"]
    # The first build makes the lock, which the second one meets for the first time.
    for _ in range(2):
        measure(warm, folder)
    run([*PYTHON, "tools.bench.floor", "rows", str(package), rows], folder)
    cards = int(run([*PYTHON, "tools.bench.fields", "fields", str(vault), fields], folder))
    floor = (*PYTHON, "tools.bench.floor")

    def edit_card(number: int) -> None:
        insert(vault / edits["card"], edits["after"], number)

    def edit_section(number: int) -> None:
        section = vault / edits["section"]
        text = section.read_text(encoding="utf-8")
        heading = text[text.index("\n## ") :].splitlines()[1]
        insert(section, f"{heading}\n\n", number)

    programs = [
        Program("walk", [*floor, "walk", str(vault)]),
        Program("read and write", [*floor, "cold", str(vault), rows]),
        Program("walk and write", [*floor, "warm", str(vault), rows]),
        Program(STOCK, [*PYTHON, "tools.bench.stock", fields]),
        Program("cold, one process", [*cold, "--jobs", "1"], "read and write", is_cold=True),
        Program("cold", cold, "read and write", is_cold=True),
        Program("nothing changed", warm, "walk"),
        Program("a card edited", warm, "walk and write", edit_card),
    ]
    if edits["section"]:
        programs.append(Program("an embedded section edited", warm, "walk and write", edit_section))
    return programs, cards


def insert(file: Path, after: str, number: int) -> None:
    """Write a few words behind the first `after` in a note."""
    before, found, rest = file.read_text(encoding="utf-8").partition(after)
    if not found:
        raise ValueError(f"no '{after}' in {file}")
    file.write_text(f"{before}{found} Edit {number}. {rest}", encoding="utf-8")


if __name__ == "__main__":
    main()
