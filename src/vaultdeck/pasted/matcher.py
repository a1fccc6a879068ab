"""Which rows two texts share, in an order that both have, in time that grows with the rows."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence


class RowMatcher(difflib.SequenceMatcher[int]):
    """Compares two texts by the numbers of their rows.

    A row that stands once in each text is an anchor, unless it moved; others are equal only next to one, or
    to an end. difflib itself may compare each row with each, again and again.
    """

    def __init__(self, ours: Sequence[int], theirs: Sequence[int]) -> None:
        super().__init__(None, ours, theirs, autojunk=False)
        self.ours, self.theirs = ours, theirs
        self._blocks: list[difflib.Match] = []

    def get_matching_blocks(self) -> list[difflib.Match]:
        """Return the runs of equal rows, in order; the last one is empty, at both ends."""
        if not self._blocks:
            for a, b in self._pairs():
                last = self._blocks[-1] if self._blocks else difflib.Match(0, 0, 0)
                if (a, b) == (last.a + last.size, last.b + last.size):
                    self._blocks[-1:] = [difflib.Match(last.a, last.b, last.size + 1)]
                else:
                    self._blocks.append(difflib.Match(a, b, 1))
            self._blocks.append(difflib.Match(len(self.ours), len(self.theirs), 0))
        return self._blocks

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Yield where equal rows stand in each text."""
        ours, theirs = self.ours, self.theirs
        a = b = 0
        for anchor, other in [*_in_order(self._anchors()), (len(ours), len(theirs))]:
            while a < anchor and b < other and ours[a] == theirs[b]:
                yield a, b
                a, b = a + 1, b + 1
            above = 0
            rest = min(anchor - a, other - b)
            while above < rest and ours[anchor - above - 1] == theirs[other - above - 1]:
                above += 1
            yield from zip(range(anchor - above, anchor), range(other - above, other), strict=True)
            a, b = anchor, other

    def _anchors(self) -> list[tuple[int, int]]:
        ours, theirs = self.ours, self.theirs
        counts, others = Counter(ours), Counter(theirs)
        places = {row: place for place, row in enumerate(theirs) if others[row] == 1}
        found = enumerate(ours)
        return [(a, places[row]) for a, row in found if counts[row] == 1 and row in places]


def _in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return as many of some pairs as have both sides in order; their first sides are already."""
    # For each length the lowest second side at an end, and its pair; for each pair the one before.
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for number, (_, other) in enumerate(pairs):
        length = bisect_left(ends, other)
        before.append(tops[length - 1] if length else -1)
        ends[length : length + 1] = [other]
        tops[length : length + 1] = [number]
    found = []
    number = tops[-1] if tops else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
