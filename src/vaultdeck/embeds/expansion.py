"""Embedded sections, resolved: one that many cards show is worked on once.

A section comes out the same wherever it stands, but for what ties it to its place: footnotes are
numbered through the field, an embed may lead back to one that is open above it or stand too deep, and
formulas know what the card has defined. Such a section is resolved anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from markdown_it.token import Token

from vaultdeck.embeds.lookup import Card, ExpansionTooLargeError, Findings, Place
from vaultdeck.embeds.sections import Slice

# Obsidian shows a link instead of an embed below this depth.
MAX_DEPTH = 5
# What one field may grow to by its embeds. The largest in real vaults is a few thousand tokens.
MAX_TOKENS = 200_000
MAX_EMBEDS = 1_000
# How much text the embeds of one field may bring.
MAX_CHARS = 2_000_000
# How much text kept sections may hold, those within each counted again; their HTML takes about three
# times as many bytes, their tokens, until it is there, fifteen times.
MAX_KEPT = 1_000_000


class Section(NamedTuple):
    """What an embed shows, and what a person calls it."""

    path: str
    part: Slice
    name: str

    @property
    def key(self) -> tuple[str, Slice]:
        """What two embeds have in common that show the same."""
        return self.path, self.part


@dataclass(frozen=True, slots=True)
class Size:
    """What embeds bring along."""

    embeds: int = 0
    tokens: int = 0
    chars: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            self.embeds + other.embeds, self.tokens + other.tokens, self.chars + other.chars
        )

    def __sub__(self, other: Size) -> Size:
        return Size(
            self.embeds - other.embeds, self.tokens - other.tokens, self.chars - other.chars
        )

    @property
    def is_too_large(self) -> bool:
        """Tell whether this is more than one field may hold."""
        return self.embeds > MAX_EMBEDS or self.tokens > MAX_TOKENS or self.chars > MAX_CHARS


@dataclass(frozen=True, slots=True)
class Expansion:
    """A resolved section that comes out the same wherever it is embedded.

    `token` stands for it in a field; `findings` are its media and problems, `asked` is what it asked of
    the vault. `sections` are itself and those in it, `height` is how many levels deep they are.
    """

    token: Token
    findings: Findings
    asked: object
    size: Size
    sections: frozenset[tuple[str, Slice]]
    height: int


class Kept:
    """The sections that were shown last, by what they show and the kind of note."""

    def __init__(self) -> None:
        # In the order in which they were asked for, the last one last.
        self._expansions: dict[tuple[str, Slice, bool], Expansion] = {}
        self._chars = 0

    def get(self, section: Section, card: Card) -> Expansion | None:
        """Return a section as it comes out wherever it stands, None if it is not kept."""
        key = (*section.key, card.is_cloze)
        expansion = self._expansions.pop(key, None)
        if expansion is not None:
            self._expansions[key] = expansion
        return expansion

    def add(self, section: Section, card: Card, expansion: Expansion) -> None:
        """Keep a section, unless it is huge, and forget those for which there is no room then."""
        key = (*section.key, card.is_cloze)
        self._chars -= self._weigh(self._expansions.pop(key, None))
        if self._weigh(expansion) > MAX_KEPT // 4:
            return
        self._expansions[key] = expansion
        self._chars += self._weigh(expansion)
        while self._chars > MAX_KEPT:
            self._chars -= self._weigh(self._expansions.pop(next(iter(self._expansions))))

    @staticmethod
    def _weigh(expansion: Expansion | None) -> int:
        return expansion.size.chars + 100 * expansion.size.embeds + 100 if expansion else 0


@dataclass(slots=True)
class _Level:
    """What is known of an open section so far."""

    sections: set[tuple[str, Slice]] = field(default_factory=set)
    height: int = 1
    is_tied: bool = False


class Expanding:
    """The sections of one field that are open, innermost last, and all that embeds have brought."""

    def __init__(self) -> None:
        self.size = Size()
        self.open: list[Section] = []
        # One for the field itself, and one for each open section.
        self._levels = [_Level()]

    def tie(self) -> None:
        """Note that the innermost section depends on where it stands."""
        self._levels[-1].is_tied = True

    def is_open(self, section: Section) -> bool:
        """Tell whether a section is open already, that is, embeds itself."""
        return any(open_.key == section.key for open_ in self.open)

    @property
    def is_full(self) -> bool:
        """Tell whether no section may be opened within this one."""
        return len(self.open) >= MAX_DEPTH

    def embed(self, place: Place) -> None:
        """Count an embed at `place`; raises ExpansionTooLargeError."""
        self._grow(Size(embeds=1), place)

    def add(self, tokens: Sequence[Token], place: Place) -> None:
        """Count what a section brings that is embedded at `place`; raises ExpansionTooLargeError."""
        count = sum(1 + len(token.children or ()) for token in tokens)
        self._grow(Size(tokens=count, chars=sum(len(token.content) for token in tokens)), place)

    def _grow(self, size: Size, place: Place) -> None:
        self.size += size
        if self.size.is_too_large:
            raise ExpansionTooLargeError(place())

    @contextmanager
    def section(self, section: Section, place: Place) -> Iterator[_Level]:
        """Open a section that is embedded at `place`."""
        level = _Level({section.key})
        self.open.append(section)
        self._levels.append(level)
        try:
            yield level
        except ExpansionTooLargeError as error:
            error.via = (place(), *error.via)
            raise
        self.open.pop()
        self._levels.pop()
        self._add(level.sections, level.height, is_tied=level.is_tied)

    def _add(self, sections: Set[tuple[str, Slice]], height: int, *, is_tied: bool) -> None:
        outer = self._levels[-1]
        outer.sections |= sections
        outer.height = max(outer.height, height + 1)
        outer.is_tied = outer.is_tied or is_tied

    def repeat(self, kept: Expansion) -> bool:
        """Count a section that was resolved before; tell whether it comes out the same here."""
        if len(self.open) + kept.height > MAX_DEPTH:
            return False
        size = self.size + kept.size
        if size.is_too_large or any(open_.key in kept.sections for open_ in self.open):
            return False
        self.size = size
        self._add(kept.sections, kept.height, is_tied=False)
        return True
