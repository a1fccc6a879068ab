"""New IDs: into the notes of a build, and by themselves (`vaultdeck ids`)."""

from __future__ import annotations

import itertools
import re
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vaultdeck.anki.identity import mint_ids
from vaultdeck.anki.lock import Lock
from vaultdeck.build.check_across import duplicate_ids, find_copies, keep_known
from vaultdeck.build.exclusive import exclusive
from vaultdeck.build.session import open_vault
from vaultdeck.cards import parse_file
from vaultdeck.cards.left_ids import id_of_file
from vaultdeck.cards.properties import read_properties
from vaultdeck.compile.note_file import CompiledFile, Compiler
from vaultdeck.diagnostics import Diagnostic, tell_once
from vaultdeck.model import CardBlock, Edit, Location, ParsedFile, SourceFile, Span
from vaultdeck.progress import READING, UNSEEN, WRITING_IDS, Progress
from vaultdeck.vault.id_edits import id_edit, write_edits
from vaultdeck.vault.names import Vault

ID_DIGITS = re.compile(r"[0-9]+")


def missing_id(location: Location) -> Diagnostic:
    """Return the diagnostic of a card that has no ID in its note file."""
    hint = "run `vaultdeck build` or `vaultdeck ids`, which write one"
    return Diagnostic("missing-id", location, "this card has no ID yet", hint)


@dataclass(frozen=True, slots=True)
class GivenIds:
    """The compiled files with an ID for every note.

    `fresh` holds, for each note file with notes that had none, its text and their blocks with the IDs
    they were given; `missing` is a `missing-id` for each of them.
    """

    files: list[CompiledFile]
    fresh: list[tuple[SourceFile, list[tuple[CardBlock, int]]]]
    missing: list[Diagnostic]

    @property
    def numbers(self) -> frozenset[int]:
        """Return the IDs that no note file holds yet."""
        return frozenset(number for _, pairs in self.fresh for _, number in pairs)


def give_ids(files: Sequence[CompiledFile], lock: Lock, now: int, *, is_random: bool) -> GivenIds:
    """Give every note without an ID one; nothing is written. `now` is in seconds.

    IDs that are to be written are random, so that two clones of a vault give different ones; but the only
    card of a file gets the one that Yanki left in its properties. In a copy of a note file cards without
    an ID are left out: they would be in Anki beside the original's.
    """
    taken = set(lock.entries).union(*(file.ids for file in files))
    left = left_ids(files)
    fresh_ids = mint_ids(taken, now, secrets.randbelow if is_random else lambda _: 0)
    given = GivenIds([], [], [])
    copies = _copies_among(files) if any(file.source for file in files) else {}
    for file in files:
        if file.source is None:
            given.files.append(file)
            continue
        if file.source.path in copies:
            named = tuple(note for note in file.notes if note.id is not None)
            given.files.append(replace(file, notes=named, source=None, unnamed=()))
            continue
        numbers = left.get(file.source.path) or [*itertools.islice(fresh_ids, len(file.unnamed))]
        given.fresh.append((file.source, list(zip(file.unnamed, numbers, strict=True))))
        given.missing.extend(missing_id(note.location) for note in file.notes if note.id is None)
        fresh = iter(numbers)
        notes = tuple(n if n.id is not None else replace(n, id=next(fresh)) for n in file.notes)
        given.files.append(replace(file, notes=notes, source=None, unnamed=()))
    return given


def left_ids(files: Sequence[CompiledFile]) -> dict[str, list[int]]:
    """Return, by path, the IDs that Yanki left of files that hold one card, which has no ID yet.

    One that a card has, or that two files have, is none.
    """
    found = {}
    for file in files:
        if file.source is not None and len(file.unnamed) == len(file.notes) == 1:
            number = id_of_file(read_properties(file.source)[0])
            if number is not None:
                found[file.source.path] = number
    built = {note.id for file in files for note in file.notes}
    counts = Counter(found.values())
    return {p: [n] for p, n in found.items() if n not in built and counts[n] == 1}


def _copies_among(files: Iterable[CompiledFile]) -> dict[str, str]:
    places: dict[int, list[Location]] = {}
    for note in (note for file in files for note in file.notes):
        if note.id is not None:
            places.setdefault(note.id, []).append(note.location)
    return find_copies(places)


def write_given(
    vault: Vault, given: GivenIds, progress: Progress
) -> tuple[GivenIds, list[Diagnostic]]:
    """Write the IDs that were given into the note files.

    Notes whose file cannot be written are left out of what is returned; `not-written` says why.
    """
    problems: list[Diagnostic] = []
    lost: set[int] = set()
    paths = progress.over([source.path for source, _ in given.fresh], WRITING_IDS)
    for path, (source, pairs) in zip(paths, given.fresh, strict=True):
        problem = write_edits(vault, source, [id_edit(block, number) for block, number in pairs])
        if problem is None:
            progress.wrote(path)
        else:
            problems.append(problem)
            lost.update(number for _, number in pairs)
    files = [_without(file, lost) for file in given.files] if lost else given.files
    return GivenIds(files, [], given.missing), problems


