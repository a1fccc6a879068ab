"""Cloze deletions of a field as Anki shows them on one of its cards.

    {{c1::quadratically::how fast?}}
    front of card 1   <span class="cloze" data-cloze="quadratically" data-ordinal="1">[how fast?]</span>
    back of card 1    <span class="cloze" data-ordinal="1">quadratically</span>
    other cards       <span class="cloze-inactive" data-ordinal="1">quadratically</span>

Deletions nest; `{{c1,2::x}}` belongs to two cards. In math the spans are left out, since MathJax
typesets no formula that holds a tag.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vaultdeck.anki.cards import CLOZE_PART, split_numbers

MATH = re.compile(r"\\\[.*?\\\]|\\\(.*?\\\)", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
HINT = "..."


@dataclass(slots=True)
class Deletion:
    """A deletion: its card numbers and what it hides, hint included."""

    numbers: tuple[int, ...]
    parts: list[str | Deletion] = field(default_factory=list)


def show_clozes(text: str, number: int, *, is_front: bool) -> str:
    """Return the HTML of a cloze field on card `number` (from 1).

    It is empty if no deletion has that number: Anki then shows nothing of the field.
    """
    parts = parse_clozes(text)
    if not any(number in deletion.numbers for deletion in _deletions(parts)):
        return ""
    shown = "".join(_show(part, number, is_front) for part in parts)
    return MATH.sub(lambda match: TAG.sub("", match[0]), shown)


def cloze_answers(text: str, number: int, *, is_front: bool) -> list[str]:
    """Return what `{{cloze-only:…}}` lists: the hidden texts of a card, or its hints on the front."""
    found = (d for d in _deletions(parse_clozes(text)) if number in d.numbers)
    return [(_split(d)[1] or HINT) if is_front else _bare(d) for d in found]


@functools.lru_cache(maxsize=64)
def parse_clozes(text: str) -> tuple[str | Deletion, ...]:
    """Split a field into text and deletions; one that is never closed is left out."""
    top: list[str | Deletion] = []
    open_: list[Deletion] = []
    done = 0
    for match in CLOZE_PART.finditer(text):
        inner = open_[-1].parts if open_ else top
        if match["numbers"]:
            inner.append(text[done : match.start()])
            numbers = tuple(split_numbers(match["numbers"]))
            open_.append(Deletion(numbers))
            done = match.end()
        elif open_:
            inner.append(text[done : match.start()])
            deletion = open_.pop()
            (open_[-1].parts if open_ else top).append(deletion)
            done = match.end()
    return tuple(top) if open_ else (*top, text[done:])


def _deletions(parts: tuple[str | Deletion, ...] | list[str | Deletion]) -> Iterator[Deletion]:
    for part in parts:
        if isinstance(part, Deletion):
            yield part
            yield from _deletions(part.parts)


def _split(deletion: Deletion) -> tuple[list[str | Deletion], str]:
    """Return the hidden parts of a deletion and its hint, what follows `::`; the last one counts."""
    hidden: list[str | Deletion] = []
    hint = ""
    for part in deletion.parts:
        if isinstance(part, str) and "::" in part:
            part, _, hint = part.partition("::")
        hidden.append(part)
    return hidden, hint


def _bare(deletion: Deletion) -> str:
    parts = _split(deletion)[0]
    return "".join(part if isinstance(part, str) else _bare(part) for part in parts)


def _content(deletion: Deletion, number: int, is_front: bool) -> str:
    return "".join(_show(part, number, is_front) for part in _split(deletion)[0])


def _show(part: str | Deletion, number: int, is_front: bool) -> str:
    if isinstance(part, str):
        return part
    content = _content(part, number, is_front)
    ordinals = ",".join(map(str, part.numbers))
    if number not in part.numbers:
        return f'<span class="cloze-inactive" data-ordinal="{ordinals}">{content}</span>'
    if not is_front:
        return f'<span class="cloze" data-ordinal="{ordinals}">{content}</span>'
    hint = _split(part)[1] or HINT
    hidden = html.escape(content)
    return f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{ordinals}">[{hint}]</span>'
