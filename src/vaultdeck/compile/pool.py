"""Compile many note files, in several processes where that pays.

The results come in the order of the paths and are those of one process: a file compiles alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress

from vaultdeck.compile.lookup import Asked
from vaultdeck.compile.note_file import CompiledFile, Compiler
from vaultdeck.model import Config
from vaultdeck.vault.names import Vault

# With fewer files the processes take longer to start than they save.
MIN_FILES = 400
# No process is started for fewer, whatever was asked for.
FEW = 24
# Each process holds what it has parsed of the notes that are embedded.
MAX_JOBS = 8


def compile_paths(
    vault: Vault, config: Config, compiler: Compiler, paths: Sequence[str], jobs: int
) -> Iterator[tuple[CompiledFile, Asked]]:
    """Yield each note file compiled, with what it asked, in the order of `paths`.

    `jobs` is how many processes work, 0 for as many as pay. If one dies, this process does the rest.
    """
    jobs = min(jobs or jobs_that_pay(len(paths)), len(paths) // FEW + 1)
    done = 0
    if jobs > 1:
        from concurrent.futures.process import BrokenProcessPool

        from vaultdeck.compile.workers import compile_chunks

        with suppress(BrokenProcessPool, OSError):
            for results in compile_chunks(vault, config, paths, jobs):
                yield from results
                done += len(results)
    for path in paths[done:]:
        yield compiler.trace_file(path)


def jobs_that_pay(files: int) -> int:
    """Return how many processes to use for a number of files."""
    if files < MIN_FILES:
        return 1
    if sys.platform == "linux":
        processors = len(os.sched_getaffinity(0))
    else:
        processors = os.cpu_count() or 1
    return min(processors, MAX_JOBS)
