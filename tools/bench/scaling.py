"""Print how long notes of one construct take, in three sizes: whether work grows faster than notes.

    python -m tools.bench scaling [--only REGEXP] [--place card|note|embed|file] [--all] [--limit SECONDS]
                                  [--kb 250]      (the smallest size; less for a quick look)

Each construct (see `constructs`) stands as the content of a card, as the text round one card, and in a
note that a card embeds; those of `foreign.other_files` are a `file` of the vault. Each build is a process
of its own that ends when its CPU time is over. A row is marked `grows` if a doubling of the note takes more
than 2.4 times as long, `slow` if 1 MB takes more than 4 seconds, `fails` if the build does. Without --all
only marked rows are printed.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import itertools
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.bench.constructs import Construct, constructs
from tools.bench.foreign import other_files, raw_html

# The sizes are a little less than said: a card of more than 500,000 characters is left out.
KB = 996
PLACES = ("card", "note", "embed")
FILE = "file"
# The vault in which a file other than a note stands.
TYPE = """\
name: T
fields: {Front: 5579810917580761, Back: 8193510243090591}
templates: {Card: {id: 7815407960292060, file: card}}
"""
VAULT = {
    "a.md": "START\nT\na\nBack: ![[x.svg]]\nEND\n",
    "x.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "vaultdeck.yaml": "note_types: [T]\n",
    "T/notetype.yaml": TYPE,
    "T/card.front.html": "{{Front}}",
    "T/card.back.html": "{{Back}}",
}
MOST_RATIO = 2.4
MOST_SECONDS = 4.0
# Below this a ratio says nothing.
NOISE = 0.25


def main(arguments: Sequence[str]) -> None:
    """Measure and print; the exit code is 1 if a row is marked."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench scaling", description=__doc__)
    parser.add_argument("--only", default="", help="a regular expression: only constructs it finds")
    parser.add_argument("--place", choices=(*PLACES, FILE), action="append", help="only there")
    parser.add_argument("--all", action="store_true", help="print rows that are not marked, too")
    parser.add_argument("--limit", type=int, default=15, help="CPU seconds of one build")
    parser.add_argument("--kb", type=int, default=250, help="the smallest of the three sizes")
    options = parser.parse_args(arguments)
    sizes = [options.kb * times * KB for times in (1, 2, 4)]
    _warm_up(options.limit)
    print("| construct | place |", *(f"{size // KB} kB |" for size in sizes), "ratios | mark |")
    print("| --- | --- | --: | --: | --: | --- | --- |")
    marked = count = 0
    for construct in (*constructs(), *raw_html(), *other_files()):
        for place in (FILE,) if construct.path else PLACES:
            is_chosen = not options.place or place in options.place
            if not is_chosen or not re.search(options.only, construct.name):
                continue
            times = measure(construct, place, sizes, options.limit)
            mark = judge(times)
            marked, count = marked + bool(mark), count + 1
            if mark or options.all:
                print("|", " | ".join(_row(construct, place, times, options.limit, mark)), "|")
                sys.stdout.flush()
    print(f"\n{count} rows, {marked} marked")
    sys.exit(marked > 0)


def measure(construct: Construct, place: str, sizes: Sequence[int], limit: int) -> list[float]:
    """Return the CPU seconds of each size; infinite if out of time, negative if it failed.

    What looks slow is measured twice, as a machine is slow at times.
    """
    times: list[float] = []
    for size in sizes:
        if times and not 0 <= times[-1] < limit:
            times.append(times[-1])
            continue
        seconds = _run(files(construct, place, size), limit)
        if judge([*times, seconds]) and 0 <= seconds < limit:
            seconds = min(seconds, _run(files(construct, place, size), limit))
        times.append(seconds)
    return times


def judge(times: Sequence[float]) -> str:
    """Return what is wrong with the times of a construct."""
    if min(times) < 0:
        return "fails"
    pairs = itertools.pairwise(times)
    if any(after > max(before * MOST_RATIO, NOISE) for before, after in pairs):
        return "grows"
    return "slow" if times[-1] > MOST_SECONDS else ""


def files(construct: Construct, place: str, size: int) -> dict[str, str]:
    """Return the files of a vault in which a construct stands at a place."""
    if construct.path:
        return {**VAULT, construct.path: construct.text(size)}
    back = "{{c1::a}}" if construct.kind == "Cloze" else "a\nBack:"
    card = f"START\n{construct.kind}\n{back} {{}}\nEND\n"
    if place == "card":
        found = {"a.md": card.format("\0").replace("\0", construct.text(size - 100))}
    elif place == "note":
        half = construct.text(size // 2)
        found = {"a.md": f"{half}\n\n{card.format('b')}\n\n{half}\n"}
    else:
        found = {"a.md": card.format("![[big]]"), "big.md": construct.text(size)}
    return {**found, "vaultdeck.yaml": construct.settings} if construct.settings else found


def _row(
    construct: Construct, place: str, times: Sequence[float], limit: int, mark: str
) -> Iterator[str]:
    yield f"`` {construct.name.replace('|', chr(92) + '|')} ``"
    yield place
    for seconds in times:
        yield "fails" if seconds < 0 else f"> {limit}" if seconds > limit else f"{seconds:.2f}"
    yield " ".join(f"{b / max(a, 0.01):.1f}" for a, b in itertools.pairwise(times))
    yield mark


def _warm_up(limit: int) -> None:
    """Import what builds import, as a child begins with what this process has."""
    gc.set_threshold(100_000, 20, 20)
    with _vault({"a.md": "START\nBasic\na\nBack: $a$\n```python\na\n```\nEND\n"}) as folder:
        _build(folder)
    gc.freeze()


def _run(contents: dict[str, str], limit: int) -> float:
    """Build a vault in a child process; return its CPU seconds, infinite if it took too long."""
    with _vault(contents) as folder:
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.close(reader)
            resource.setrlimit(resource.RLIMIT_CPU, (limit + 1, limit + 2))
            start = time.process_time()
            is_built = _build(folder)
            seconds = time.process_time() - start
            # Nobody reads it if the table was interrupted.
            with contextlib.suppress(BrokenPipeError):
                os.write(writer, f"{seconds if is_built else -1}".encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, encoding="ascii") as result:
            said = result.read()
        _, status = os.waitpid(child, 0)
        if said:
            return float(said)
        return float("inf") if os.WIFSIGNALED(status) else -1.0


def _build(folder: Path) -> bool:
    """Build as the command does, its report to nowhere; tell whether it came to an end."""
    from vaultdeck.cli import main as run

    arguments = ["build", str(folder), "-o", str(folder / "cards.apkg"), "--no-cache", "--jobs=1"]
    code: object = 0
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        try:
            run(arguments, standalone_mode=False)
        except SystemExit as error:
            code = error.code
        except Exception:
            code = 70
    # A lock or settings that cannot be used are told by the code 2.
    return code in (0, 1, 2, None)


@contextlib.contextmanager
def _vault(contents: dict[str, str]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in contents.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(text.encode())
        yield folder
