"""The cards of a vault as Anki shows them: built, imported into a real collection, and rendered there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.helpers import Anki, build_package

# Anki leaves sounds and the box of a typed answer to its reviewer.
PLAY = re.compile(r"\[anki:(?:play|tts)[^\]]*\]")
TYPE_BOX = re.compile(r"\[\[type:[^\]]*\]\]")
PLAY_BUTTON = '<a class="replay-button soundLink" href="#">▶</a>'


@dataclass(frozen=True)
class RenderedCard:
    """Both sides of a card as HTML, style sheet included; `place` names it as a reader finds it."""

    place: str
    note_id: int
    ordinal: int
    tags: tuple[str, ...]
    question: str
    answer: str


@dataclass(frozen=True)
class RenderedVault:
    """The cards of a vault in the order of its files, what the build complained of, and the media."""

    cards: tuple[RenderedCard, ...]
    problems: tuple[str, ...]
    media: Path


def render_vault(vault: Path, work: Path) -> RenderedVault:
    """Build a copy of a vault in the folder `work`, import the package, render every card."""
    copy = work / vault.name
    shutil.copytree(vault, copy)
    package = work / "deck.apkg"
    result = build_package(copy, package)
    assert package.is_file(), result.diagnostics
    places = {
        note.id: f"{note.note.location.path}:{note.note.location.line}"
        for note in result.stamped.notes
    }
    anki = Anki(work / "anki")
    try:
        anki.import_package(package)
        cards = tuple(_render(anki, places))
        media = Path(anki.col.media.dir())
    finally:
        anki.col.close()
    problems = tuple(
        f"{p.location.path}:{p.location.line}: {p.code}: {p.message}" for p in result.diagnostics
    )
    return RenderedVault(cards, problems, media)


def _render(anki: Anki, places: dict[int, str]) -> Iterator[RenderedCard]:
    for note_id, place in sorted(places.items(), key=lambda item: _in_file_order(item[1])):
        for card in anki.note(note_id).cards():
            yield RenderedCard(
                f"{place} card {card.ord + 1}",
                note_id,
                card.ord,
                tuple(card.note().tags),
                _as_in_the_reviewer(anki, card.question()),
                _as_in_the_reviewer(anki, card.answer()),
            )


def _in_file_order(place: str) -> tuple[str, int]:
    path, _, line = place.rpartition(":")
    return path, int(line)


def _as_in_the_reviewer(anki: Anki, html: str) -> str:
    """Do what Anki's reviewer does with HTML before its page gets it."""
    html = str(anki.col.media.escape_media_filenames(html))
    return TYPE_BOX.sub('<input type="text" id="typeans">', PLAY.sub(PLAY_BUTTON, html))
