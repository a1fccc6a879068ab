"""Where code and math stand in a text, which the search for cards and deletions passes over.

    The type `std::vector` is no card, nor is $f::g$.

The rules are Obsidian's, as `fences`, `markdown.math` and CommonMark have them. All work is linear: a
mark is looked up, not searched for anew.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal, NamedTuple

from vaultdeck.cards.fences import end_of_container, fences_of
from vaultdeck.markdown.math import TEX_DISPLAY, closer_of
from vaultdeck.markdown.wikilink import WIKILINK
from vaultdeck.model import NEWLINE, Span
from vaultdeck.regexps import regexp

# Where a paragraph ends: at a blank line, or where the line below begins another block.
BREAK = regexp(
    r"\n(?=[ \t>]*(?:\r?\n|\Z|(?:#{1,6}|[-*+]|[0-9]{1,9}[.)])[ \t]|\||<!--|[-=]{3,}[ \t]*\r?$))",
    re.MULTILINE,
)
HEADING_LINE = regexp(r"(?:\A\ufeff?|\n)[ \t>]*#{1,6}[ \t][^\n]*")
BLANK_LINE = regexp(r"(?:\r\n|\r(?!\n)|\n)(?=[^\S\r\n]*[\r\n])")
# What begins or ends code or math, or hides such a mark.
OPAQUE_MARK = regexp(r"\\|`+|\$|\[\[")
# Each `$` that another one follows, for display math; an escape is passed over.
DISPLAY = regexp(r"\\.|\$(?=\$)", re.DOTALL)
DOLLAR_RUN = regexp(r"\$+")
# What a line may begin with that holds, or is, another block.
CONTAINER = regexp(
    r"[ \t]*(?:(?P<quote>>)|(?P<item>(?:[-+*]|[0-9]{1,9}[.)])[ \t]|\[\^[^\]\s]+\]:)|(?P<line>#{1,6}[ \t]|\|))"
)
ITEM_PREFIX = regexp(r"(?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*")


def find_code(text: str) -> list[Span]:
    """Return the spans of code in a text: closed fences, and code spans within a line."""
    if "`" not in text and "~~~" not in text:
        return []
    parts = find_opaque(text, by_line=True)
    return [part.span for part in parts if part.kind in ("fence", "code")]


class Opaque(NamedTuple):
    """Code in a fence, code in a line, or math, and where it stands; an `open` fence is not closed."""

    span: Span
    kind: Literal["fence", "open", "code", "math"]

    @property
    def is_fence(self) -> bool:
        """Tell whether it is code in a fence, be that closed or not."""
        return self.kind in ("fence", "open")


def find_opaque(text: str, *, by_line: bool = False) -> Iterator[Opaque]:
    """Yield code and math in a text, in order.

    With `by_line` each line may be a card of its own: code spans end with their line, math with its
    paragraph, so that a stray mark hides no card below it. Only display math that fills its lines goes
    on past blank lines, where all its marks come in pairs.
    """
    done = 0
    for fence, kind in fences_of(text):
        yield from _Inline(text, done, fence.start, by_line).find()
        if kind != "mark":
            yield Opaque(fence, "fence" if kind == "closed" else "open")
        done = fence.end
    yield from _Inline(text, done, len(text), by_line).find()


class _Inline:
    """The code spans and the math in `text[start:end]`, which holds no fence."""

    def __init__(self, text: str, start: int, end: int, by_line: bool) -> None:
        self._text, self._start, self._end = text, start, end
        self._by_line = by_line
        self._next: dict[str, int] = {}
        self._ends: dict[re.Pattern[str], list[int]] = {}
        self._line = self._passed = start
        self._prefix = Span(-1, -1)

    def find(self) -> list[Opaque]:
        """Return them in order.

        An inline formula is known to be one only at its end: code that was found meanwhile is a part of
        it, or stays if it turns out to be none.
        """
        text, end = self._text, self._end
        match = OPAQUE_MARK.search(text, self._start, end)
        if match is None:
            return []
        self._prepare()
        found: list[Opaque] = []
        opened, held, limit = -1, 0, -1
        while match is not None:
            at, pos, mark = match.start(), match.end(), match[0]
            if opened >= 0 and at >= limit:
                opened = -1
            close = 0
            if mark[0] == "`":
                close = self._end_of_code(at, pos)
            elif mark == "[[":
                link = WIKILINK.match(text, at, end)
                pos = link.end() if link else pos
            elif mark == "\\":
                close = self._end_of_tex(at)
                pos = at + 2
            elif opened >= 0 and self._may_close(at):
                found[held:] = [Opaque(Span(opened, pos), "math")]
                opened = -1
            elif text.startswith("$$", at):
                opened = -1
                close = self._end_of_display(at)
                pos = close or self._end_of_dollars(at)
            elif text[pos : pos + 1].strip():
                opened, held, limit = at, len(found), self._end_of_paragraph(at)
            else:
                opened = -1
            if close:
                found.append(Opaque(Span(at, close), "code" if mark[0] == "`" else "math"))
                pos = close
            match = OPAQUE_MARK.search(text, pos, end)
        return found

    def _prepare(self) -> None:
        """Note where paragraphs, back-ticks and display math may end."""
        text, start, end = self._text, self._start, self._end
        found = [match.end() for match in HEADING_LINE.finditer(text, start, end)]
        self._limits = sorted([*self._places(BREAK), *found])
        self._runs: dict[int, list[int]] = {}
        for match in re.finditer("`+", text[start:end]):
            run = match.end() - match.start()
            self._runs.setdefault(run, []).append(start + match.start())
        has_display = text.find("$$", start, end) >= 0
        display = DISPLAY.finditer(text, start, end) if has_display else ()
        self._display = [match.start() for match in display if match[0] == "$"]

    def _places(self, pattern: re.Pattern[str]) -> list[int]:
        """Return where a pattern is found, and the end."""
        found = pattern.finditer(self._text, self._start, self._end)
        return [*(match.start() for match in found), self._end]

    def _end_of_paragraph(self, at: int) -> int:
        return self._limits[bisect_left(self._limits, at)]

    def _end_of_block(self, at: int, after: int) -> int:
        """Return where display math must have ended that stands from `at` to `after`, if it is any."""
        if self._by_line and not self._fills_lines(at, after):
            return self._next_of(BLANK_LINE, at)
        within = CONTAINER.match(self._text, self._line_start(at), at)
        if within is None:
            return self._end
        # A paragraph goes on in lines without the marks or the indentation of what it stands in.
        paragraph = self._end_of_paragraph(at)
        if within["line"]:
            return paragraph
        depth = int(bool(within["quote"]))
        return self._next_of(end_of_container(depth, is_item=not depth), paragraph)

    def _fills_lines(self, at: int, after: int) -> bool:
        """Tell whether display math is a block of its own, and no mark of the text is a stray one."""
        return (
            len(self._display) % 2 == 0
            and self._begins_line(at)
            and not self._text[after : self._next_of(NEWLINE, after)].strip()
        )

    def _next_of(self, pattern: re.Pattern[str], at: int) -> int:
        if pattern not in self._ends:
            self._ends[pattern] = self._places(pattern)
        ends = self._ends[pattern]
        return ends[bisect_left(ends, at)]

    def _line_start(self, at: int) -> int:
        """Return where the line of `at` begins; it is asked for places in rising order."""
        newline = self._text.rfind("\n", self._passed, at)
        self._line, self._passed = newline + 1 if newline >= 0 else self._line, at
        return self._line

    def _begins_line(self, at: int) -> bool:
        """Tell whether a line has nothing but marks of quotes and lists before `at`."""
        start = self._line_start(at)
        if start != self._prefix.start:
            found = ITEM_PREFIX.match(self._text, start, self._end)
            self._prefix = Span(start, found.end() if found else start)
        return at == self._prefix.end

    def _end_of_code(self, at: int, pos: int) -> int:
        """Return where a code span ends that may begin at `at`, 0 if it does not."""
        runs = self._runs.get(pos - at, [])
        after = bisect_left(runs, pos)
        limit = self._next_of(NEWLINE, at) if self._by_line else self._end_of_paragraph(at)
        is_closed = after < len(runs) and runs[after] < limit
        return runs[after] + pos - at if is_closed else 0

    def _may_close(self, at: int) -> bool:
        """Tell whether a `$` may close inline math: prices are none (see `markdown.math`)."""
        after = self._text[at + 1 : at + 2]
        return not self._text[at - 1].isspace() and after not in tuple("0123456789")

    def _end_of_display(self, at: int) -> int:
        after = bisect_left(self._display, at + 2)
        if after == len(self._display):
            return 0
        close = self._display[after]
        if close >= self._end_of_block(at, close + 2):
            return 0
        return close + 2 if close - at > 1_000 or self._text[at + 2 : close].strip() else 0

    def _end_of_dollars(self, at: int) -> int:
        run = DOLLAR_RUN.match(self._text, at, self._end)
        assert run is not None
        return run.end()

    def _end_of_tex(self, at: int) -> int:
        """Return where math ends that is written by hand for Anki: `\\(x\\)`; `\\[x\\]` from line to line."""
        text = self._text
        if text.startswith("\\(", at):
            close = self._find("\\)", at + 2)
            return close + 2 if 0 < close < self._end_of_paragraph(at) else 0
        begin = TEX_DISPLAY.match(text, at)
        if begin is None or not self._begins_line(at):
            return 0
        closer = closer_of(begin[0])
        close = self._find(closer, begin.end())
        after = close + len(closer)
        is_whole = not text[after : after + 1].strip() and close < self._end_of_block(at, after)
        return after if close > 0 and is_whole else 0

    def _find(self, text: str, pos: int) -> int:
        """Return where a text stands next; what was found once is not searched for again."""
        if self._next.get(text, -2) < pos and self._next.get(text) != -1:
            self._next[text] = self._text.find(text, pos, self._end)
        return self._next[text]
