"""Rebuild when the vault changes: what is watched, what is not, and one line for each rebuild.

An event only says that something happened; whether to rebuild is decided by comparing the vault's
files with what they were when the last rebuild began. So a save during a rebuild is never lost, and a
rebuild that writes into the vault (IDs into note files) is followed by one more, which finds nothing
to write and goes without a line, and no other.
"""

from __future__ import annotations

import fnmatch
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from watchfiles import Change
from watchfiles import watch as watch_files

from vaultdeck.model.diagnostics import counted
from vaultdeck.model.value import value
from vaultdeck.vault.folder import LOCK_NAME, OBSIDIAN_FOLDER, walk
from vaultdeck.vault.inside import Stat

# Editors save in steps; wait until nothing has changed for the first, but not longer than the second.
QUIET_MS = 150
LONGEST_MS = 1600
# How often a vault that is gone (an unplugged disk, a renamed folder) is looked for.
RETRY_SECONDS = 1.0
# Of the folders with a dot only Obsidian's own is read, for its settings, and of it not what changes
# with every click.
UNREAD_SETTINGS = ("workspace*.json", "graph.json", "*cache*")
# The state of each file, by path.
Snapshot = dict[str, Stat]


@value(frozen=True, slots=True)
class Outcome:
    """What a rebuild reports: `changed` are the notes that differ from the rebuild before."""

    notes: int
    changed: int
    errors: int = 0
    warnings: int = 0


@value(frozen=True, slots=True)
class Watched:
    """Which paths below `root` count; `outputs` are files and folders that rebuilds write."""

    root: Path
    outputs: tuple[Path, ...] = ()

    def counts(self, path: str) -> bool:
        """Tell whether a file or folder is part of what a build reads."""
        file = Path(path)
        try:
            parts = file.relative_to(self.root).parts
        except ValueError:
            return False
        if parts == (LOCK_NAME,) or any(file.is_relative_to(output) for output in self.outputs):
            return False
        if parts[:1] == (OBSIDIAN_FOLDER,):
            unread = any(fnmatch.fnmatch(parts[-1], pattern) for pattern in UNREAD_SETTINGS)
            return not unread and not any(part.startswith(".") for part in parts[1:])
        return not any(part.startswith(".") for part in parts)

    def snapshot(self) -> Snapshot:
        """Return the state of all files that count; what cannot be read is left out."""
        found: Snapshot = {}
        for folder in (self.root, self.root / OBSIDIAN_FOLDER):
            with suppress(OSError):
                stats = walk(os.fspath(folder)).stats.items()
                found.update((f"{folder}{os.sep}{path}", state) for path, state in stats)
        return {path: state for path, state in found.items() if self.counts(path)}


def watch(
    root: Path,
    rebuild: Callable[[], Outcome],
    *,
    outputs: Collection[Path] = (),
    say: Callable[[str], None] = print,
    stop: threading.Event | None = None,
) -> None:
    """Rebuild now and whenever the vault in folder `root` changes, until Ctrl-C or `stop`.

    `outputs` are the files and folders that `rebuild` writes. `say` is given one line for each rebuild; one
    that fails is a line as well, and the next change tries again.
    """
    root = root.resolve()
    stop = stop or threading.Event()
    watched = Watched(root, tuple(output.resolve() for output in outputs))
    last: _Rebuilt | None = None
    try:
        while not stop.is_set():
            for _ in _events(watched, stop):
                now = watched.snapshot()
                if not stop.is_set() and (last is None or now != last.files):
                    rebuilt = _rebuild(rebuild, now)
                    if last is None or not rebuilt.echoes(last):
                        say(rebuilt.line)
                    last = rebuilt
            if not stop.is_set() and last is not None and not root.is_dir():
                last = None
                say(f"{time.strftime('%H:%M:%S')} the vault '{root}' is gone: waiting for it")
            if not root.is_dir():
                stop.wait(RETRY_SECONDS)
    except KeyboardInterrupt:
        # Ctrl-C is how watching ends.
        return


def _events(watched: Watched, stop: threading.Event) -> Iterator[None]:
    """Yield whenever something may have changed; end when the vault's folder is not that one any more."""
    folder = _number_of(watched.root)
    if folder is None:
        return
    yield
    # Where the system watches no more files, or none of this kind of disk, they are looked at in turn.
    for is_polling in (None, True):
        is_first = True
        try:
            for change in _changes(watched, stop, is_polling):
                if _number_of(watched.root) != folder:
                    return
                # What was saved before the watcher stood has no event.
                if change or is_first:
                    yield
                is_first = False
            return
        except (OSError, RuntimeError):
            if _number_of(watched.root) != folder:
                return
            if is_polling:
                raise


def _changes(
    watched: Watched, stop: threading.Event, is_polling: bool | None
) -> Iterator[set[tuple[Change, str]]]:
    """Yield changes as they come, and an empty set each second without any."""
    return watch_files(
        watched.root,
        watch_filter=lambda _, path: watched.counts(path),
        debounce=LONGEST_MS,
        step=QUIET_MS,
        stop_event=stop,
        rust_timeout=int(RETRY_SECONDS * 1000),
        yield_on_timeout=True,
        force_polling=is_polling,
        poll_delay_ms=int(RETRY_SECONDS * 1000),
        ignore_permission_denied=True,
    )


def _number_of(folder: Path) -> int | None:
    """Return what tells a folder from another one of the same name."""
    try:
        return folder.stat().st_ino if folder.is_dir() else None
    except OSError:
        return None


@value(frozen=True, slots=True)
class _Rebuilt:
    """A rebuild: the vault's files when it began, when it ended, its outcome (none: it failed)."""

    files: Snapshot
    ended_ns: int
    outcome: Outcome | None
    line: str

    def echoes(self, last: _Rebuilt) -> bool:
        """Tell whether this one was only started by what the last one wrote, and found nothing new."""
        if self.outcome is None or last.outcome is None:
            return False
        news = {path: state for path, state in self.files.items() if last.files.get(path) != state}
        was_then = all(state[1] <= last.ended_ns for state in news.values())
        is_same = self.outcome == replace(last.outcome, changed=0)
        return is_same and was_then and self.files.keys() == last.files.keys()


def _rebuild(rebuild: Callable[[], Outcome], files: Snapshot) -> _Rebuilt:
    clock, start = time.strftime("%H:%M:%S"), time.monotonic()
    try:
        outcome = rebuild()
    except Exception as error:
        # Whatever went wrong with this state of the vault, the next one may be good.
        reason = " ".join(str(error).split()) or type(error).__name__
        return _Rebuilt(files, time.time_ns(), None, f"{clock} not rebuilt: {reason}")
    figures = [counted(outcome.notes, "note"), f"{outcome.changed} changed"]
    figures.append(counted(outcome.errors, "error"))
    if outcome.warnings:
        figures.append(counted(outcome.warnings, "warning"))
    line = f"{clock} {', '.join(figures)} ({time.monotonic() - start:.1f} s)"
    return _Rebuilt(files, time.time_ns(), outcome, line)
