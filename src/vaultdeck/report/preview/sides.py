"""The two sides of a card: its templates filled in, and what Anki's reviewer makes of them.

The reviewer turns `[[type:Back]]` into a box to type in, later into the right answer, and
`[sound:x.mp3]` into something to play.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from vaultdeck.anki.cards import EMPTY_FIELD
from vaultdeck.anki.media import media_kind
from vaultdeck.anki.templates import TemplateError, shows_a_field
from vaultdeck.model import Note, StampedNote, Template
from vaultdeck.model.value import value
from vaultdeck.report.preview.filters import cloze_answers, plain_text, show_clozes
from vaultdeck.report.preview.templates import View, render

TYPED = re.compile(r"\[\[type:(?P<filters>(?:[\w-]+:)*)(?P<field>[^\]]+)\]\]")
PLAYED_SOUND = re.compile(r"\[sound:(?P<name>[^\]]+)\]")
BLANK = "the front of this card is blank"
NO_CLOZE = "this card has no cloze deletion with its number"


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
    fields = dict(zip(stamped.note.note_type.fields, stamped.note.fields, strict=True))
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
    view = View(
        fields=dict(zip(kind.fields, note.fields, strict=True)),
        special={
            "Tags": " ".join(sorted(note.tags, key=str.casefold)),
            "Type": kind.name,
            "Deck": note.deck,
            "Subdeck": note.deck.rpartition("::")[2],
            "Card": template.name,
            "CardFlag": "flag0",
            "CardID": str(card_id),
        },
        number=number,
        is_cloze=kind.is_cloze,
    )
    try:
        front = render(template.front, view)
        failure = _find_failure(note, template, view)
        if failure:
            return Side(number, name, "", "", failure)
        shown = View(view.fields, view.special, number, view.is_cloze, front)
        return Side(number, name, front, render(template.back, shown))
    except TemplateError as error:
        return Side(number, name, "", "", f"the template has a problem: {error}")


def _find_failure(note: Note, template: Template, view: View) -> str:
    if not view.is_cloze:
        values = {**view.special, **view.fields}
        filled = frozenset(n for n, text in values.items() if not EMPTY_FIELD.fullmatch(text))
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
