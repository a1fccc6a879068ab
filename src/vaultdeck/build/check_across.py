"""Checks across the notes of all note files: IDs and first fields that repeat, formulas without end."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from vaultdeck.anki.adopt import adapt
from vaultdeck.anki.identity import changed, digest_of
from vaultdeck.anki.lock import Entry, Lock
from vaultdeck.embeds.formulas import unsafe_math
from vaultdeck.html import guard_fields, read_defined
from vaultdeck.mathjax.expansion import Definition, Expansions
from vaultdeck.model import Location, Note
from vaultdeck.model.diagnostics import Diagnostic, counted
from vaultdeck.spelling import name_key
from vaultdeck.vault.folder import LOCK_NAME
from vaultdeck.vault.names import shown_name


def check_across(
    notes: Sequence[Note], lock: Lock
) -> tuple[Sequence[Note], Lock, list[Diagnostic]]:
    """Return the notes of a vault, one of each ID, the lock, and what is wrong: all checks below."""
    kept, problems = keep_known(notes, lock)
    kept, lock, unsafe = refuse_endless(kept, lock)
    return kept, lock, [*problems, *unsafe, *find_duplicate_fronts(kept)]


def keep_known(notes: Sequence[Note], lock: Lock) -> tuple[Sequence[Note], list[Diagnostic]]:
    """Keep one note of each ID; every other one is reported as `duplicate-id` or `conflict-copy`.

    Kept is one that does not stand in a copy of a file, then the one that the lock knows: a block may
    have been copied into a file that comes before. Otherwise the first.
    """
    numbers = [note.id for note in notes if note.id is not None]
    if len({*numbers}) == len(numbers):
        return notes, []
    # From here on each is one value, told from others by what it is.
    notes = list(notes)
    same: dict[int, list[Note]] = {}
    for note in notes:
        if note.id is not None:
            same.setdefault(note.id, []).append(note)
    shared = {number: found for number, found in same.items() if len(found) > 1}
    copies = find_copies((note.id, note.location) for note in notes)
    first: dict[int, Note] = {}
    for number, found in shared.items():
        originals = [note for note in found if note.location.path not in copies] or found
        entry = lock.entries.get(number)
        # The one that is just as it was when it was built last.
        first[number] = next(
            (
                n
                for n in originals
                if entry and digest_of(adapt(n, entry, lock.types)[0]) == entry.digest
            ),
            originals[0],
        )
    others = [n for n in notes if n.id in first and n is not first[n.id]]
    dropped = {*map(id, others)}
    problems = [(n.id, n.location, first[n.id].location) for n in others if n.id is not None]
    return [n for n in notes if id(n) not in dropped], duplicate_ids(problems, copies)


def find_copies(cards: Iterable[tuple[int | None, Location]]) -> dict[str, str]:
    """Return the note files that are a copy of another one, each with the original.

    `cards` are the IDs of all cards, each with the card's place. A copy has the original's name and more,
    before or behind, as every program that keeps two versions names them, and at least half of its IDs:

    ```
    words (conflicted copy 2024-09-29).md    words 2.md    words-DESKTOP-4E2.md    Copy of words.md
    words.sync-conflict-20240929-101112-ABCDEFG.md
    ```
    """
    places: dict[int, dict[str, None]] = {}
    for number, place in cards:
        if number is not None:
            places.setdefault(number, {})[place.path] = None
    total: Counter[str] = Counter()
    shared: Counter[tuple[str, str]] = Counter()
    for paths in map(list, places.values()):
        total.update(paths)
        names = {_stem(path): path for path in reversed(paths)} if len(paths) > 1 else {}
        for path in paths if names else ():
            original = next((names[n] for n in _shorter(_stem(path)) if n in names), None)
            if original is not None:
                shared[path, original] += 1
    return {path: original for (path, original), n in shared.items() if n * 2 >= total[path]}


def _stem(path: str) -> str:
    return name_key(shown_name(path))


def _shorter(name: str) -> Iterator[str]:
    """Yield the names of which this one may be the copy, longest first."""
    for cut in range(len(name) - 1, 0, -1):
        for rest, before, after in (
            (name[:cut], name[cut - 1], name[cut]),
            (name[-cut:], name[-cut], name[-cut - 1]),
        ):
            # Not `Chapter 1` of `Chapter 10`, nor `word` of `words`.
            is_amid = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
            if not is_amid:
                yield rest


def duplicate_ids(
    found: Iterable[tuple[int, Location, Location]], copies: Mapping[str, str]
) -> list[Diagnostic]:
    """Return what is wrong with cards whose ID another card has: ID, place, and that card's place.

    A file that is a copy as a whole is one problem.
    """
    problems: list[Diagnostic] = []
    in_copies: dict[str, list[Location]] = {}
    for number, location, first in found:
        if location.path in copies:
            in_copies.setdefault(location.path, []).append(location)
        else:
            problems.append(duplicate_id(number, location, first))
    for path, locations in in_copies.items():
        message = (
            f"this file looks like a copy of '{copies[path]}': "
            f"it has {counted(len(locations), 'ID')} of that file's cards; these cards, and those "
            "without an ID, are left out"
        )
        hint = (
            "delete it, or list it under `ignore` in vaultdeck.yaml; `vaultdeck ids "
            "--fix-duplicates` would bring its cards into Anki beside the others"
        )
        problems.append(Diagnostic("conflict-copy", min(locations), message, hint))
    return problems


def find_duplicate_fronts(notes: Sequence[Note]) -> Iterator[Diagnostic]:
    """Yield `duplicate-front` for each note whose first field an earlier one of its type and deck has.

    The plugin does not add such a note to Anki, and says nothing.
    """
    # By hashes first: all first fields together would fill the memory that `note_store` saves.
    fronts = Counter(hash(_front(note)) for note in notes)
    first: dict[tuple[str, str, str], Location] = {}
    for note in notes if len(fronts) < len(notes) else ():
        front = _front(note)
        if fronts[hash(front)] == 1:
            continue
        place = first.setdefault(front, note.location)
        if place is not note.location:
            message = "this card has the same first field as another"
            hint = "tell the two apart, or remove one"
            yield Diagnostic("duplicate-front", note.location, message, hint, others=(place,))


def _front(note: Note) -> tuple[str, str, str]:
    return note.kind, note.deck, note.fields[0]


def duplicate_id(number: int, location: Location, first: Location) -> Diagnostic:
    """Return the diagnostic of a card whose ID another card has."""
    message = f"ID {number} is already that of another card"
    hint = "run `vaultdeck ids --fix-duplicates`, which gives this card an ID of its own"
    return Diagnostic("duplicate-id", location, message, hint, others=(first,))


def refuse_endless(
    notes: Sequence[Note], lock: Lock
) -> tuple[Sequence[Note], Lock, list[Diagnostic]]:
    """Return notes and lock with formulas as text that would never end by what all define together.

        $\\def\\a{\\sqrt{\\b}\\sqrt{\\b}}$    of a first card
        $\\def\\b{\\sqrt{\\c}\\sqrt{\\c}}$    of a second one, and so on

    MathJax keeps definitions from card to card for as long as Anki's reviewer is open. Each card is
    harmless by itself; behind twelve of them Anki stands still for half a minute, behind each one more
    for twice that. What other vaults and decks define is not known. Diagnostics: `unsafe-math`.
    """
    entries_with_fields = (e for e in lock.entries.values() if e.fields or e.last)
    kept_apart = [(entry, _lock_fields(entry)) for entry in entries_with_fields]
    found = itertools.chain(
        ((html, note.note_type.is_cloze) for note in notes for html in note.fields),
        ((html, "{{c" in html) for _, fields in kept_apart for html in fields.values()),
    )
    each_defined = (read_defined(html, is_cloze=is_cloze) for html, is_cloze in found)
    defined = list(dict.fromkeys(itertools.chain.from_iterable(each_defined)))
    if not Expansions(defined).has_endless(each.name for each in defined):
        return notes, lock, []
    kept: list[Note] = []
    problems: list[Diagnostic] = []
    for note in notes:
        fields, reason = _without_endless(note.named, note.note_type.is_cloze, defined)
        if reason:
            problems.append(unsafe_math(note.location, f"other notes define more: {reason}"))
            note = changed(note, fields=tuple(fields.values()))
        kept.append(note)
    entries = dict(lock.entries)
    for entry, named in kept_apart:
        fields, reason = _without_endless(named, "{{c" in "".join(named.values()), defined)
        if reason:
            place = Location(LOCK_NAME)
            problems.append(unsafe_math(place, f"it stands in the lock and never ends: {reason}"))
            last = tuple(fields.pop(f"\t{number}") for number in range(len(entry.last)))
            entries[entry.id] = replace(entry, fields=fields, last=last)
    return kept, replace(lock, entries=entries), problems


def _lock_fields(entry: Entry) -> dict[str, str]:
    """Return the fields that the lock keeps of a note, the last ones by numbers that no name is."""
    return {**entry.fields, **{f"\t{number}": html for number, html in enumerate(entry.last)}}


def _without_endless(
    fields: Mapping[str, str], is_cloze: bool, defined: Sequence[Definition]
) -> tuple[dict[str, str], str]:
    """Return fields among such definitions, and why formulas of them are text now, if any are."""
    guarded = guard_fields(fields, is_cloze=is_cloze, others=defined)
    refused = [formula for field in guarded.values() for formula in field.refused]
    return {name: field.html for name, field in guarded.items()}, (
        refused[0].reason if refused else ""
    )
