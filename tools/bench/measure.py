"""Run a program and see what it cost, by the operating system's own account of the process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Python with the names of this repository, wherever it runs.
PYTHON = (sys.executable, "-m")
MEGABYTE = 1024 if sys.platform != "darwin" else 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """What one run cost: seconds, and the peak memory in MB of its largest process.

    Processes that the program started and waited for are counted in.
    """

    cpu: float
    wall: float
    memory: float


def run(command: Sequence[str], folder: Path) -> str:
    """Run a command in a folder and return what it prints on stdout; raises if it fails."""
    done = subprocess.run(
        command, cwd=folder, env=_environment(), check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def measure(command: Sequence[str], folder: Path) -> Usage:
    """Run a command in a folder and return what it cost; raises RuntimeError if it fails.

    The memory of a process is at least that of this one, from which it begins: nothing large may be
    imported here.
    """
    output, errors = folder / "stdout.txt", folder / "stderr.txt"
    with output.open("wb") as stdout, errors.open("wb") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(), stdout=stdout, stderr=stderr
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{errors.read_text(errors='replace')}")
    return Usage(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / MEGABYTE)


def _environment() -> dict[str, str]:
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    # What is installed has its bytecode.
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONHASHSEED": "0"}
