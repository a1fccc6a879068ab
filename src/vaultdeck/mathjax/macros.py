"""What the macros of a formula take, and what MathJax does not know.

MathJax reads each argument of a macro by itself, so a formula is a list of spans to walk; in a span,
braces, `\\left` and environments must close each other in order. Its first error makes MathJax show
the whole formula as raw TeX, so only one is reported; unknown macros are painted red, each of them.
"""

from __future__ import annotations

from collections.abc import Set

from vaultdeck.mathjax.definitions import BODIES
from vaultdeck.mathjax.findings import TexProblem
from vaultdeck.mathjax.formula import Formula, FormulaPart
from vaultdeck.mathjax.hints import hint_macro, hint_package
from vaultdeck.mathjax.reader import NOT_CLOSED, TexSpan
from vaultdeck.mathjax.scripts import SCRIPT_MARKS
from vaultdeck.mathjax.tables import ANYTHING
from vaultdeck.mathjax.text import IN_BRACE, IN_MATH, split_text
from vaultdeck.mathjax.walk import Walk

# Arguments in arguments; deeper ones are not looked at.
MAX_ARGUMENT_DEPTH = 40
# Macros that end what another one takes: `\root 3 \of x`.
ENDING_MACROS = frozenset({"of", "endtoggle"})
# Macros whose argument MathJax puts into a table.
TABLE_ARGUMENTS = frozenset({"substack", "crampedsubstack"})
# Macros that leave their argument in the span that they stand in.
IN_PLACE = frozenset({"mod", "pmod", "pod"})
# Macros of siunitx and the like: what they take is no TeX.
UNITS = frozenset("SI si num qty unit ang SIrange numrange qtyrange tikz includegraphics".split())


def read_formula(text: str, defined: Set[str]) -> list[TexProblem]:
    """Return what MathJax cannot show of a formula in which these macros and environments are defined."""
    formula = Formula(text, defined)
    while formula.parts:
        MacroWalk(formula, formula.parts.pop()).run()
    return formula.findings.all()


