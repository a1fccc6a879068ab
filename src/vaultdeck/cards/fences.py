"""Code fences, and which line closes which.

    ```python
    START            code, not a card
    ```

The rules are CommonMark's, also in quotes and list items, with one exception: a fence that is never
closed counts as text, so that it cannot hide the rest of a note.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from vaultdeck.model import Span
from vaultdeck.model.value import value

# A line of a code fence, also in a quote or at the start of a list item, with the newline before it.
# (`re` finds a newline many times faster than the beginning of a line.)
FENCE = re.compile(
    r"\n\ufeff?(?P<quote>(?:[ \t]*>)*)(?P<indent>[ \t]*)"
    r"(?P<item>(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*)"
    r"(?P<run>`{3,}(?=[^`\n]*(?:\n|\Z))|~{3,})(?P<info>[^\n]*)"
)
# Longer runs count as of this length: each length is asked for at each fence.
MAX_RUN = 60
# Lines that end what is indented for a list item, or a quote.
UNINDENTED = re.compile(r"\n(?=[ ]?[^\s])")
UNQUOTED = re.compile(r"\n(?![ \t]*>)")


@value(frozen=True, slots=True)
class FenceLine:
    """A line that opens or closes code: from its run of back-ticks or tildes to its end.

    `info` is what stands behind the run. The line is `is_quoted`, or `is_deep`: indented as only lines
    of a list item (or of indented code) are. With `is_item` a list item begins in it.
    """

    start: int
    end: int
    run: str
    info: str
    is_quoted: bool
    is_deep: bool
    is_item: bool


@functools.lru_cache(maxsize=2)
def find_fence_lines(text: str) -> tuple[FenceLine, ...]:
    """Return the fence lines of a text in order; remembered, as several ask for those of a note."""
    if "```" not in text and "~~~" not in text:
        return ()
    return tuple(
        FenceLine(
            match.start("run") - 1,
            match.end() - 1,
            match["run"][:MAX_RUN],
            match["info"].strip(),
            bool(match["quote"]),
            len(match["indent"].expandtabs(4)) > (4 if match["quote"] else 3),
            bool(match["item"]),
        )
        for match in FENCE.finditer(f"\n{text}")
    )


class Fences:
    """Which fence line closes which.

    A fence is closed by the next one of the same character, at least as long, with nothing behind it,
    in the same quote or list item.
    """

    def __init__(self, text: str, lines: Sequence[FenceLine | None]) -> None:
        self._text, self._lines = text, lines
        self._closers: dict[tuple[str, bool, bool], list[int]] = {}
        self._ends: dict[re.Pattern[str], list[int]] = {}
        for index, line in enumerate(lines):
            if line and not line.info and not line.is_item:
                key = (line.run, line.is_quoted, line.is_deep)
                self._closers.setdefault(key, []).append(index)

    def closing(self, index: int) -> int | None:
        """Return the index of the line that closes the fence at `index`, None if none does.

        Lines that are None are no fences.
        """
        line = self._lines[index]
        if line is None:
            return None
        is_in_item = line.is_deep or line.is_item
        found = [
            indices[position]
            for (run, is_quoted, is_deep), indices in self._closers.items()
            if run.startswith(line.run)
            and is_quoted == line.is_quoted
            and (is_in_item or not is_deep)
            and (position := bisect_right(indices, index)) < len(indices)
        ]
        closing = min(found, default=None)
        if closing is not None and (line.is_quoted or is_in_item):
            ends = self._ends_of(UNQUOTED if line.is_quoted else UNINDENTED)
            after = bisect_left(ends, line.end)
            last = self._lines[closing]
            if last and after < len(ends) and ends[after] < last.start:
                return None
        return closing

    def _ends_of(self, container: re.Pattern[str]) -> list[int]:
        if container not in self._ends:
            found = container.finditer(self._text)
            self._ends[container] = [match.start() for match in found]
        return self._ends[container]


def find_fences(text: str) -> list[Span]:
    """Return the spans of the closed code fences of a text, in order, from opening to closing line."""
    return [span for span, is_closed in fences_of(text) if is_closed]


def fences_of(text: str) -> Iterator[tuple[Span, bool]]:
    """Yield each fence that is closed, and each fence line outside these."""
    lines = find_fence_lines(text)
    fences = Fences(text, lines)
    index = 0
    while index < len(lines):
        closing = fences.closing(index)
        last = index if closing is None else closing
        yield Span(lines[index].start, lines[last].end), closing is not None
        index = last + 1
