"""What ends the expansion of embeds: a depth, a size, and a section that embeds itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from markdown_it.token import Token

from vaultdeck.embeds.chunks import Part
from vaultdeck.embeds.lookup import LateLocation
from vaultdeck.model import Location

# Obsidian shows a link instead of an embed below this depth.
MAX_EMBED_DEPTH = 5
# What one field may grow to by its embeds. The largest in real vaults is a few thousand tokens.
MAX_TOKENS = 200_000
MAX_EMBEDS = 1_000
# How much text the embeds of one field may bring.
MAX_CHARS = 2_000_000


class ExpansionTooLargeError(Exception):
    """The embeds of one field expand beyond `MAX_TOKENS`, `MAX_CHARS` or `MAX_EMBEDS`.

    `location` is the embed that was one too many, `via` the chain of those that led there.
    """

    def __init__(self, location: Location) -> None:
        super().__init__(location)
        self.location = location
        self.via: tuple[Location, ...] = ()


class Embedded(NamedTuple):
    """What an embed shows, a part of note file `path`, and what a person calls it."""

    path: str
    part: Part
    name: str


class Expansion:
    """The embeds of one field: those that are open, innermost last, and what all have brought."""

    def __init__(self) -> None:
        self.open: list[Embedded] = []
        self._embeds = self._tokens = self._chars = 0

    def is_open(self, embedded: Embedded) -> bool:
        """Tell whether what an embed shows is open already, that is, embeds itself."""
        return any(open_[:2] == embedded[:2] for open_ in self.open)

    @property
    def is_full(self) -> bool:
        """Tell whether no embed may be opened within this one."""
        return len(self.open) >= MAX_EMBED_DEPTH

    def count_embed(self, place: LateLocation) -> None:
        """Count an embed at `place`; raises ExpansionTooLargeError."""
        self._embeds += 1
        if self._embeds > MAX_EMBEDS:
            raise ExpansionTooLargeError(place())

    def count_tokens(self, tokens: Sequence[Token], place: LateLocation) -> None:
        """Count what an embed at `place` shows; raises ExpansionTooLargeError."""
        self._tokens += sum(1 + len(token.children or ()) for token in tokens)
        self._chars += sum(len(token.content) for token in tokens)
        if self._tokens > MAX_TOKENS or self._chars > MAX_CHARS:
            raise ExpansionTooLargeError(place())

    @contextmanager
    def opened(self, embedded: Embedded, place: LateLocation) -> Iterator[None]:
        """Open what the embed at `place` shows."""
        self.open.append(embedded)
        try:
            yield
        except ExpansionTooLargeError as error:
            error.via = (place(), *error.via)
            raise
        self.open.pop()
