"""Compile many note files, in several processes where that pays.

The results come in the order of the paths and are the same as from one process: a file compiles alone.
What starts processes is imported where it is needed, as that takes a while.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vaultdeck.compile.asked import Asked
from vaultdeck.compile.note_file import CompiledFile, Compiler
from vaultdeck.model.config import Config
from vaultdeck.vault.folder import FolderWalk
from vaultdeck.vault.names import Vault

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.process import BaseProcess

Traced = tuple[CompiledFile, Asked]
# With fewer files the processes take longer to start than they save.
MIN_FILES = 400
# How many files a process is given at once: enough to make the way worth while, few enough to share
# the work evenly and to end soon after Ctrl-C. No process is started for fewer, whatever was asked for.
CHUNK = 24
# Each process holds what it has parsed of the notes that are embedded.
MAX_JOBS = 8


def compile_paths(
    vault: Vault, config: Config, compiler: Compiler, paths: Sequence[str], jobs: int
) -> Iterator[Traced]:
    """Yield each note file compiled, with what it asked, in the order of `paths`.

    `jobs` is how many processes work, 0 for as many as pay. If one dies, this process does the rest.
    """
    jobs = min(jobs or jobs_that_pay(len(paths)), len(paths) // CHUNK + 1)
    done = 0
    if jobs > 1:
        from concurrent.futures.process import BrokenProcessPool

        with suppress(BrokenProcessPool, OSError):
            for results in _compile_chunks(vault, config, compiler, paths, jobs):
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


def _compile_chunks(
    vault: Vault, config: Config, compiler: Compiler, paths: Sequence[str], jobs: int
) -> Iterator[list[Traced]]:
    """Yield the results of `jobs` processes, chunk by chunk.

    Raises BrokenProcessPool if a process dies, OSError if none can start.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    # A mapping that is only a view cannot be sent to another process.
    config = replace(config, note_types=dict(config.note_types))
    executor = ProcessPoolExecutor(
        jobs,
        multiprocessing.get_context(_start_method()),
        _start_worker,
        (type(compiler), vault.root, vault.walked, config),
    )
    waiting: deque[Future[list[Traced]]] = deque()
    todo = iter(chunks)
    try:
        # A few chunks ahead: results that wait to be taken cost memory.
        for chunk in todo:
            waiting.append(executor.submit(_compile_chunk, chunk))
            if len(waiting) >= 4 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _start_method() -> str:
    """Return how to start a process.

    A fork is at work at once; it is safe only where no thread could hold a lock meanwhile.
    """
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


# What a worker process keeps from its start to its chunks: an executor has no other place for it.
_compiler: Compiler | None = None


def _start_worker(kind: type[Compiler], root: Path, walked: FolderWalk, config: Config) -> None:
    """Make a worker process ready; Ctrl-C goes to the process that started it, with which it ends."""
    import multiprocessing

    global _compiler
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _compiler = kind(Vault(root, walked), config)


def _end_with(parent: BaseProcess) -> None:
    """End this process when the one that started it ends, even if that is killed."""
    parent.join()
    os._exit(1)


def _compile_chunk(paths: Sequence[str]) -> list[Traced]:
    assert _compiler is not None
    return [_compiler.trace_file(path) for path in paths]
