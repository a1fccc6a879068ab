"""vaultdeck.lock: the file that a `Lock` is kept in, meant to be committed with the notes.

    # vaultdeck.lock 1: what is in Anki. Commit it with the notes; only vaultdeck writes it.
    1769619800835⇥-⇥1769700000⇥9f86d081884c7d659a2f⇥1⇥Mathematics⇥Basic

One line a note, sorted, fields between tabs: ID, GUID (`-`: the one that follows from the ID), the
modification time in Anki (seconds), a hash of the content, the numbers of its cards, deck, note type
and, where there is more to remember, a JSON object (see `_More`). `type` lines hold adopted note types.

Git merges it line by line; where it cannot, the conflict marks are read over and of two lines with
one ID the later one counts, so that the next build mends the file.

A lock may come with a stranger's vault: each value is checked, HTML in it is cleaned where the vault
is opened, and nothing is written that could not be read again.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from vaultdeck.anki.identity import MAX_MTIME
from vaultdeck.anki.lock import LOCK_NAME, Entry, Lock, LockError
from vaultdeck.decode import decode, parse_json
from vaultdeck.diagnostics import CONTROL
from vaultdeck.model import MAX_ID, NEWLINE, NoteType, Template
from vaultdeck.vault.folder import read_inside
from vaultdeck.vault.observed import Observed
from vaultdeck.vault.write import inside, replace_bytes

LOCK_VERSION = 1
HEADER = f"# {LOCK_NAME} {LOCK_VERSION}: what is in Anki. Commit it with the notes; only vaultdeck writes it."
END = "# end"
NO_GUID = "-"
REPORT = "report this as a bug of vaultdeck"
RESTORE = "restore it from git (without it every note is sent again, and adopted notes twice)"
CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
# Anki counts a note's cards in 16 bits.
MAX_CARD_NUMBER = 2**16


class _More(NamedTuple):
    """The JSON object of a note's line: `type` is the id of its adopted note type.

    `guid` and `note_type` stand here if they cannot stand between tabs.
    """

    type: int = 0
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = {}
    removed: bool = False
    buried: bool = False
    last: tuple[str, ...] = ()
    guid: str = ""
    note_type: str = ""
    was: tuple[str, ...] = ()
    times: tuple[int, ...] = ()
    sent: str = ""
    given: str = ""


class _Type(NamedTuple):
    """The JSON object of a `type` line; each template is its name, front and back."""

    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]
    css: str
    cloze: bool


NOTHING_MORE = _More()


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
    try:
        return parse_lock(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise LockError(1, "this lock is not UTF-8 text", RESTORE) from None


def write_lock(root: Path, lock: Lock) -> bytes:
    """Write the lock if it says anything new (newlines, which git may change, say nothing).

    Returns what the file then holds. Raises OSError, and LockError if the new text could not be read
    again as the same lock; the file is then as it was.
    """
    text = format_lock(lock)
    data = read_inside(root, LOCK_NAME)
    if data is not None and data.replace(b"\r\n", b"\n") == text.encode():
        return data
    if parse_lock(text) != replace(lock, has_conflict=False):
        raise LockError(1, "the new lock could not be read again, so it was not written", REPORT)
    replace_bytes(inside(root, LOCK_NAME), text.encode())
    return text.encode()


def parse_lock(text: str) -> Lock:
    """Return what a lock file's text says; raises LockError."""
    lines = NEWLINE.split(text.removeprefix("\ufeff"))
    if not text.strip():
        raise LockError(1, "this lock is empty", RESTORE)
    _check_header(lines[0])
    if lines[-1] or END not in lines:
        raise LockError(len(lines), "this lock is cut off", RESTORE)
    entries: dict[int, Entry] = {}
    types: dict[int, NoteType] = {}
    places: dict[int, int] = {}
    is_adopted = has_conflict = False
    vault_name, undecided = "", 0
    for number, line in enumerate(lines[1:], 2):
        if line.startswith(CONFLICT_MARKS):
            has_conflict = True
        elif line == "adopted":
            is_adopted = True
        elif line and not line.startswith("#"):
            word, _, rest = line.partition("\t")
            try:
                if word == "vault":
                    vault_name = vault_name or CONTROL.sub(" ", rest)
                elif word == "undecided":
                    undecided = _number(rest)
                elif word == "type":
                    note_type = _parse_type(rest)
                    types[note_type.id] = note_type
                    places[note_type.id] = number
                else:
                    entry = _parse_entry(line)
                    entries[entry.id] = _merge(entry, entries.get(entry.id))
            except ValueError:
                message = "this line of the lock is damaged"
                raise LockError(number, message, RESTORE) from None
    missing = next((e for e in entries.values() if e.adopted_type not in {0, *types}), None)
    if missing is not None:
        message = f"the note type of ID {missing.id} is missing from the lock"
        raise LockError(1, message, RESTORE)
    return Lock(entries, types, vault_name, is_adopted, undecided, has_conflict, places)


