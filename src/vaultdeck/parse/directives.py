"""What a note file sets for all its cards: deck and tags.

    TARGET DECK                 TARGET DECK: Mathematics::Algebra
    Mathematics::Algebra

    FILE TAGS: WS2526 exam      (in the same two forms)

The first of each counts, wherever it stands, also as a property; after these come the properties
`deck` and `tags`.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import Markers, SourceFile
from vaultdeck.parse.lines import INVISIBLE
from vaultdeck.parse.properties import EMPTY, end_of_properties, read_properties, texts_of
from vaultdeck.parse.tags import clean_tags, split_tags


def read_directives(
    source: SourceFile, words: Markers
) -> tuple[str | None, tuple[str, ...], list[Diagnostic]]:
    """Return the deck (None: not named), the tags, and `bad-directive` and `bad-properties`."""
    properties, problems = read_properties(source)
    # In broken properties the lines can still be read one by one, as the plugin does.
    start = end_of_properties(source.text) if properties else 0
    deck_text, deck_problems = _find(source, start, words.deck, words)
    tags_text, tags_problems = _find(source, start, words.tags, words)
    deck = _property_text(properties, words.deck) or deck_text or _property_text(properties, "deck")
    own_tags = texts_of(properties.get(words.tags))
    tags = [
        *(clean_tags(own_tags) if own_tags else split_tags(tags_text or "")),
        *clean_tags(texts_of(properties.get("tags"))),
        *clean_tags(texts_of(properties.get("tag"))),
    ]
    return deck, tuple(dict.fromkeys(tags)), [*problems, *deck_problems, *tags_problems]


def _property_text(properties: dict[str, Any], name: str) -> str | None:
    value = properties.get(name)
    return value.strip() if isinstance(value, str) and value.strip() not in EMPTY else None


@functools.lru_cache(maxsize=16)
def _pattern(word: str) -> re.Pattern[str]:
    """Match a line that begins with the word, and the line below it."""
    return re.compile(
        rf"^\ufeff?(?P<word>{re.escape(word)})(?!\w)(?P<rest>[^\n]*)(?=(?:\n(?P<below>[^\n]*))?)",
        re.MULTILINE,
    )


def _find(
    source: SourceFile, start: int, word: str, words: Markers
) -> tuple[str | None, list[Diagnostic]]:
    """Return what the first well-formed line of this kind says, and diagnostics of the others."""
    if word not in source.text:
        return None, []
    problems: list[Diagnostic] = []
    for match in _pattern(word).finditer(source.text, start):
        rest = match["rest"].strip(INVISIBLE)
        below = (match["below"] or "").strip(INVISIBLE)
        if match["rest"].startswith((": ", ":\t")) and rest != ":":
            return rest[1:].strip(INVISIBLE), problems
        if not rest and below and not _is_marker(below, words):
            return below, problems
        location = source.locate(
            match.start("word"), match.start("rest") + len(match["rest"].rstrip())
        )
        problems.append(
            Diagnostic(
                "bad-directive",
                location,
                f"this '{word}' line names nothing that can be read",
                f"write '{word}: …' (colon, space) or put the name on the line below",
            )
        )
    return None, problems


def _is_marker(line: str, words: Markers) -> bool:
    """Tell whether a line is itself a directive or a block marker, and so no deck or tag."""
    return line in (words.begin, words.end) or line.startswith((words.deck, words.tags))
