"""Reading TeX as MathJax reads it: names, arguments in braces and in brackets, delimiters.

MathJax takes an argument by counting braces alone, comments or not, and gives it to a parser of its
own; so arguments are spans here, read later and for themselves.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vaultdeck.regexps import regexp

# A name after its backslash: letters, or any one character; MathJax takes one space behind letters.
MACRO_NAME = regexp(r"(?P<letters>[A-Za-z]+) ?|[^\n\r\u2028\u2029]")
TEX_SPACE = regexp(r"\s*")
# A length; what units there are does not matter here.
ANY_LENGTH = regexp(r"\s*(?:[-+]\s*)?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)\s*[a-z]{2} ?")
NOT_CLOSED = -1
# Each bracket that is not closed costs a look at all the rest; after so many, none is looked for.
MAX_UNCLOSED = 10


class TexSpan(NamedTuple):
    """A part of the TeX."""

    start: int
    end: int


class Reader:
    """Reads one TeX string; every method takes a position and a limit and moves nothing."""

    def __init__(self, text: str) -> None:
        self.text = text
        # Where the brace that opens at a place is closed; filled by the scans that met it.
        self._closes: dict[int, int] = {}
        self._unclosed = 0

    def depth(self) -> int:
        """Return how deep braces nest, whatever stands before them."""
        depth = deepest = 0
        for char in re.findall(r"[{}]", self.text):
            depth = max(depth + (1 if char == "{" else -1), 0)
            deepest = max(deepest, depth)
        return deepest

    def skip_space(self, pos: int, end: int) -> int:
        """Return where the next character that is not white space stands, or `end`."""
        match = TEX_SPACE.match(self.text, pos, end)
        return match.end() if match else pos

    def read_name(self, pos: int, end: int) -> tuple[str, int]:
        """Return the name after the backslash that stands before `pos`, and where it ends."""
        match = MACRO_NAME.match(self.text, pos, end)
        if match is None:
            return " ", min(pos + 1, end)
        return match["letters"] or match[0], match.end()

    def find_close(self, pos: int, end: int) -> int:
        """Return where the brace that opens at `pos` is closed, or NOT_CLOSED."""
        if pos not in self._closes:
            self._scan(pos, end)
        close = self._closes[pos]
        return close if close < end else NOT_CLOSED

    def _scan(self, pos: int, end: int) -> None:
        text, at, opened = self.text, pos, []
        while at < end:
            char = text[at]
            if char == "\\":
                at += 1
            elif char == "{":
                opened.append(at)
            elif char == "}":
                self._closes[opened.pop()] = at
                if not opened:
                    return
            at += 1
        for unclosed in opened:
            self._closes[unclosed] = NOT_CLOSED

    def read_argument(self, pos: int, end: int) -> tuple[TexSpan | None, int]:
        """Return the span of an argument and the position behind it; no span if it is missing.

        An argument is a group in braces, a macro without what it takes, or one character.
        """
        pos = self.skip_space(pos, end)
        if pos >= end or self.text[pos] == "}":
            return None, pos
        if self.text[pos] == "{":
            close = self.find_close(pos, end)
            return (None, pos) if close == NOT_CLOSED else (TexSpan(pos + 1, close), close + 1)
        after = self.read_name(pos + 1, end)[1] if self.text[pos] == "\\" else pos + 1
        return TexSpan(pos, after), after

    def read_brackets(self, pos: int, end: int) -> tuple[TexSpan | None, int, bool]:
        """Return the span of an optional argument, the position behind it, and whether all is well."""
        at = self.skip_space(pos, end)
        if at >= end or self.text[at] != "[":
            return None, pos, True
        if self._unclosed > MAX_UNCLOSED:
            return None, pos, True
        start = at = at + 1
        while at < end:
            char = self.text[at]
            if char == "\\":
                at += 1
            elif char == "{":
                at = self.find_close(at, end)
            if char == "}" or at == NOT_CLOSED:
                break
            if char == "]":
                return TexSpan(start, at), at + 1, True
            at += 1
        self._unclosed += 1
        return None, pos, False

    def read_delimiter(self, pos: int, end: int, *, braces: bool = False) -> tuple[str, int]:
        """Return the delimiter and the position behind it; `""` at the end."""
        pos = self.skip_space(pos, end)
        if pos >= end:
            return "", pos
        if self.text[pos] == "\\":
            name, after = self.read_name(pos + 1, end)
            return "\\" + name, after
        if self.text[pos] == "{" and braces:
            span, after = self.read_argument(pos, end)
            return (self.text[span.start : span.end].strip() if span else ""), after
        return self.text[pos], pos + 1

    def read_length(self, pos: int, end: int) -> int:
        """Return the position behind a length, `pos` if none is there."""
        at = self.skip_space(pos, end)
        if at < end and self.text[at] == "{":
            return self.read_argument(pos, end)[1]
        match = ANY_LENGTH.match(self.text, pos, end)
        return match.end() if match else pos
