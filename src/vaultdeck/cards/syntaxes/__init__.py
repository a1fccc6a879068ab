"""The card syntaxes by the name that settings call them by; one file each."""

from __future__ import annotations

from vaultdeck.cards.reading import Syntax
from vaultdeck.cards.syntaxes.block import read_blocks
from vaultdeck.cards.syntaxes.card_tags import FLASHCARDS, SPACED_REPETITION
from vaultdeck.cards.syntaxes.flashcards import read_flashcards
from vaultdeck.cards.syntaxes.inline import read_inline
from vaultdeck.cards.syntaxes.regexp import read_regexps
from vaultdeck.cards.syntaxes.spaced_repetition import read_spaced_repetition

SYNTAXES: dict[str, Syntax] = {
    "block": read_blocks,
    "inline": read_inline,
    "regexp": read_regexps,
    SPACED_REPETITION: read_spaced_repetition,
    FLASHCARDS: read_flashcards,
}
