"""Where inline notes stand: `STARTI … ENDI` on one line."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from vaultdeck.model import Markers, Span


@functools.lru_cache(maxsize=8)
def _pattern(words: Markers) -> re.Pattern[str]:
    """Match either marker, or the end of the line, which no inline note crosses."""
    begin, end = re.escape(words.inline_begin), re.escape(words.inline_end)
    return re.compile(rf"(?P<begin>{begin})|(?P<end>{end})|\n")


def inline_spans(
    text: str, words: Markers, start: int = 0, end: int | None = None
) -> Iterator[Span]:
    """Yield the spans of the inline notes in `text[start:end]`: each from the first marker that begins
    one to the first that ends it.
    """
    end = len(text) if end is None else end
    if text.find(words.inline_begin, start, end) < 0:
        return
    opened: int | None = None
    for match in _pattern(words).finditer(text, start, end):
        if match["begin"]:
            opened = match.start() if opened is None else opened
        elif match["end"] and opened is not None:
            yield Span(opened, match.end())
            opened = None
        elif not match["end"]:
            opened = None
