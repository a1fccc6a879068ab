"""How long the cards of a note file, and of a vault, may be together.

Frozen fields, tags, headings and embeds come to each card: a page of them and ten thousand cards are a
library. What a file and a vault may have grows with their own text.
"""

from __future__ import annotations

from collections.abc import Iterable

from vaultdeck.model import Location, Note
from vaultdeck.model.diagnostics import Diagnostic

# Characters of fields and tags; and for each character of the notes.
MAX_IN_FILE = 5_000_000
MAX_IN_VAULT = 50_000_000
PER_CHARACTER = 20
# What a card counts whose embeds expand beyond all measure.
REFUSED = 200_000
HINT = (
    "embed a section instead of a whole note; give all cards fewer tags and shorter frozen fields"
)


class Growth:
    """What the cards of a file, or of a vault, come to beside the `own` characters of its notes."""

    def __init__(self, most: int, own: int) -> None:
        self._room = most + PER_CHARACTER * own

    def add(self, notes: Iterable[Note], problems: Iterable[Diagnostic]) -> None:
        """Count the characters of notes, and of those that are refused for theirs."""
        refused = sum(problem.code == "embed-too-large" for problem in problems)
        texts = (text for note in notes for part in (note.fields, note.tags) for text in part)
        self._room -= REFUSED * refused + sum(map(len, texts))

    @property
    def is_endless(self) -> bool:
        """Tell whether the cards are too long together."""
        return self._room < 0


def report_too_long(place: Location, where: str) -> Diagnostic:
    """Return `card-too-large` for the card, or file, at which the cards of `where` got too long."""
    message = f"the cards of {where} grow beyond all measure by what each of them is given"
    return Diagnostic("card-too-large", place, message, HINT)
