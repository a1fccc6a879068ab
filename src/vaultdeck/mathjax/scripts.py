"""Superscripts and subscripts: `x_1_2` and `x^2'` cannot be read, `x_1^2` and `x'_1` can."""

from __future__ import annotations

SUB, SUP, PRIME, PLAIN_ATOM, UNSURE = 1, 2, 4, 8, 16
SCRIPT_MARKS = {"_": SUB, "^": SUP}


class Scripts:
    """Knows which scripts the last atom certainly has, and which one is awaited.

    UNSURE is set behind macros that may do anything with scripts, PLAIN_ATOM for letters and digits: only
    there does `'` behind a superscript never fit (`\\sum^a'` does).
    """

    __slots__ = ("awaited", "held")

    def __init__(self, held: int = 0, awaited: int = 0) -> None:
        self.held = held
        self.awaited = awaited

    def add_atom(self, kind: int = 0) -> None:
        """Note an atom: the awaited script, or a new base; `kind` is PLAIN_ATOM or 0."""
        self.held = self.held | self.awaited if self.awaited else kind
        self.awaited = 0

    def forget(self, kind: int = UNSURE) -> None:
        """Note something of which it is not known what MathJax makes of it."""
        self.held = kind
        self.awaited = 0

    def add_mark(self, char: str) -> bool:
        """Note `^` or `_`; return whether the atom has such a script already."""
        mark = SCRIPT_MARKS[char]
        is_double = self.held & mark != 0 and not self.held & UNSURE
        if self.held & PRIME:
            self.held = self.held & ~PRIME | (SUP if mark == SUB else 0)
        self.awaited = mark
        return is_double

    def add_prime(self) -> bool:
        """Note `'`; return whether the atom has a superscript already."""
        if self.awaited:
            self.forget()
            return False
        is_double = self.held & SUP != 0 and self.held & PLAIN_ATOM != 0
        self.held |= PRIME
        return is_double
