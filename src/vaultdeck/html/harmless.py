"""Whether the HTML of finished fields could have come from our own renderer, told quickly.

A field that was kept between runs may have been changed by somebody else. Whatever is not plainly
harmless is not, and is rendered anew: nothing is cleaned here.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from html import unescape

import nh3

from vaultdeck.html.allowed import ALLOWED, ATTRIBUTES, MARKDOWN_TAGS, keeps_attribute
from vaultdeck.html.gate import guard_fields
from vaultdeck.html.inert import disarm, disarm_cloze
from vaultdeck.regexps import regexp

# Whatever a browser could take for a tag.
WRITTEN_TAG = regexp(r"<[^>]*>?")
PLAIN_TAG = regexp(
    r"<(?P<slash>/?)(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?: [a-z]+(?:=\"[^\"<>]*\")?)*)(?: ?/)?>"
)
ATTRIBUTE = regexp(r" (?P<name>[a-z]+)(?:=\"(?P<value>[^\"]*)\")?")
# What neither a tag nor a formula can do without.
MARKUP_OR_MATH = regexp(r"[<&\\]")
WRITTEN_TAGS = ALLOWED | MARKDOWN_TAGS
# What decides which element stands in which: the tags' names, and a `>` before text that is no white space.
NAME_OR_TEXT = regexp(r"</?[a-z0-9]+|>(?=\s*[^<\s])")
TEXT = "\n"


def is_harmless(fields: Sequence[str], *, is_cloze: bool) -> bool:
    """Tell whether a note's fields hold nothing but known tags and attributes, and harmless formulas."""
    text = "\n".join(fields)
    if not (is_cloze or MARKUP_OR_MATH.search(text)):
        return True
    tags = set(WRITTEN_TAG.findall(text))
    if not all(map(_is_harmless_tag, tags, itertools.repeat(is_cloze))):
        return False
    if not all(_is_in_order("".join(NAME_OR_TEXT.findall(html))) for html in fields if "<" in html):
        return False
    named = {str(number): html for number, html in enumerate(fields)}
    return all(
        guarded.html == named[n] for n, guarded in guard_fields(named, is_cloze=is_cloze).items()
    )


@functools.lru_cache(maxsize=4096)
def _is_harmless_tag(tag: str, is_cloze: bool) -> bool:
    match = PLAIN_TAG.fullmatch(tag)
    if match is None or match["name"] not in WRITTEN_TAGS or disarm(tag) != tag:
        return False
    if is_cloze and disarm_cloze(tag) != tag:
        return False
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(match["name"], set())
    return all(
        attribute["name"] in allowed
        and keeps_attribute(match["name"], attribute["name"], unescape(attribute["value"] or ""))
        for attribute in ATTRIBUTE.finditer(match["attributes"])
    )


@functools.lru_cache(maxsize=4096)
def _is_in_order(names: str) -> bool:
    """Tell whether a browser reads the tags in the order in which they are written, as the gate does."""
    if names[0] != "<":
        return False
    # `<p` or `<p>` stands for a tag, and a tag with text behind it: written out, `<p>` and `<p>x`.
    opened = names.replace(">", TEXT).replace("<", "><")
    order = f"{opened}>".replace(f"{TEXT}>", ">x")[1:]
    return bool(nh3.clean(order, tags=WRITTEN_TAGS, attributes={}, link_rel=None) == order)
