"""Which cards Anki makes of a note: an import takes the cards that are in the package."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vaultdeck.model import NoteType

# `{{Front}}`, `{{cloze:Text}}`, `{{#Extra}}`, `{{/Extra}}` in a template.
TEMPLATE_TAG = re.compile(r"\{\{(?P<mark>[#^/]?)(?:[\w-]+:)*(?P<name>[^{}:]+)\}\}")
# A field whose deletions make cards: `{{cloze:Text}}`, `{{edit:cloze:Text}}`.
CLOZE_FIELD = re.compile(r"\{\{(?:[\w-]+:)*cloze:(?:[\w-]+:)*([^{}:]+)\}\}")
# The numbers of a deletion in a field: `{{c1::`, `{{c1,2::`.
CLOZE_NUMBERS = re.compile(r"\{\{c(\d+(?:,\d+)*)::")
# Anki gives no card to a higher cloze number.
MAX_CLOZE = 500


def card_ordinals(note_type: NoteType, fields: Sequence[str]) -> list[int]:
    """Return the 0-based ordinals of the cards that Anki has for a note.

    A cloze note has a card per number that occurs, nested ones included, and one card if there is
    none; another note has a card per template whose front shows a field that is not empty.
    """
    if note_type.is_cloze:
        shown = CLOZE_FIELD.findall(note_type.templates[0].front) if note_type.templates else []
        named = zip(note_type.fields, fields, strict=True)
        numbers = {
            int(number)
            for name, text in named
            if name in shown or not shown
            for group in CLOZE_NUMBERS.findall(text)
            for number in group.split(",")
            if len(number) < 4
        }
        return sorted(n - 1 for n in numbers if 0 < n <= MAX_CLOZE) or [0]
    filled = {name for name, text in zip(note_type.fields, fields, strict=True) if text.strip()}
    ordinals = [
        ordinal
        for ordinal, template in enumerate(note_type.templates)
        if _shows_a_field(template.front, filled)
    ]
    return ordinals or [0]


def _shows_a_field(front: str, filled: set[str]) -> bool:
    """Tell whether a template shows a filled field outside of sections that are switched off."""
    hidden: list[bool] = []
    for tag in TEMPLATE_TAG.finditer(front):
        name = tag["name"].strip()
        if tag["mark"] == "/":
            hidden = hidden[:-1]
        elif tag["mark"]:
            hidden.append((name in filled) == (tag["mark"] == "^"))
        elif name in filled and not any(hidden):
            return True
    return False
