"""The sections of all notes of a vault, found by what they hold.

Every section has a hash that follows from those of its note's beginnings, so that the index grows with
the text, and a run of any length is looked up in one step. What is found is compared row by row.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import NamedTuple

from vaultdeck.cards import blank_blocks, is_data, parse_file
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.model import NEWLINE, ParsedFile, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.model.value import value
from vaultdeck.pasted.rows import Names, Rows, read_rows
from vaultdeck.settings.select import select_notes
from vaultdeck.vault.names import Vault
from vaultdeck.vault.progress import READING, UNSEEN, Progress

MODULUS = 2**61 - 1
BASE = 1_000_003
# How much must be the same where no heading tells what it is.
FEW_CHARACTERS = 30
# How many equal sections are told apart.
MANY_EQUAL = 20
# What may stand round the text of a line, and not round that of an equal row.
ROW_MARKS = "#\\ \t"
# A row that stands in more notes does not tell one from another.
COMMON = 8


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

    `lengths` are those of the sections that begin with a row, longest first; `homes` are the notes
    that a row stands in, but for very common ones.
    """

    names: Names = field(default_factory=Names)
    notes: list[Source] = field(default_factory=list)
    cards: list[ParsedFile] = field(default_factory=list)
    lengths: dict[int, list[int]] = field(default_factory=dict)
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
        if of_cards.isdisjoint(rows.numbers):
            return
        number = len(self.notes)
        self.notes.append(source)
        for row in of_cards.intersection(rows.numbers):
            homes = self.homes.get(row)
            if homes is None:
                self.homes[row] = [number]
            elif len(homes) <= COMMON and homes[-1] != number:
                homes.append(number)
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
        numbers = self.numbers(section)
        if not numbers or numbers[0] not in self.names.of_cards:
            return
        if section.start == section.heading:
            is_enough = len(numbers) > 1
        else:
            is_enough = self._characters(numbers) >= FEW_CHARACTERS
        if is_enough:
            length = len(numbers)
            key = length, hash_of(hashes, section.start, section.stop)
            equal = self._sections.setdefault(key, [])
            if not equal:
                self.lengths.setdefault(numbers[0], []).append(length)
            if len(equal) < MANY_EQUAL:
                equal.append(section)

    def _characters(self, numbers: Sequence[int]) -> int:
        """Return how many characters rows have, counted up to `FEW_CHARACTERS`."""
        count = 0
        for number in numbers:
            count += len(self.names.texts[number])
            if count >= FEW_CHARACTERS:
                break
        return count


def read_index(
    vault: Vault,
    config: Config,
    searched: Iterable[str],
    progress: Progress = UNSEEN,
    parsed: Iterable[ParsedFile] = (),
) -> Index:
    """Return the index of a vault's notes; `searched` are the note files whose cards are of interest.

    What is `parsed` already is not parsed again. Notes outside `scan` can be embedded as well; those that
    the settings ignore are left out, and what is no text (a drawing, a board).
    """
    index = Index()
    wanted = set(searched)
    spent: dict[str, float] = {}
    # What a text holds none of is of no card, so that it need not be parsed.
    words = {"ID:", *astuple(config.markers)}
    has_plain_syntaxes = not config.regexps and {"block", "inline", "regexp"}.issuperset(
        config.syntaxes
    )
    known = {file.source.path: file for file in parsed}
    files: list[ParsedFile] = []
    bare: set[str] = set()
    paths = sorted({*select_notes(vault.notes, replace(config, scan=())), *wanted})
    for path in progress.over(paths, READING):
        source = known[path].source if path in known else vault.read_note(path)
        if not isinstance(source, SourceFile) or is_data(source):
            continue
        if has_plain_syntaxes and not any(word in source.text for word in words):
            bare.add(path)
            files.append(ParsedFile(source))
        else:
            files.append(known.get(path) or parse_file(source, config, spent)[0])
    index.cards += [file for file in files if file.blocks and file.source.path in wanted]
    for block in (block for file in index.cards for block in file.blocks):
        for written in block.fields:
            index.rows_of(written.text)
    index.names.of_cards.update(range(len(index.names.texts)))
    gists = {text.strip(ROW_MARKS) for text in index.names.texts} - {""}
    for file in files:
        lines = NEWLINE.split(file.source.text.removeprefix("\ufeff"))
        cards = _lines_of_cards(file) if file.blocks else ()
        rest = [line for number, line in enumerate(lines) if number not in cards]
        # Most notes share nothing with any card: no row, and no embed, which cards may hold later.
        has_more = any(line.startswith("![[") or "ID:" in line for line in rest)
        if gists.isdisjoint([line.strip().strip(ROW_MARKS) for line in rest]) and not has_more:
            continue
        if file.source.path not in bare:
            lines = NEWLINE.split(blank_blocks(file.source, config).removeprefix("\ufeff"))
        elif end := end_of_properties(file.source.text):
            head = len(NEWLINE.findall(file.source.text, 0, end))
            lines = [""] * head + NEWLINE.split(file.source.text[end:])
        rows = read_rows(lines, index.names, cards)
        index.add(Source(file.source.path, rows))
    for first, lengths in index.lengths.items():
        if len(lengths) > 1:
            index.lengths[first] = sorted(set(lengths), reverse=True)
    return index


def _lines_of_cards(parsed: ParsedFile) -> set[int]:
    """Return the numbers of the lines that cards stand in."""
    spans = (block.span for block in parsed.blocks)
    places = (parsed.source.locate(s.start, max(s.start, s.end - 1)) for s in spans)
    return {line - 1 for place in places for line in range(place.line, place.end_line + 1)}


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
