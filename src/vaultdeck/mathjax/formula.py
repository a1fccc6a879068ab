"""A formula while it is read: what it defines, what it holds, and what was found in it."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from vaultdeck.mathjax.findings import TexFindings
from vaultdeck.mathjax.reader import Reader, TexSpan
from vaultdeck.mathjax.tables import load_tables

# `\let` and `\def` can give a new meaning to anything, braces included.
FREE = ("\\let", "\\def")


class FormulaPart(NamedTuple):
    """A span that MathJax reads by itself, and how deep it stands in arguments.

    `is_cell` says that it is put into a table; `is_loose` that it holds macros which may stand for
    anything, so that no error is certain.
    """

    span: TexSpan
    depth: int
    is_cell: bool = False
    is_loose: bool = False


class Formula:
    """One formula; `parts` are those that are still to be read."""

    def __init__(self, text: str, defined: Set[str]) -> None:
        self.text = text
        self.reader = Reader(text)
        self.tables = load_tables()
        self.findings = TexFindings()
        self.is_free = any(name in text for name in FREE)
        self.parts = [FormulaPart(TexSpan(0, len(text)), 0, is_loose=self.is_free)]
        self._defined = defined

    def is_defined(self, name: str) -> bool:
        """Tell whether the user defined a macro (`\\x`) or an environment (`x`)."""
        return name in self._defined
