"""A note file's text: places in it, and edits of it."""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Iterable

from vaultdeck.model.value import value
from vaultdeck.regexps import regexp
from vaultdeck.spelling import path_order

# What ends a line for Markdown, and so for every line number that is shown.
NEWLINE = regexp(r"\r\n?|\n")


@value(frozen=True, slots=True)
class Span:
    """The half-open range `start:end` of offsets into one file's text."""

    start: int
    end: int


@value(frozen=True, slots=True)
class Location:
    """A place to show to a person: a vault-relative path, 1-based lines and columns.

    The end is exclusive: a column just behind the last character. A BOM is no column, as in editors.
    Places sort as the vault's files do.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __lt__(self, other: Location) -> bool:
        if self.path != other.path:
            return path_order(self.path) < path_order(other.path)
        return self._span < other._span

    @property
    def _span(self) -> tuple[int, ...]:
        return self.line, self.column, self.end_line, self.end_column


@value(frozen=True, slots=True)
class SourceFile:
    """One Obsidian note: its path in the vault and its text, newlines and BOM as they are on disk."""

    path: str
    text: str

    def locate(self, start: int, end: int | None = None) -> Location:
        """Return the location of the offsets `start` to `end` (`start` alone if `end` is not given)."""
        line, column = self._position(start)
        end_line, end_column = self._position(start if end is None else end)
        return Location(self.path, line, column, end_line, end_column)

    def place(self, span: Span) -> Location:
        """Return the location of a span."""
        return self.locate(span.start, span.end)

    def span(self, place: Location) -> Span:
        """Return the span of a location that `locate` gave."""
        start = self.offset(place.line, place.column)
        return Span(start, self.offset(place.end_line, place.end_column))

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column that `locate` gave."""
        return line_starts(self.text)[line - 1] + column - 1 + self._shift(line)

    def moved(self, place: Location, edited: Rewritten) -> Location:
        """Return where a place that `locate` gave is once the edits are made."""
        span = self.span(place)
        return SourceFile(self.path, edited.text).locate(
            edited.now(span.start), edited.now(span.end)
        )

    def _position(self, offset: int) -> tuple[int, int]:
        starts = line_starts(self.text)
        line = bisect.bisect_right(starts, offset)
        return line, max(offset - starts[line - 1] - self._shift(line), 0) + 1

    def _shift(self, line: int) -> int:
        """Return how many characters of a line stand before its first column: its BOM."""
        return int(line == 1 and self.text.startswith("\ufeff"))

    def line_span(self, line: int) -> Span:
        """Return the span of the 0-based line `line`, without its newline; clamped to the text."""
        starts = line_starts(self.text)
        line = min(max(line, 0), len(starts) - 1)
        end = starts[line + 1] if line + 1 < len(starts) else len(self.text)
        return Span(starts[line], starts[line] + len(self.text[starts[line] : end].rstrip("\r\n")))


@functools.lru_cache(maxsize=16)
def line_starts(text: str) -> list[int]:
    """Return the offset of each line of a text; remembered."""
    if "\r" in text:
        return [0, *(match.end() for match in NEWLINE.finditer(text))]
    lengths = (len(line) + 1 for line in text.split("\n")[:-1])
    return list(itertools.accumulate(lengths, initial=0))


@value(frozen=True, slots=True)
class Edit:
    """A change of a note file: the offsets `start:end` are replaced by `text`."""

    start: int
    end: int
    text: str


class Rewritten:
    """A text with edits made, and the way back.

    Of edits that overlap the first, or longer, one counts; of insertions at one place the last stands first.
    """

    def __init__(self, text: str, edits: Iterable[Edit]) -> None:
        # Where the text of each edit begins.
        self._starts: list[int] = []
        self._edits: list[Edit] = []
        pieces: list[str] = []
        done = length = 0
        in_order = [*edits][::-1]
        in_order.sort(key=lambda edit: (edit.start, edit.start < edit.end, -edit.end))
        for edit in in_order:
            if edit.start >= done:
                length += edit.start - done
                self._starts.append(length)
                self._edits.append(edit)
                pieces += [text[done : edit.start], edit.text]
                length, done = length + len(edit.text), edit.end
        self.text = "".join([*pieces, text[done:]])

    def now(self, at: int) -> int:
        """Return where a place that no edit replaces is; what is put in there stands before it."""
        index = bisect.bisect_right(self._edits, at, key=lambda edit: edit.end) - 1
        if index < 0:
            return at
        edit = self._edits[index]
        return self._starts[index] + len(edit.text) + at - edit.end

    def origin(self, at: int, *, is_end: bool = True) -> int:
        """Return where a place in the text was before; one amid an edit was at its end, or its start."""
        index = bisect.bisect_right(self._starts, at) - 1
        if index < 0:
            return at
        edit, start = self._edits[index], self._starts[index]
        behind = at - start - len(edit.text)
        if behind >= 0:
            return edit.end + behind
        return edit.end if is_end and at > start else edit.start
