"""Cloze deletions of a field as Anki shows them on one of its cards.

    {{c1::quadratically::how fast?}}
    front of card 1   <span class="cloze" data-cloze="quadratically" data-ordinal="1">[how fast?]</span>
    back of card 1    <span class="cloze" data-ordinal="1">quadratically</span>
    other cards       <span class="cloze-inactive" data-ordinal="1">quadratically</span>

Deletions nest; `{{c1,2::x}}` belongs to two cards. In math the spans are left out, since MathJax
typesets no formula that holds a tag.
"""

from __future__ import annotations

import html
import re

from vaultdeck.anki.clozes import Deletion, deletions_in, parse_clozes, split_hint

TYPESET = re.compile(r"\\\[.*?\\\]|\\\(.*?\\\)", re.DOTALL)
HTML_TAG = re.compile(r"<[^>]*>")
HIDDEN_TEXT = "..."


def show_clozes(text: str, number: int, *, is_front: bool) -> str:
    """Return the HTML of a cloze field on card `number` (from 1).

    It is empty if no deletion has that number: Anki then shows nothing of the field.
    """
    parts = parse_clozes(text)
    if not any(number in deletion.numbers for deletion in deletions_in(parts)):
        return ""
    shown = "".join(_show(part, number, is_front) for part in parts)
    return TYPESET.sub(lambda match: HTML_TAG.sub("", match[0]), shown)


def cloze_answers(text: str, number: int, *, is_front: bool) -> list[str]:
    """Return what `{{cloze-only:…}}` lists: the hidden texts of a card, or its hints on the front."""
    found = (d for d in deletions_in(parse_clozes(text)) if number in d.numbers)
    return [(split_hint(d)[1] or HIDDEN_TEXT) if is_front else _bare(d) for d in found]


def _bare(deletion: Deletion) -> str:
    parts = split_hint(deletion)[0]
    return "".join(part if isinstance(part, str) else _bare(part) for part in parts)


def _show(part: str | Deletion, number: int, is_front: bool) -> str:
    if isinstance(part, str):
        return part
    content = "".join(_show(inner, number, is_front) for inner in split_hint(part)[0])
    ordinals = ",".join(map(str, part.numbers))
    if number not in part.numbers:
        return f'<span class="cloze-inactive" data-ordinal="{ordinals}">{content}</span>'
    if not is_front:
        return f'<span class="cloze" data-ordinal="{ordinals}">{content}</span>'
    hint = split_hint(part)[1] or HIDDEN_TEXT
    hidden = html.escape(content)
    return f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{ordinals}">[{hint}]</span>'
