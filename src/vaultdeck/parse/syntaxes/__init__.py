"""The card syntaxes by the name that settings call them by; one file each."""

from __future__ import annotations

from vaultdeck.parse.reading import Syntax
from vaultdeck.parse.syntaxes.block import read_blocks
from vaultdeck.parse.syntaxes.card_tags import FLASHCARDS, SPACED_REPETITION
from vaultdeck.parse.syntaxes.flashcards import read_flashcards
from vaultdeck.parse.syntaxes.inline import read_inline
from vaultdeck.parse.syntaxes.regexp import read_regexps
from vaultdeck.parse.syntaxes.spaced_repetition import read_spaced_repetition

SYNTAXES: dict[str, Syntax] = {
    "block": read_blocks,
    "inline": read_inline,
    "regexp": read_regexps,
    SPACED_REPETITION: read_spaced_repetition,
    FLASHCARDS: read_flashcards,
}
