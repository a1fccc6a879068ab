"""The card syntaxes by the name that settings call them by; one file each.

An installed package may bring more, each an entry point of the group `vaultdeck.syntaxes`:

    [project.entry-points."vaultdeck.syntaxes"]
    my-syntax = "my_package:read_cards"

It leads to a function as ours are (`reading.Syntax`), and is imported only when a setting names it.

block.py, inline.py      the blocks and inline notes of Obsidian_to_Anki
regexp.py                its regexps: regexp_search.py, regexp_javascript.py, regexp_styles.py;
                         regexp_shadow.py: the text that they expect, and the way back to its offsets
spaced_repetition.py     cards of obsidian-spaced-repetition; spaced_repetition_pieces.py: where they begin
                         and end; spaced_repetition_topics.py: their decks and headings
flashcards.py            cards of flashcards-obsidian; flashcards_rows.py: their lines; flashcards_context.py:
                         the headings in front of them
paragraphs.py            a note as line-wise syntaxes see it; make_card.py: a card of what they found
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from vaultdeck.cards.reading import Syntax
from vaultdeck.cards.syntaxes import flashcards, spaced_repetition
from vaultdeck.cards.syntaxes.block import read_blocks
from vaultdeck.cards.syntaxes.inline import read_inline
from vaultdeck.cards.syntaxes.regexp import read_regexps

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

SYNTAXES: dict[str, Syntax] = {
    "block": read_blocks,
    "inline": read_inline,
    "regexp": read_regexps,
    spaced_repetition.NAME: spaced_repetition.read_spaced_repetition,
    flashcards.NAME: flashcards.read_flashcards,
}

GROUP = "vaultdeck.syntaxes"


def syntax_named(name: str) -> Syntax:
    """Return the syntax of a name that the settings hold; raises KeyError, or what its import raises."""
    return SYNTAXES[name] if name in SYNTAXES else _load(name)


def makers_of(syntaxes: Iterable[str]) -> str:
    """Return which plugins put cards of these syntaxes into Anki."""
    is_theirs = {name == flashcards.NAME for name in syntaxes}
    names = ["Obsidian_to_Anki"] if is_theirs != {True} else []
    return " or ".join([*names, flashcards.NAME] if True in is_theirs else names)


def version_of(name: str) -> str:
    """Return what tells a package's syntax from that of another version; empty for one of ours."""
    found = None if name in SYNTAXES else _entry_point(name)
    return f"{found.value} {found.dist.version}" if found and found.dist else ""


@functools.cache
def _load(name: str) -> Syntax:
    found = _entry_point(name)
    if found is None:
        raise KeyError(name)
    syntax: Syntax = found.load()
    if not callable(syntax):
        raise TypeError(f"{found.value} is no function")
    return syntax


def _entry_point(name: str) -> EntryPoint | None:
    """Return the entry point of a name; the current folder, which may be the vault, is no package."""
    from importlib.metadata import distributions

    here = os.path.realpath("")
    places = [place for place in sys.path if os.path.realpath(place) != here]
    for package in distributions(path=places):
        for point in package.entry_points.select(group=GROUP, name=name):
            return point
    return None
