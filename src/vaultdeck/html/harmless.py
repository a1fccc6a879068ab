"""Whether the HTML of finished fields could have come from our own renderer, told quickly.

A field that was kept between runs may have been changed by somebody else. Whatever is not plainly
harmless is not, and is rendered anew: nothing is cleaned here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from html import unescape

from vaultdeck.html.allowed import ALLOWED, ATTRIBUTES, MARKDOWN_TAGS, keeps_attribute
from vaultdeck.html.gate import guard_fields

# Whatever a browser could take for a tag.
WRITTEN_TAG = re.compile(r"<[^>]*>?")
PLAIN_TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?: [a-z]+(?:=\"[^\"<>]*\")?)*)(?: ?/)?>"
)
ATTRIBUTE = re.compile(r" (?P<name>[a-z]+)(?:=\"(?P<value>[^\"]*)\")?")
WRITTEN_TAGS = ALLOWED | MARKDOWN_TAGS


def is_harmless(fields: Sequence[str], *, is_cloze: bool) -> bool:
    """Tell whether a note's fields hold nothing but known tags and attributes, and harmless formulas."""
    text = "\n".join(fields)
    if not all(map(_is_harmless_tag, set(WRITTEN_TAG.findall(text)))):
        return False
    named = {str(number): html for number, html in enumerate(fields)}
    return all(
        guarded.html == named[n] for n, guarded in guard_fields(named, is_cloze=is_cloze).items()
    )


@functools.lru_cache(maxsize=4096)
def _is_harmless_tag(tag: str) -> bool:
    match = PLAIN_TAG.fullmatch(tag)
    if match is None or match["name"] not in WRITTEN_TAGS:
        return False
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(match["name"], set())
    return all(
        attribute["name"] in allowed
        and keeps_attribute(match["name"], attribute["name"], unescape(attribute["value"] or ""))
        for attribute in ATTRIBUTE.finditer(match["attributes"])
    )
