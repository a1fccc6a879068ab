"""What Obsidian makes of a note but for its IDs, and what new IDs change of that.

Only the sections are looked at whose text is other than before: most IDs change none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

from vaultdeck.cards import blank_blocks
from vaultdeck.embeds.chunks import cut_note
from vaultdeck.markdown import shared_markdown
from vaultdeck.model import SourceFile
from vaultdeck.model.config import Config
from vaultdeck.regexps import regexp

# A new ID where it is shown.
NEW_ID = regexp(r"\^10000[0-9]{8}\b|ID: 10000[0-9]{8}\b")
# A block ID that ends a paragraph, which Obsidian does not show.
LAST_CARET_ID = regexp(r"\s\^10000[0-9]{8}\s*\Z")
# Code, HTML, comments and math, which may have empty lines of their own.
KEEPS_LINES = regexp(r"`{3}|~{3}|<|%%|\$\$|^(?: {4}|[ >]*\t)", re.MULTILINE)
GAP = regexp(r"\n{2,}")
ATX_HEADING = regexp(r"^\ufeff?[ \t>]*#{1,6}[ \t][^\n]*", re.MULTILINE)


class Harm(IntEnum):
    """What IDs change of a note, the least first."""

    NONE = 0
    DIVIDES = 1  # a paragraph is two, or shows an ID
    LOOKS = 2  # other blocks look other, headings stay
    HEADINGS = 3  # a heading is lost, or one is new
    CARDS = 4


class Look:
    """How a note looks in Obsidian, and where other notes embed it."""

    def __init__(self, source: SourceFile, config: Config) -> None:
        self._text = source.text
        self._blanked = blank_blocks(source, config)

    @functools.cached_property
    def _chunks(self) -> list[str]:
        return [chunk.text for chunk in cut_note(self._blanked, shared_markdown())]

    def harm_of(self, other: Look) -> Harm:
        """Return what the IDs of the other note, which is this one with new IDs, change of it."""
        before, after = self._changed(other)
        shape, new_shape = _shape(self._text, before), _shape(other._text, after)
        if shape == new_shape:
            return Harm.NONE
        if _outline(shape) == _outline(new_shape):
            return Harm.DIVIDES
        return Harm.LOOKS if _headings(shape) == _headings(new_shape) else Harm.HEADINGS

    def _changed(self, other: Look) -> tuple[list[str], list[str]]:
        """Return the chunks that may look other than in this note: as they are in both."""
        if self._blanked == other._blanked:
            return [], []
        before, after = self._chunks, other._chunks
        if len(before) != len(after):
            return before, after
        pairs = [pair for pair in zip(before, after, strict=True) if not _is_same(*pair)]
        return [old for old, _ in pairs], [new for _, new in pairs]


def _is_same(before: str, after: str) -> bool:
    """Tell whether two chunks differ by nothing but empty lines, however many, that nothing keeps."""
    if KEEPS_LINES.search(before):
        return before == after
    return GAP.sub("\n\n", before) == GAP.sub("\n\n", after)


def _shape(text: str, chunks: Iterable[str]) -> list[Sequence[object]]:
    """Return what Obsidian makes of a note but for its IDs: headings, and the blocks of some chunks."""
    lines = [(heading[0],) for heading in ATX_HEADING.finditer(text)]
    return [*lines, *(block for chunk in chunks for block in blocks_of(chunk))]


@functools.lru_cache(maxsize=512)
def blocks_of(chunk: str) -> tuple[Sequence[object], ...]:
    """Return the blocks of a chunk, which is read again with the ID of each of its cards."""
    return tuple(_read_blocks(chunk))


def _read_blocks(chunk: str) -> Iterator[Sequence[object]]:
    tokens, _ = shared_markdown().parse_blocks(chunk)
    is_cell = False
    for token in tokens:
        content = token.content
        if token.type == "inline":
            content = " ".join((content if is_cell else LAST_CARET_ID.sub("", content)).split())
        is_cell = token.tag in ("th", "td")
        yield token.type, token.tag, token.level, token.info, token.hidden, content


def _headings(shape: Iterable[Sequence[object]]) -> list[object]:
    found: list[object] = []
    is_open = False
    for kind, *rest in shape:
        if is_open or not rest:
            found.append(rest or kind)
        is_open = kind == "heading_open"
    return found


def _outline(shape: Iterable[Sequence[object]]) -> list[Sequence[object]]:
    """Return a shape in which an ID may divide, or stand in, a paragraph."""
    found: list[Sequence[object]] = []
    for kind, *rest in shape:
        if kind in ("paragraph_open", "paragraph_close"):
            continue
        if kind == "inline":
            content = " ".join(NEW_ID.sub(" ", str(rest[-1])).split())
            if found and found[-1][0] == "inline":
                content = f"{found.pop()[-1]} {content}".strip()
            rest = [content]
        if kind in ("html_block", "fence"):
            # In what nothing closes, a block is as many empty lines as it has.
            rest = [GAP.sub("\n\n", NEW_ID.sub("", str(rest[-1])))]
        found.append((kind, *rest))
    return found
