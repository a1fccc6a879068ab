"""What templates make of a finished note, and how it stays harmless through them.

    {{text:Front}}     takes tags out, then makes characters of entities: `&lt;img …>` would be a tag
    {{kanji:Front}}    takes out what stands in brackets, also within a tag: `<i title="["> …] onclick=…`
    {{Tags}} {{Deck}}  show names as HTML: a tag `<script>…` would run

`text_filter` and `furigana.rs` in Anki's `template_filters` are the source. Nobody sees U+2060, the word
joiner; behind a character it keeps the next ones from being a tag, a formula or a sound with it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from html import unescape

from vaultdeck.model import Note, Template
from vaultdeck.regexps import regexp

JOINER = "\u2060"
FILTER = regexp(r"\b(?:text|furigana|kana|kanji):")
TAG = regexp(r"""<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>""")
ENTITY = regexp(r"&(?!amp;)#?\w+;|&amp;(?=#?\w+;)")
# A formula without tags, which was judged as it is; text of code, in which there are none.
FORMULA = r"\\\((?:[^\\<]|\\[^()<])*\\\)|\\\[(?:[^\\<]|\\[^\[\]<])*\\\]"
CODE = r"<(?P<code>code|pre)\b.*?</(?P=code)>"
# What could begin a formula, or `[latex]`, once the tags are out.
OPENING = r"\\(?=[(\[<])|\[(?=[^\[\]<]{0,20}<)"
PART = regexp(rf"{CODE}|{FORMULA}|(?P<opening>{OPENING})", re.DOTALL)
# Text behind a bracket that Anki acts upon wherever it stands: voices, type boxes and LaTeX pictures.
ACTED_UPON = r"anki:|\[type:|/?latex\]|/?\$\$?\]"
# What begins something in a name shown as HTML, by itself or with what a template shows behind it; a quote
# would end an attribute that tags stand in.
ACTING = regexp(
    rf"<(?![\s\d=])|&(?=#?\w+;)|\\(?=[(\[]|\Z)|\[(?=sound:|{ACTED_UPON}|\[|\Z)", re.IGNORECASE
)
# Characters that look the same and begin nothing.
LOOKALIKES = {"<": "＜", "&": "＆", "\\": "＼", "[": "［"}


def inert_name(name: str) -> str:
    """Return the name of a deck, a tag or a note type in which nothing is active when shown as HTML."""
    return ACTING.sub(lambda match: LOOKALIKES[match[0]], name)


def withstand_templates(note: Note) -> Note:
    """Return a note whose fields and names stay harmless in whatever its templates make of them."""
    deck = inert_name(note.deck)
    tags = tuple(inert_name(tag).replace('"', "″") for tag in note.tags)
    if deck != note.deck or tags != note.tags:
        note = replace(note, deck=deck, tags=tags, digest="")
    return _withstand_filters(note)


def _withstand_filters(note: Note) -> Note:
    filters = _acting_filters(note.note_type.templates)
    if not filters:
        return note
    fields = tuple(TAG.sub(_close_tag, html) for html in note.fields)
    if "text:" in filters:
        fields = tuple(ENTITY.sub(_join, PART.sub(_part, html)) for html in fields)
    return note if fields == note.fields else replace(note, fields=fields)


@functools.lru_cache(maxsize=64)
def _acting_filters(templates: tuple[Template, ...]) -> frozenset[str]:
    """Return the filters, each with its colon, that take something out of a field."""
    return frozenset(FILTER.findall("\n".join(f"{each.front}\n{each.back}" for each in templates)))


def _close_tag(tag: re.Match[str]) -> str:
    return tag[0][:-1].replace("[", "&#91;").replace(">", "&gt;") + ">"


def _join(entity: re.Match[str]) -> str:
    acts = unescape(entity[0]) in ("<", "[", "\\", "&")
    return f"{entity[0]}{JOINER}" if acts else entity[0]


def _part(part: re.Match[str]) -> str:
    if part["code"]:
        return part[0].replace("\\", f"\\{JOINER}")
    return f"{part[0]}{JOINER}" if part["opening"] else part[0]
