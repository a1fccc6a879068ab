"""Reviews in a real collection, and what Anki holds of them."""

from __future__ import annotations

from typing import Any

from tests.support.helpers import Anki

CARD_AND_LOG = ("SELECT * FROM cards ORDER BY id", "SELECT * FROM revlog ORDER BY id")


def review_all(anki: Anki) -> None:
    """Answer every card that is due, as a person does."""
    for deck in anki.col.decks.all_names_and_ids():
        anki.col.decks.select(deck.id)
        while (queued := anki.col.sched.getCard()) is not None:
            anki.col.sched.answerCard(queued, 4)


def history(anki: Anki, *note_ids: int) -> tuple[list[Any], list[Any]]:
    """Return the rows of all cards (of these notes) and their review log, every column."""
    cards, log = (anki.col.db.all(query) for query in CARD_AND_LOG)
    kept = [row for row in cards if not note_ids or row[1] in note_ids]
    ids = {row[0] for row in kept}
    return kept, [row for row in log if row[1] in ids]
