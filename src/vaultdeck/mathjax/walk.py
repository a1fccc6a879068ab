"""The walk through one span of a formula: what opens, what closes, what stands where it must not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

from vaultdeck.mathjax.formula import Formula, FormulaPart
from vaultdeck.mathjax.hints import hint_environment
from vaultdeck.mathjax.scripts import PLAIN_ATOM, SCRIPT_MARKS, UNSURE, Scripts

BRACE, TABLE, LEFT_FENCE, ENVIRONMENT = "{", "table", "\\left", "environment"
# Environments that read their text in ways of their own; the rest of a span with one is left alone.
OWN_WAYS = frozenset(
    "prooftree CD empheq numcases subnumcases cases* dcases* rcases* drcases*".split()
)
SPACE_CHARACTERS = frozenset(" \t\r\n\u00a0")


class Open(NamedTuple):
    """Something that must be closed, and the state of the scripts outside of it."""

    kind: str
    start: int
    end: int
    name: str
    held: int
    awaited: int


class Walk(ABC):
    """Walks through a part, with a stack of what is open; `pos` is where it is, `end` where it ends.

    `macros.MacroWalk` knows what macros take.
    """

    def __init__(self, formula: Formula, part: FormulaPart) -> None:
        self.part = part
        self.pos, self.end = part.span
        self.is_loose = part.is_loose
        self.formula = formula
        self.text = formula.text
        self.reader = formula.reader
        self._is_broken = False
        self._stack: list[Open] = []
        self._scripts = Scripts()
        self._opens_table = False

    def run(self) -> None:
        """Walk to the end."""
        while self.pos < self.end:
            self._step(self.text[self.pos])
        if self._stack:
            self._report_open(self._stack[-1])
        elif self._scripts.awaited:
            self._report_no_script(self.end)

    @abstractmethod
    def take(self, name: str, start: int, pos: int) -> int:
        """Read what the macro that stands from `start` to `pos` takes; return where that ends."""

    @abstractmethod
    def take_arguments(self, taken: str, name: str, start: int, pos: int) -> int:
        """Read arguments by their letters (see `tables`); return where they end."""

    @abstractmethod
    def require(self, start: int, pos: int) -> int:
        """Read the argument of `\\require`; return where it ends."""

    def report(self, start: int, end: int, message: str, hint: str = "") -> None:
        """Note an error, unless what stands here is not certain or broken already."""
        if not (self.is_loose or self._is_broken):
            self.formula.findings.add_error(start, end, message, hint)
        self._is_broken = True

    def report_missing(self, name: str, start: int, pos: int) -> None:
        """Note that a macro lacks an argument, or that this is not closed."""
        at = self.reader.skip_space(pos, self.end)
        if at < self.end and self.text[at] == "{":
            self.report(at, at + 1, "a brace is not closed", "add '}'")
        else:
            end = min(start + len(name), self.end)
            self.report(start, end, f"'{name}' lacks an argument", f"write '{name}{{…}}'")

    def take_delimiter(self, name: str, start: int, pos: int, *, braces: bool = False) -> int:
        """Read a delimiter; return where it ends."""
        sign, after = self.reader.read_delimiter(pos, self.end, braces=braces)
        if sign not in self.formula.tables.delimiters and not self.formula.is_defined(sign):
            hint = f"write '{name}.' for an invisible one"
            if sign in ("{", "}") and sign:
                hint = f"write '{name}\\{sign}'"
            self.report(start, max(after, pos), f"'{name}' is not followed by a delimiter", hint)
            return pos
        return after

    def _step(self, char: str) -> None:
        scripts = self._scripts
        start = self.pos
        self.pos += 1
        if char == "\\":
            self._macro(start)
        elif char == "{":
            self._push(TABLE if self._opens_table else BRACE, start, self.pos)
            self._opens_table = False
        elif char == "}":
            self._close(start)
        elif char in SCRIPT_MARKS:
            if scripts.add_mark(char):
                self._report_double(start, "superscript" if char == "^" else "subscript")
        elif char == "'":
            if scripts.add_prime():
                self._report_double(start, "superscript")
        elif char == "%":
            line_end = self.text.find("\n", start, self.end)
            self.pos = self.end if line_end < 0 else line_end
        elif char == "&":
            self._align(start)
        elif char == "#":
            self.report(start, self.pos, "a '#' stands outside of a definition", "write '\\#'")
        elif char not in SPACE_CHARACTERS:
            scripts.add_atom(PLAIN_ATOM if char.isascii() and char.isalnum() else 0)

    def _macro(self, start: int) -> None:
        name, self.pos = self.reader.read_name(self.pos, self.end)
        own = self.formula.is_defined("\\" + name)
        if not own and name in ("begin", "end"):
            self._environment(name, start)
        elif not own and name in ("left", "right", "middle"):
            self._fence(name, start)
        elif not own and name == "require":
            self.pos = self.require(start, self.pos)
        else:
            self.pos = self.take(name, start, self.pos)
            taken = "?" if own else self.formula.tables.macros.get(name, "?")
            if name in self.formula.tables.symbols and not own:
                self._scripts.add_atom()
            else:
                self._scripts.forget(0 if "m" in taken or "t" in taken else UNSURE)
            self._opens_table = taken == "A"

    def _push(self, kind: str, start: int, end: int, name: str = "") -> None:
        scripts, self._scripts = self._scripts, Scripts()
        self._stack.append(Open(kind, start, end, name, scripts.held, scripts.awaited))

    def _pop(self) -> None:
        opened = self._stack.pop()
        self._scripts = Scripts(opened.held, opened.awaited)
        self._scripts.add_atom()

    def _close(self, start: int) -> None:
        if self._scripts.awaited:
            self._report_no_script(start)
        if not self._stack:
            self.report(start, start + 1, "a '}' closes nothing", "remove it, or write '\\}'")
        elif self._stack[-1].kind in (BRACE, TABLE):
            self._pop()
        else:
            self._report_open(self._stack[-1])

    def _fence(self, name: str, start: int) -> None:
        after = self.take_delimiter(f"\\{name}", start, self.pos)
        top = self._stack[-1] if self._stack else None
        if name == "left":
            self._push(LEFT_FENCE, start, after)
        elif top is None or (name == "middle" and top.kind != LEFT_FENCE):
            hint = f"put '\\left.' before it, or remove '\\{name}'"
            self.report(start, after, f"'\\{name}' has no '\\left'", hint)
        elif top.kind != LEFT_FENCE:
            self._report_open(top)
        elif name == "right":
            self._pop()
        else:
            self._scripts.forget()
        self.pos = after

    def _environment(self, macro: str, start: int) -> None:
        formula = self.formula
        span, after = self.reader.read_argument(self.pos, self.end)
        self._scripts.forget()
        if span is None:
            self.report_missing(f"\\{macro}", start, self.pos)
            return
        name = self.text[span.start : span.end]
        self.pos = after
        taken = formula.tables.environments.get(name)
        if formula.is_defined(name):
            self.is_loose = True
        elif macro == "begin" and taken is None:
            if "\\" not in name:
                message = f"MathJax in Anki does not know the environment '{name}'"
                hint = hint_environment(name)
                formula.findings.add(start, after, "math-unknown-environment", message, hint)
            self._is_broken = True
        elif macro == "begin" and taken:
            begin = f"\\begin{{{name}}}"
            self.pos = self.take_arguments(taken, begin, start, after)
        if macro == "begin":
            self._push(ENVIRONMENT, start, after, name)
            if name in OWN_WAYS:
                self.pos = self.end
                self._stack.clear()
                self._scripts.forget()
        else:
            self._end(name, start, after)

    def _end(self, name: str, start: int, after: int) -> None:
        top = self._stack[-1] if self._stack else None
        if top is None:
            message = f"'\\end{{{name}}}' has no '\\begin'"
            self.report(start, after, message, f"put '\\begin{{{name}}}' before it")
        elif top.kind != ENVIRONMENT:
            self._report_open(top)
        elif top.name != name:
            message = f"'\\begin{{{top.name}}}' is closed by '\\end{{{name}}}'"
            self.report(start, after, message, f"write '\\end{{{top.name}}}'")
        if top is not None and top.kind == ENVIRONMENT:
            self._stack.pop()
            self._scripts.forget()

    def _align(self, start: int) -> None:
        if self._scripts.awaited:
            self._report_no_script(start)
        self._scripts.forget()
        top = self._stack[-1] if self._stack else None
        if top is None:
            is_well = self.part.is_cell
        else:
            is_well = top.kind == TABLE or top.name in self.formula.tables.tables
            is_well = is_well or (top.kind == ENVIRONMENT and self.formula.is_defined(top.name))
        if not is_well:
            message = "a '&' stands outside of a table"
            hint = "write '\\&', or put the lines in '\\begin{aligned}…\\end{aligned}'"
            self.report(start, start + 1, message, hint)

    def _report_double(self, start: int, what: str) -> None:
        message = f"a second {what} for the same base"
        self.report(start, start + 1, message, "put braces round what the first one belongs to")

    def _report_no_script(self, end: int) -> None:
        self._scripts.awaited = 0
        message = "a '^' or '_' is not followed by anything"
        self.report(max(end - 1, 0), end, message, "write what stands there, or '{}'")

    def _report_open(self, opened: Open) -> None:
        what, closer = "a brace", "'}'"
        if opened.kind == LEFT_FENCE:
            what, closer = "a '\\left'", "'\\right' with a delimiter, or '\\right.'"
        elif opened.kind == ENVIRONMENT:
            what, closer = f"'\\begin{{{opened.name}}}'", f"'\\end{{{opened.name}}}'"
        self.report(opened.start, opened.end, f"{what} is not closed", f"add {closer}")
