"""The lines of vaultdeck.lock: what is known of one note, or a note type.

    1769619800835⇥-⇥1769700000⇥9f86d081884c7d659a2f⇥1⇥Mathematics⇥Basic
    type⇥1607392319495⇥{"name":…}

Fields stand between tabs: ID, GUID (`-`: the one that follows from the ID), the modification time in Anki
(seconds), a hash of the content, the numbers of its cards, deck, note type and, where there is more to
remember, a JSON object (see `MORE`). `type` lines hold adopted note types. All functions that read raise
ValueError.
"""

from __future__ import annotations

import functools
import sys
from dataclasses import fields, replace
from operator import attrgetter
from typing import NamedTuple

from vaultdeck.anki.cards import MAX_CARD_NUMBER
from vaultdeck.anki.identity import ENCODER, MAX_MTIME
from vaultdeck.anki.lock import Entry
from vaultdeck.anki.templates import refuse_endless
from vaultdeck.model import MAX_ID, NoteType, Template
from vaultdeck.model.decode import decode, parse_json
from vaultdeck.model.diagnostics import CONTROL
from vaultdeck.model.notes import own_type

NO_GUID = "-"


class _Type(NamedTuple):
    """The JSON object of a `type` line; each template is its name, front and back."""

    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]
    css: str
    cloze: bool


# The names in the JSON object of a note's line, each with the field of an Entry that it is; what is empty is
# left out. `guid` and `note_type` stand there if they cannot stand between tabs.
MORE = {
    "type": "adopted_type",
    "tags": "tags",
    "fields": "fields",
    "removed": "is_removed",
    "buried": "is_buried",
    "last": "last",
    "guid": "guid",
    "note_type": "note_type",
    "was": "was",
    "times": "times",
    "sent": "sent",
    "given": "given",
}
# What most notes have none of; their GUID and type stand between tabs.
LESS_USUAL = attrgetter(*(field for field in MORE.values() if field not in ("guid", "note_type")))


def parse_number(digits: str) -> int:
    """Return a number that Anki's database holds."""
    number = int(digits) if digits.isdigit() and digits.isascii() and len(digits) < 20 else 2**63
    if number >= 2**63:
        raise ValueError(digits)
    return number


# Many notes have the time, and the cards, of others.
@functools.lru_cache(maxsize=256)
def _parse_time(digits: str) -> int:
    time = parse_number(digits)
    if time > MAX_MTIME:
        raise ValueError(digits)
    return time


@functools.lru_cache(maxsize=256)
def _card_numbers(written: str) -> tuple[int, ...]:
    numbers = tuple(map(parse_number, written.split(","))) if written else ()
    if not all(0 < card <= MAX_CARD_NUMBER for card in numbers):
        raise ValueError(written)
    return numbers


def parse_entry(line: str) -> Entry:
    """Return what a line knows of a note."""
    written, guid, since, digest, cards, deck, note_type, *rest = line.split("\t")
    number, mtime = parse_number(written), _parse_time(since)
    if len(rest) > 1 or not 0 < number <= MAX_ID:
        raise ValueError(line)
    if CONTROL.search(line.replace("\t", "")):
        raise ValueError(line)
    guid = "" if guid == NO_GUID else guid
    # Many notes have the same deck and type.
    deck, note_type = sys.intern(deck), sys.intern(note_type)
    entry = Entry(number, mtime, digest, _card_numbers(cards), deck, note_type, guid)
    return _with_more(entry, parse_json(rest[0])) if rest else entry


def _with_more(entry: Entry, data: object) -> Entry:
    """Return an entry with what the JSON object of its line says besides."""
    if not isinstance(data, dict):
        raise ValueError(data)
    known = {field.name: getattr(entry, field.name) for field in fields(Entry)[:7]}
    said = {MORE[name]: value for name, value in data.items() if name in MORE}
    more = decode(Entry, {**known, "cards": [*entry.cards], **said})
    if not all(0 <= time <= MAX_MTIME for time in more.times):
        raise ValueError(data)
    return replace(
        more,
        guid=more.guid or entry.guid,
        note_type=more.note_type or entry.note_type,
        given=more.given or (more.digest if more.sent else ""),
    )


def parse_type(text: str) -> NoteType:
    """Return the adopted note type of a `type` line, given what stands behind that word."""
    written, data = text.split("\t")
    number, more = parse_number(written), decode(_Type, parse_json(data))
    names = (more.name, *more.fields, *(name for name, _, _ in more.templates))
    if not (number and more.fields and more.templates and all(names)):
        raise ValueError(text)
    templates = [Template(name, None, front, back) for name, front, back in more.templates]
    kind = own_type(number, more.name, more.fields, templates, more.css, more.cloze)
    refuse_endless(kind)
    return kind


def format_entry(entry: Entry) -> str:
    """Return the line of a note."""
    is_guid_plain = entry.guid != NO_GUID and not CONTROL.search(entry.guid)
    is_type_plain = not CONTROL.search(entry.note_type)
    more = {}
    if any(LESS_USUAL(entry)) or not (is_guid_plain and is_type_plain):
        more = {name: value for name, field in MORE.items() if (value := getattr(entry, field))}
    if "fields" in more:
        more["fields"] = dict(sorted(entry.fields.items()))
    # What can stand between tabs, or follows from what stands there, is left out.
    if is_guid_plain:
        more.pop("guid", None)
    if is_type_plain:
        more.pop("note_type", None)
    if entry.given == entry.digest:
        more.pop("given", None)
    cells = [
        str(entry.id),
        NO_GUID if "guid" in more else entry.guid or NO_GUID,
        str(entry.mtime),
        entry.digest,
        ",".join(map(str, entry.cards)),
        entry.deck,
        "" if "note_type" in more else entry.note_type,
        *([ENCODER.encode(more)] if more else []),
    ]
    return "\t".join(cells)


def format_type(note_type: NoteType) -> str:
    """Return the line of an adopted note type."""
    data = {
        "name": note_type.name,
        "fields": list(note_type.fields),
        "templates": [[t.name, t.front, t.back] for t in note_type.templates],
        "css": note_type.css,
        "cloze": note_type.is_cloze,
    }
    return f"type\t{note_type.id}\t{ENCODER.encode(data)}"
