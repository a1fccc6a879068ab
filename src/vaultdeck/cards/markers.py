"""Find what can begin or end a card.

START
END
  END          (indented: closes a block only for want of a proper one)
END <!--ID: 1769619800835-->      (an ID that somebody moved there)
```python      (a fence: may hide markers, see `extents.py`)
STARTI … ENDI  (an inline note, on one line)
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator

from vaultdeck.cards.fences import FenceLine, find_fence_lines
from vaultdeck.cards.lines import INVISIBLE
from vaultdeck.model import Span
from vaultdeck.model.config import Markers
from vaultdeck.model.value import value


class Kind(enum.Enum):
    """What a marker line is."""

    BEGIN = enum.auto()
    END = enum.auto()
    INDENTED_END = enum.auto()
    FENCE = enum.auto()


@value(frozen=True, slots=True)
class MarkerLine:
    """A marker line: from its first visible character to the end of the marker, or of the fence's line."""

    kind: Kind
    start: int
    end: int
    fence: FenceLine | None = None


@functools.lru_cache(maxsize=8)
def _pattern(markers: Markers) -> re.Pattern[str]:
    """Match the newline before a marker line, and the line.

    Trailing white space, CR, an ID behind the end and a BOM before the first are accepted. (`re` finds a
    newline many times faster than the beginning of a line.)
    """
    begin, end = re.escape(markers.begin), re.escape(markers.end)
    moved_id = r"(?:[ \t]*(?:<!--|%%)[ \t]*ID:[ \t]*[0-9]+[ \t]*(?:-->|%%))?"
    return re.compile(
        rf"\n\ufeff?(?:(?P<begin>{begin})|(?P<indent>[ \t]*)(?P<end>{end}){moved_id})"
        rf"[{INVISIBLE}]*(?=\n|\Z)"
    )


def find_markers(text: str, markers: Markers) -> tuple[MarkerLine, ...]:
    """Return the marker lines of a note file in order."""
    fences = [MarkerLine(Kind.FENCE, f.start, f.end, f) for f in find_fence_lines(text)]
    return tuple(sorted([*_scan(text, markers), *fences], key=lambda line: line.start))


def _scan(text: str, markers: Markers) -> Iterator[MarkerLine]:
    for match in _pattern(markers).finditer(f"\n{text}"):
        kind = Kind.BEGIN if match["begin"] else Kind.INDENTED_END if match["indent"] else Kind.END
        start, end = match.span("begin" if match["begin"] else "end")
        yield MarkerLine(kind, start - 1, end - 1)


def inline_spans(
    text: str, words: Markers, start: int = 0, end: int | None = None
) -> Iterator[Span]:
    """Yield the spans of the inline notes in `text[start:end]`.

    Each goes from the first marker that begins one to the first on its line that ends it.
    """
    end = len(text) if end is None else end
    while (begin := text.find(words.inline_begin, start, end)) >= 0:
        newline = text.find("\n", begin, end)
        start = end if newline < 0 else newline
        close = text.find(words.inline_end, begin + len(words.inline_begin), start)
        if close >= 0:
            start = close + len(words.inline_end)
            yield Span(begin, start)
