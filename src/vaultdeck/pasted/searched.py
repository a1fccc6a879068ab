"""One field of a card that is searched for pasted sections, and what was found in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from vaultdeck.model import CardBlock, Edit, Field, SourceFile, Span
from vaultdeck.model.diagnostics import shorten
from vaultdeck.pasted.index import Section
from vaultdeck.pasted.links import Links
from vaultdeck.pasted.rows import BREAK_ROW


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

    @property
    def edit(self) -> Edit:
        """Return the edit that puts the first of the embeds in its place."""
        return Edit(self.span.start, self.span.end, self.embeds[0])


class SearchedField:
    """A field of a card, row by row; embeds that are `refused` count as none."""

    def __init__(
        self,
        links: Links,
        source: SourceFile,
        block: CardBlock,
        field: Field,
        refused: Collection[str],
    ) -> None:
        self.index, self.source, self.block = links.index, source, block
        self._links, self._field, self._refused = links, field, refused
        self._lines = field.text.split("\n")
        self.rows = self.index.rows_of(field.text)

    def is_end(self, row: int) -> bool:
        """Tell whether a block may end before a row, or begin with it."""
        rows = self.rows
        if row in (0, len(rows)) or row in rows.apart:
            return True
        return any(rows.levels[at] or BREAK_ROW.fullmatch(self.text(at)) for at in (row - 1, row))

    def text(self, row: int) -> str:
        """Return the text of a row."""
        return self.index.names.texts[self.rows.numbers[row]]

    def span(self, start: int, stop: int) -> Span:
        """Return where the rows `start:stop` stand in the note file."""
        first, last = self.rows.lines[start], self.rows.ends[stop - 1]
        origins = self._field.origins
        return Span(origins[first], origins[last] + len(self._lines[last].rstrip()))

    def embed(self, section: Section) -> str | None:
        """Return the embed of a section, None if none can mean it or it is refused."""
        embed = self._links.embed(section, self.source.path)
        return None if embed in self._refused else embed

    def name_of(self, section: Section) -> str:
        """Return what a person calls a section."""
        path = self.index.notes[section.note].path[: -len(".md")]
        if section.heading < 0:
            return shorten(path, 90)
        return shorten(f"{path} > {self.heading_of(section)[2:]}", 90)

    def heading_of(self, section: Section) -> str:
        """Return the row of a section's heading."""
        row = self.index.notes[section.note].rows.numbers[section.heading]
        return self.index.names.texts[row]
