"""The questions that resolving asks of a vault, and what it collects from one text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from markdown_it.token import Token

from vaultdeck.anki.media import Refusal
from vaultdeck.embeds.document import Document
from vaultdeck.model import Found, Location, MediaRef
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.model.value import value


class Lookup(Protocol):
    """The questions that resolving asks of a vault."""

    vault_name: str

    def find(self, path: str, source: str) -> Found:
        """Return the file that a link path in note file `source` means, and equally good ones."""

    def is_unique(self, path: str) -> bool:
        """Tell whether a file's name alone leads to it, from any folder."""

    def document(self, path: str) -> Document | None:
        """Return a note's document, None if it cannot be read."""

    def media(self, path: str) -> MediaRef | Refusal:
        """Return a file's name in the package, or why it is not packed."""


Locate = Callable[[Token, int, int], Location]
# Places are asked for only where there is something to report.
LateLocation = Callable[[], Location]


class Footnote(NamedTuple):
    """The definition of a footnote: its tokens, and how to place one of them."""

    tokens: list[Token]
    locate: Locate


@dataclass(slots=True)
class CardState:
    """What the fields of one card share: their footnotes, and what their formulas define so far.

    `told` are the letters of the formulas that were reported as unsafe.
    """

    is_cloze: bool = False
    footnotes: dict[str, Footnote] = field(default_factory=dict)
    defined: frozenset[str] = frozenset()
    told: set[str] = field(default_factory=set)


@value(frozen=True, slots=True)
class Resolved:
    """Resolved tokens, the files they show, and what is wrong in them."""

    tokens: list[Token]
    media: tuple[MediaRef, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class Findings:
    """What a text yields besides tokens: the files that it shows, and what is wrong in it."""

    media: dict[MediaRef, None] = field(default_factory=dict)
    problems: dict[tuple[str, Location], Diagnostic] = field(default_factory=dict)

    def report(self, problem: Diagnostic) -> None:
        """Note a problem; the same one at the same place only once, however it was reached."""
        self.problems.setdefault((problem.code, problem.location), problem)

    def take(self, inner: Findings, via: LateLocation | None = None) -> None:
        """Take over what an inner text has yielded; `via` is the embed that led there."""
        self.media.update(inner.media)
        embed = (via(),) if via and inner.problems else ()
        for problem in inner.problems.values():
            self.report(replace(problem, via=(*embed, *problem.via)) if embed else problem)


@value(frozen=True, slots=True)
class Frame:
    """One text being resolved: its file, how to place a token of it, and what it has yielded.

    `card` is the card that shows it, `lookup` answers for the vault; `document` is the embedded note that
    the text is from, None for a card.
    """

    path: str
    locate: Locate
    card: CardState
    lookup: Lookup
    document: Document | None = None
    findings: Findings = field(default_factory=Findings)

    def of_note(self, path: str, document: Document) -> Frame:
        """Return a frame for text of a note that the card shows."""
        return Frame(path, document.locate, self.card, self.lookup, document)

    def report(self, problem: Diagnostic) -> None:
        """Note a problem."""
        self.findings.report(problem)
