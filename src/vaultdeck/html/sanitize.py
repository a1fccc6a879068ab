"""Raw HTML in notes, made harmless.

    <u>kept</u>  <span style="color:red" onclick="…">kept without the handler</span>  <script>…</script>

Decks are built from strangers' notes and shown in other people's Anki. As Obsidian does, scripts,
handlers, styles for the whole page, forms and addresses that run code are taken out. nh3 judges each
tag by itself, since in Markdown one tag and its closing tag are separate; the renderer keeps them
balanced.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import nh3

from vaultdeck.html.addresses import SCHEMES
from vaultdeck.html.allowed import (
    ALLOWED,
    ATTRIBUTES,
    MARKDOWN_TAGS,
    filter_attribute,
    filter_stored,
)
from vaultdeck.html.elements import VOID
from vaultdeck.html.styles import PROPERTIES
from vaultdeck.regexps import regexp

# A tag, or what begins a comment; bounded, so that a stray `<` or quote does not make each search long.
RAW_TAG = regexp(
    r"(?P<comment><!--)|<[!?][^>]{0,1000}>|<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9-]{0,30})"
    r"(?:[^'\"<>]|\"[^\"]{0,2000}\"|'[^']{0,2000}'){0,300}>",
    re.DOTALL,
)
# What a comment without an end is taken for.
HTML_DECLARATION = regexp(r"<![^>]{0,1000}>")
MAX_COMMENT = 10_000
# Elements that go with all that stands in them.
DROPPED_ELEMENT = regexp(r"<(?P<slash>/?)(?P<name>script|style|template|noscript)\b", re.IGNORECASE)
# What a browser would read as a control character; the renderer uses these for its own marks.
CONTROL_REFERENCE = regexp(
    r"&#(?=(?:0*(?:[0-9]|[12][0-9]|3[01])(?![0-9])|[xX]0*1?[0-9a-fA-F](?![0-9a-fA-F])))"
)
# A tag is dropped if it lacks this attribute: it would load nothing.
NEEDED_ATTRIBUTE = {"img": "src=", "iframe": "src=", "source": "src="}
# The only input that is no form control: that of a task.
CHECKBOX = regexp(r"\stype\s*=\s*[\"']?checkbox\b", re.IGNORECASE)
TABLE_PARTS = frozenset("caption col colgroup tbody td tfoot th thead tr".split())
SANDBOX = {"iframe": {"sandbox": "allow-scripts allow-same-origin"}}

FIELD_RULES: dict[str, Any] = {
    "tags": ALLOWED | MARKDOWN_TAGS,
    "attributes": ATTRIBUTES,
    "url_schemes": SCHEMES,
    "filter_style_properties": PROPERTIES,
    "set_tag_attribute_values": SANDBOX,
    "link_rel": None,
}
# Of a tag by itself; a part of a table goes as a `<div>`.
TAG_RULES: dict[str, Any] = {
    **FIELD_RULES,
    "tags": ALLOWED,
    "attributes": {**ATTRIBUTES, "div": ATTRIBUTES["td"] | ATTRIBUTES["th"]},
    "attribute_filter": filter_attribute,
}
MAX_CLEANINGS = 4
# What `&#31;` stands for: Anki refuses a package with it in a field. The renderer's own marks stay.
NO_HTML_CHARACTER = regexp(
    r"[\x00\x01\x06-\x08\x0b\x0c\x11-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]"
)


class Tag(NamedTuple):
    """A tag: its name, whether it closes, its harmless text (empty if it may not stay), and its own.

    One that closes has its own text only where it may not stay.
    """

    name: str
    is_closing: bool
    html: str
    raw: str = ""


def split_html(html: str) -> Iterator[Tag | str]:
    """Yield the tags of raw HTML, and the text between them as HTML."""
    done = pos = 0
    html = _drop_elements(CONTROL_REFERENCE.sub("&amp;#", html))
    last = html.rfind("-->")
    while match := RAW_TAG.search(html, pos):
        pos = _end_of_comment(html, match, last) if match["comment"] else match.end()
        if pos < 0:
            pos = match.end()
            continue
        if match.start() > done:
            yield html[done : match.start()].replace("<", "&lt;")
        done = pos
        if match["name"]:
            name, is_closing = match["name"].lower(), bool(match["slash"])
            yield _clean_tag(match[0], name, is_closing) or Tag(name, is_closing, "", match[0])
    if done < len(html):
        yield html[done:].replace("<", "&lt;")


def _end_of_comment(html: str, opening: re.Match[str], last: int) -> int:
    """Return where a comment ends, -1 if it does not; `last` is where the last `-->` stands."""
    if last >= opening.end():
        close = html.find("-->", opening.end(), opening.end() + MAX_COMMENT + len("-->"))
        if close >= 0:
            return close + len("-->")
    declaration = HTML_DECLARATION.match(html, opening.start())
    return declaration.end() if declaration else -1


def _drop_elements(html: str) -> str:
    """Return HTML without scripts and the like; one that is not closed leaves its text."""
    kept: list[str] = []
    done = 0
    opened: re.Match[str] | None = None
    closings = {m["name"].lower(): m.start() for m in DROPPED_ELEMENT.finditer(html) if m["slash"]}
    for match in DROPPED_ELEMENT.finditer(html) if closings else ():
        name = match["name"].lower()
        if opened is None and not match["slash"] and closings.get(name, -1) > match.start():
            opened = match
        elif opened is not None and match["slash"] and name == opened["name"].lower():
            kept.append(html[done : opened.start()])
            end = html.find(">", match.end())
            done = end + 1 if end >= 0 else len(html)
            opened = None
    return "".join([*kept, html[done:]])


def clean_field(html: str) -> str:
    """Return the HTML of a whole field that holds raw HTML as a browser would read it, well-formed.

    What is not allowed beside or inside each other (a table cell without a table, a link in a link, a
    `<div>` in a `<p>`) is put in order by nh3's parser, and each tag is judged once more. What it moves
    out of a table can be out of order again, so it is asked until nothing changes.
    """
    return _clean(html, FIELD_RULES)


def clean_stored(html: str) -> str:
    """Return the HTML of a field that does not come from a note but from a lock or from Anki, harmless.

    It is judged like raw HTML in a note, but files of the collection's media stay.
    """
    rules = {**FIELD_RULES, "attribute_filter": filter_stored}
    rules["tags"] = FIELD_RULES["tags"] - {"iframe"}
    del rules["set_tag_attribute_values"]
    rules["attributes"] = {k: v for k, v in ATTRIBUTES.items() if k != "iframe"}
    return _clean(html, rules)


def _clean(html: str, rules: dict[str, Any]) -> str:
    for _ in range(MAX_CLEANINGS):
        before, html = html, NO_HTML_CHARACTER.sub("", nh3.clean(html, **rules))
        if html == before:
            break
    return html


@functools.lru_cache(maxsize=1024)
def _clean_tag(tag: str, name: str, is_closing: bool) -> Tag | None:
    if name not in ALLOWED or (name == "input" and not CHECKBOX.search(tag)):
        return None
    if is_closing:
        return None if name in VOID else Tag(name, True, f"</{name}>")
    # Table parts are dropped by a parser that meets them outside of a table.
    cleaned = nh3.clean(
        tag.replace(tag[1 : 1 + len(name)], "div", 1) if name in TABLE_PARTS else tag,
        **TAG_RULES,
    )
    if name in TABLE_PARTS:
        cleaned = cleaned.replace("<div", f"<{name}", 1).replace("</div>", f"</{name}>")
    opening = cleaned.partition(">")[0] + ">" if cleaned.startswith("<") else ""
    if NEEDED_ATTRIBUTE.get(name, "<") not in opening:
        return None
    return Tag(name, False, opening, tag)
