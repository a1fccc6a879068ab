"""A note as embeds see it, and the tokens that `#heading`, `#a#b` or `#^block` name in it.

A section runs from its heading to the next heading of the same or a higher level. A block id on a
list item names the item with all that is nested in it. What is named is a range of the note's block
tokens; their inlines are parsed when they are shown.
"""

from __future__ import annotations

import copy
import functools
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from vaultdeck.markdown import Markdown, find_too_deep
from vaultdeck.markdown.place import Places
from vaultdeck.model import NEWLINE, Location, SourceFile, Span, line_starts
from vaultdeck.suggest import NearNames

# What Obsidian takes for a space when it compares headings with links.
PUNCTUATION = re.compile(r"[!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\\r\n\s]+")

# How deep headings go.
LEVELS = 6


class Heading(NamedTuple):
    """A heading in no list or quote: where its tokens begin, its level, its text as written."""

    start: int
    level: int
    text: str


class _Block(NamedTuple):
    """A block with an id: where it begins, and the list that it is an item of."""

    start: int
    list: Token | None


def heading_key(text: str) -> str:
    """Return a heading's text, raw or from a link, in the form in which Obsidian compares both."""
    return PUNCTUATION.sub(" ", unicodedata.normalize("NFC", text)).strip().lower()


def split_subpath(subpath: str) -> list[str]:
    """Return the names in a link's subpath: `#a#b` holds two."""
    return [name.strip() for name in subpath.split("#") if name.strip()]


