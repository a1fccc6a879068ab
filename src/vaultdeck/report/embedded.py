"""The embeds that stand in the HTML of a field: how deep they are nested and what they show."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from typing import NamedTuple

from vaultdeck.model.diagnostics import shorten

EMBED = 'class="vd-embed"'
FOOTNOTES = 'class="vd-footnotes"'
# A tag; a `<` or `>` between the quotes of an attribute belongs to it.
FIELD_TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>(?:[^\">]|\"[^\"]*\")*)>"
)
# Where a heading, a paragraph, an item or a cell ends.
BLOCK_END = re.compile(r"</(?:h[1-6]|p|li|t[dh]|pre|div|summary)>")
# What a picture is called.
ALT = re.compile(r"<img\b[^>]*?\balt=\"([^\"]+)\"")
MAX_TITLE = 50


class Embed(NamedTuple):
    """An embedded section: how many embeds it stands in, itself included, and its HTML."""

    depth: int
    html: str


def find_embeds(html: str) -> Iterator[Embed]:
    """Yield the embeds of a field's HTML, an inner one before the one it stands in.

    A footnote of an embedded note is marked like an embed; it is part of one and does not count.
    """
    if EMBED not in html:
        return
    # For each open `<div>` where its content starts, or None if it is no embed.
    divs: list[int | None] = []
    has_footnotes = False
    item = -1
    for tag in FIELD_TAG.finditer(html):
        name, attributes = tag["name"].lower(), tag["rest"]
        if name == "div" and not tag["slash"]:
            is_footnote = item >= 0 and not html[item : tag.start()].strip()
            is_embed = attributes.strip() == EMBED and not is_footnote
            divs.append(tag.end() if is_embed else None)
        elif name == "div" and divs:
            start = divs.pop()
            if start is not None:
                depth = 1 + sum(outer is not None for outer in divs)
                yield Embed(depth, html[start : tag.start()])
        has_footnotes |= name == "section" and FOOTNOTES in attributes
        item = tag.end() if has_footnotes and name == "li" and not tag["slash"] else -1


def text_of(html: str) -> str:
    """Return what HTML shows as one line of text."""
    return " ".join(entities.unescape(FIELD_TAG.sub(" ", html)).split())


def section_title(html: str) -> str:
    """Return what a person knows a section by: its heading, else its first text or picture.

    Empty if it has none of them.
    """
    texts = (text_of(part) for part in BLOCK_END.split(html))
    title = next(filter(None, texts), "")
    picture = None if title else ALT.search(html)
    return shorten(entities.unescape(picture[1]) if picture else title, MAX_TITLE)
