"""The filters of Anki's templates: `{{text:Front}}`, `{{hint:Front}}`, `{{furigana:Front}}` and so on.

Anki leaves the text as it is where a filter is unknown, as add-ons bring filters of their own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from vaultdeck.report.preview.shown_clozes import cloze_answers, show_clozes

SHOWN_AS_NOTHING = re.compile(
    r"<!--.*?-->|<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", re.DOTALL | re.IGNORECASE
)
# ` 漢字[かんじ]`: a word and its reading; the space before it only says where the word begins.
FURIGANA_READING = re.compile(r" ?([^ >]+?)\[(?!sound:)(.+?)\]")
SPEAKER = '<span class="replay-button" role="img" aria-label="read aloud by Anki">🔊</span>'


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
