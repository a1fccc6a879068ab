"""vaultdeck.lock: the file that a `Lock` is kept in, meant to be committed with the notes.

    # vaultdeck.lock 1: what is in Anki. Commit it with the notes; only vaultdeck writes it.
    1769619800835⇥-⇥1769700000⇥9f86d081884c7d659a2f⇥1⇥Mathematics⇥Basic
    # end

`lock_lines` tells what a line holds. Git merges them one by one; where it cannot, the conflict marks are
read over and of two lines with one ID the later one counts, so that the next build mends the file.

A lock may come with a stranger's vault: each value is checked, HTML in it is cleaned where the vault
is opened, and nothing is written that could not be read again.
"""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from vaultdeck.anki.lock import Entry, Lock, LockError, merge_entries
from vaultdeck.anki.lock_lines import (
    format_entry,
    format_type,
    parse_entry,
    parse_number,
    parse_type,
)
from vaultdeck.model import NEWLINE, NoteType
from vaultdeck.model.diagnostics import CONTROL
from vaultdeck.vault.folder import LOCK_NAME
from vaultdeck.vault.inside import read_inside
from vaultdeck.vault.observed import Observed
from vaultdeck.vault.stand_in import HEAD_BYTES, find_stand_in
from vaultdeck.vault.write import inside, replace_bytes

LOCK_VERSION = 1
# Of the number of a version.
MAX_DIGITS = 9
HEADER = f"# {LOCK_NAME} {LOCK_VERSION}: what is in Anki. Commit it with the notes; only vaultdeck writes it."
END = "# end"
REPORT = "report this as a bug of vaultdeck"
RESTORE = "restore it from git (without it every note is sent again, and adopted notes twice)"
CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def read_lock(root: Path, seen: Observed | None = None) -> Lock | None:
    """Return the vault's lock, None if it has none; `seen` records it. Raises LockError and OSError."""
    data = read_inside(root, LOCK_NAME)
    if seen:
        seen.note_file(LOCK_NAME, data)
    if data is None:
        if os.path.lexists(root / LOCK_NAME):
            message = "this lock is a link that leads out of the vault, or no regular file"
            raise LockError(1, message, f"delete it, then {RESTORE}")
        return None
    stand_in = find_stand_in(data[:HEAD_BYTES])
    if stand_in:
        raise LockError(1, f"this lock {stand_in.what}", stand_in.hint)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise LockError(1, "this lock is not UTF-8 text", RESTORE) from None
    # Both are as large as a large vault's lock.
    del data
    return parse_lock(text)


def write_lock(root: Path, lock: Lock, before: Lock | None = None) -> bytes:
    """Write the lock if it says anything new (newlines, which git may change, say nothing).

    Entries of `before`, which was read from the file, are not looked at once more.
    Returns what the file then holds. Raises OSError, and LockError if the new text could not be read
    again as the same lock; the file is then as it was.
    """
    file = io.BytesIO()
    file.writelines(line.encode() for line in _format(lock))
    new, data = file.getvalue(), read_inside(root, LOCK_NAME)
    if data is not None and data.replace(b"\r\n", b"\n") == new:
        return data
    if not _can_be_read(lock, before or Lock()):
        raise LockError(1, "the new lock could not be read again, so it was not written", REPORT)
    replace_bytes(inside(root, LOCK_NAME), new)
    return new


def _can_be_read(lock: Lock, before: Lock) -> bool:
    """Tell whether a lock would be read as it is: entry by entry, as all are a large part of memory."""
    head = replace(lock, entries={}, has_conflict=False)
    types = {0, *lock.types}
    try:
        return parse_lock(format_lock(head)) == head and all(
            number == entry.id
            and entry.adopted_type in types
            and parse_entry(format_entry(entry)) == entry
            for number, entry in lock.entries.items()
            if entry is not before.entries.get(number)
        )
    except ValueError:
        return False


def parse_lock(text: str) -> Lock:
    """Return what a lock file's text says; raises LockError."""
    text = text.removeprefix("\ufeff")
    if not text or text.isspace():
        raise LockError(1, "this lock is empty", RESTORE)
    _check_header(next(_lines(text)))
    if not text.endswith(("\n", "\r")) or END not in _lines(text):
        raise LockError(len([*_lines(text)]), "this lock is cut off", RESTORE)
    entries: dict[int, Entry] = {}
    again: dict[int, list[Entry]] = {}
    types: dict[int, NoteType] = {}
    places: dict[int, int] = {}
    is_adopted = has_conflict = False
    vault_name, collection, undecided = "", "", 0
    for number, line in enumerate(itertools.islice(_lines(text), 1, None), 2):
        if line.startswith(CONFLICT_MARKS):
            has_conflict = True
        elif line == "adopted":
            is_adopted = True
        elif line and not line.startswith("#"):
            word, _, rest = line.partition("\t")
            try:
                if word == "vault":
                    vault_name = vault_name or CONTROL.sub(" ", rest)
                elif word == "synced":
                    collection = CONTROL.sub(" ", rest)
                elif word == "undecided":
                    undecided = parse_number(rest)
                elif word == "type":
                    note_type = parse_type(rest)
                    types[note_type.id] = note_type
                    places[note_type.id] = number
                else:
                    entry = parse_entry(line)
                    first = entries.setdefault(entry.id, entry)
                    if first is not entry:
                        again.setdefault(entry.id, [first]).append(entry)
            except ValueError:
                message = "this line of the lock is damaged"
                raise LockError(number, message, RESTORE) from None
    entries.update((number, merge_entries(same)) for number, same in again.items())
    missing = next((e for e in entries.values() if e.adopted_type not in {0, *types}), None)
    if missing is not None:
        message = f"the note type of ID {missing.id} is missing from the lock"
        raise LockError(1, message, RESTORE)
    return Lock(entries, types, vault_name, is_adopted, undecided, has_conflict, collection, places)


def _check_header(line: str) -> None:
    words = line.split()
    version = words[2].rstrip(":") if line.startswith(f"# {LOCK_NAME} ") and len(words) > 2 else ""
    if not version.isdecimal() or len(version) > MAX_DIGITS:
        if line.startswith(CONFLICT_MARKS):
            return
        raise LockError(1, "this is no lock of vaultdeck", RESTORE)
    if int(version) > LOCK_VERSION:
        message = f"this lock was written by a newer vaultdeck (version {version} of the format)"
        raise LockError(1, message, "upgrade vaultdeck")


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text, one by one, as they are many."""
    start = 0
    for match in NEWLINE.finditer(text):
        yield text[start : match.start()]
        start = match.end()
    yield text[start:]


def format_lock(lock: Lock) -> str:
    """Return the text of a lock: the same for the same content."""
    return "".join(_format(lock))


def _format(lock: Lock) -> Iterator[str]:
    yield f"{HEADER}\n"
    yield f"vault\t{lock.vault_name}\n" if lock.vault_name else ""
    yield f"synced\t{lock.collection}\n" if lock.collection else ""
    yield "adopted\n" if lock.is_adopted else ""
    yield f"undecided\t{lock.undecided}\n" if lock.undecided else ""
    for number in sorted(lock.types):
        yield f"{format_type(lock.types[number])}\n"
    for number in sorted(lock.entries):
        yield f"{format_entry(lock.entries[number])}\n"
    yield f"{END}\n"
