"""Spans of one text, to look up: what of it stands in code, in a comment, in a card."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import attrgetter

from vaultdeck.model import Span
from vaultdeck.regexps import regexp

COVER = "\0"
COVERED = regexp(r"[^\r\n]")


class Spans:
    """Spans of one text, to look up; those that overlap are made one."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._merged: list[Span] = []
        for span in sorted(spans, key=attrgetter("start")):
            if self._merged and span.start < self._merged[-1].end:
                last = self._merged.pop()
                span = Span(last.start, max(last.end, span.end))
            self._merged.append(span)
        self._starts = [span.start for span in self._merged]

    def meet(self, start: int, end: int) -> bool:
        """Tell whether one of them has a place in common with `start:end` (if empty: with `start`)."""
        return self.last_met(start, end) is not None

    def last_met(self, start: int, end: int) -> Span | None:
        """Return the last of those that have a place in common with `start:end`."""
        before = bisect_left(self._starts, max(end, start + 1)) - 1
        is_met = before >= 0 and self._merged[before].end > start
        return self._merged[before] if is_met else None

    def lie_in(self, start: int, end: int) -> bool:
        """Tell whether one of them lies wholly in `start:end`."""
        first = bisect_left(self._starts, start)
        return first < len(self._merged) and self._merged[first].end <= end

    def hold(self, start: int, end: int) -> bool:
        """Tell whether `start:end` lies wholly in one of them."""
        before = bisect_right(self._starts, start) - 1
        return before >= 0 and end <= self._merged[before].end

    def rest(self, text: str) -> str:
        """Return the text without what stands in them, parted by newlines."""
        pieces, done = [], 0
        for span in self._merged:
            pieces.append(text[done : span.start])
            done = span.end
        return "\n".join([*pieces, text[done:]])

    def cover(self, text: str, covered: re.Pattern[str] = COVERED) -> str:
        """Return the text with each character of the spans, or each that `covered` finds, covered up."""
        pieces, done = [], 0
        for span in self._merged:
            pieces += [text[done : span.start], covered.sub(COVER, text[span.start : span.end])]
            done = span.end
        return "".join(pieces) + text[done:]
