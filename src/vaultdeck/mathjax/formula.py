"""A formula read as MathJax reads it, in search of what it cannot show.

MathJax reads each argument of a macro by itself, so a formula is a list of spans to walk; in a span,
braces, `\\left` and environments must close each other in order. Its first error makes MathJax show
the whole formula as raw TeX, so only one is reported; unknown macros are painted red, each of them.
"""

from __future__ import annotations

from collections.abc import Set

from vaultdeck.mathjax.definitions import BODIES
from vaultdeck.mathjax.findings import TexFindings
from vaultdeck.mathjax.hints import hint_macro, hint_package
from vaultdeck.mathjax.reader import NOT_CLOSED, Reader, TexSpan
from vaultdeck.mathjax.scripts import SCRIPT_MARKS
from vaultdeck.mathjax.tables import ANYTHING, load_tables
from vaultdeck.mathjax.text import IN_BRACE, IN_MATH, split_text
from vaultdeck.mathjax.walk import FormulaPart, Walk

# Arguments in arguments; deeper ones are not looked at.
MAX_ARGUMENT_DEPTH = 40
# Macros that end what another one takes: `\root 3 \of x`.
ENDING_MACROS = frozenset({"of", "endtoggle"})
# `\let` and `\def` can give a new meaning to anything, braces included.
FREE = ("\\let", "\\def")
# Macros whose argument MathJax puts into a table.
TABLE_ARGUMENTS = frozenset({"substack", "crampedsubstack"})
# Macros that leave their argument in the span that they stand in.
IN_PLACE = frozenset({"mod", "pmod", "pod"})
# Macros of siunitx and the like: what they take is no TeX.
UNITS = frozenset("SI si num qty unit ang SIrange numrange qtyrange tikz includegraphics".split())


