"""What the settings of other flashcard plugins say: by which tags they know their cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vaultdeck.cards.syntaxes.card_tags import FLASHCARDS, SPACED_REPETITION

# The settings file of each plugin by the name of its syntax, and the key that names the tags.
PATHS = {name: f".obsidian/plugins/{name}/data.json" for name in (SPACED_REPETITION, FLASHCARDS)}
KEYS = {SPACED_REPETITION: "flashcardTags", FLASHCARDS: "flashcardsTag"}
# Nobody has more tags, or longer ones.
MAX_TAGS = 50
MAX_LENGTH = 100


def read_card_tags(read: Callable[[str], Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return by syntax the tags, without `#`, that mark its cards, where the settings name any.

    `read` returns the JSON object in a file of the vault, empty if there is none.
    """
    found: dict[str, tuple[str, ...]] = {}
    for syntax, path in PATHS.items():
        data = read(path)
        inner = data.get("settings")
        value = (inner if isinstance(inner, dict) else data).get(KEYS[syntax])
        texts = value[:MAX_TAGS] if isinstance(value, list) else [value]
        tags = [_clean(text) for text in texts if isinstance(text, str)]
        if any(tags):
            found[syntax] = tuple(dict.fromkeys(filter(None, tags)))
    return found


def _clean(tag: str) -> str:
    """Return a tag without what it is marked with; empty if it can be none."""
    name = tag.strip().lstrip("#").strip("/")
    is_tag = 0 < len(name) <= MAX_LENGTH and not any(char.isspace() for char in name)
    return name if is_tag and name.isprintable() else ""