def _without(file: CompiledFile, lost: Collection[int]) -> CompiledFile:
    return replace(file, notes=tuple(note for note in file.notes if note.id not in lost))


@dataclass(slots=True)
class NewIds:
    """How many IDs were written into which note file, and what is wrong."""

    written: dict[str, int] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def write_ids(
    root: Path,
    paths: Sequence[Path],
    now: int,
    progress: Progress = UNSEEN,
    *,
    is_check: bool,
    fixes_duplicates: bool,
) -> NewIds:
    """Write an ID into every card without one in the note files among `paths` (all, if none given).

    With `is_check` nothing is written and each such card is a `missing-id`. A card whose ID another
    card has is a `duplicate-id`, or with `fixes_duplicates` gets a new one. `now` is in seconds.
    Raises OSError, LockError and ConfigError.
    """
    with exclusive(root):
        session = open_vault(root)
        lock, vault, config = session.lock, session.vault, session.config
        chosen = set(_select(vault, root, paths))
        result = NewIds()
        files: list[ParsedFile] = []
        for path in progress.over(session.paths, READING):
            source = vault.read_note(path)
            if not isinstance(source, Diagnostic):
                files.append(parse_file(source, config)[0])
            elif path in chosen:
                result.diagnostics.append(source)
        taken = {block.id for file in files for block in file.blocks if block.id} | set(
            lock.entries
        )
        fresh_ids = mint_ids(taken, now, secrets.randbelow)
        compiler = Compiler(vault, config)
        rightful, copies = _rightful(files, lock, compiler)
        wanted = {file.source.path: file for file in files if file.source.path in chosen}
        for path in progress.over([*wanted], WRITING_IDS):
            file = wanted[path]
            edits = []
            duplicates: list[tuple[int, Location, Location]] = []
            unnamed = _unnamed(file, compiler)
            left = left_ids([compiler.compile_file(path)]) if unnamed else {}
            for block in file.blocks:
                location = _place(file, block)
                first = location if block.id is None else rightful.get(block.id, location)
                if block.id is not None and first == location:
                    continue
                is_left_out = file.source.path in copies and not fixes_duplicates
                if block.id is None and (is_left_out or block.span not in unnamed):
                    continue
                if block.id is not None and (is_check or not fixes_duplicates):
                    duplicates.append((block.id, location, first))
                elif is_check:
                    result.diagnostics.append(missing_id(location))
                else:
                    of_file = left.get(path, []) if block.id is None else []
                    number = of_file[0] if of_file else next(fresh_ids)
                    edits.append(_new_id(file, unnamed.get(block.span, block), number))
            result.diagnostics += duplicate_ids(duplicates, copies)
            if edits:
                failure = write_edits(vault, file.source, edits)
                if failure is None:
                    result.written[path] = len(edits)
                    progress.wrote(path)
                else:
                    result.diagnostics.append(failure)
    result.diagnostics = tell_once(result.diagnostics)
    return result


def _unnamed(file: ParsedFile, compiler: Compiler) -> dict[Span, CardBlock]:
    """Return the blocks that a build would give an ID, each with the place for it."""
    if all(block.id is not None for block in file.blocks):
        return {}
    return {block.span: block for block in compiler.compile_file(file.source.path).unnamed}


def _rightful(
    files: Sequence[ParsedFile], lock: Lock, compiler: Compiler
) -> tuple[dict[int, Location], dict[str, str]]:
    """Return where the card stands to which an ID belongs, for each ID that several cards have.

    Second come the note files that are a copy, each with the original.
    """
    places: dict[int, list[Location]] = {}
    for file in files:
        for block in file.blocks:
            if block.id is not None:
                places.setdefault(block.id, []).append(_place(file, block))
    shared = {number: found for number, found in places.items() if len(found) > 1}
    involved = {place.path for found in shared.values() for place in found}
    paths = [file.source.path for file in files if file.source.path in involved]
    notes = [note for path in paths for note in compiler.compile_file(path).notes]
    kept, _ = keep_known(notes, lock)
    copies = find_copies(places)
    rightful = {
        number: min(found, key=lambda place: (place.path in copies, place))
        for number, found in shared.items()
    }
    rightful |= {note.id: note.location for note in kept if note.id is not None}
    return rightful, copies


def _place(file: ParsedFile, block: CardBlock) -> Location:
    return file.source.locate(block.span.start, block.span.end)


def _new_id(file: ParsedFile, block: CardBlock, number: int) -> Edit:
    """Return the edit that gives a block this ID, in the place of the one it has."""
    if block.id_span is None:
        return id_edit(block, number)
    digits = ID_DIGITS.search(file.source.text, block.id_span.start, block.id_span.end)
    assert digits is not None
    return Edit(digits.start(), digits.end(), str(number))


def _select(vault: Vault, root: Path, paths: Collection[Path]) -> Iterator[str]:
    """Yield the note files of the vault that are, or are in, one of the paths; all if none is given."""
    base = root.resolve()
    wanted = [path.resolve() for path in paths]
    for note in vault.notes:
        real = (base / note).resolve()
        if not paths or any(real == path or path in real.parents for path in wanted):
            yield note
