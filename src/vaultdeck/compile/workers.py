"""Processes that compile note files; imported where they pay, as they take a while to import."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

from vaultdeck.compile.lookup import Asked
from vaultdeck.compile.note_file import CompiledFile, Compiler
from vaultdeck.model import Config
from vaultdeck.vault.names import Vault

Traced = tuple[CompiledFile, Asked]
# How many files a process is given at once: enough to make the way worth while, few enough to share
# the work evenly and to end soon after Ctrl-C.
CHUNK = 24


def compile_chunks(
    vault: Vault, config: Config, paths: Sequence[str], jobs: int
) -> Iterator[list[Traced]]:
    """Yield the results of `jobs` processes, chunk by chunk.

    Raises BrokenProcessPool if a process dies, OSError if none can start.
    """
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    # A mapping that is only a view cannot be sent to another process.
    config = replace(config, note_types=dict(config.note_types))
    executor = ProcessPoolExecutor(
        jobs,
        multiprocessing.get_context(_start_method()),
        _start_worker,
        (vault.root, list(vault.walked.files), sorted(vault.aliases), config),
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


_compiler: Compiler | None = None


def _start_worker(root: Path, files: list[str], aliases: list[str], config: Config) -> None:
    """Make this process ready: Ctrl-C is for the one that waits for it, with which it ends."""
    global _compiler
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _compiler = Compiler(Vault(root, files, aliases), config)


def _end_with(parent: BaseProcess) -> None:
    """End with the process that works are for, however that ends."""
    parent.join()
    os._exit(1)


def _compile_chunk(paths: Sequence[str]) -> list[Traced]:
    assert _compiler is not None
    return [_compiler.trace_file(path) for path in paths]
