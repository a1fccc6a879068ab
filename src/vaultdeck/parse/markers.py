"""Find the lines that can begin or end something: block markers and code fences.

START
END
  END          (indented: closes a block only for want of a proper one)
```python      (a fence: may hide markers, see `blocks.py`)
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from vaultdeck.model import Markers
from vaultdeck.parse.lines import INVISIBLE


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
    """Match a whole marker line; trailing white space, CR and a BOM before the first are accepted."""
    tail = f"(?P<tail>[{INVISIBLE}]*)$"
    begin, end = re.escape(markers.begin), re.escape(markers.end)
    return re.compile(
        rf"^\ufeff?(?:(?P<begin>{begin})|(?P<indent>[ \t]*)(?P<end>{end})){tail}"
        r"|^\ufeff?[ ]{0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})(?P<info>[^\n]*)$",
        re.MULTILINE,
    )


def find_markers(text: str, markers: Markers) -> Iterator[MarkerLine]:
    """Yield the marker lines of a note file in order."""
    for match in _pattern(markers).finditer(text):
        if match["fence"]:
            info = match["info"].strip(INVISIBLE)
            yield MarkerLine(Kind.FENCE, match.start("fence"), match.end(), match["fence"], info)
        elif match["begin"]:
            yield MarkerLine(Kind.BEGIN, match.start("begin"), match.start("tail"))
        else:
            kind = Kind.INDENTED_END if match["indent"] else Kind.END
            yield MarkerLine(kind, match.start("end"), match.start("tail"))
