"""The filters of Anki's templates: `{{text:Front}}`, `{{hint:Front}}`, `{{furigana:Front}}` and so on.

Anki leaves the text as it is where a filter is unknown, as add-ons bring filters of their own.

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
from collections.abc import Callable

from vaultdeck.anki.clozes import Deletion, deletions_in, parse_clozes, split_hint
from vaultdeck.regexps import regexp

SHOWN_AS_NOTHING = regexp(
    r"<!--.*?-->|<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", re.DOTALL | re.IGNORECASE
)
# ` 漢字[かんじ]`: a word and its reading; the space before it only says where the word begins.
FURIGANA_READING = regexp(r" ?([^ >]+?)\[(?!sound:)(.+?)\]")
SPEAKER = '<span class="replay-button" role="img" aria-label="read aloud by Anki">🔊</span>'
TYPESET = regexp(r"\\\[.*?\\\]|\\\(.*?\\\)", re.DOTALL)
HTML_TAG = regexp(r"<[^>]*>")
HIDDEN_TEXT = "..."


def apply_filter(name: str, text: str, field: str, number: int, *, is_front: bool) -> str:
    """Return a field's HTML after one filter; `number` is the card's (from 1), for cloze deletions."""
    if name in ("cloze", "cloze-only"):
        if name == "cloze":
            return show_clozes(text, number, is_front=is_front)
        return ", ".join(cloze_answers(text, number, is_front=is_front))
    if name == "hint":
        return _hint(text, field)
    if name.partition(" ")[0] == "tts":
        return SPEAKER if text.strip() else ""
    simple = SIMPLE.get(name)
    return simple(text) if simple else text


def plain_text(text: str) -> str:
    """Return HTML as text: tags out, entities spelt."""
    return html.unescape(SHOWN_AS_NOTHING.sub("", text)).replace("\N{NO-BREAK SPACE}", " ")


def _hint(text: str, field: str) -> str:
    """Return a link that shows the field; the page's own script does what Anki's inline one does."""
    if not text.strip():
        return ""
    return (
        f'<a class=hint href="#" draggable=false>{html.escape(field)}</a>'
        f'<div class=hint style="display: none">{text}</div>'
    )


def _reading(replacement: str) -> Callable[[str], str]:
    return lambda text: FURIGANA_READING.sub(replacement, text.replace("&nbsp;", " "))


SIMPLE: dict[str, Callable[[str], str]] = {
    "text": plain_text,
    "furigana": _reading(r"<ruby><rb>\1</rb><rt>\2</rt></ruby>"),
    "kana": _reading(r"\2"),
    "kanji": _reading(r"\1"),
}


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
