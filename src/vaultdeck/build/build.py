"""The pipeline: a vault's folder in, a package out.

    scan → compile each note file → IDs into the notes → link with the lock → lock → package

Files are written in this order, each in one step, so that whenever the process is killed the next
build gives the same identities: an ID stands in the note before anything else knows of it, and the
lock knows a time before Anki can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from vaultdeck.anki.adopt import Adoption, adopt
from vaultdeck.anki.collection import CollectionError, read_collection
from vaultdeck.anki.lock import NAME, Entry, Lock
from vaultdeck.anki.lockfile import write_lock
from vaultdeck.anki.package import write_package
from vaultdeck.anki.removed import bury, unburied
from vaultdeck.anki.stamp import (
    Linked,
    find_duplicate_fronts,
    find_outdated,
    keep_known,
    link,
    removed_ids,
)
from vaultdeck.build.ids import give_ids
from vaultdeck.build.options import Build, Compiled, Options
from vaultdeck.build.replay import Evidence
from vaultdeck.build.session import Session, open_vault
from vaultdeck.compile.cache.files import PASSING_IN_A_FILE, FileCache
from vaultdeck.compile.note_file import CompiledFile, Compiler
from vaultdeck.compile.pool import compile_paths
from vaultdeck.compile.trace import Asked
from vaultdeck.diagnostics import Diagnostic, weigh
from vaultdeck.model import Config, Location, Note
from vaultdeck.settings.chosen import choose_problems
from vaultdeck.vault.observed import hash_file
from vaultdeck.vault.write import exclusive

NO_LOCK = Diagnostic(
    "lock-outdated",
    Location(NAME),
    f"this vault has no {NAME}, from which a locked build takes all times",
    "run `vaultdeck build` and commit the note files and vaultdeck.lock",
)
NO_CARDS = Diagnostic(
    "no-cards",
    Location("."),
    "no card was built from this vault",
    "a card is a block between the lines START and END; `vaultdeck init` tells of other syntaxes in use",
)
# What the next build may see otherwise, though nothing has changed.
PASSING = (
    *PASSING_IN_A_FILE,
    "not-written",
    "duplicate-id",
    "note-type-changed",
    "unreadable-file",
)
Progress = Callable[[Iterable[str]], Iterable[str]]

__all__ = [
    "Build",
    "Compiled",
    "Options",
    "adopt_notes",
    "build",
    "compile_vault",
    "repeated",
    "unusable",
    "update_lock",
]


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


def build(root: Path, now: int, options: Options, progress: Progress = iter) -> Build:
    """Build the vault in folder `root`: IDs, lock and package.

    `now` is in seconds. Raises OSError if the folder cannot be read, LockError and ConfigError if the
    lock or the settings cannot be used. Builds of one vault at the same time wait for each other.
    """
    with exclusive(root) if options.writes_vault else nullcontext():
        session = open_vault(root, options.deck)
        compiled = compile_vault(session, progress, cache=options.cache, jobs=options.jobs)
        if options.is_strict and options.writes_vault:
            # Any problem means that nothing is written, not even an ID.
            trial = _build(session, compiled, now, replace(options, is_dry_run=True))
            if trial.is_refused:
                return trial
        return _build(session, compiled, now, options)


def _build(session: Session, compiled: Compiled, now: int, options: Options) -> Build:
    lock = session.lock
    # Writing the IDs comes first: they stand in the notes before anything else knows of them.
    files, missing, problems = give_ids(
        compiled.vault, compiled.files, lock, now, writes_notes=options.writes_vault
    )
    given = replace(compiled, files=files)
    notes, found = keep_known(given.notes, lock)
    problems += [*found, *find_duplicate_fronts(notes)]
    output = options.output or Path(f"{compiled.config.vault_name}.apkg")
    gone = removed_ids(notes, given.present, lock)
    removed = gone if compiled.is_whole else []
    linked = _link(session, compiled, notes, removed, output, now, options)
    result = Build(compiled.config, output, linked, list(session.notices))
    if not options.writes_vault:
        had = {note.id for file in compiled.files for note in file.notes}
        result.provisional = frozenset(n.id for n in notes if n.id is not None and n.id not in had)
    result.unsure = [] if compiled.is_whole else gone
    final = linked.lock
    if options.with_tombstones:
        final, tombstones, result.unburied = bury(linked.lock, compiled.config.note_types, now)
        linked.notes += tombstones
        result.buried = [final.entries[tombstone.id] for tombstone in tombstones]
    if options.is_locked:
        problems += missing or ([NO_LOCK] if session.is_first else find_outdated(linked, lock))
    problems += missing if options.is_check else []
    problems += [] if linked.notes else [NO_CARDS]
    problems = [*compiled.problems, *problems]
    told = choose_problems([*problems, *linked.problems], options.chosen)
    result.diagnostics = weigh(told, compiled.config.severities)
    result.is_refused = (
        bool(result.diagnostics)
        if options.is_strict
        else options.is_locked and (result.has_errors or bool(missing))
    )
    evidence = _evidence(session, compiled, options, problems)
    if options.is_check:
        result.evidence = evidence
    if options.is_dry_run or options.is_check or not linked.notes or result.is_refused:
        return result
    try:
        if options.writes_vault:
            written = write_lock(session.root, linked.lock)
            # The next build begins with this lock.
            is_same = final is linked.lock and final.types == lock.types and not missing
            inputs = [i for i in session.inputs if i[1] != NAME]
            inputs.append(("file", NAME, hash_file(written)))
            evidence = evidence._replace(inputs=inputs) if evidence and is_same else None
        if not options.is_lock_only:
            write_package(output, linked.notes, compiled.vault.open)
            result.evidence = evidence
        if final is not linked.lock:
            write_lock(session.root, final)
        result.is_written = not options.is_lock_only
    except OSError as error:
        result.failure = error
    return result


def _link(
    session: Session,
    compiled: Compiled,
    notes: Sequence[Note],
    removed: Sequence[int],
    output: Path,
    now: int,
    options: Options,
) -> Linked:
    """Link the notes with the lock; removed ones keep the fields that they had in `output`."""
    lock = session.lock
    last = {} if options.is_locked else _last_fields(output, [*removed, *_without_fields(lock)])
    linked = link(
        notes,
        lock,
        now,
        is_resync=options.is_resync,
        removed={number: last.get(number, ()) for number in removed},
    )
    entries = {n: _with_fields(entry, last) for n, entry in linked.lock.entries.items()}
    undecided = lock.undecided
    if session.is_first:
        had_ids = sum(note.id is not None for file in compiled.files for note in file.notes)
        undecided = had_ids if options.had_ids is None else options.had_ids
    linked.lock = replace(
        linked.lock,
        entries=entries,
        vault_name=compiled.config.vault_name,
        undecided=undecided,
    )
    return linked


def unusable(root: Path, problems: Sequence[Diagnostic]) -> Build:
    """Return the outcome where the settings or the lock cannot be used: only that is known."""
    name = root.resolve().name
    diagnostics = weigh(problems, {})
    return Build(Config(name, name), Path(), Linked(Lock()), diagnostics=diagnostics)


def _evidence(
    session: Session, compiled: Compiled, options: Options, problems: Sequence[Diagnostic]
) -> Evidence | None:
    """Return what a build has seen, from which the next one follows, if it does."""
    is_passing = any(problem.code in PASSING for problem in problems)
    if compiled.racy is None or is_passing or options.is_resync or options.with_tombstones:
        return None
    return Evidence(session.vault.walked, session.inputs, compiled.racy)


def repeated(build: Build) -> Build:
    """Return what the next build would say if nothing changed until then.

    The lock knows by then what is new in this one.
    """
    kept = [change for change in build.linked.changes if change.status != "removed"]
    changes = [
        replace(change, status="unchanged", moved_from="")
        if change.status != "unchanged" or change.moved_from
        else change
        for change in kept
    ]
    problems = [problem for problem in build.diagnostics if problem.code != "cloze-removed"]
    return replace(build, linked=replace(build.linked, changes=changes), diagnostics=problems)


def update_lock(root: Path, now: int, had_ids: int) -> bool:
    """Bring the lock up to date with the notes, as a build would; tell whether it changed.

    `had_ids` is how many cards had an ID before this run wrote any.

    Raises as `build` does, and OSError if the lock cannot be written.
    """
    path = root / NAME
    before = path.read_bytes() if path.is_file() else b""
    result = build(root, now, Options(is_lock_only=True, had_ids=had_ids))
    if result.failure is not None:
        raise result.failure
    return path.is_file() and path.read_bytes() != before


def adopt_notes(
    root: Path,
    file: Path | None,
    progress: Progress = iter,
    *,
    cache: Path | None = None,
    jobs: int = 1,
) -> Adoption:
    """Record in the lock what the collection in `file` knows of the vault's notes; None: nothing.

    `cache`, `jobs` and `progress` are as in `compile_vault`. Raises OSError, LockError, ConfigError and
    CollectionError, this also if `file` knows none of the notes; the lock is then as it was.
    """
    with exclusive(root):
        session = open_vault(root)
        lock = session.lock
        if file is None:
            adoption = Adoption(replace(lock, is_adopted=True, undecided=0), (), ())
        else:
            compiled = compile_vault(session, progress, cache=cache, jobs=jobs)
            notes, _ = keep_known(compiled.notes, lock)
            present = compiled.present
            adoption = adopt(notes, present, read_collection(file, present), lock)
            if not adoption.matched:
                raise CollectionError(
                    f"'{file}' holds none of the {len(present)} IDs of this vault, so nothing was "
                    "recorded: is it of the right profile? (if no card is in Anki yet, use --none)"
                )
        write_lock(root, adoption.lock)
    return adoption


def _without_fields(lock: Lock) -> list[int]:
    return [entry.id for entry in unburied(lock) if not entry.last]


def _with_fields(entry: Entry, last: dict[int, tuple[str, ...]]) -> Entry:
    """Return a removed note's entry with its last fields, if they have been found by now."""
    if not entry.is_removed or entry.is_buried or entry.last or not last.get(entry.id):
        return entry
    return replace(entry, last=last[entry.id])


def _last_fields(package: Path, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the fields that notes had in the package that is about to be replaced."""
    if numbers and package.is_file():
        with suppress(CollectionError):
            found = read_collection(package, numbers).notes
            return {number: note.fields for number, note in found.items()}
    return {}
