"""What ends the expansion of embeds: a depth, a size, and a section that embeds itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from markdown_it.token import Token

from vaultdeck.embeds.chunks import Part
from vaultdeck.embeds.lookup import Frame, LateLocation
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import Diagnostic, shorten

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
        self._open: list[Embedded] = []
        self._embeds = self._tokens = self._chars = 0

    def is_refused(self, embed: Embedded, place: LateLocation, frame: Frame) -> bool:
        """Tell whether the embed at `place` is shown as a link, and report why.

        Diagnostics: `embed-cycle`, `embed-too-deep`.
        """
        if any(open_[:2] == embed[:2] for open_ in self._open):
            chain = " → ".join(f"'{shorten(outer.name)}'" for outer in (*self._open, embed))
            hint = "remove one of these embeds"
            problem = Diagnostic("embed-cycle", place(), f"this embeds itself: {chain}", hint)
        elif len(self._open) >= MAX_EMBED_DEPTH:
            message = f"embeds are nested more than {MAX_EMBED_DEPTH} deep: a link is shown instead"
            hint = "embed the innermost section directly"
            problem = Diagnostic("embed-too-deep", place(), message, hint)
        else:
            return False
        frame.report(problem)
        return True

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
        self._open.append(embedded)
        try:
            yield
        except ExpansionTooLargeError as error:
            error.via = (place(), *error.via)
            raise
        self._open.pop()
