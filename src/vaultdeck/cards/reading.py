"""What a card syntax is given to read, and what it may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from vaultdeck.cards.fences import find_fences
from vaultdeck.model import CardBlock, IdSlot, SourceFile, Span
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic


@dataclass(slots=True)
class Reading:
    """One note file being read for cards.

    `fences` are its closed code fences, in which no card begins. `taken` are the spans that a card or
    directive has claimed: later syntaxes must not read them, and each syntax appends its own before the
    next one starts. `blocks` are the blocks among them, whose headings are in no card's breadcrumb.
    `empty` are cards without a question: they claim nothing, and are none where others are in their lines.
    `problems` collects what is wrong. `spent` is the time that the regexp of each note type wasted in all
    files so far, in seconds.
    """

    source: SourceFile
    config: Config
    taken: list[Span] = field(default_factory=list)
    blocks: list[Span] = field(default_factory=list)
    empty: list[CardBlock] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=dict)
    fences: list[Span] = field(init=False)

    def __post_init__(self) -> None:
        self.fences = find_fences(self.source.text)

    def report(self, code: str, start: int, end: int, message: str, hint: str = "") -> None:
        """Note a problem at a range of offsets."""
        location = self.source.locate(start, end)
        self.problems.append(Diagnostic(code, location, message, hint))

    def slot(self, at: int, before: str = "", after: str = "") -> IdSlot:
        """Return the place of a new ID in the form that the settings ask for, at offset `at`.

        `before` and `after` are what is to stand round it.
        """
        if self.config.id_comments:
            return IdSlot(at, before + "<!--ID: ", "-->" + after)
        return IdSlot(at, before + "ID: ", after)


# A syntax yields the cards of a note file in text order; what it cannot make a card of, it reports.
Syntax = Callable[[Reading], Iterator[CardBlock]]
