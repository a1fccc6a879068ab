"""The pipeline: a vault's folder in, a package out.

    scan → compile each note file → IDs into the notes → link with the lock → lock → package

Files are written in this order, each in one step, so that whenever the process is killed the next
build gives the same identities: an ID stands in the note before anything else knows of it, and the
lock knows a time before Anki can.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from vaultdeck.adopt import Adoption, adopt
from vaultdeck.collection import CollectionError, read_collection
from vaultdeck.compiler import CompiledFile, Compiler
from vaultdeck.config import load_config
from vaultdeck.decks import unify_letter_case
from vaultdeck.diagnostics import ERROR, Diagnostic
from vaultdeck.edits import id_edit, write_edits
from vaultdeck.files import replace_bytes
from vaultdeck.identity import drop_duplicates, mint_id
from vaultdeck.link import Linked, bury, find_outdated, link, removed_ids
from vaultdeck.lock import NAME, Lock, LockError, format_lock, parse_lock
from vaultdeck.model import Config, Location, Note
from vaultdeck.package import write_package
from vaultdeck.vault import Vault, read_inside, scan

NO_LOCK = Diagnostic(
    "lock-outdated",
    Location(NAME),
    f"this vault has no {NAME}, from which a locked build takes all times",
    "run `vaultdeck build` and commit the note files and vaultdeck.lock",
)
Progress = Callable[[Iterable[str]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked for.

    `output` is the package to write (None: beside the current folder, named after the vault);
    `is_locked` writes nothing but the package and takes all times from the lock; `is_dry_run` writes
    nothing at all.
    """

    deck: str | None = None
    output: Path | None = None
    is_locked: bool = False
    is_dry_run: bool = False
    is_resync: bool = False
    with_tombstones: bool = False


@dataclass(slots=True)
class Compiled:
    """All notes of a vault, before identity."""

    config: Config
    vault: Vault
    files: list[CompiledFile]
    problems: list[Diagnostic]

    @property
    def notes(self) -> list[Note]:
        """Return the notes in vault order, decks made one that differ only in letter case."""
        return unify_letter_case([note for file in self.files for note in file.notes])

    @property
    def present(self) -> set[int]:
        """Return all IDs that stand anywhere in the vault, built or not."""
        return {number for file in self.files for number in file.ids}

    @property
    def is_whole(self) -> bool:
        """Tell whether every note file could be read: else nobody knows what is gone."""
        return not any(problem.code == "unreadable-file" for problem in self.problems)


@dataclass(slots=True)
class Build:
    """The outcome of a build: what changes in Anki, what is wrong, what was written."""

    config: Config
    output: Path
    linked: Linked
    diagnostics: list[Diagnostic] = field(default_factory=list)
    cards: int = 0
    is_written: bool = False
    unknown_ids: int = 0
    buried: Sequence[int] = ()
    unburied: Sequence[int] = ()
    is_refused: bool = False

    @property
    def has_errors(self) -> bool:
        """Tell whether a card was left out."""
        return any(problem.severity == ERROR for problem in self.diagnostics)


def compile_vault(root: Path, deck: str | None = None, progress: Progress = iter) -> Compiled:
    """Compile every note file of the vault in folder `root`.

    `deck` overrides the default deck; `progress` is passed the paths of the note files and hands them
    on. Raises OSError if the folder itself cannot be read; what else is wrong is a diagnostic.
    """
    config = load_config(root, deck)
    vault, problems = scan(root)
    compiler = Compiler(vault, config)
    files = [compiler.compile_file(path) for path in progress(list(vault.notes))]
    found = [problem for file in files for problem in file.problems]
    return Compiled(config, vault, files, [*problems, *found])


