"""The card syntaxes by the name that settings call them by; one file each."""

from __future__ import annotations

from vaultdeck.cards.reading import Syntax
from vaultdeck.cards.syntaxes import flashcards, spaced_repetition
from vaultdeck.cards.syntaxes.block import read_blocks
from vaultdeck.cards.syntaxes.inline import read_inline
from vaultdeck.cards.syntaxes.regexp import read_regexps

SYNTAXES: dict[str, Syntax] = {
    "block": read_blocks,
    "inline": read_inline,
    "regexp": read_regexps,
    spaced_repetition.NAME: spaced_repetition.read_spaced_repetition,
    flashcards.NAME: flashcards.read_flashcards,
}
