"""The runs of a card's field that equal a section of the vault, or are near one.

The longest come first. A run is near a section if it begins with the same heading and most of its rows
stand in the section, in order: it was pasted, and one of the two was changed.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from vaultdeck.diagnostics import shorten
from vaultdeck.model import CardBlock, Field, SourceFile, Span
from vaultdeck.pasted.index import COMMON, Index, Section, hash_rows
from vaultdeck.pasted.links import Links
from vaultdeck.pasted.rows import BREAK_ROW, Rows, read_rows

# How many notes are compared with what is near.
NEAREST = 3
# Longer texts are not compared row by row.
MANY_ROWS = 3_000


class Run(NamedTuple):
    """A part of a card that was pasted: where it stands, and the embeds that say the same.

    `name` is the section's, for a person. `heading` is the line that the embed shows in addition,
    where the run lacks it. Of a run that is only near, `changed` rows differ, as `diff` shows.
    """

    block: CardBlock
    span: Span
    embeds: tuple[str, ...]
    name: str
    heading: str = ""
    changed: int = 0
    diff: str = ""


class _Match(NamedTuple):
    start: int
    stop: int
    embeds: Mapping[str, Section]


def find_runs(
    index: Index,
    links: Links,
    source: SourceFile,
    block: CardBlock,
    refused: Collection[str] = (),
) -> list[Run]:
    """Return the pasted runs of a card, in order; those that are only near may hold equal ones.

    Embeds that are `refused` count as none.
    """
    runs = [
        run
        for field in block.fields
        if _is_as_written(field, source)
        for run in _Search(index, links, source, block, field, refused).find()
    ]
    return sorted(runs, key=lambda run: (run.span.start, run.changed))


def _is_as_written(field: Field, source: SourceFile) -> bool:
    """Tell whether each line of a field stands in the note file as it is."""
    lines = field.text.split("\n")
    return len(lines) <= len(field.origins) and all(
        source.text.startswith(line, start)
        for line, start in zip(lines, field.origins, strict=False)
    )


class _Search:
    """The search in one field of a card."""

    def __init__(
        self,
        index: Index,
        links: Links,
        source: SourceFile,
        block: CardBlock,
        field: Field,
        refused: Collection[str],
    ) -> None:
        self._index, self._links, self._refused = index, links, refused
        self._source, self._block, self._field = source, block, field
        self._lines = field.text.split("\n")
        self._rows: Rows = read_rows(self._lines, index.names)

    def find(self) -> Iterator[Run]:
        taken: set[int] = set()
        matches = sorted(self._matches(), key=lambda match: (match.start - match.stop, match.start))
        for match in matches:
            if taken.isdisjoint(range(match.start, match.stop)):
                taken.update(range(match.start, match.stop))
                yield self._equal(match)
        yield from self._near_runs(taken)

    def _matches(self) -> Iterator[_Match]:
        """Yield for each row the longest run that begins there and is equal to a section."""
        hashes = hash_rows(self._rows)
        for start, number in enumerate(self._rows.numbers):
            lengths = self._index.lengths.get(number, ())
            is_heading = self._rows.levels[start] > 0
            if not lengths or not (is_heading or self._is_end(start)):
                continue
            for length in lengths:
                stop = start + length
                if stop > len(self._rows):
                    continue
                found = self._index.find(hashes, self._rows, start, length)
                if not found:
                    continue
                is_apart = self._is_end(start) and self._is_end(stop)
                # Without a heading it must stand by itself.
                fitting = [s for s in found if is_apart or (is_heading and s.heading == s.start)]
                embeds = {embed: section for section in fitting if (embed := self._embed(section))}
                if embeds:
                    yield _Match(start, stop, embeds)
                    break

    def _is_end(self, row: int) -> bool:
        """Tell whether a block may end before a row, or begin with it."""
        rows = self._rows
        if row in (0, len(rows)) or row in rows.apart:
            return True
        return any(rows.levels[at] or BREAK_ROW.fullmatch(self._text(at)) for at in (row - 1, row))

    def _embed(self, section: Section) -> str | None:
        embed = self._links.embed(section, self._source.path)
        return None if embed in self._refused else embed

    def _equal(self, match: _Match) -> Run:
        own = {embed: s for embed, s in match.embeds.items() if embed.startswith("![[#")}
        # One in the same note is the nearest source.
        found = own if len(own) == 1 else match.embeds
        first = next(iter(found.values()))
        heading = "" if first.has_heading else self._text_of_heading(first)
        embeds = tuple(found)
        return Run(self._block, self._span(match), embeds, self._name(first), heading)

    def _text_of_heading(self, section: Section) -> str:
        row = self._index.notes[section.note].rows.numbers[section.heading]
        return self._index.names.texts[row]

    def _name(self, section: Section) -> str:
        path = self._index.notes[section.note].path[: -len(".md")]
        if section.heading < 0:
            return shorten(path, 90)
        return shorten(f"{path} > {self._text_of_heading(section)[2:]}", 90)

    def _near_runs(self, taken: set[int]) -> Iterator[Run]:
        start = 0
        while start < len(self._rows):
            run = self._near_run(start) if self._rows.levels[start] and start not in taken else None
            if run is None:
                start += 1
                continue
            stop, found = run
            yield found
            start = stop

    def _near_run(self, start: int) -> tuple[int, Run] | None:
        """Return the run from a heading on that is nearest to a section of that heading."""
        rows, index = self._rows, self._index
        stop = rows.end_of_section(start)
        if stop - start > MANY_ROWS:
            return None
        votes: dict[int, int] = {}
        for number in set(rows.numbers[start + 1 : stop]):
            homes = index.homes.get(number, ())
            for note in homes if len(homes) <= COMMON else ():
                votes[note] = votes.get(note, 0) + 1
        nearest = sorted(votes, key=lambda note: (-votes[note], note))
        heading = rows.numbers[start]
        nearest = [note for note in nearest if (heading, note) in index.headed][:NEAREST]
        best: tuple[int, int, Run] | None = None
        for note in nearest:
            for section in index.headed[heading, note][:NEAREST]:
                found = self._compare(start, stop, section)
                if found is not None and (best is None or found[0] > best[0]):
                    best = found
        return best[1:] if best else None

    def _compare(self, start: int, stop: int, section: Section) -> tuple[int, int, Run] | None:
        """Return how many rows are the same, where the run ends, and the run; None if it is not near."""
        theirs = self._index.numbers(section)
        if len(theirs) > MANY_ROWS or self._index.names.has_unlike(theirs):
            return None
        stop = self._before_break(start, stop, theirs)
        ours = self._rows.numbers[start:stop]
        codes = difflib.SequenceMatcher(None, ours, theirs).get_opcodes()
        if codes[-1][0] in ("delete", "replace"):
            _, first, _, theirs_from, theirs_to = codes[-1]
            stop = self._end_of_copy(start + first, stop, theirs[theirs_from:theirs_to])
            ours = ours[: stop - start]
            codes[-1] = ("replace", first, len(ours), theirs_from, theirs_to)
        same = sum(end - begin for tag, begin, end, _, _ in codes if tag == "equal") - 1
        changed = sum(
            max(end - begin, their_end - their_begin)
            for tag, begin, end, their_begin, their_end in codes
            if tag != "equal"
        )
        embed = self._embed(section)
        if not changed or same * 2 <= len(ours) - 1 or embed is None:
            return None
        match = _Match(start, stop, {embed: section})
        diff = self._diff(ours, theirs, match, embed)
        run = Run(
            self._block,
            self._span(match),
            (embed,),
            self._name(section),
            changed=changed,
            diff=diff,
        )
        return same, stop, run

    def _end_of_copy(self, start: int, stop: int, theirs: Sequence[int]) -> int:
        """Return where a run ends whose rows from `start` are none of the section's last ones, `theirs`.

        They are a part of the run as far as they may be older forms of these, else the card's own.
        """
        texts = [self._index.names.texts[number] for number in theirs]
        for row in range(start, stop):
            if row - start >= len(texts):
                return row
            is_own = row in self._rows.apart or self._rows.levels[row]
            if is_own and not difflib.get_close_matches(self._text(row), texts, 1):
                return row
        return stop

    def _before_break(self, start: int, stop: int, theirs: Sequence[int]) -> int:
        """Return where a run ends, at a break at the latest that the section has not."""
        for row in range(start, stop):
            number = self._rows.numbers[row]
            if BREAK_ROW.fullmatch(self._index.names.texts[number]) and number not in theirs:
                return row
        return stop

    def _diff(self, ours: Sequence[int], theirs: Sequence[int], match: _Match, embed: str) -> str:
        """Return a unified diff from what the card says to what the section says."""
        texts = self._index.names.texts
        place = self._source.locate(self._span(match).start)
        lines = difflib.unified_diff(
            [texts[number] for number in ours],
            [texts[number] for number in theirs],
            f"{place.path}:{place.line}",
            embed,
            lineterm="",
        )
        return "\n".join(lines) + "\n"

    def _text(self, row: int) -> str:
        return self._index.names.texts[self._rows.numbers[row]]

    def _span(self, match: _Match) -> Span:
        first, last = self._rows.lines[match.start], self._rows.ends[match.stop - 1]
        origins = self._field.origins
        return Span(origins[first], origins[last] + len(self._lines[last].rstrip()))
