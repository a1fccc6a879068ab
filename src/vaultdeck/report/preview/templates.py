"""Anki's template language.

    {{Field}}  {{filter:Field}}  {{#Field}}if filled{{/Field}}  {{^Field}}if empty{{/Field}}

Written from what Anki shows, and compared with the real one by the tests. HTML comments are left
alone; a field counts as empty if it holds nothing but white space, `<br>` and `<div>`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from vaultdeck.anki.cards import EMPTY_FIELD
from vaultdeck.model.value import value
from vaultdeck.report.preview.filters import apply_filter

TEMPLATE_MARK = re.compile(r"<!--.*?-->|\{\{(?P<tag>.*?)\}\}", re.DOTALL)
# Templates from before 2012 may begin with a line that sets other brackets.
OLD_MARK = "{{=<% %>=}}"
OLD_TAG = re.compile(r"<!--.*?-->|<%(?P<tag>.*?)%>", re.DOTALL)
# In a cloze note `{{#c2}}` asks whether this is card 2.
CARD_NAME = re.compile(r"c[1-9][0-9]*")


class TemplateError(ValueError):
    """A template that Anki would not show; the message says why."""


@value(frozen=True, slots=True)
class Shown:
    """`{{filter:Field}}`: the filters stand in the order in which they apply."""

    field: str
    filters: tuple[str, ...] = ()


@value(frozen=True, slots=True)
class TemplateSection:
    """What is shown if a field is filled, or (`is_negated`) if it is empty."""

    field: str
    is_negated: bool
    parts: tuple[str | Shown | TemplateSection, ...]


TemplatePart = str | Shown | TemplateSection


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


def shows_field(template: str, view: View) -> bool:
    """Tell whether a field that is not empty is shown; if none is, Anki calls the front blank."""
    return any(_shows(part, view) for part in parse(template))


@functools.lru_cache(maxsize=512)
def parse(template: str) -> tuple[TemplatePart, ...]:
    """Split a template into text, fields and sections; raises TemplateError."""
    pattern = TEMPLATE_MARK
    if template.lstrip().startswith(OLD_MARK):
        template, pattern = template.lstrip()[len(OLD_MARK) :], OLD_TAG
    # Each level: the tag that opened it, and the parts so far.
    levels: list[tuple[str, list[TemplatePart]]] = [("", [])]
    done = 0
    for match in pattern.finditer(template):
        if match["tag"] is None:
            continue
        levels[-1][1].append(template[done : match.start()])
        done = match.end()
        tag = match["tag"].lstrip("{").strip()
        name = tag[1:].strip()
        if tag[:1] in ("#", "^"):
            levels.append((tag[0] + name, []))
        elif tag[:1] == "/":
            opened, parts = levels.pop()
            if opened[1:] != name or not levels:
                raise TemplateError(f"{{{{/{name}}}}} closes nothing that is open")
            levels[-1][1].append(TemplateSection(name, opened[0] == "^", tuple(parts)))
        else:
            *filters, field = tag.split(":")
            levels[-1][1].append(Shown(field.strip(), tuple(reversed(filters))))
    if len(levels) > 1:
        raise TemplateError(f"{{{{{levels[-1][0]}}}}} is not closed")
    if "{{" in template[done:] and pattern is TEMPLATE_MARK:
        raise TemplateError("a {{ is not closed")
    return (*levels[0][1], template[done:])


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


def _shows(part: TemplatePart, view: View) -> bool:
    if isinstance(part, TemplateSection):
        return _is_filled(part.field, view) != part.is_negated and any(
            _shows(inner, view) for inner in part.parts
        )
    if isinstance(part, str) or part.field == "FrontSide":
        return False
    return _is_filled(part.field, view)
