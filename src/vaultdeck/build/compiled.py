"""Every note file of an open vault compiled: from the cache where that holds, else anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from vaultdeck.build.outcome import Compiled
from vaultdeck.build.session import Session
from vaultdeck.compile.cache.files import FileCache
from vaultdeck.compile.lookup import Asked
from vaultdeck.compile.note_file import CompiledFile, Compiler
from vaultdeck.compile.parallel import compile_paths

Progress = Callable[[Iterable[str]], Iterable[str]]


def compile_vault(
    session: Session, progress: Progress = iter, *, cache: Path | None = None, jobs: int = 1
) -> Compiled:
    """Compile every note file of an open vault that is not in the folder of caches `cache`.

    `progress` is passed the paths of the note files and hands them on; `jobs` is how many processes
    work, 0 for as many as pay.
    """
    compiler = Compiler(session.vault, session.config)
    kept = FileCache(cache, session.vault, session.config) if cache else None
    done = kept.recall(session.paths, compiler.ask_media) if kept else {}
    stale = [path for path in session.paths if path not in done]
    traced: dict[str, tuple[CompiledFile, Asked]] = {}
    results = compile_paths(session.vault, session.config, compiler, stale, jobs)
    for path, (file, asked) in zip(progress(stale), results, strict=True):
        done[path] = file
        if kept:
            traced[path] = file, asked
    if kept:
        kept.keep(traced)
    files = [done[path] for path in session.paths]
    found = [problem for file in files for problem in file.problems]
    problems = [*session.problems, *found]
    return Compiled(session.config, session.vault, files, problems, kept.racy() if kept else None)
