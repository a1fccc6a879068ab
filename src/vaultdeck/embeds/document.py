"""A note as embeds see it, and the tokens that `#heading`, `#a#b` or `#^block` name in it.

A section runs from its heading to the next heading of the same or a higher level. A block id on a
list item names the item with all that is nested in it. What is named is a range of the note's block
tokens; their inlines are parsed when they are shown.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.token import Token

from vaultdeck.embeds.chunks import Chunk, Part, Place, cut_note
from vaultdeck.embeds.headings import Heading, Outline, split_subpath
from vaultdeck.markdown import Markdown, find_too_deep
from vaultdeck.markdown.place import Places, Spot
from vaultdeck.model import NEWLINE, Location, SourceFile, Span, line_starts
from vaultdeck.spelling import NearNames


class Document:
    """A note without properties and card blocks; what of it is shown is parsed.

    `text` is what is parsed, line for line that of `source`; of a plugin's data (`is_data`) it is
    nothing to show. `conflicts` are those that git left in `text`, `unshown` the spans of `source` that are
    missing in it.
    """

    def __init__(
        self,
        source: SourceFile,
        text: str,
        markdown: Markdown,
        *,
        is_data: bool = False,
        conflicts: Sequence[Span] = (),
        unshown: Sequence[Span] = (),
    ) -> None:
        self._conflicts, self._unshown = conflicts, unshown
        self.source, self.text, self.is_data = source, text, is_data
        self._markdown = markdown
        self._cuts_of: dict[int, tuple[Sequence[int], Sequence[int]]] = {}

    @functools.cached_property
    def _chunks(self) -> Sequence[Chunk]:
        return cut_note(self.text, self._markdown)

    @property
    def is_too_deep(self) -> bool:
        """Whether lists, quotes or brackets nest so deeply that what is deeper is not parsed."""
        chunks = self._chunks
        return len(chunks) == 1 and find_too_deep(chunks[0].tokens) is not None

    @functools.cached_property
    def _headings(self) -> Sequence[tuple[Heading, Place]]:
        return [
            (heading, Place(number, heading.token))
            for number, chunk in enumerate(self._chunks)
            for heading in chunk.headings
        ]

    @functools.cached_property
    def outline(self) -> Outline:
        """The headings, in order."""
        return Outline([heading for heading, _ in self._headings])

    @functools.cached_property
    def _places(self) -> Places:
        return Places(NEWLINE.split(self.text))

    def locate(self, inline: Token, start: int, end: int) -> Location:
        """Return the place of a range of an inline token's content in the note file."""
        first, last = self._places.find(inline, start, end)
        begin = self._offset(first)
        return self.source.locate(begin, max(begin, self._offset(last, is_end=True)))

    def _offset(self, spot: Spot, *, is_end: bool = False) -> int:
        """Return the offset in the note file of a place in `text`, which lacks what is not shown."""
        line = self.source.line_span(spot.line)
        columns, left_out = self._cuts(line)
        find = bisect_left if is_end else bisect_right
        return line.start + spot.column + left_out[find(columns, spot.column)]

    def _cuts(self, line: Span) -> tuple[Sequence[int], Sequence[int]]:
        """Return at which columns of a line something is left out, and how much is up to each of them.

        They are remembered, as a line may have many problems.
        """
        if line.start not in self._cuts_of:
            columns, left_out = [], [0]
            number = bisect_right(self._unshown, line.start, key=lambda span: span.end)
            stop = bisect_left(self._unshown, line.end, key=lambda span: span.start)
            for span in self._unshown[number:stop]:
                start = max(span.start, line.start)
                columns.append(start - line.start - left_out[-1])
                left_out.append(left_out[-1] + min(span.end, line.end) - start)
            self._cuts_of[line.start] = columns, left_out
        return self._cuts_of[line.start]

    def find(self, subpath: str) -> Part | None:
        """Return what a link's subpath names, `#heading`, `#a#b`, `#^block` or nothing for the whole."""
        names = split_subpath(subpath)
        if not names:
            return Part(Place(0, 0), self._end)
        if names[-1].startswith("^"):
            return self.find_block(names[-1][1:])
        return self.find_section(names)

    @property
    def _end(self) -> Place:
        return Place(len(self._chunks), 0)

    def find_section(self, names: Sequence[str]) -> Part | None:
        """Return the section of the heading path `names`, None if there is none."""
        number = self.outline.find(names)
        if number is None:
            return None
        end = self.outline.ends[number]
        stop = self._end if end == len(self._headings) else self._headings[end][1]
        return Part(self._headings[number][1], stop)

    def find_block(self, block_id: str) -> Part | None:
        """Return the block with an id (letter case ignored), None if there is none."""
        key = block_id.strip().lower()
        for number, chunk in enumerate(self._chunks):
            block = chunk.blocks.get(key) if f"^{key}" in chunk.text.lower() else None
            if block is not None:
                start, stop = Place(number, block.tokens.start), Place(number, block.tokens.stop)
                return Part(start, stop, block.list)
        return None

    def find_conflict(self, part: Part) -> Location | None:
        """Return the first conflict in a part of the note, or in the heading that ends it.

        `=======` below the first side makes a heading of that, which cuts a section off.
        """
        if not self._conflicts or part.start == part.stop:
            return None
        lines = line_starts(self.text)
        first, _ = self._lines(part.start) or (0, 0)
        _, stop = self._lines(part.stop) or (0, len(lines))
        number = bisect_left(self._conflicts, lines[first], key=lambda span: span.end)
        if number == len(self._conflicts):
            return None
        begin = bisect_right(lines, self._conflicts[number].start) - 1
        line = self.source.line_span(begin)
        return self.source.locate(line.start, line.end) if begin < stop else None

    def _lines(self, place: Place) -> Sequence[int] | None:
        """Return the lines of the first token from a place on, None behind the last."""
        rest = self._chunks[place.chunk].tokens[place.token :] if place != self._end else ()
        following = (chunk.tokens[0] for chunk in self._chunks[place.chunk + 1 :] if chunk.tokens)
        token = next(iter(rest), None) or next(following, None)
        return token.map if token else None

    def find_nearest(self, name: str) -> str | None:
        """Return the heading, or behind `^` the block id, that a name could have been meant to be."""
        return (self._near_blocks if name.startswith("^") else self.outline.near).nearest(name)

    @functools.cached_property
    def _near_blocks(self) -> NearNames:
        return NearNames(dict.fromkeys(name for chunk in self._chunks for name in chunk.blocks))

    def cut(self, part: Part) -> list[Token]:
        """Return the tokens of a part, inlines parsed; a list item gets a list of its kind around it."""
        start, stop, outer = part
        tokens: list[Token] = []
        for number in range(start.chunk, min(stop.chunk + 1, len(self._chunks))):
            first = start.token if number == start.chunk else 0
            tokens += self._chunks[number].cut(first, stop.token if number == stop.chunk else None)
        if outer is None:
            return tokens
        opening = replace(outer, attrs={})
        closing = Token(opening.type.replace("_open", "_close"), opening.tag, -1, block=True)
        return [opening, *tokens, closing]

    def footnote(self, name: str) -> list[Token] | None:
        """Return the tokens of a footnote, inlines parsed; None if the note has none of that name."""
        # A note with definitions is one chunk.
        return self._chunks[0].footnote(name) if len(self._chunks) == 1 else None
