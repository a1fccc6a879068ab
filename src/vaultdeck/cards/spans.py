"""Many spans of one text, to look up which places they hold."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from vaultdeck.model import Span

COVER = "\0"
COVERED = re.compile(r"[^\r\n]")


class Spans:
    """Spans that do not overlap, to look up."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._merged: list[Span] = []
        for span in sorted(spans, key=lambda span: span.start):
            if self._merged and span.start < self._merged[-1].end:
                last = self._merged.pop()
                span = Span(last.start, max(last.end, span.end))
            self._merged.append(span)
        self._starts = [span.start for span in self._merged]

    def meet(self, start: int, end: int) -> bool:
        """Tell whether one of them has a place in common with `start:end` (if empty: with `start`)."""
        before = bisect_left(self._starts, max(end, start + 1)) - 1
        return before >= 0 and self._merged[before].end > start

    def cover(self, text: str) -> str:
        """Return the text with every character of the spans covered up."""
        pieces, done = [], 0
        for span in self._merged:
            pieces += [text[done : span.start], COVERED.sub(COVER, text[span.start : span.end])]
            done = span.end
        return "".join(pieces) + text[done:]
