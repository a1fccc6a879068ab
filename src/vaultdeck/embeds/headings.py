"""Which heading a link means: of `#a#b` the first `b` that stands below the first `a`."""

from __future__ import annotations

import functools
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vaultdeck.regexps import regexp
from vaultdeck.spelling import NearNames

# What Obsidian takes for a space when it compares headings with links.
PUNCTUATION = regexp(r"[!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\\r\n\s]+")
# How deep headings go.
HEADING_LEVELS = 6


class Heading(NamedTuple):
    """A heading in no list or quote: its token in the chunk, its line, its level, its text as written."""

    token: int
    line: int
    level: int
    text: str


def heading_key(text: str) -> str:
    """Return a heading's text, raw or from a link, in the form in which Obsidian compares both."""
    return PUNCTUATION.sub(" ", unicodedata.normalize("NFC", text)).strip().lower()


def split_subpath(subpath: str) -> list[str]:
    """Return the names in a link's subpath: `#a#b` holds two."""
    return [name.strip() for name in subpath.split("#") if name.strip()]


class Outline:
    """The headings of a note, to be looked up by the names in a link."""

    def __init__(self, headings: Sequence[Heading]) -> None:
        self.headings = headings

    @functools.cached_property
    def _numbers(self) -> Mapping[tuple[str, int], Sequence[int]]:
        """The numbers of the headings of each text, as compared, and level."""
        numbers: dict[tuple[str, int], list[int]] = {}
        for number, heading in enumerate(self.headings):
            numbers.setdefault((heading_key(heading.text), heading.level), []).append(number)
        return numbers

    @functools.cached_property
    def ends(self) -> Sequence[int]:
        """For each heading the number of the one that ends its section."""
        ends = [len(self.headings)] * len(self.headings)
        open_: list[int] = []
        for number, heading in enumerate(self.headings):
            while open_ and self.headings[open_[-1]].level >= heading.level:
                ends[open_.pop()] = number
            open_.append(number)
        return ends

    def find(self, names: Sequence[str]) -> int | None:
        """Return the number of the heading that a heading path means, None if there is none.

        Obsidian's `resolveSubpath`: each name must be the next heading of that text and of a deeper
        level than the one before; the first in the note wins.
        """
        number, level = -1, 0
        for name in names:
            key = heading_key(name)
            levels = range(level + 1, HEADING_LEVELS + 1)
            fitting = [self._numbers.get((key, at), ()) for at in levels]
            behind = [(found, bisect_right(found, number)) for found in fitting]
            number = min((found[at] for found, at in behind if at < len(found)), default=-1)
            if number < 0:
                return None
            level = self.headings[number].level
        return number

    def is_ambiguous(self, names: Sequence[str]) -> bool:
        """Tell whether another heading, behind the one that `find` finds, fits as well."""
        *above, wanted = names
        parent = self.find(above) if above else None
        start, end = (-1, len(self.headings)) if parent is None else (parent, self.ends[parent])
        key = heading_key(wanted)
        fits = 0
        for level in range(1, HEADING_LEVELS + 1):
            numbers = self._numbers.get((key, level), ())
            fits += bisect_left(numbers, end) - bisect_right(numbers, start)
        return fits > 1

    @functools.cached_property
    def near(self) -> NearNames:
        """The texts that a name could have been meant to be."""
        return NearNames([heading.text for heading in self.headings])
