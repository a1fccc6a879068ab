"""The sides of cards by Anki's template language, which `anki.templates` reads.

A field counts as empty if it holds nothing but white space, `<br>` and `<div>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from vaultdeck.anki.cards import EMPTY_FIELD
from vaultdeck.anki.templates import TemplateError, TemplatePart, TemplateSection, parse
from vaultdeck.model.value import value
from vaultdeck.report.preview.filters import apply_filter

# In a cloze note `{{#c2}}` asks whether this is card 2.
CARD_NAME = re.compile(r"c[1-9][0-9]*")


@value(frozen=True, slots=True)
class View:
    """What the templates of one card see.

    `special` holds `Tags`, `Deck` and the like; `number` is the card's, from 1; `front` the rendered
    front, on the back only.
    """

    fields: Mapping[str, str]
    special: Mapping[str, str]
    number: int
    is_cloze: bool = False
    front: str | None = None


def render(template: str, view: View) -> str:
    """Return the HTML of one side of a card; raises TemplateError."""
    return "".join(_render(part, view) for part in parse(template))


def _render(part: TemplatePart, view: View) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, TemplateSection):
        if _is_filled(part.field, view) == part.is_negated:
            return ""
        return "".join(_render(inner, view) for inner in part.parts)
    if part.field == "FrontSide":
        return view.front or ""
    text = _value(part.field, view)
    # What is typed is put in later, when the whole side stands.
    if part.filters and part.filters[-1] == "type":
        return f"[[type:{':'.join([*reversed(part.filters[:-1]), part.field])}]]"
    for name in part.filters:
        text = apply_filter(name, text, part.field, view.number, is_front=view.front is None)
    return text


def _value(field: str, view: View) -> str:
    value = view.fields.get(field, view.special.get(field))
    if value is None:
        raise TemplateError(f"there is no field '{field}'")
    return value


def _is_filled(field: str, view: View) -> bool:
    if view.is_cloze and CARD_NAME.fullmatch(field) and field not in view.fields:
        return field == f"c{view.number}"
    return not EMPTY_FIELD.fullmatch(_value(field, view))
