"""Which code fence closes which.

    ```python
    START            code, not a card
    ```

A fence is closed by the next one of the same character, at least as long, with nothing behind it. A
fence that is never closed counts as text, so that it cannot hide the rest of a note.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from vaultdeck.cards.markers import Kind, MarkerLine, find_markers
from vaultdeck.model import Markers, Span


class Fences:
    """The code fences among the marker lines of a text."""

    def __init__(self, lines: Sequence[MarkerLine]) -> None:
        self._lines = lines
        self._closers: dict[str, list[int]] = {}
        for index, line in enumerate(lines):
            if line.kind is Kind.FENCE and not line.info:
                self._closers.setdefault(line.fence, []).append(index)

    def closing(self, index: int) -> int | None:
        """Return the index of the line that closes the fence at `index`, None if none does."""
        fence = self._lines[index].fence
        found = [
            indices[position]
            for run, indices in self._closers.items()
            if run.startswith(fence) and (position := bisect_right(indices, index)) < len(indices)
        ]
        return min(found, default=None)

    def closed(self) -> Iterator[Span]:
        """Yield the span of each closed fence, opening and closing line included."""
        index = 0
        while index < len(self._lines):
            line = self._lines[index]
            closing = self.closing(index) if line.kind is Kind.FENCE else None
            if closing is not None:
                yield Span(line.start, self._lines[closing].end)
                index = closing
            index += 1


def code_spans(text: str, words: Markers) -> list[Span]:
    """Return the spans of the closed code fences of a text, in order."""
    if "```" not in text and "~~~" not in text:
        return []
    return list(Fences(find_markers(text, words)).closed())
