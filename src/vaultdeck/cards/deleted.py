"""Notes that their author wants gone: `DELETE` right before an ID.

DELETE
<!--ID: 1769619800835-->

DELETE <!--ID: 1769619800835-->

Obsidian_to_Anki reads the word glued to other text, but not with a space behind it. It is read with one
where the word has the line to itself, perhaps in a list or quote: `press DELETE <!--ID: 1-->` is text.
"""

from __future__ import annotations

import functools
import re

from vaultdeck.model import Span
from vaultdeck.model.config import Markers


@functools.lru_cache(maxsize=8)
def _pattern(word: str) -> re.Pattern[str]:
    """Match the word and the ID behind it or on the next line; a word without ID is text."""
    glued = rf"{re.escape(word)}\r?\n?(?:<!--\s*)?[ \t]*"
    alone = rf"^[ \t>*+-]*{re.escape(word)}[ \t]*(?:\r?\n[ \t>]*)?(?:(?:<!--|%%)\s*)?"
    return re.compile(rf"(?:{alone}|{glued})ID:\s*(?P<id>[0-9]{{1,19}})", re.MULTILINE)


def is_deleted_at(text: str, offset: int, words: Markers) -> bool:
    """Tell whether the delete marker and an ID stand right behind an offset, or on the next line."""
    start = offset + len(text[offset : offset + 2]) - len(text[offset : offset + 2].lstrip("\r\n"))
    return _pattern(words.delete).match(text, start) is not None


def deleted_spans(text: str, words: Markers) -> list[Span]:
    """Return where the delete marker stands with the beginning of the ID behind it."""
    if words.delete not in text:
        return []
    return [Span(*match.span()) for match in _pattern(words.delete).finditer(text)]


def find_deleted(text: str, words: Markers) -> frozenset[int]:
    """Return the IDs that stand behind the delete marker."""
    if words.delete not in text:
        return frozenset()
    return frozenset(int(match["id"]) for match in _pattern(words.delete).finditer(text))
