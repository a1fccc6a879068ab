"""What of a formula is not known to be harmless, by the table of what MathJax knows.

    \\href{javascript:…}{x}        runs code when it is clicked
    \\bbox[position:fixed]{x}      covers the card
    \\require{x}                   loads a script
    \\let\\h\\href                   gives another name to one of them
    \\def\\a{\\sqrt{\\a}\\sqrt{\\a}}     never ends

A macro is harmless if MathJax reads all it takes as math, text, a delimiter or a length; one that takes
raw text is harmless with the arguments that `rules` names. A macro unknown to MathJax is painted red.
A name counts wherever a backslash stands before it, in texts and comments too: MathJax keeps definitions
from card to card, so what is text here may be read anew there. For the same reason a definition must be
harmless by itself, whatever it is given and whatever else is defined.
"""

from __future__ import annotations

import functools
import re

from vaultdeck.mathjax.colors import loose_color
from vaultdeck.mathjax.definitions import BODIES
from vaultdeck.mathjax.expansion import Definition, Expansions
from vaultdeck.mathjax.lengths import MAX_EM, ONE_LENGTH, holds_far, is_far
from vaultdeck.mathjax.meanings import MACRO, STRUCTURE, is_known, is_raw, unsafe_meaning
from vaultdeck.mathjax.reader import Reader
from vaultdeck.mathjax.rules import BEGIN, MACRO_RULES, PLAIN_VALUE, RAW, READ_AS_MATH
from vaultdeck.mathjax.tables import ANYTHING, Tables, load_tables
from vaultdeck.regexps import regexp

# What every definition begins with.
DEFINING = regexp(r"\\(?:def|let|new|renew|New|Declare)")
# A row's end with the space that follows it.
ROW_END = regexp(r"\\\\\s*\*?\s*\[")
# Of chemistry: what is taken apart and put together anew.
CHEMISTRY = frozenset({"ce", "pu"})
VERB = regexp(r"\s*([^\sA-Za-z\\{}%*])[^\n]*?\1")
PACKAGE = regexp(r"\s*\{\s*([A-Za-z]*)\s*\}")
PARAMETERS = regexp(r"(?:\s*#[1-9])*\s*")
BRACKETED = regexp(r"(?:\s*\[[^\[\]]*\])*")
COUNT = regexp(r"\s*\[\s*([0-9])\s*\]")
# What `\let` may copy beside harmless macros: a character that means nothing to TeX.
PLAIN_CHARACTER = regexp(r"[^\\{}%#&~^_$\s]")
# Levels of braces; MathJax walks through them by recursion.
MAX_LEVELS = 100
MAX_TEX_LENGTH = 100_000


@functools.lru_cache(maxsize=4096)
def find_unsafe(tex: str) -> str:
    """Return what is not harmless in TeX, in words, or "" if all of it is."""
    if "\\" not in tex and "{" not in tex:
        return ""
    return _Judge(tex).judge(Expansions())


def find_unsafe_among(tex: str, others: Expansions) -> str:
    """Return what is not harmless in TeX that is shown where `others` are defined, too."""
    return _Judge(tex).judge(others)


@functools.lru_cache(maxsize=1024)
def read_definitions(tex: str) -> tuple[Definition, ...]:
    """Return what TeX defines, with the bodies; what cannot be read is left out."""
    if "\\" not in tex:
        return ()
    judge = _Judge(tex)
    judge.judge(Expansions())
    return tuple(judge.definitions)


class _UnsafeError(Exception):
    """Something is not known to be harmless."""