def _merge(entry: Entry, other: Entry | None) -> Entry:
    """Return the one entry that two lines of a merge conflict mean: the adopted, else the later one."""
    if other is None:
        return entry
    best = max(entry, other, key=lambda e: (bool(e.guid), e.mtime))
    decks = dict.fromkeys([*other.was, *entry.was, other.deck, entry.deck])
    return replace(
        best,
        mtime=max(entry.mtime, other.mtime),
        was=tuple(deck for deck in decks if deck != best.deck),
        times=tuple(sorted({*other.times, *entry.times})),
    )


def _number(digits: str) -> int:
    """Return a number that Anki's database holds; raises ValueError."""
    number = int(digits) if digits.isdigit() and digits.isascii() and len(digits) < 20 else 2**63
    if number >= 2**63:
        raise ValueError(digits)
    return number


@functools.lru_cache(maxsize=256)
def _numbers(written: str) -> tuple[int, ...]:
    return tuple(map(_number, written.split(","))) if written else ()


def _check_header(line: str) -> None:
    words = line.split()
    version = words[2].rstrip(":") if line.startswith(f"# {LOCK_NAME} ") and len(words) > 2 else ""
    if not version.isdecimal():
        if line.startswith(CONFLICT_MARKS):
            return
        raise LockError(1, "this is no lock of vaultdeck", RESTORE)
    if int(version) > LOCK_VERSION:
        message = f"this lock was written by a newer vaultdeck (version {version} of the format)"
        raise LockError(1, message, "upgrade vaultdeck")


def _parse_entry(line: str) -> Entry:
    written, guid, since, digest, cards, deck, note_type, *rest = line.split("\t")
    number, mtime, numbers = _number(written), _number(since), _numbers(cards)
    if len(rest) > 1 or not 0 < number <= MAX_ID or mtime > MAX_MTIME:
        raise ValueError(line)
    if not all(0 < card <= MAX_CARD_NUMBER for card in numbers) or CONTROL.search(
        line.replace("\t", "")
    ):
        raise ValueError(line)
    more = decode(_More, parse_json(rest[0])) if rest else NOTHING_MORE
    if not all(0 <= time <= MAX_MTIME for time in more.times):
        raise ValueError(line)
    return Entry(
        id=number,
        guid=more.guid or ("" if guid == NO_GUID else guid),
        mtime=mtime,
        digest=digest,
        cards=numbers,
        deck=deck,
        note_type=more.note_type or note_type,
        adopted_type=more.type,
        tags=more.tags,
        fields=more.fields,
        is_removed=more.removed,
        is_buried=more.buried,
        last=more.last,
        was=more.was,
        times=more.times,
        sent=more.sent,
        given=more.given or (digest if more.sent else ""),
    )


def _parse_type(text: str) -> NoteType:
    written, data = text.split("\t")
    number, more = _number(written), decode(_Type, parse_json(data))
    names = (more.name, *more.fields, *(name for name, _, _ in more.templates))
    if not (number and more.fields and more.templates and all(names)):
        raise ValueError(text)
    return NoteType(
        name=more.name,
        id=number,
        fields=more.fields,
        field_ids=(None,) * len(more.fields),
        templates=tuple(Template(name, None, front, back) for name, front, back in more.templates),
        css=more.css,
        is_cloze=more.cloze,
    )


def format_lock(lock: Lock) -> str:
    """Return the text of a lock: the same for the same content."""
    lines = [HEADER]
    lines += [f"vault\t{lock.vault_name}"] if lock.vault_name else []
    lines += ["adopted"] if lock.is_adopted else []
    lines += [f"undecided\t{lock.undecided}"] if lock.undecided else []
    lines += [_format_type(lock.types[number]) for number in sorted(lock.types)]
    lines += [_format_entry(lock.entries[number]) for number in sorted(lock.entries)]
    return "\n".join([*lines, END, ""])


def _format_entry(entry: Entry) -> str:
    more = {
        "type": entry.adopted_type,
        "tags": list(entry.tags),
        "fields": dict(sorted(entry.fields.items())),
        "removed": entry.is_removed,
        "buried": entry.is_buried,
        "last": list(entry.last),
        "guid": entry.guid if entry.guid == NO_GUID or CONTROL.search(entry.guid) else "",
        "note_type": entry.note_type if CONTROL.search(entry.note_type) else "",
        "was": list(entry.was),
        "times": list(entry.times),
        "sent": entry.sent,
        "given": entry.given if entry.given != entry.digest else "",
    }
    more = {name: value for name, value in more.items() if value}
    cells = [
        str(entry.id),
        NO_GUID if "guid" in more else entry.guid or NO_GUID,
        str(entry.mtime),
        entry.digest,
        ",".join(map(str, entry.cards)),
        entry.deck,
        "" if "note_type" in more else entry.note_type,
        *([_compact(more)] if more else []),
    ]
    return "\t".join(cells)


def _format_type(note_type: NoteType) -> str:
    data = {
        "name": note_type.name,
        "fields": list(note_type.fields),
        "templates": [[t.name, t.front, t.back] for t in note_type.templates],
        "css": note_type.css,
        "cloze": note_type.is_cloze,
    }
    return f"type\t{note_type.id}\t{_compact(data)}"


def _compact(data: object) -> str:
    """Return JSON in one line that no reader of lines splits."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))