class MacroWalk(Walk):
    """Walks through a part, and queues the arguments of its macros."""

    def take(self, name: str, start: int, pos: int) -> int:
        """Read what the macro that stands from `start` to `pos` takes; return where that ends."""
        known = self.formula.tables.macros.get(name)
        if name == "verb":
            return self._skip_verb(pos)
        if name in self.formula.tables.defining:
            return self._skip_definition(name, pos)
        if self.formula.is_defined("\\" + name):
            self.is_loose = True
            return self._skip_groups(pos)
        if known == ANYTHING:
            self.is_loose = True
            return self._skip_groups(pos)
        if known is None:
            if name not in ENDING_MACROS:
                message = f"MathJax in Anki does not know '\\{name}'"
                end = start + 1 + len(name)
                self.formula.findings.add(
                    start, end, "math-unknown-macro", message, hint_macro(name)
                )
            return self._skip_groups(pos) if name in UNITS else pos
        after = self.take_arguments(known, f"\\{name}", start, pos)
        if name == "label":
            message = "a '\\label' is removed: Anki would keep it from card to card"
            self.formula.findings.add(
                start, after, "math-label", message, "use '\\tag{…}' to show a number"
            )
        elif name in ("ref", "eqref", "refeq"):
            message = f"'\\{name}' shows ??? in Anki: cards have no labels"
            self.formula.findings.add(
                start, after, "math-reference", message, "write out what it refers to"
            )
        return after

    def take_arguments(self, taken: str, name: str, start: int, pos: int) -> int:
        """Read arguments by their letters (see `tables`); return where they end."""
        end = self.end
        for letter in taken:
            if letter in "mto":
                span, after = self.reader.read_argument(pos, end)
                if span is None:
                    self.report_missing(name, start, pos)
                    return pos
                pos = after
                if name == "\\sqrt" and self.text[span.start : span.end].rstrip() == "\\frac":
                    # MathJax gives a root the two arguments of the fraction as well.
                    pos = self.take_arguments("mm", "\\frac", span.start, pos)
                else:
                    self._queue(letter, span, name[1:])
            elif letter in "Bb":
                if self.formula.findings.error is None:
                    span, pos, is_well = self.reader.read_brackets(pos, end)
                    if not is_well:
                        self.report(start, pos, f"the '[' after '{name}' is not closed", "add ']'")
                    elif span is not None:
                        self._queue("m" if letter == "B" else "o", span)
            elif letter == "*":
                at = self.reader.skip_space(pos, end)
                pos = at + 1 if self.text.startswith("*", at) and at < end else pos
            elif letter in "Dd":
                pos = self.take_delimiter(name, start, pos, braces=letter == "D")
            elif letter == "n":
                pos = self.reader.read_length(pos, end)
        return pos

    def require(self, start: int, pos: int) -> int:
        """Read the argument of `\\require`."""
        span, after = self.reader.read_argument(pos, self.end)
        if span is None:
            return pos
        package = self.text[span.start : span.end]
        if package not in self.formula.tables.packages and not self.formula.is_free:
            message = f"MathJax in Anki has no package '{package}'"
            hint = hint_package(package)
            self.formula.findings.add(start, after, "math-unknown-package", message, hint)
        return after

    def _skip_groups(self, pos: int) -> int:
        """Return where the groups in braces and brackets behind `pos` end."""
        while (at := self.reader.skip_space(pos, self.end)) < self.end and self.text[at] in "{[*":
            if self.text[at] == "*":
                pos = at + 1
                continue
            if self.text[at] == "{":
                after = self.reader.find_close(at, self.end) + 1
            else:
                after = self.reader.read_brackets(at, self.end)[1]
            if after in (NOT_CLOSED + 1, at):
                break
            pos = after
        return pos

    def _skip_definition(self, name: str, pos: int) -> int:
        pos = self.reader.skip_space(pos, self.end)
        if self.text.startswith("*", pos):
            pos += 1
        pos = self.reader.read_argument(pos, self.end)[1]
        if name == "let":
            pos = self.reader.skip_space(pos, self.end)
            pos += self.text.startswith("=", pos)
            return self.reader.read_argument(pos, self.end)[1]
        if name == "def":
            brace = self.text.find("{", pos, self.end)
            pos = self.end if brace < 0 else brace
            return self.reader.read_argument(pos, self.end)[1]
        for _ in range(2):
            pos = self.reader.read_brackets(pos, self.end)[1]
        for _ in range(BODIES.get(name, 1)):
            pos = self.reader.read_argument(pos, self.end)[1]
        return pos

    def _skip_verb(self, pos: int) -> int:
        pos = self.reader.skip_space(pos, self.end)
        close = self.text.find(self.text[pos], pos + 1, self.end) if pos < self.end else -1
        return self.end if close < 0 else close + 1

    def _queue(self, letter: str, span: TexSpan, name: str = "") -> None:
        depth = self.part.depth + 1
        if depth > MAX_ARGUMENT_DEPTH or letter == "o" or span.start == span.end:
            return
        if self.text[span.start : span.end] in SCRIPT_MARKS:
            # `\pmod_x`: what MathJax makes of a mark as an argument depends on the macro.
            return
        if letter == "m":
            is_loose = self.formula.is_free or name in IN_PLACE
            part = FormulaPart(span, depth, is_cell=name in TABLE_ARGUMENTS, is_loose=is_loose)
            self.formula.parts.append(part)
            return
        for kind, piece in split_text(self.reader, span):
            if kind == IN_MATH:
                self.formula.parts.append(FormulaPart(piece, depth, is_loose=self.formula.is_free))
            elif kind == IN_BRACE:
                message = "math in a text is not closed"
                self.formula.findings.add_error(*piece, message, "write '\\$' for the sign")
            else:
                shown = self.text[piece.start : piece.end].strip()
                message = f"'{shown}' in a text is shown as it is written"
                hint = "put it between '$' in the text, or outside of it"
                self.formula.findings.add(*piece, "math-text-macro", message, hint)
