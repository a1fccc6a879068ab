"""`vaultdeck ids`: IDs into note files, without building anything."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vaultdeck.config import load_config
from vaultdeck.diagnostics import Diagnostic
from vaultdeck.edits import id_edit, write_edits
from vaultdeck.engine import read_lock
from vaultdeck.identity import mint_id
from vaultdeck.lock import Lock
from vaultdeck.model import CardBlock, Edit, ParsedFile
from vaultdeck.parse import parse_file
from vaultdeck.vault import Vault, scan


@dataclass(slots=True)
class NewIds:
    """How many IDs were written into which note file, and what is wrong."""

    written: dict[str, int] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def write_ids(
    root: Path, paths: Sequence[Path], now: int, *, is_check: bool, fixes_duplicates: bool
) -> NewIds:
    """Write an ID into every card without one in the note files among `paths` (all, if none given).

    With `is_check` nothing is written and each such card is a `missing-id`. A card whose ID an earlier
    card has is a `duplicate-id`, or with `fixes_duplicates` gets a new one. `now` is in seconds.
    Raises OSError and LockError.
    """
    lock = read_lock(root) or Lock()
    vault, _ = scan(root)
    config = load_config(root)
    files = []
    for path in vault.notes:
        source = vault.read_note(path)
        if not isinstance(source, Diagnostic):
            files.append(parse_file(source, config.markers, config.note_types)[0])
    chosen = set(_select(vault, root, paths))
    taken = {block.id for file in files for block in file.blocks if block.id} | set(lock.entries)
    seen: dict[int, str] = {}
    result = NewIds()
    for file in files:
        edits = []
        for block in file.blocks:
            problem = _problem(file, block, seen)
            if problem is None or file.source.path not in chosen:
                continue
            if is_check or (problem.code == "duplicate-id" and not fixes_duplicates):
                result.diagnostics.append(problem)
                continue
            number = mint_id(taken, now, secrets.randbelow)
            taken.add(number)
            edits.append(_new_id(file, block, number))
        if edits:
            failure = write_edits(vault, file.source, edits)
            if failure is None:
                result.written[file.source.path] = len(edits)
            else:
                result.diagnostics.append(failure)
    return result


def _problem(file: ParsedFile, block: CardBlock, seen: dict[int, str]) -> Diagnostic | None:
    """Return what is wrong with a block's ID, if anything, and note the ID as seen."""
    location = file.source.locate(block.span.start, block.span.end)
    if block.id is None:
        if not any(field.text for field in block.fields[:1]):
            return None
        hint = "run `vaultdeck ids`, which writes one"
        return Diagnostic("missing-id", location, "this card has no ID yet", hint)
    first = seen.setdefault(block.id, f"{location.path}:{location.line}")
    if first == f"{location.path}:{location.line}":
        return None
    message = f"ID {block.id} is already that of the card at {first}"
    hint = "run `vaultdeck ids --fix-duplicates`, which gives this card an ID of its own"
    return Diagnostic("duplicate-id", location, message, hint)


def _new_id(file: ParsedFile, block: CardBlock, number: int) -> Edit:
    """Return the edit that gives a block this ID, in the place of the one it has."""
    if block.id_span is None:
        return id_edit(file.source, block, number)
    start, end = block.id_span.start, block.id_span.end
    written = file.source.text[start:end]
    digits = written.find(str(block.id))
    return Edit(start + digits, start + digits + len(str(block.id)), str(number))


def _select(vault: Vault, root: Path, paths: Sequence[Path]) -> Iterator[str]:
    """Yield the note files of the vault that are, or are in, one of the paths; all if none is given."""
    if not paths:
        yield from vault.notes
        return
    base = root.resolve()
    wanted = [path.resolve() for path in paths]
    for note in vault.notes:
        real = base / note
        if any(real == path or path in real.parents for path in wanted):
            yield note
