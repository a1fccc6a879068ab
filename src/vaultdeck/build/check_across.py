"""Checks across the notes of all note files: one note an ID, and first fields that repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vaultdeck.anki.adopt import adapt
from vaultdeck.anki.identity import digest_of
from vaultdeck.anki.lock import Lock
from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import Location, Note


def keep_known(notes: Iterable[Note], lock: Lock) -> tuple[list[Note], list[Diagnostic]]:
    """Keep one note of each ID; every other one is reported as `duplicate-id`.

    Kept is the one that the lock knows: a copy of a note file may come before it. Otherwise the first.
    """
    same: dict[int, list[Note]] = {}
    for note in notes:
        if note.id is not None:
            same.setdefault(note.id, []).append(note)
    kept: list[Note] = []
    problems: list[Diagnostic] = []
    for note in notes:
        if note.id is None or len(same[note.id]) == 1:
            kept.append(note)
            continue
        first = next((n for n in same[note.id] if _is_known(n, lock)), same[note.id][0])
        if note is first:
            kept.append(note)
        else:
            problems.append(duplicate_id(note.id, note.location, first.location))
    return kept, problems


def find_duplicate_fronts(notes: Iterable[Note]) -> Iterator[Diagnostic]:
    """Yield `duplicate-front` for each note whose first field an earlier one of its type and deck has.

    The plugin does not add such a note to Anki, and says nothing.
    """
    first: dict[tuple[str, str, str], Note] = {}
    for note in notes:
        other = first.setdefault((note.kind, note.deck, note.fields[0]), note)
        if other is not note:
            at = other.location
            message = f"this card has the same first field as the one at {at.path}:{at.line}"
            hint = "tell the two apart, or remove one"
            yield Diagnostic("duplicate-front", note.location, message, hint)


def duplicate_id(number: int, location: Location, first: Location) -> Diagnostic:
    """Return the diagnostic of a card whose ID another card has."""
    message = f"ID {number} is already that of the card at {first.path}:{first.line}"
    hint = "run `vaultdeck ids --fix-duplicates`, which gives this card an ID of its own"
    return Diagnostic("duplicate-id", location, message, hint)


def _is_known(note: Note, lock: Lock) -> bool:
    """Tell whether a note is just as it was when it was built last."""
    entry = lock.entries.get(note.id or 0)
    return entry is not None and digest_of(adapt(note, entry, lock.types)[0]) == entry.digest
