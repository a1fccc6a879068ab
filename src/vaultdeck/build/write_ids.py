"""New IDs in the note files, without a build (`vaultdeck ids`)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vaultdeck.anki.identity import mint_ids
from vaultdeck.anki.lock import Lock
from vaultdeck.build.check_across import duplicate_ids, find_copies, keep_known
from vaultdeck.build.exclusive import exclusive
from vaultdeck.build.ids import left_ids, missing_id
from vaultdeck.build.session import open_vault
from vaultdeck.cards import parse_file
from vaultdeck.compile.note_file import Compiler
from vaultdeck.model import CardBlock, Edit, Location, ParsedFile, Span
from vaultdeck.model.diagnostics import Diagnostic, tell_once
from vaultdeck.regexps import regexp
from vaultdeck.settings.select import chooser
from vaultdeck.vault.note_edits import id_edit, write_edits
from vaultdeck.vault.progress import READING, UNSEEN, WRITING_IDS, Progress

ID_DIGITS = regexp(r"[0-9]+")


@dataclass(slots=True)
class NewIds:
    """How many IDs were written into which note file, and what is wrong."""

    written: dict[str, int] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def write_ids(
    root: Path,
    paths: Sequence[str],
    now: int,
    progress: Progress = UNSEEN,
    *,
    is_check: bool,
    fixes_duplicates: bool,
) -> NewIds:
    """Write an ID into every card without one in the files and folders `paths` of the vault (all, if none).

    With `is_check` nothing is written and each such card is a `missing-id`. A card whose ID another
    card has is a `duplicate-id`, or with `fixes_duplicates` gets a new one. `now` is in seconds. Notes
    are parsed, and only those compiled that may need an ID: hooks run this before each commit.
    Raises OSError, LockError and ConfigError.
    """
    with exclusive(root):
        session = open_vault(root)
        vault = session.vault
        chosen = set(filter(chooser(paths), session.paths))
        result = NewIds()
        files: list[ParsedFile] = []
        for path in progress.over(session.paths, READING):
            source = vault.read_note(path)
            if not isinstance(source, Diagnostic):
                files.append(parse_file(source, session.config)[0])
            elif path in chosen:
                result.diagnostics.append(source)
        ids = {block.id for file in files for block in file.blocks if block.id}
        fresh_ids = mint_ids(ids | set(session.lock.entries), now, secrets.randbelow)
        compiler = Compiler(vault, session.config)
        rightful, copies = _rightful(files, session.lock, compiler)
        wanted = {file.source.path: file for file in files if file.source.path in chosen}
        for path in progress.over([*wanted], WRITING_IDS):
            file = wanted[path]
            is_left_out = path in copies and not fixes_duplicates
            unnamed, left = ({}, None) if is_left_out else _unnamed(file, compiler)
            wanting: list[CardBlock] = []
            duplicates: list[tuple[int, Location, Location]] = []
            for block in file.blocks:
                place = file.source.place(block.span)
                if block.id is None:
                    wanting += [unnamed[block.span]] if block.span in unnamed else []
                elif (first := rightful.get(block.id, place)) != place:
                    if is_check or not fixes_duplicates:
                        duplicates.append((block.id, place, first))
                    else:
                        wanting.append(block)
            if is_check:
                result.diagnostics += [
                    missing_id(file.source.place(block.span)) for block in wanting
                ]
            result.diagnostics += duplicate_ids(duplicates, copies)
            if is_check or not wanting:
                continue
            edits = [
                _new_id(file, block, (block.id is None and left) or next(fresh_ids))
                for block in wanting
            ]
            failure = write_edits(vault, file.source, edits, progress)
            if failure is None:
                result.written[path] = len(edits)
            else:
                result.diagnostics.append(failure)
    result.diagnostics = tell_once(result.diagnostics)
    return result


def _unnamed(file: ParsedFile, compiler: Compiler) -> tuple[dict[Span, CardBlock], int | None]:
    """Return the blocks that a build would give an ID, each with the place for it.

    Second comes the ID that another tool left of the only card of the file.
    """
    if all(block.id is not None for block in file.blocks):
        return {}, None
    compiled = compiler.compile_file(file.source.path)
    (left,) = left_ids([compiled]).get(file.source.path, [None])
    return {block.span: block for block in compiled.unnamed}, left


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
                places.setdefault(block.id, []).append(file.source.place(block.span))
    shared = {number: found for number, found in places.items() if len(found) > 1}
    involved = {place.path for found in shared.values() for place in found}
    paths = [file.source.path for file in files if file.source.path in involved]
    notes = [note for path in paths for note in compiler.compile_file(path).notes]
    kept, _ = keep_known(notes, lock)
    copies = find_copies((number, place) for number, found in places.items() for place in found)
    rightful = {
        number: min(found, key=lambda place: (place.path in copies, place))
        for number, found in shared.items()
    }
    rightful |= {note.id: note.location for note in kept if note.id is not None}
    return rightful, copies


def _new_id(file: ParsedFile, block: CardBlock, number: int) -> Edit:
    """Return the edit that gives a block this ID, in the place of the one it has."""
    if block.id_span is None:
        return id_edit(block, number)
    digits = ID_DIGITS.search(file.source.text, block.id_span.start, block.id_span.end)
    assert digits is not None
    return Edit(digits.start(), digits.end(), str(number))
