"""Code fences, and which line closes which.

    ```python
    START            code, not a card
    ```

The rules are CommonMark's, also in quotes and list items, where a fence that is never closed ends with
them. One that nothing ends counts as text, so that it cannot hide the rest of a note.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

from vaultdeck.model import Span
from vaultdeck.model.value import value
from vaultdeck.regexps import regexp

# A line of a code fence, also in a quote or at the start of a list item, with the newline before it.
# (`re` finds a newline many times faster than the beginning of a line.)
FENCE = regexp(
    r"\n\ufeff?(?P<quote>(?:[ \t]*>)*)(?P<indent>[ \t]*)"
    r"(?P<item>(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*)"
    r"(?P<run>`{3,}(?=[^`\n]*(?:\n|\Z))|~{3,})(?P<info>[^\n]*)"
)
# Longer runs count as of this length: each length is asked for at each fence.
MAX_RUN = 60
# Quotes in deeper ones count as one.
MAX_DEPTH = 20


@value(frozen=True, slots=True)
class FenceLine:
    """A line that opens or closes code: from its run of back-ticks or tildes to its end.

    `info` is what stands behind the run. The line is in `depth` quotes; it `is_indented`, as lines of a
    list item are, or `is_deep`, as only these (or indented code) are. With `is_item` an item begins in it.
    """

    start: int
    end: int
    run: str
    info: str
    depth: int
    is_indented: bool
    is_deep: bool
    is_item: bool


@functools.lru_cache(maxsize=2)
def find_fence_lines(text: str) -> tuple[FenceLine, ...]:
    """Return the fence lines of a text in order; remembered, as several ask for those of a note."""
    if "```" not in text and "~~~" not in text:
        return ()
    return tuple(map(_read_line, FENCE.finditer(f"\n{text}")))


def _read_line(match: re.Match[str]) -> FenceLine:
    # One space behind a quote's mark belongs to that.
    indent = len(match["indent"].expandtabs(4)) - bool(match["quote"])
    return FenceLine(
        start=match.start("run") - 1,
        end=match.end() - 1,
        run=match["run"][:MAX_RUN],
        info=match["info"].strip(),
        depth=min(match["quote"].count(">"), MAX_DEPTH),
        is_indented=indent > 1,
        is_deep=indent > 3,
        is_item=bool(match["item"]),
    )


@functools.lru_cache(maxsize=2 * MAX_DEPTH + 2)
def end_of_container(depth: int, *, is_item: bool) -> re.Pattern[str]:
    """Match the newline before what is no part of quotes so deep, or of a list item in them."""
    marks = rf"(?:[ \t]*>){{{depth}}}"
    space = r"[ ]?" if depth else ""
    unquoted = [rf"(?!{marks})"] if depth else []
    unindented = [rf"(?={marks}{space}[ ]?[^\s])"] if is_item else []
    return re.compile(rf"\n(?:{'|'.join(unquoted + unindented)})")


class Fences:
    """Which fence line closes which.

    A fence is closed by the next one of the same character, at least as long, with nothing behind it,
    in the same quote or list item.
    """

    def __init__(self, text: str, lines: Sequence[FenceLine | None]) -> None:
        self._text, self._lines = text, lines
        self._closers: dict[tuple[str, int, bool], list[int]] = {}
        self._ends: dict[re.Pattern[str], list[int]] = {}
        for index, line in enumerate(lines):
            if line and not line.info and not line.is_item:
                key = (line.run, line.depth, line.is_deep)
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
            for (run, depth, is_deep), indices in self._closers.items()
            if run.startswith(line.run)
            and depth == line.depth
            and (is_in_item or not is_deep)
            and (position := bisect_right(indices, index)) < len(indices)
        ]
        closing = min(found, default=None)
        last = None if closing is None else self._lines[closing]
        if last and (line.depth or is_in_item):
            is_ended = self._end(line, is_item=is_in_item) < last.start
            return None if is_ended else closing
        return closing

    def end_of_container(self, line: FenceLine) -> int | None:
        """Return where the quote or list item ends that a fence line is in, None if it is in none."""
        is_item = line.is_item or line.is_indented
        return self._end(line, is_item=is_item) if line.depth or is_item else None

    def _end(self, line: FenceLine, *, is_item: bool) -> int:
        container = end_of_container(line.depth, is_item=is_item)
        if container not in self._ends:
            found = container.finditer(self._text)
            self._ends[container] = [*(match.start() for match in found), len(self._text)]
        ends = self._ends[container]
        return ends[bisect_left(ends, line.end)]


def find_fences(text: str) -> list[Span]:
    """Return the spans of the closed code fences of a text, in order, from opening to closing line."""
    return [span for span, kind in fences_of(text) if kind == "closed"]


def fences_of(text: str) -> Iterator[tuple[Span, Literal["closed", "ended", "mark"]]]:
    """Yield each fence that is closed, or ended by its container, and each fence line outside these."""
    lines = find_fence_lines(text)
    fences = Fences(text, lines)
    done = 0
    for index, line in enumerate(lines):
        if line.start < done:
            continue
        closing = fences.closing(index)
        end = fences.end_of_container(line) if closing is None else lines[closing].end
        span = Span(line.start, line.end if end is None else end)
        done = span.end
        yield span, "mark" if end is None else "ended" if closing is None else "closed"