class _Judge:
    """Judges one formula; `definitions` are those that it holds."""

    def __init__(self, tex: str) -> None:
        self.definitions: list[Definition] = []
        self._text = tex
        self._end = len(tex)
        self._reader = Reader(tex)
        self._tables: Tables = load_tables()
        # The end of the body that is being defined, and whether it takes arguments.
        self._body_end = 0
        self._has_parameters = False

    def judge(self, others: Expansions) -> str:
        """Return what is not harmless, or ""."""
        if self._end > MAX_TEX_LENGTH or self._reader.depth() > MAX_LEVELS:
            return "it is too long or nests too deeply"
        try:
            for match in MACRO.finditer(self._text):
                self._name(match[1], match.start(), match.end())
            for match in ROW_END.finditer(self._text):
                self._length(match.end(), "\\\\")
            self._refuse(loose_color(self._text, self.definitions))
        except _UnsafeError as error:
            return str(error)
        known = others.joined(self.definitions)
        if known.is_endless(self._text) or known.has_endless(d.name for d in self.definitions):
            return "what it defines and uses expands beyond all measure"
        return ""

    def _refuse(self, reason: str) -> None:
        if reason:
            raise _UnsafeError(reason)

    def _name(self, name: str, start: int, pos: int) -> None:
        known = self._tables.macros.get(name)
        if name in self._tables.defining:
            if start < self._body_end:
                raise _UnsafeError(f"'\\{name}' in a definition")
            self._define(name, pos)
        elif name in MACRO_RULES:
            match = re.compile(MACRO_RULES[name]).match(self._text, pos)
            # `#1` may stand for a part of the values that a macro in a body takes.
            is_body = start < self._body_end and self._has_parameters
            if not match or (is_body and "#" in match[0]):
                raise _UnsafeError(f"'\\{name}' with more than plain values")
            self._refuse_far("color" not in name and holds_far(match[0]), f"\\{name}")
        elif name == "begin":
            self._environment(pos)
        elif name == "verb":
            if not VERB.match(self._text, pos):
                raise _UnsafeError("'\\verb' with signs of TeX")
        elif name == "require":
            self._require(pos)
        elif known is not None and name not in STRUCTURE:
            self._arguments(name, known, pos)

    def _arguments(self, name: str, taken: str, pos: int) -> None:
        """Judge arguments by their letters (see `tables`)."""
        if name in RAW or (name not in READ_AS_MATH and (taken == ANYTHING or "o" in taken)):
            raise _UnsafeError(f"'\\{name}'")
        if name in CHEMISTRY:
            self._chemistry(name, pos)
        if name in READ_AS_MATH:
            return
        for letter in taken:
            if letter in "mt":
                pos = self._reader.read_argument(pos, self._end)[1]
            elif letter in "Bb":
                span, pos, is_well = self._reader.read_brackets(pos, self._end)
                value = self._text[slice(*span)] if letter == "b" and span else ""
                if not PLAIN_VALUE.fullmatch(value):
                    raise _UnsafeError(f"'\\{name}' with more than plain values")
                self._refuse_far(holds_far(value), f"\\{name}")
                if not is_well:
                    return
            elif letter in "Dd":
                pos = self._reader.read_delimiter(pos, self._end, braces=letter == "D")[1]
            elif letter == "n":
                self._length(pos, f"\\{name}")
                pos = self._reader.read_length(pos, self._end)

    def _length(self, pos: int, name: str) -> None:
        """Refuse a length that leads far away; what is no length MathJax refuses."""
        match = ONE_LENGTH.match(self._text, pos)
        if match is None:
            at = self._reader.skip_space(pos, self._end)
            span = self._reader.read_argument(pos, self._end)[0] if at < self._end else None
            if name != "\\\\" and (span is None or "#" in self._text[slice(*span)]):
                raise _UnsafeError(f"'{name}' without a length")
        else:
            self._refuse_far(is_far(match), name)

    def _refuse_far(self, is_so: bool, name: str) -> None:
        self._refuse(f"'{name}' with a length of more than {MAX_EM}em" if is_so else "")

    def _chemistry(self, name: str, pos: int) -> None:
        span = self._reader.read_argument(pos, self._end)[0]
        if span is None:
            raise _UnsafeError(f"'\\{name}' without braces")
        for match in MACRO.finditer(self._text, *span):
            if match[1] not in self._tables.macros and match[1] != "bond":
                raise _UnsafeError(f"'\\{match[1]}' in '\\{name}'")

    def _environment(self, pos: int) -> None:
        span, after = self._reader.read_argument(pos, self._end)
        name = self._text[slice(*span)] if span else ""
        rule = BEGIN.get(name)
        if rule and not rule.match(self._text, after):
            raise _UnsafeError(f"'\\begin{{{name}}}' with more than plain values")
        found = BRACKETED.match(self._text, after)
        self._refuse_far(
            found is not None and holds_far(found[0], are_numbers=False), f"\\begin{{{name}}}"
        )

    def _require(self, pos: int) -> None:
        match = PACKAGE.match(self._text, pos)
        if match is None or match[1] not in self._tables.packages:
            raise _UnsafeError("'\\require' of what Anki does not hold")

    def _define(self, name: str, pos: int) -> None:
        """Judge a definition's frame; its body is judged with the rest of the text."""
        text, reader = self._text, self._reader
        if text.startswith("*", reader.skip_space(pos, self._end)):
            pos = reader.skip_space(pos, self._end) + 1
        span, pos = reader.read_argument(pos, self._end)
        if span is None:
            raise _UnsafeError(f"'\\{name}' without a name")
        new = text[slice(*span)].strip()
        if name == "let":
            self._let(new, pos)
            return
        is_environment = name.endswith("environment")
        if is_environment and (new in self._tables.environments or "\\" in new):
            raise _UnsafeError(f"a new '{new}'")
        count, optional = 0, False
        if name == "def":
            match = PARAMETERS.match(text, pos)
            count = match[0].count("#") if match else 0
            pos = match.end() if match else pos
        elif match := COUNT.match(text, pos):
            count, pos = int(match[1]), match.end()
            default, pos, _ = reader.read_brackets(pos, self._end)
            optional = default is not None
        bodies = []
        for _ in range(BODIES.get(name, 1)):
            body, after = reader.read_argument(pos, self._end)
            if body is None or (text[pos:after].lstrip()[:1] != "{" and is_raw(text[slice(*body)])):
                raise _UnsafeError(f"'\\{name}' without braces round what it defines")
            bodies.append(text[slice(*body)])
            pos = after
        self._body_end, self._has_parameters = pos, count > 0
        definition = Definition(new.removeprefix("\\"), count, "".join(bodies))
        if not is_environment:
            self._refuse(unsafe_meaning(definition, name, has_default=optional))
        self.definitions.append(definition)

    def _let(self, new: str, pos: int) -> None:
        text, reader = self._text, self._reader
        pos = reader.skip_space(pos, self._end)
        pos = reader.skip_space(pos + text.startswith("=", pos), self._end)
        if text[pos : pos + 1] == "\\":
            target = reader.read_name(pos + 1, self._end)[0]
            is_copy = is_known(target) and not is_raw(target) and target not in CHEMISTRY
            is_plain = is_copy or target in self._tables.symbols
        else:
            target = text[pos : pos + 1]
            is_plain = PLAIN_CHARACTER.fullmatch(target) is not None
        # As `\\def\\new{\\target}`, which it differs from only where one of them is defined anew.
        definition = Definition(new.removeprefix("\\"), 0, f"\\{target}")
        if not is_plain:
            raise _UnsafeError(f"'\\let' of '{new}'")
        self._refuse(unsafe_meaning(definition, "let", has_default=False))
        self.definitions.append(definition)