class Formula:
    """One formula: what it defines, what it holds, and what was found in it."""

    def __init__(self, text: str, defined: Set[str]) -> None:
        self.text = text
        self.reader = Reader(text)
        self.tables = load_tables()
        self.findings = TexFindings()
        self._defined = defined
        self._is_free = any(name in text for name in FREE)
        self._to_walk = [FormulaPart(TexSpan(0, len(text)), 0, is_loose=self._is_free)]

    def check(self) -> TexFindings:
        """Walk through all of it."""
        while self._to_walk:
            Walk(self, self._to_walk.pop()).run()
        return self.findings

    def is_defined(self, name: str) -> bool:
        """Tell whether the user defined a macro (`\\x`) or an environment (`x`)."""
        return name in self._defined

    def take(self, walk: Walk, name: str, start: int, pos: int) -> int:
        """Read what the macro that stands from `start` to `pos` takes; return where that ends."""
        known = self.tables.macros.get(name)
        if name == "verb":
            return self._skip_verb(pos, walk.end)
        if name in self.tables.defining:
            return self._skip_definition(name, pos, walk.end)
        if self.is_defined("\\" + name):
            walk.is_loose = True
            return self.skip_groups(pos, walk.end)
        if known == ANYTHING:
            walk.is_loose = True
            return self.skip_groups(pos, walk.end)
        if known is None:
            if name not in ENDING_MACROS:
                message = f"MathJax in Anki does not know '\\{name}'"
                end = start + 1 + len(name)
                self.findings.add(start, end, "math-unknown-macro", message, hint_macro(name))
            return self.skip_groups(pos, walk.end) if name in UNITS else pos
        after = self.take_arguments(walk, known, f"\\{name}", start, pos)
        if name == "label":
            message = "a '\\label' is removed: Anki would keep it from card to card"
            self.findings.add(
                start, after, "math-label", message, "use '\\tag{…}' to show a number"
            )
        elif name in ("ref", "eqref", "refeq"):
            message = f"'\\{name}' shows ??? in Anki: cards have no labels"
            self.findings.add(
                start, after, "math-reference", message, "write out what it refers to"
            )
        return after

    def take_arguments(self, walk: Walk, taken: str, name: str, start: int, pos: int) -> int:
        """Read arguments by their letters (see `tables`); return where they end."""
        end = walk.end
        for letter in taken:
            if letter in "mto":
                span, after = self.reader.read_argument(pos, end)
                if span is None:
                    walk.report_missing(name, start, pos)
                    return pos
                pos = after
                if name == "\\sqrt" and self.text[span.start : span.end].rstrip() == "\\frac":
                    # MathJax gives a root the two arguments of the fraction as well.
                    pos = self.take_arguments(walk, "mm", "\\frac", span.start, pos)
                else:
                    self._queue(letter, span, walk, name[1:])
            elif letter in "Bb":
                if self.findings.error is None:
                    span, pos, is_well = self.reader.read_brackets(pos, end)
                    if not is_well:
                        walk.report(start, pos, f"the '[' after '{name}' is not closed", "add ']'")
                    elif span is not None:
                        self._queue("m" if letter == "B" else "o", span, walk)
            elif letter == "*":
                at = self.reader.skip_space(pos, end)
                pos = at + 1 if self.text.startswith("*", at) and at < end else pos
            elif letter in "Dd":
                pos = walk.take_delimiter(name, start, pos, braces=letter == "D")
            elif letter == "n":
                pos = self.reader.read_length(pos, end)
        return pos

    def require(self, start: int, pos: int, end: int) -> int:
        """Read the argument of `\\require`."""
        span, after = self.reader.read_argument(pos, end)
        if span is None:
            return pos
        package = self.text[span.start : span.end]
        if package not in self.tables.packages and not self._is_free:
            message = f"MathJax in Anki has no package '{package}'"
            hint = hint_package(package)
            self.findings.add(start, after, "math-unknown-package", message, hint)
        return after

    def skip_groups(self, pos: int, end: int) -> int:
        """Return where the groups in braces and brackets behind `pos` end."""
        while (at := self.reader.skip_space(pos, end)) < end and self.text[at] in "{[*":
            if self.text[at] == "*":
                pos = at + 1
                continue
            if self.text[at] == "{":
                after = self.reader.find_close(at, end) + 1
            else:
                after = self.reader.read_brackets(at, end)[1]
            if after in (NOT_CLOSED + 1, at):
                break
            pos = after
        return pos

    def _skip_definition(self, name: str, pos: int, end: int) -> int:
        pos = self.reader.skip_space(pos, end)
        if self.text.startswith("*", pos):
            pos += 1
        pos = self.reader.read_argument(pos, end)[1]
        if name == "let":
            pos = self.reader.skip_space(pos, end)
            pos += self.text.startswith("=", pos)
            return self.reader.read_argument(pos, end)[1]
        if name == "def":
            brace = self.text.find("{", pos, end)
            pos = end if brace < 0 else brace
            return self.reader.read_argument(pos, end)[1]
        for _ in range(2):
            pos = self.reader.read_brackets(pos, end)[1]
        for _ in range(BODIES.get(name, 1)):
            pos = self.reader.read_argument(pos, end)[1]
        return pos

    def _skip_verb(self, pos: int, end: int) -> int:
        pos = self.reader.skip_space(pos, end)
        close = self.text.find(self.text[pos], pos + 1, end) if pos < end else -1
        return end if close < 0 else close + 1

    def _queue(self, letter: str, span: TexSpan, walk: Walk, name: str = "") -> None:
        depth = walk.part.depth + 1
        if depth > MAX_ARGUMENT_DEPTH or letter == "o" or span.start == span.end:
            return
        if self.text[span.start : span.end] in SCRIPT_MARKS:
            # `\pmod_x`: what MathJax makes of a mark as an argument depends on the macro.
            return
        if letter == "m":
            is_loose = self._is_free or name in IN_PLACE
            part = FormulaPart(span, depth, is_cell=name in TABLE_ARGUMENTS, is_loose=is_loose)
            self._to_walk.append(part)
            return
        for kind, piece in split_text(self.reader, span):
            if kind == IN_MATH:
                self._to_walk.append(FormulaPart(piece, depth, is_loose=self._is_free))
            elif kind == IN_BRACE:
                message = "math in a text is not closed"
                self.findings.add_error(*piece, message, "write '\\$' for the sign")
            else:
                shown = self.text[piece.start : piece.end].strip()
                message = f"'{shown}' in a text is shown as it is written"
                hint = "put it between '$' in the text, or outside of it"
                self.findings.add(*piece, "math-text-macro", message, hint)
