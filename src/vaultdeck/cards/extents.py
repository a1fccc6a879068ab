"""Marker lines → the extent of each block.

A begin marker opens a block and the next end marker closes it. What can go wrong in between, by the
rules that real vaults ask for:

- a properly closed code fence hides the markers in it, unless its language is `anki`; a fence that is
  never closed, or that only seems to be closed by a fence of a later card, hides nothing, so that it
  cannot switch off a note;
- an indented end marker (a list swallowed it) closes a block only if no proper one comes before the
  next begin marker;
- a block without any end marker is ended at its ID line if it has one, else it is left out.

Comments (`%%`) and math never hide a marker.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from vaultdeck.cards.fences import Fences
from vaultdeck.cards.ids import ID_COMMENT, find_ids
from vaultdeck.cards.lines import Line
from vaultdeck.cards.markers import Kind, MarkerLine, find_markers
from vaultdeck.model import SourceFile, Span
from vaultdeck.model.config import Markers
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.model.value import value

BEGIN_OR_END = (Kind.BEGIN, Kind.END)
# Code of this language is where some keep their cards, out of sight in Obsidian.
BUILT_LANGUAGE = "anki"
# No fence is believed to hold this many markers: it bounds the work on a hostile file.
MANY_MARKERS = 100


@value(frozen=True, slots=True)
class Extent:
    """Where a block stands: all of it, and the lines between its markers.

    Where these do not begin at the start of the line, `lines` are what is left of them, and `prefix`
    is what stands before the end marker.
    """

    span: Span
    body: Span
    prefix: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(slots=True)
class _Scan:
    source: SourceFile
    lines: Sequence[MarkerLine]
    words: Markers
    fences: Fences = field(init=False)
    markers: list[int] = field(init=False)
    extents: list[Extent] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fences = Fences(self.source.text, [line.fence for line in self.lines])
        self.markers = [i for i, line in enumerate(self.lines) if line.kind in BEGIN_OR_END]

    def markers_between(self, start: int, end: int) -> list[MarkerLine]:
        """Return the proper block markers between two lines, `MANY_MARKERS` at the most."""
        first, last = bisect_right(self.markers, start), bisect_left(self.markers, end)
        return [self.lines[i] for i in self.markers[first : min(last, first + MANY_MARKERS)]]

    def marker_after(self, index: int) -> MarkerLine | None:
        """Return the next proper block marker behind a line."""
        position = bisect_right(self.markers, index)
        return self.lines[self.markers[position]] if position < len(self.markers) else None

    def report(self, code: str, line: MarkerLine, message: str, hint: str) -> None:
        location = self.source.locate(line.start, line.end)
        self.problems.append(Diagnostic(code, location, message, hint))


@functools.lru_cache(maxsize=2)
def find_extents(
    source: SourceFile, words: Markers
) -> tuple[tuple[Extent, ...], tuple[Diagnostic, ...]]:
    """Return the extents of the blocks of a note file, in order, and what is wrong with markers.

    They are remembered: a note's cards are read, and then what is left without them.

    Diagnostics: `unclosed-block`, `missing-end`, `indented-end`, `stray-end`, `block-in-code`.
    """
    if words.begin not in source.text and words.end not in source.text:
        return (), ()
    scan = _Scan(source, find_markers(source.text, words), words)
    opened: MarkerLine | None = None
    indented: MarkerLine | None = None
    # The ends of fences that hide nothing.
    passed: set[int | None] = set()
    index = 0
    while index < len(scan.lines):
        line = scan.lines[index]
        index += 1
        if line.fence:
            if line.fence.info == BUILT_LANGUAGE:
                passed.add(scan.fences.closing(index - 1))
                continue
            if index - 1 in passed:
                continue
            closing = _proper_closing(scan, index - 1, inside=opened is not None)
            if closing is not None:
                if opened is None:
                    _report_hidden(scan, scan.lines[index:closing])
                index = closing + 1
        elif line.kind is Kind.BEGIN:
            if opened is not None:
                _end_unclosed(scan, opened, indented, line.start)
            opened, indented = line, None
        elif line.kind is Kind.INDENTED_END:
            indented = indented or line
        elif opened is not None:
            scan.extents.append(_extent(scan, opened, line))
            opened = None
        else:
            scan.report(
                "stray-end",
                line,
                f"'{words.end}' closes no block",
                f"write '{words.begin}' alone on a line above the card, or remove this line",
            )
    if opened is not None:
        _end_unclosed(scan, opened, indented, len(source.text))
    return tuple(scan.extents), tuple(scan.problems)


def _extent(scan: _Scan, opened: MarkerLine, closed: MarkerLine) -> Extent:
    body_start = scan.source.text.find("\n", opened.end) + 1
    body_end = max(scan.source.text.rfind("\n", 0, closed.start) + 1, body_start)
    return Extent(Span(opened.start, closed.end), Span(body_start, body_end))


def _end_unclosed(scan: _Scan, opened: MarkerLine, indented: MarkerLine | None, limit: int) -> None:
    """End a block that has no end marker before `limit` as well as can be, and say so."""
    end = scan.words.end
    if indented is not None:
        scan.extents.append(_extent(scan, opened, indented))
        message = f"'{end}' is indented: the block is taken to end here"
        scan.report("indented-end", indented, message, f"move '{end}' to the start of its line")
        return
    hint = f"write '{end}' alone on a line below the card"
    found = find_ids(scan.source.text, opened.end, limit, scan.words)
    ids = [match for match in found if match.re.pattern == ID_COMMENT.pattern]
    if not ids:
        message = f"this '{scan.words.begin}' has no '{end}': the card is left out"
        scan.report("unclosed-block", opened, message, hint)
        return
    newline = scan.source.text.find("\n", ids[-1].end(), limit)
    body = Span(scan.source.text.find("\n", opened.end) + 1, limit if newline < 0 else newline + 1)
    at = ids[-1].end()
    end_of_text = at + len(scan.source.text[at : body.end].rstrip("\r\n"))
    scan.extents.append(Extent(Span(opened.start, end_of_text), body))
    message = f"this '{scan.words.begin}' has no '{end}': the block is taken to end at its ID"
    scan.report("missing-end", opened, message, hint)


def _report_hidden(scan: _Scan, lines: Sequence[MarkerLine]) -> None:
    """Warn of blocks in a code fence that have an ID: the plugin, which ignores fences, built them."""
    opened: MarkerLine | None = None
    for line in lines:
        if line.kind is Kind.BEGIN:
            opened = line
        elif line.kind is Kind.END and opened is not None:
            if ID_COMMENT.search(scan.source.text, opened.end, line.start):
                message = "this block stands in a code fence and is not built, though it has an ID"
                scan.report("block-in-code", opened, message, "take the card out of the fence")
            opened = None


def _proper_closing(scan: _Scan, index: int, *, inside: bool) -> int | None:
    """Return the index of the fence that properly closes the one at `index`, or None.

    `inside` tells whether a block is open. A closing fence is not proper if the code between would
    reach from one block into another: it then belongs to that other block.
    """
    closing = scan.fences.closing(index)
    if closing is None:
        return None
    hidden = scan.markers_between(index, closing)
    is_open = has_end = False
    for line in hidden:
        if line.kind is Kind.END:
            is_open, has_end = False, has_end or not is_open
        elif is_open or has_end:
            return None
        else:
            is_open = True
    following = scan.marker_after(closing)
    ends_next = following is not None and following.kind is Kind.END
    if len(hidden) == MANY_MARKERS:
        return None
    if inside:
        return closing if not hidden or (ends_next and not is_open) else None
    return None if is_open and ends_next else closing
