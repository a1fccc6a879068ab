"""The runs of a card's field that equal a section of the vault, the longest first, or are near one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from vaultdeck.model import CardBlock, Field, SourceFile
from vaultdeck.pasted.index import Section, hash_rows
from vaultdeck.pasted.links import Links
from vaultdeck.pasted.searched import Run, SearchedField
from vaultdeck.pasted.stale import stale_runs


class _Match(NamedTuple):
    start: int
    stop: int
    sections: Sequence[Section]


def find_runs(
    links: Links, source: SourceFile, block: CardBlock, refused: Collection[str] = ()
) -> list[Run]:
    """Return the pasted runs of a card, in order; those that are only near may hold equal ones.

    Embeds that are `refused` count as none.
    """
    runs = [
        run
        for field in block.fields
        if _is_as_written(field, source)
        for run in _find(SearchedField(links, source, block, field, refused))
    ]
    return sorted(runs, key=lambda run: (run.span.start, run.changed))


def _is_as_written(field: Field, source: SourceFile) -> bool:
    """Tell whether each line of a field stands in the note file as it is."""
    lines = field.text.split("\n")
    return len(lines) <= len(field.origins) and all(
        source.text.startswith(line, start)
        for line, start in zip(lines, field.origins, strict=False)
    )


def _find(field: SearchedField) -> Iterator[Run]:
    taken: set[int] = set()
    matches = sorted(_matches(field), key=lambda match: (match.start - match.stop, match.start))
    for start, stop, sections in matches:
        if taken.isdisjoint(range(start, stop)):
            # No embed means the second section of two with one heading.
            embeds = {embed: s for s in sections if (embed := field.embed(s))}
            if embeds:
                taken.update(range(start, stop))
                yield _equal(field, start, stop, embeds)
    yield from stale_runs(field, taken.union(match.start for match in matches))


def _matches(field: SearchedField) -> Iterator[_Match]:
    """Yield for each row the runs that begin there and are equal to a section."""
    hashes, end = hash_rows(field.rows), len(field.rows)
    for start, number in enumerate(field.rows.numbers):
        lengths = field.index.lengths.get(number)
        if not lengths:
            continue
        is_heading = field.rows.levels[start] > 0
        if not (is_heading or field.is_end(start)):
            continue
        for length in lengths:
            stop = start + length
            if stop > end:
                continue
            found = field.index.find(hashes, field.rows, start, length)
            if not found:
                continue
            is_apart = field.is_end(start) and field.is_end(stop)
            # Without a heading it must stand by itself.
            fitting = [s for s in found if is_apart or (is_heading and s.heading == s.start)]
            if fitting:
                yield _Match(start, stop, fitting)


def _equal(field: SearchedField, start: int, stop: int, embeds: Mapping[str, Section]) -> Run:
    own = {embed: s for embed, s in embeds.items() if embed.startswith("![[#")}
    # One in the same note is the nearest source.
    found = own if len(own) == 1 else embeds
    first = next(iter(found.values()))
    heading = "" if first.has_heading else field.heading_of(first)
    return Run(field.block, field.span(start, stop), (*found,), field.name_of(first), heading)
