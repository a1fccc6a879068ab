"""Which cards Anki makes of a note: an import takes the cards that are in the package."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from vaultdeck.anki.clozes import MAX_CLOZE, read_clozes
from vaultdeck.anki.templates import shows_a_field
from vaultdeck.model import NoteType
from vaultdeck.regexps import regexp

# A field whose deletions make cards: `{{cloze:Text}}`, `{{edit:cloze:Text}}`.
CLOZE_FIELD = regexp(r"\{\{(?:[\w-]+:)*cloze:(?:[\w-]+:)*([^{}:]+)\}\}")
# Anki counts a note's cards in 16 bits.
MAX_CARD_NUMBER = 2**16
# What Anki takes for an empty field.
EMPTY_FIELD = regexp(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)


def card_numbers(note_type: NoteType, fields: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of the cards that Anki has for a note, from 1; Anki's ordinals begin at 0.

    A cloze note has a card per number that occurs, nested ones included, and one card if there is
    none; another note has a card per template whose front shows a field that is not empty.
    """
    if note_type.is_cloze:
        return _shared(tuple(cloze_numbers(note_type, fields)) or (1,))
    named = zip(note_type.fields, fields, strict=True)
    filled = frozenset([name for name, text in named if text and not EMPTY_FIELD.fullmatch(text)])
    numbers = [
        number
        for number, template in enumerate(note_type.templates, 1)
        if shows_a_field(template.front, filled)
    ]
    return _shared(tuple(numbers) or (1,))


@functools.lru_cache(maxsize=256)
def _shared(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Return the same tuple for the same numbers: most notes have the cards of others."""
    return numbers


def cloze_numbers(note_type: NoteType, fields: Sequence[str]) -> list[int]:
    """Return the numbers of the deletions in the fields that the template shows as cloze fields.

    As Anki's parser sees them: a deletion that is never closed is none, nor is one above 500.
    """
    shown = _cloze_fields(note_type.templates[0].front) if note_type.templates else []
    numbers: set[int] = set()
    for name, text in zip(note_type.fields, fields, strict=True):
        if "{{c" in text and (not shown or name in shown):
            numbers.update(read_clozes(text).numbers)
    return sorted(number for number in numbers if 0 < number <= MAX_CLOZE)


@functools.lru_cache(maxsize=64)
def _cloze_fields(front: str) -> list[str]:
    """Return the fields that a template shows as cloze fields."""
    return CLOZE_FIELD.findall(front)
