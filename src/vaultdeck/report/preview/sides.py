"""The two sides of a card: its templates filled in, and what Anki's reviewer makes of them.

The reviewer turns `[[type:Back]]` into a box to type in, later into the right answer, and
`[sound:x.mp3]` into something to play.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from vaultdeck.anki.cards import EMPTY_FIELD
from vaultdeck.anki.media import media_kind
from vaultdeck.anki.templates import (
    TemplateError,
    TemplatePart,
    TemplateSection,
    parse,
    shows_a_field,
)
from vaultdeck.model import Note, StampedNote, Template
from vaultdeck.model.value import value
from vaultdeck.regexps import regexp
from vaultdeck.report.preview.filters import apply_filter, cloze_answers, plain_text, show_clozes

TYPED = regexp(r"\[\[type:(?P<filters>(?:[\w-]+:)*)(?P<field>[^\]]+)\]\]")
PLAYED_SOUND = regexp(r"\[sound:(?P<name>[^\]]+)\]")
BLANK = "the front of this card is blank"
NO_CLOZE = "this card has no cloze deletion with its number"
# In a cloze note `{{#c2}}` asks whether this is card 2.
CARD_NAME = regexp(r"c[1-9][0-9]*")


@value(frozen=True, slots=True)
class Side:
    """A card as it is shown: `number` is that of its template or of its deletions, from 1.

    `failure` says why Anki shows an error in place of the card.
    """

    number: int
    name: str
    front: str
    back: str
    failure: str = ""


def show_cards(stamped: StampedNote) -> Iterator[Side]:
    """Yield the cards of a note in Anki's order, as its reviewer shows them."""
    fields = stamped.note.named
    for side in render_cards(stamped):
        front = _act(side.front, fields, side.number, is_front=True)
        back = _act(side.back, fields, side.number, is_front=False)
        yield replace(side, front=front, back=back)


def render_cards(stamped: StampedNote) -> Iterator[Side]:
    """Yield the cards of a note, their templates filled in and nothing more."""
    note = stamped.note
    kind = note.note_type
    for number in stamped.cards:
        template = kind.templates[0 if kind.is_cloze else number - 1]
        yield _render_card(note, template, number, stamped.id + number - 1)


def _render_card(note: Note, template: Template, number: int, card_id: int) -> Side:
    kind = note.note_type
    name = f"{template.name} {number}" if kind.is_cloze else template.name
    values = {
        "Tags": " ".join(sorted(note.tags, key=str.casefold)),
        "Type": kind.name,
        "Deck": note.deck,
        "Subdeck": note.deck.rpartition("::")[2],
        "Card": template.name,
        "CardFlag": "flag0",
        "CardID": str(card_id),
        **note.named,
    }
    view = View(values, number, kind.is_cloze)
    try:
        front = render(template.front, view)
        failure = _find_failure(note, template, view)
        if failure:
            return Side(number, name, "", "", failure)
        back = render(template.back, replace(view, front=front))
        return Side(number, name, front, back)
    except TemplateError as error:
        return Side(number, name, "", "", f"the template has a problem: {error}")


def _find_failure(note: Note, template: Template, view: View) -> str:
    if not view.is_cloze:
        filled = frozenset(n for n, text in view.values.items() if not EMPTY_FIELD.fullmatch(text))
        return "" if shows_a_field(template.front, filled) else BLANK
    texts = (show_clozes(text, view.number, is_front=True) for text in note.fields)
    return "" if any(texts) else NO_CLOZE


def _act(side: str, fields: dict[str, str], number: int, *, is_front: bool) -> str:
    def typed(match: re.Match[str]) -> str:
        text = fields.get(match["field"], "")
        if "cloze:" in match["filters"]:
            text = ", ".join(cloze_answers(text, number, is_front=False))
        answer = plain_text(text).strip()
        if not answer:
            return ""
        if is_front:
            return '<input id="typeans" type="text" aria-label="type the answer">'
        return f'<code id="typeans">{html.escape(answer)}</code>'

    def sound(match: re.Match[str]) -> str:
        name = html.unescape(match["name"])
        tag = "video" if media_kind(name) == "video" else "audio"
        return f'<{tag} controls preload="none" src="{html.escape(name)}"></{tag}>'

    return PLAYED_SOUND.sub(sound, TYPED.sub(typed, side))


@value(frozen=True, slots=True)
class View:
    """What the templates of one card see.

    `values` are those of its fields, and of `Tags`, `Deck` and the like; `number` is the card's, from 1;
    `front` the rendered front, on the back only.
    """

    values: Mapping[str, str]
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
    text = view.values.get(field)
    if text is None:
        raise TemplateError(f"there is no field '{field}'")
    return text


def _is_filled(field: str, view: View) -> bool:
    if view.is_cloze and CARD_NAME.fullmatch(field) and field not in view.values:
        return field == f"c{view.number}"
    return not EMPTY_FIELD.fullmatch(_value(field, view))
