"""The sections of all notes of a vault, found by what they hold.

Every section has a hash that follows from those of its note's beginnings, so that the index grows with
the text, and a run of any length is looked up in one step. What is found is compared row by row.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from vaultdeck.model import ParsedFile
from vaultdeck.model.value import value
from vaultdeck.pasted.rows import Names, Rows, read_rows

MODULUS = 2**61 - 1
BASE = 1_000_003
# How much must be the same where no heading tells what it is.
FEW_CHARACTERS = 30
# How many equal sections are told apart.
MANY_EQUAL = 20


@value(frozen=True, slots=True)
class Source:
    """A note: its path and its rows, without properties and cards."""

    path: str
    rows: Rows


class Section(NamedTuple):
    """The rows `start:stop` of a note. `heading` is the row of its heading, -1 of a whole note.

    With its heading it begins there; without, the section is the text below.
    """

    note: int
    start: int
    stop: int
    heading: int

    @property
    def has_heading(self) -> bool:
        """Tell whether its heading's line is a part of it, or it has none."""
        return self.heading in (-1, self.start)


@dataclass(slots=True)
class Index:
    """The notes and their sections; `cards` are the note files with cards that are to be searched.

    `lengths` are those of the sections that begin with a row; `homes` are the notes that a row stands in,
    of the `rare` rows of cards.
    """

    names: Names = field(default_factory=Names)
    notes: list[Source] = field(default_factory=list)
    cards: list[ParsedFile] = field(default_factory=list)
    rare: set[int] = field(default_factory=set)
    lengths: dict[int, set[int]] = field(default_factory=dict)
    headed: dict[tuple[int, int], list[Section]] = field(default_factory=dict)
    homes: dict[int, list[int]] = field(default_factory=dict)
    _sections: dict[tuple[int, int], list[Section]] = field(default_factory=dict)
    _fields: dict[str, Rows] = field(default_factory=dict)

    def rows_of(self, text: str) -> Rows:
        """Return the rows of a card's field, which is read once."""
        rows = self._fields.get(text)
        if rows is None:
            rows = self._fields[text] = read_rows(text.split("\n"), self.names)
        return rows

    def numbers(self, section: Section) -> Sequence[int]:
        """Return the numbers of a section's rows."""
        return self.notes[section.note].rows.numbers[section.start : section.stop]

    def find(self, hashes: Sequence[int], rows: Rows, start: int, length: int) -> list[Section]:
        """Return the sections that are equal to `length` rows of a text from row `start`."""
        found = self._sections.get((length, hash_of(hashes, start, start + length)), ())
        wanted = rows.numbers[start : start + length] if found else []
        return [section for section in found if self.numbers(section) == wanted]

    def add(self, source: Source) -> None:
        """Add those sections of a note whose first row could stand in a card."""
        of_cards = self.names.of_cards
        rows = source.rows
        number = len(self.notes)
        self.notes.append(source)
        for row in self.rare.intersection(rows.numbers):
            self.homes.setdefault(row, []).append(number)
        hashes = hash_rows(rows)
        whole = Section(number, 0, len(rows), -1)
        for row, level in enumerate(rows.levels):
            if not level:
                continue
            end = rows.end_of_section(row)
            section = Section(number, row, end, row)
            if rows.numbers[row] in of_cards:
                self._enter(section, hashes)
                self.headed.setdefault((rows.numbers[row], number), []).append(section)
            if row + 1 < end and not rows.levels[row + 1]:
                self._enter(Section(number, row + 1, end, row), hashes)
            if section[1:3] == whole[1:3]:
                whole = whole._replace(stop=0)
        self._enter(whole, hashes)

    def _enter(self, section: Section, hashes: Sequence[int]) -> None:
        """Take a section in, if a card may hold it: all its rows stand in cards, and it is no mere word."""
        numbers, of_cards = self.numbers(section), self.names.of_cards
        if not numbers or numbers[0] not in of_cards or not of_cards.issuperset(numbers):
            return
        if section.start == section.heading:
            is_enough = len(numbers) > 1
        else:
            # No row is empty.
            texts = (self.names.texts[number] for number in numbers[:FEW_CHARACTERS])
            is_enough = sum(map(len, texts)) >= FEW_CHARACTERS
        if is_enough:
            length = len(numbers)
            key = length, hash_of(hashes, section.start, section.stop)
            equal = self._sections.setdefault(key, [])
            if not equal:
                self.lengths.setdefault(numbers[0], set()).add(length)
            if len(equal) < MANY_EQUAL:
                equal.append(section)


def hash_rows(rows: Rows) -> list[int]:
    """Return the hash of each beginning of a text, the empty one first."""
    hashes = [0]
    for number in rows.numbers:
        hashes.append((hashes[-1] * BASE + number + 1) % MODULUS)
    return hashes


def hash_of(hashes: Sequence[int], start: int, stop: int) -> int:
    """Return the hash of the rows `start:stop` of a text."""
    return (hashes[stop] - hashes[start] * _power(stop - start)) % MODULUS


@functools.cache
def _power(exponent: int) -> int:
    return pow(BASE, exponent, MODULUS)
