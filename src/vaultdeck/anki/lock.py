"""What is remembered between builds: what is in Anki of each note, and adopted note types.

`lock_file` reads it from vaultdeck.lock and writes it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace

from vaultdeck.model import Location, NoteType
from vaultdeck.model.diagnostics import Diagnostic, UnusableError
from vaultdeck.model.value import value
from vaultdeck.vault.folder import LOCK_NAME


class LockError(UnusableError):
    """The lock cannot be used; it is never overwritten then."""

    def __init__(self, line: int, message: str, hint: str) -> None:
        super().__init__([Diagnostic("bad-lock", Location(LOCK_NAME, line), message, hint)])


# Most entries hold no fields; an empty dict for each would be a quarter of their memory.
NO_FIELDS: Mapping[str, str] = {}


@value(frozen=True, slots=True)
class Entry:
    """What the lock knows of one note.

    `note_type` is the name that the author writes; `adopted_type` the id of the user's own note type
    (0: ours). `tags` and `fields` of an adopted note are the user's, which the vault does not give.
    `is_removed` is set once the note is gone from the vault; `last` then holds its last fields, until
    they have been sent to Anki once more with a tag (`is_buried`).

    `was` are the other decks that the vault gave the note, `times` the earlier modification times that
    builds gave it since it was synced, or ever. After a sync `sent` is a hash of what Anki then held of the
    note and `given` the digest that this came from; a note that was never synced has neither.
    """

    id: int
    mtime: int
    digest: str
    cards: tuple[int, ...]
    deck: str
    note_type: str
    guid: str = ""
    adopted_type: int = 0
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=lambda: NO_FIELDS)
    is_removed: bool = False
    is_buried: bool = False
    last: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    times: tuple[int, ...] = ()
    sent: str = ""
    given: str = ""


@value(frozen=True, slots=True)
class Lock:
    """The whole memory: notes by ID, and adopted note types by id.

    `vault_name` is the vault's name when it was built first, which links and the default deck keep in a
    clone of another name. `is_adopted` tells that adoption was decided; else `undecided` is how many cards
    had an ID already when the vault was built first. `has_conflict` tells that git left one in the file.
    `collection` tells which of several collections was synced last, `type_lines` on which line each note
    type stands.
    """

    entries: Mapping[int, Entry] = field(default_factory=dict)
    types: Mapping[int, NoteType] = field(default_factory=dict)
    vault_name: str = ""
    is_adopted: bool = False
    undecided: int = 0
    has_conflict: bool = False
    collection: str = ""
    type_lines: Mapping[int, int] = field(default_factory=dict, compare=False)


def merge_entries(entries: Sequence[Entry]) -> Entry:
    """Return the one entry that lines of a merge conflict mean: the adopted, else the latest one.

    Anki may hold what any of them sent.
    """
    best = max(reversed(entries), key=lambda entry: (bool(entry.guid), entry.mtime))
    decks = [deck for entry in entries for deck in entry.was] + [entry.deck for entry in entries]
    times = {time for entry in entries for time in (*entry.times, entry.mtime)}
    return replace(
        best,
        mtime=max(times),
        was=tuple(deck for deck in dict.fromkeys(decks) if deck != best.deck),
        times=tuple(sorted(times - {max(times)})),
    )


def used_types(entries: Iterable[Entry], types: Mapping[int, NoteType]) -> dict[int, NoteType]:
    """Return the adopted note types that some entry still needs."""
    needed = {entry.adopted_type for entry in entries}
    return {number: note_type for number, note_type in types.items() if number in needed}