def read_lock(root: Path) -> Lock | None:
    """Return the vault's lock, None if it has none; raises LockError and OSError."""
    data = read_inside(root, NAME)
    if data is None:
        return None
    try:
        return parse_lock(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise LockError(1, "this lock is not UTF-8 text", "restore the file from git") from None


def write_lock(root: Path, lock: Lock) -> None:
    """Write the lock if it says anything new; raises OSError."""
    path = root / NAME
    text = format_lock(lock)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        replace_bytes(path, text.encode())


def build(root: Path, now: int, options: Options, progress: Progress = iter) -> Build:
    """Build the vault in folder `root`: IDs, lock and package.

    `now` is in seconds. Raises OSError if the folder cannot be read or the lock or package cannot be
    written, and LockError if the lock cannot be used.
    """
    found_lock = read_lock(root)
    lock = found_lock or Lock()
    compiled = compile_vault(root, options.deck, progress)
    writes_notes = not (options.is_locked or options.is_dry_run)
    unnamed, problems = give_ids(compiled, lock, now, writes_notes=writes_notes)
    notes, found = drop_duplicates(compiled.notes)
    problems += found
    output = options.output or Path(f"{compiled.config.vault_name}.apkg")
    gone = removed_ids(notes, compiled.present, lock) if compiled.is_whole else []
    removed = _last_fields(None if options.is_locked else output, gone)
    linked = link(notes, lock, now, is_resync=options.is_resync, removed=removed)
    result = Build(compiled.config, output, linked)
    if options.with_tombstones:
        result.buried, result.unburied = bury(linked, compiled.config.note_types, now)
    if options.is_locked:
        problems += unnamed or (find_outdated(linked, lock) if found_lock else [NO_LOCK])
    if not linked.notes:
        message = "no card was built from this vault"
        hint = "a card is a block between the lines START and END"
        problems.append(Diagnostic("no-cards", Location("."), message, hint))
    if not lock.is_adopted:
        fresh = {problem.location for problem in unnamed}
        unknown = [
            c for c in linked.changes if c.id not in lock.entries and c.location not in fresh
        ]
        result.unknown_ids = len(unknown)
    result.diagnostics = sorted(
        [*compiled.problems, *problems, *linked.problems],
        key=lambda problem: (problem.location, problem.code),
    )
    result.is_refused = options.is_locked and (result.has_errors or bool(unnamed))
    if options.is_dry_run or not linked.notes or result.is_refused:
        return result
    if not options.is_locked:
        write_lock(root, linked.lock)
    result.cards = write_package(output, linked.notes, compiled.vault.read_bytes)
    result.is_written = True
    return result


def give_ids(
    compiled: Compiled, lock: Lock, now: int, *, writes_notes: bool
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Give every card without an ID one, and write it into its note file.

    Where `writes_notes` is false the IDs serve this run only. Cards whose file cannot be written are
    left out. Returns `missing-id` for each card that had none, and `not-written`.
    """
    taken = {note.id for file in compiled.files for note in file.notes if note.id is not None}
    taken |= set(lock.entries)
    missing: list[Diagnostic] = []
    failed: list[Diagnostic] = []
    for index, file in enumerate(compiled.files):
        if file.source is None:
            continue
        numbers = []
        for _ in file.unnamed:
            numbers.append(mint_id(taken, now, secrets.randbelow))
            taken.add(numbers[-1])
        missing += [missing_id(note) for note in file.notes if note.id is None]
        edits = [
            id_edit(file.source, block, number)
            for block, number in zip(file.unnamed, numbers, strict=True)
        ]
        problem = write_edits(compiled.vault, file.source, edits) if writes_notes else None
        if problem is not None:
            failed.append(problem)
            notes = [note for note in file.notes if note.id is not None]
        else:
            fresh = iter(numbers)
            notes = [n if n.id is not None else replace(n, id=next(fresh)) for n in file.notes]
        compiled.files[index] = replace(file, notes=tuple(notes), source=None, unnamed=())
    return missing, failed


def missing_id(note: Note) -> Diagnostic:
    """Return the diagnostic of a card that has no ID in its note file."""
    hint = "run `vaultdeck build` or `vaultdeck ids`, which write one"
    return Diagnostic("missing-id", note.location, "this card has no ID yet", hint)


def adopt_notes(root: Path, file: Path | None, progress: Progress = iter) -> Adoption:
    """Record in the lock what the collection in `file` knows of the vault's notes; None: nothing.

    Raises OSError, LockError and CollectionError; the lock is then as it was.
    """
    lock = read_lock(root) or Lock()
    if file is None:
        adoption = Adoption(replace(lock, is_adopted=True), (), ())
    else:
        notes, _ = drop_duplicates(compile_vault(root, None, progress).notes)
        known = [note for note in notes if note.id is not None]
        collection = read_collection(file, [note.id for note in known if note.id is not None])
        adoption = adopt(known, collection, lock)
    write_lock(root, adoption.lock)
    return adoption


def _last_fields(package: Path | None, numbers: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the fields that notes had in the package that is about to be replaced.

    Notes that are not in it, or all if there is none, have no fields.
    """
    fields: dict[int, tuple[str, ...]] = dict.fromkeys(numbers, ())
    if numbers and package is not None and package.is_file():
        with suppress(CollectionError):
            found = read_collection(package, numbers).notes
            fields |= {number: note.fields for number, note in found.items()}
    return fields
