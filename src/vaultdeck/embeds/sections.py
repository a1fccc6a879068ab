"""The slice of a note's tokens that `#heading`, `#a#b` or `#^block` names.

A section runs from its heading to the next heading of the same or a higher level. A block id on a
list item names the item with all that is nested in it.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from markdown_it.token import Token

from vaultdeck.markdown.place import find_place
from vaultdeck.model import NEWLINE, Location, SourceFile

# What Obsidian takes for a space when it compares headings with links.
PUNCTUATION = re.compile(r"[!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\\r\n\s]+")


Parse = Callable[[str], list[Token]]


class Place(NamedTuple):
    """A place among a document's tokens: the number of a part, and that of a token in it."""

    part: int
    token: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a note: where its tokens begin, its level, its text as compared and as written."""

    place: Place
    level: int
    key: str
    text: str


class Slice(NamedTuple):
    """A range of a document's tokens; the end of a part is written as the beginning of the next."""

    start: Place
    end: Place


def heading_key(text: str) -> str:
    """Return a heading's text, raw or from a link, in the form in which Obsidian compares both."""
    return PUNCTUATION.sub(" ", unicodedata.normalize("NFC", text)).strip().lower()


def split_subpath(subpath: str) -> list[str]:
    """Return the names in a link's subpath: `#a#b` holds two."""
    return [name.strip() for name in subpath.split("#") if name.strip()]


class Part:
    """A part of a note; its block tokens are parsed when they are first asked for."""

    __slots__ = ("_parse", "_text", "_tokens", "end", "line", "start")

    def __init__(self, text: str, start: int, end: int, line: int, parse: Parse) -> None:
        self.start, self.end, self.line = start, end, line
        self._text, self._parse = text, parse
        self._tokens: list[Token] | None = None

    @property
    def tokens(self) -> list[Token]:
        """The block tokens; their lines are those of the note."""
        if self._tokens is None:
            self._tokens = self._parse(self._text[self.start : self.end])
            for token in self._tokens if self.line else ():
                if token.map is not None:
                    # Not in place: a callout and its title share theirs.
                    token.map = [line + self.line for line in token.map]
        return self._tokens

    def may_hold(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether a pattern is found in the text."""
        return pattern.search(self._text, self.start, self.end) is not None


@dataclass(slots=True)
class Document:
    """A note as embeds see it: block tokens without properties and card blocks.

    `text` is what was parsed, line for line that of `source`; `parts` are its tokens, `env` belongs to
    them. `headings` are those in no list or quote, in order.
    """

    source: SourceFile
    text: str
    parts: Sequence[Part]
    env: MutableMapping[str, Any]
    headings: Sequence[Heading]
    is_too_deep: bool = False
    _lines: Sequence[str] | None = None

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the text that was parsed."""
        if self._lines is None:
            self._lines = NEWLINE.split(self.text)
        return self._lines

    def locate(self, inline: Token, start: int, end: int) -> Location:
        """Return the place of a range of an inline token's content in the note file."""
        spots = find_place(self.lines, inline, start, end)
        first, last = (self.source.line_span(line).start + column for line, column in spots)
        return self.source.locate(first, last)

    def whole(self) -> Slice:
        """Return the slice of the whole note."""
        is_late = len(self.parts) > 1 and not self.parts[0].tokens
        return Slice(Place(int(is_late), 0), self._end)

    @property
    def _end(self) -> Place:
        return Place(len(self.parts), 0)

    def find(self, subpath: str) -> Slice | None:
        """Return what a link's subpath names, `#heading`, `#a#b`, `#^block` or nothing for the whole."""
        names = split_subpath(subpath)
        if not names:
            return self.whole()
        if names[-1].startswith("^"):
            return self.find_block(names[-1][1:])
        return self.find_section(names)

    def find_section(self, names: Sequence[str]) -> Slice | None:
        """Return the section of the heading path `names`, None if there is none.

        Obsidian's `resolveSubpath`: each name must be the next heading of that text and of a deeper
        level than the one before; the first in the note wins.
        """
        wanted = [heading_key(name) for name in names]
        level = found = 0
        for position, heading in enumerate(self.headings):
            if heading.level > level and heading.key == wanted[found]:
                level, found = heading.level, found + 1
                if found == len(wanted):
                    return Slice(heading.place, self._end_of_section(position))
        return None

    def is_ambiguous(self, names: Sequence[str]) -> bool:
        """Tell whether another heading, behind the one that `find_section` finds, fits as well."""
        *above, wanted = [heading_key(name) for name in names]
        parent = self.find_section(names[:-1]) if above else Slice(Place(0, 0), self._end)
        level = 0
        if parent is not None and above:
            level = next(h.level for h in self.headings if h.place == parent.start)
        fits = [
            heading
            for heading in self.headings
            if heading.key == wanted and parent and parent.start <= heading.place < parent.end
        ]
        return sum(heading.level > level for heading in fits) > 1

    def _end_of_section(self, position: int) -> Place:
        level = self.headings[position].level
        for heading in self.headings[position + 1 :]:
            if heading.level <= level:
                return heading.place
        return self._end

    def find_block(self, block_id: str) -> Slice | None:
        """Return the tokens of the block with an id (letter case ignored), None if there is none."""
        wanted = block_id.strip().lower()
        written = re.compile(re.escape(f"^{wanted}"), re.IGNORECASE)
        for number, part in enumerate(self.parts):
            tokens = part.tokens if part.may_hold(written) else ()
            for start, token in enumerate(tokens):
                if token.meta.get("block_id") == wanted:
                    end = _end_of_block(tokens, start)
                    place = Place(number, _start_of_paragraph(tokens, start))
                    is_last = end == len(tokens)
                    return Slice(place, Place(number + 1, 0) if is_last else Place(number, end))
        return None

    def block_ids(self) -> list[str]:
        """Return the block ids of the note."""
        tokens = (token for part in self.parts for token in part.tokens)
        return [token.meta["block_id"] for token in tokens if "block_id" in token.meta]

    def cut(self, part: Slice) -> list[Token]:
        """Return the tokens of a slice; a list item gets a list of its kind around it."""
        (first, start), (last, end) = part
        if first == last:
            tokens = self.parts[first].tokens[start:end]
        else:
            tokens = self.parts[first].tokens[start:]
            for number in range(first + 1, last):
                tokens += self.parts[number].tokens
            tokens += self.parts[last].tokens[:end] if end else ()
        if not tokens or tokens[0].type != "list_item_open":
            return tokens
        opening = _list_around(self.parts[first].tokens, start)
        if opening is None:
            return tokens
        closing = Token(opening.type.replace("_open", "_close"), opening.tag, -1, block=True)
        opening = copy.copy(opening)
        opening.attrs = {}
        return [opening, *tokens, closing]


def _start_of_paragraph(tokens: Sequence[Token], start: int) -> int:
    """Return where the lines above a paragraph begin that no blank line separates from it.

    Display math over several lines is a paragraph of its own here, part of one in Obsidian.
    """
    while start >= 3:
        token, above = tokens[start], tokens[start - 3]
        types = [other.type for other in (token, above, tokens[start - 1])]
        if types != ["paragraph_open", "paragraph_open", "paragraph_close"]:
            break
        if not token.map or not above.map or above.map[1] != token.map[0]:
            break
        start -= 3
    return start


def _list_around(tokens: Sequence[Token], index: int) -> Token | None:
    level = tokens[index].level - 1
    for token in reversed(tokens[:index]):
        if token.level == level and token.nesting == 1:
            return token
    return None


def _end_of_block(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)
