"""The tags that mark cards: those of the other plugins' settings, else their defaults."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from vaultdeck.model import Config

SPACED_REPETITION = "obsidian-spaced-repetition"
FLASHCARDS = "flashcards-obsidian"
DEFAULTS = {SPACED_REPETITION: ("flashcards",), FLASHCARDS: ("card",)}


def card_tags(config: Config, syntax: str) -> Sequence[str]:
    """Return the tags that mark the cards of a syntax, without `#`."""
    return config.card_tags.get(syntax) or DEFAULTS[syntax]


@functools.lru_cache(maxsize=16)
def flashcards_tag(tags: Sequence[str]) -> re.Pattern[str]:
    """Match `#flashcards`, `#flashcards/maths/algebra`; not `#flashcardset`, `a#flashcards`."""
    path = r"(?P<path>(?:/[^\s\0/#,.;:!?'\"()\[\]{}|]+)*)/?"
    return re.compile(rf"(?<!\S)#(?:{_any_of(tags)}){path}(?![\w-])", re.IGNORECASE)


@functools.lru_cache(maxsize=16)
def card_tag(tags: Sequence[str]) -> re.Pattern[str]:
    """Match `#card`, `#card-reverse`, `#card/spaced`; not `#cards`."""
    return re.compile(rf"#(?:{_any_of(tags)})(?:[/-](?P<kind>reverse|spaced))?", re.IGNORECASE)


def _any_of(tags: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(tags, key=len, reverse=True)))
