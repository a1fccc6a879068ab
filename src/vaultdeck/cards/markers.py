"""Find the lines that can begin or end something: block markers and code fences.

START
END
  END          (indented: closes a block only for want of a proper one)
```python      (a fence: may hide markers, see `extents.py`)
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from vaultdeck.cards.lines import INVISIBLE
from vaultdeck.model import Markers


class Kind(enum.Enum):
    """What a marker line is."""

    BEGIN = enum.auto()
    END = enum.auto()
    INDENTED_END = enum.auto()
    FENCE = enum.auto()


@dataclass(frozen=True, slots=True)
class MarkerLine:
    """A marker line: from its first visible character to the end of the line, newline excluded.

    For a fence, `fence` is its run of back-ticks or tildes and `info` what stands behind it.
    """

    kind: Kind
    start: int
    end: int
    fence: str = ""
    info: str = ""


@functools.lru_cache(maxsize=8)
def _pattern(markers: Markers) -> re.Pattern[str]:
    """Match the newline before a marker line, and the line.

    Trailing white space, CR and a BOM before the first are accepted. (`re` finds a newline many times
    faster than the beginning of a line.)
    """
    tail = f"(?P<tail>[{INVISIBLE}]*)(?=\\n|\\Z)"
    begin, end = re.escape(markers.begin), re.escape(markers.end)
    return re.compile(
        rf"\n\ufeff?(?:(?P<begin>{begin})|(?P<indent>[ \t]*)(?P<end>{end})){tail}"
        r"|\n\ufeff?[ ]{0,3}(?P<fence>`{3,}(?=[^`\n]*(?:\n|\Z))|~{3,})(?P<info>[^\n]*)"
    )


# A file is scanned for its cards, for the code in it, and for what of it can be embedded.
@functools.lru_cache(maxsize=2)
def find_markers(text: str, markers: Markers) -> tuple[MarkerLine, ...]:
    """Return the marker lines of a note file in order."""
    return tuple(_scan(text, markers))


def _scan(text: str, markers: Markers) -> Iterator[MarkerLine]:
    for match in _pattern(markers).finditer(f"\n{text}"):
        if match["fence"]:
            info = match["info"].strip(INVISIBLE)
            start, end = match.start("fence") - 1, match.end() - 1
            yield MarkerLine(Kind.FENCE, start, end, match["fence"], info)
            continue
        kind = Kind.BEGIN if match["begin"] else Kind.INDENTED_END if match["indent"] else Kind.END
        start = match.start("begin" if match["begin"] else "end") - 1
        yield MarkerLine(kind, start, match.start("tail") - 1)
