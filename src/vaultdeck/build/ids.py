"""New IDs: given to the notes of a build, and written into the note files."""

from __future__ import annotations

import functools
import itertools
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from vaultdeck.anki.identity import mint_ids
from vaultdeck.anki.lock import Lock
from vaultdeck.build.check_across import find_copies
from vaultdeck.build.compiled import Compiled
from vaultdeck.cards.ids import id_of_file
from vaultdeck.cards.properties import read_properties
from vaultdeck.compile.note_file import CompiledFile
from vaultdeck.model import CardBlock, Edit, Location, Rewritten, SourceFile
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.model.value import value
from vaultdeck.vault.names import Vault
from vaultdeck.vault.note_edits import id_edit, write_edits
from vaultdeck.vault.progress import WRITING_IDS, Progress


def missing_id(location: Location) -> Diagnostic:
    """Return the diagnostic of a card that has no ID in its note file."""
    hint = "run `vaultdeck build` or `vaultdeck ids`, which write one"
    return Diagnostic("missing-id", location, "this card has no ID yet", hint)


@value(frozen=True, slots=True)
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


def give_ids(compiled: Compiled, lock: Lock, now: int, *, is_random: bool) -> GivenIds:
    """Give every note without an ID one; nothing is written. `now` is in seconds.

    IDs that are to be written are random, so that two clones of a vault give different ones; but the only
    card of a file gets the one that Yanki left in its properties. In a copy of a note file cards without
    an ID are left out: they would be in Anki beside the original's.
    """
    files, keep = compiled.files, compiled.store.put
    taken = set(lock.entries).union(*(file.ids for file in files))
    left = left_ids(files)
    fresh_ids = mint_ids(taken, now, secrets.randbelow if is_random else lambda _: 0)
    given = GivenIds([], [], [])
    cards = ((note.id, note.location) for file in files for note in file.notes)
    copies = find_copies(cards) if any(file.source for file in files) else {}
    for file in files:
        if file.source is None:
            given.files.append(file)
            continue
        if file.source.path in copies:
            named = tuple(note for note in file.notes if note.id is not None)
            given.files.append(replace(file, notes=keep(named), source=None, unnamed=()))
            continue
        numbers = left.get(file.source.path) or [*itertools.islice(fresh_ids, len(file.unnamed))]
        given.fresh.append((file.source, list(zip(file.unnamed, numbers, strict=True))))
        given.missing.extend(missing_id(note.location) for note in file.notes if note.id is None)
        fresh = iter(numbers)
        notes = tuple(n if n.id is not None else replace(n, id=next(fresh)) for n in file.notes)
        given.files.append(replace(file, notes=keep(notes), source=None, unnamed=()))
    return given


def left_ids(files: Sequence[CompiledFile]) -> dict[str, list[int]]:
    """Return, by path, the IDs that Yanki left of files that hold one card, which has no ID yet.

    An ID that a card has already, or that two files name, does not count.
    """
    found = {}
    for file in files:
        if file.source is not None and len(file.unnamed) == len(file.notes) == 1:
            number = id_of_file(read_properties(file.source)[0])
            if number is not None:
                found[file.source.path] = number
    if not found:
        return {}
    built = {note.id for file in files for note in file.notes}
    counts = Counter(found.values())
    return {p: [n] for p, n in found.items() if n not in built and counts[n] == 1}


def write_given(
    vault: Vault, given: GivenIds, progress: Progress
) -> tuple[GivenIds, list[Diagnostic], Callable[[Location], Location]]:
    """Write the IDs that were given into the note files.

    Notes whose file cannot be written are left out of what is returned; `not-written` says why. The third
    value tells where a place stands now.
    """
    problems: list[Diagnostic] = []
    lost: set[int] = set()
    written: dict[str, tuple[SourceFile, list[Edit]]] = {}
    paths = progress.over([source.path for source, _ in given.fresh], WRITING_IDS)
    for path, (source, pairs) in zip(paths, given.fresh, strict=True):
        edits = [id_edit(block, number) for block, number in pairs]
        problem = write_edits(vault, source, edits, progress)
        if problem is None:
            written[path] = source, edits
        else:
            problems.append(problem)
            lost.update(number for _, number in pairs)
    files = [
        replace(file, notes=tuple(note for note in file.notes if note.id not in lost))
        if lost
        else file
        for file in given.files
    ]

    @functools.cache
    def edited(path: str) -> Rewritten:
        source, edits = written[path]
        return Rewritten(source.text, edits)

    def place(before: Location) -> Location:
        path = before.path
        return written[path][0].moved(before, edited(path)) if path in written else before

    return GivenIds(files, [], given.missing), problems, place
