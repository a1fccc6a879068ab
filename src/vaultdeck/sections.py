"""The slice of a note's tokens that `#heading`, `#a#b` or `#^block` names.

A section runs from its heading to the next heading of the same or a higher level. A block id on a
list item names the item with all that is nested in it.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from markdown_it.token import Token

from vaultdeck.diagnostics import shorten
from vaultdeck.markdown.place import find_place
from vaultdeck.model import Location, SourceFile

# What Obsidian takes for a space when it compares headings with links.
PUNCTUATION = re.compile(r"[!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\\r\n\s]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a note: where its tokens begin, its level, and its text as compared."""

    index: int
    level: int
    key: str


class Slice(NamedTuple):
    """A range of a document's tokens."""

    start: int
    end: int


def heading_key(text: str) -> str:
    """Return a heading's text, raw or from a link, in the form in which Obsidian compares both."""
    return PUNCTUATION.sub(" ", unicodedata.normalize("NFC", text)).strip().lower()


@dataclass(slots=True)
class Document:
    """A note as embeds see it: block tokens without properties and card blocks.

    `lines` is the parsed text, line for line that of `source`; `env` belongs to the tokens.
    """

    source: SourceFile
    lines: Sequence[str]
    tokens: list[Token]
    env: MutableMapping[str, Any]
    is_too_deep: bool = False
    headings: list[Heading] = field(init=False)

    def __post_init__(self) -> None:
        self.headings = [
            Heading(index, int(token.tag[1:]), heading_key(self.tokens[index + 1].content))
            for index, token in enumerate(self.tokens)
            if token.type == "heading_open" and token.level == 0
        ]

    def locate(self, inline: Token, start: int, end: int) -> Location:
        """Return the place of a range of an inline token's content in the note file."""
        line, column = find_place(self.lines, inline, start)
        offset = self.source.line_span(line).start + column
        return self.source.locate(offset, offset + end - start)

    def whole(self) -> Slice:
        """Return the slice of the whole note."""
        return Slice(0, len(self.tokens))

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
                    return Slice(heading.index, self._end_of_section(position))
        return None

    def _end_of_section(self, position: int) -> int:
        level = self.headings[position].level
        for heading in self.headings[position + 1 :]:
            if heading.level <= level:
                return heading.index
        return len(self.tokens)

    def find_block(self, block_id: str) -> Slice | None:
        """Return the tokens of the block with an id (letter case ignored), None if there is none."""
        wanted = block_id.lower()
        for start, token in enumerate(self.tokens):
            if token.meta.get("block_id") == wanted:
                end = _end_of_block(self.tokens, start)
                return Slice(self._start_of_paragraph(start), end)
        return None

    def _start_of_paragraph(self, start: int) -> int:
        """Return where the lines above a paragraph begin that no blank line separates from it.

        Display math over several lines is a paragraph of its own here, part of one in Obsidian.
        """
        while start >= 3:
            token, above = self.tokens[start], self.tokens[start - 3]
            types = [other.type for other in (token, above, self.tokens[start - 1])]
            if types != ["paragraph_open", "paragraph_open", "paragraph_close"]:
                break
            if not token.map or not above.map or above.map[1] != token.map[0]:
                break
            start -= 3
        return start

    def cut(self, part: Slice) -> list[Token]:
        """Return the tokens of a slice; a list item gets a list of its kind around it."""
        tokens = self.tokens[part.start : part.end]
        if not tokens or tokens[0].type != "list_item_open":
            return tokens
        opening = self._list_around(part.start)
        if opening is None:
            return tokens
        closing = Token(opening.type.replace("_open", "_close"), opening.tag, -1, block=True)
        opening = copy.copy(opening)
        opening.attrs = {}
        return [opening, *tokens, closing]

    def _list_around(self, index: int) -> Token | None:
        level = self.tokens[index].level - 1
        for token in reversed(self.tokens[:index]):
            if token.level == level and token.nesting == 1:
                return token
        return None


def find_part(document: Document, subpath: str) -> tuple[Slice | None, tuple[str, str]]:
    """Return the slice that a subpath names, or None and the code and name of what is missing."""
    names = [name for name in subpath.split("#") if name.strip()]
    if not names:
        return document.whole(), ("", "")
    if names[-1].startswith("^"):
        block_id = names[-1][1:].strip()
        missing = ("block-not-found", f"block id '^{shorten(block_id)}'")
        return document.find_block(block_id), missing
    heading = shorten(" > ".join(name.strip() for name in names))
    return document.find_section(names), ("heading-not-found", f"heading '{heading}'")


def _end_of_block(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)