class Document:
    """The block tokens of a note without properties and card blocks.

    `text` is what is parsed, line for line that of `source`; of a plugin's data (`is_data`) it is
    nothing to show. `conflicts` are those that git left in `text`.
    """

    def __init__(
        self,
        source: SourceFile,
        text: str,
        markdown: Markdown,
        *,
        is_data: bool = False,
        conflicts: Sequence[Span] = (),
    ) -> None:
        self._conflicts = conflicts
        self.source, self.text, self.is_data = source, text, is_data
        self._markdown = markdown
        self.tokens, self._env = markdown.parse_blocks(text)
        self.is_too_deep = find_too_deep(self.tokens) is not None

    @functools.cached_property
    def headings(self) -> Sequence[Heading]:
        """The headings, in order."""
        return [
            Heading(index, int(token.tag[1:]), self.tokens[index + 1].content)
            for index, token in enumerate(self.tokens)
            if token.type == "heading_open" and token.level == 0
        ]

    @functools.cached_property
    def _numbers(self) -> Mapping[tuple[str, int], Sequence[int]]:
        """The numbers of the headings of each text, as compared, and level."""
        numbers: dict[tuple[str, int], list[int]] = {}
        for number, heading in enumerate(self.headings):
            numbers.setdefault((heading_key(heading.text), heading.level), []).append(number)
        return numbers

    @functools.cached_property
    def _ends(self) -> Sequence[int]:
        """For each heading the number of the one that ends its section."""
        ends = [len(self.headings)] * len(self.headings)
        open_: list[int] = []
        for number, heading in enumerate(self.headings):
            while open_ and self.headings[open_[-1]].level >= heading.level:
                ends[open_.pop()] = number
            open_.append(number)
        return ends

    @functools.cached_property
    def _blocks(self) -> Mapping[str, _Block]:
        """The first block of each id."""
        blocks: dict[str, _Block] = {}
        above: list[Token] = []
        for index, token in enumerate(self.tokens):
            if "block_id" in token.meta:
                is_item = token.type == "list_item_open"
                block = _Block(index, above[-1] if is_item and above else None)
                blocks.setdefault(token.meta["block_id"], block)
            if token.nesting == 1:
                above.append(token)
            elif token.nesting == -1 and above:
                above.pop()
        return blocks

    @functools.cached_property
    def _places(self) -> Places:
        return Places(NEWLINE.split(self.text))

    def locate(self, inline: Token, start: int, end: int) -> Location:
        """Return the place of a range of an inline token's content in the note file."""
        spots = self._places.find(inline, start, end)
        first, last = (self.source.line_span(line).start + column for line, column in spots)
        return self.source.locate(first, last)

    def find(self, subpath: str) -> range | None:
        """Return what a link's subpath names, `#heading`, `#a#b`, `#^block` or nothing for the whole."""
        names = split_subpath(subpath)
        if not names:
            return range(len(self.tokens))
        if names[-1].startswith("^"):
            return self.find_block(names[-1][1:])
        return self.find_section(names)

    def find_section(self, names: Sequence[str]) -> range | None:
        """Return the section of the heading path `names`, None if there is none.

        Obsidian's `resolveSubpath`: each name must be the next heading of that text and of a deeper
        level than the one before; the first in the note wins.
        """
        number = self._find_heading(names)
        if number is None:
            return None
        end = self._ends[number]
        is_last = end == len(self.headings)
        stop = len(self.tokens) if is_last else self.headings[end].start
        return range(self.headings[number].start, stop)

    def _find_heading(self, names: Sequence[str]) -> int | None:
        """Return the number of the heading that a heading path means."""
        number, level = -1, 0
        for name in names:
            key = heading_key(name)
            levels = range(level + 1, LEVELS + 1)
            behind = (_first_behind(number, self._numbers.get((key, at), ())) for at in levels)
            found = [other for other in behind if other is not None]
            if not found:
                return None
            number = min(found)
            level = self.headings[number].level
        return number

    def is_ambiguous(self, names: Sequence[str]) -> bool:
        """Tell whether another heading, behind the one that `find_section` finds, fits as well."""
        *above, wanted = names
        parent = self._find_heading(above) if above else None
        start, end = (-1, len(self.headings)) if parent is None else (parent, self._ends[parent])
        key = heading_key(wanted)
        fits = 0
        for level in range(1, LEVELS + 1):
            numbers = self._numbers.get((key, level), ())
            fits += bisect_left(numbers, end) - bisect_right(numbers, start)
        return fits > 1

    def find_block(self, block_id: str) -> range | None:
        """Return the tokens of the block with an id (letter case ignored), None if there is none."""
        block = self._blocks.get(block_id.strip().lower())
        if block is None:
            return None
        return range(self._start_of_paragraph(block.start), self._end_of_block(block.start))

    def _start_of_paragraph(self, start: int) -> int:
        """Return where the lines above a paragraph begin that no blank line separates from it.

        Display math over several lines is a paragraph of its own here, part of one in Obsidian.
        """
        tokens = self.tokens
        while start >= 3:
            token, above = tokens[start], tokens[start - 3]
            types = [other.type for other in (token, above, tokens[start - 1])]
            if types != ["paragraph_open", "paragraph_open", "paragraph_close"]:
                break
            if not token.map or not above.map or above.map[1] != token.map[0]:
                break
            start -= 3
        return start

    def _end_of_block(self, start: int) -> int:
        depth = 0
        for index in range(start, len(self.tokens)):
            depth += self.tokens[index].nesting
            if depth == 0:
                return index + 1
        return len(self.tokens)

    def find_conflict(self, part: range) -> Location | None:
        """Return the first conflict in a range of tokens, or in the heading that ends it.

        `=======` below the first side makes a heading of that, which cuts a section off.
        """
        if not self._conflicts or not part:
            return None
        lines = line_starts(self.text)
        first = (self.tokens[part.start].map or [0])[0]
        behind = self.tokens[part.stop].map if part.stop < len(self.tokens) else None
        stop = behind[1] if behind else len(lines)
        for span in self._conflicts:
            begin, end = (bisect_right(lines, at) - 1 for at in (span.start, span.end))
            if end >= first and begin < stop:
                line = self.source.line_span(begin)
                return self.source.locate(line.start, line.end)
        return None

    def find_nearest(self, name: str) -> str | None:
        """Return the heading, or behind `^` the block id, that a name could have been meant to be."""
        return (self._near_blocks if name.startswith("^") else self._near_headings).nearest(name)

    @functools.cached_property
    def _near_headings(self) -> NearNames:
        return NearNames([heading.text for heading in self.headings])

    @functools.cached_property
    def _near_blocks(self) -> NearNames:
        return NearNames(self._blocks)

    def cut(self, part: range) -> list[Token]:
        """Return the tokens of a range, inlines parsed; a list item gets a list of its kind around it."""
        tokens = self.tokens[part.start : part.stop]
        self._markdown.parse_inlines(tokens, self._env)
        if not tokens or tokens[0].type != "list_item_open":
            return tokens
        block = self._blocks.get(tokens[0].meta.get("block_id", ""))
        if block is None or block.list is None:
            return tokens
        opening = copy.copy(block.list)
        opening.attrs = {}
        closing = Token(opening.type.replace("_open", "_close"), opening.tag, -1, block=True)
        return [opening, *tokens, closing]

    def footnote(self, name: str) -> list[Token] | None:
        """Return the tokens of a footnote, inlines parsed; None if the note has none of that name."""
        tokens: list[Token] | None = self._env["footnotes"].get(name)
        if tokens is not None:
            self._markdown.parse_inlines(tokens, self._env)
        return tokens


def _first_behind(number: int, numbers: Sequence[int]) -> int | None:
    """Return the first of ascending numbers that is greater than `number`."""
    at = bisect_right(numbers, number)
    return numbers[at] if at < len(numbers) else None
