"""Text that Anki would act upon, written so that it does not.

    [sound:x] that an author only mentions      {{c1::x}} of an embedded note in a cloze note

Both are recognised in a field's text wherever it stands, in code too, and an entity in place of one
character stops that. While a field is put together, a control character stands for each such entity
(no note can hold one, they are cut before parsing), so that the HTML can be parsed once more without
losing the difference; `spell` writes the entities.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import escapeHtml

# Text that Anki's field and template code acts upon, wherever it stands.
ACTIVE_TEXT = re.compile(r"\[(?=sound:|anki:|/?latex\]|/?\$\$?\])", re.IGNORECASE)
BRACKET, OPEN, CLOSE, COLON = "\x02", "\x03", "\x04", "\x05"
ENTITIES = {BRACKET: "&#91;", OPEN: "&#123;", CLOSE: "&#125;", COLON: "&#58;"}


def disarm(html: str) -> str:
    """Return HTML in which no text is a sound, a LaTeX picture or a voice."""
    return ACTIVE_TEXT.sub(BRACKET, html) if "[" in html else html


def disarm_opening(html: str) -> str:
    """Return HTML in which no text begins a cloze deletion."""
    return html.replace("{{", OPEN + OPEN)


def disarm_closing(html: str) -> str:
    """Return HTML in which no text ends a cloze deletion."""
    return html.replace("}}", CLOSE + CLOSE)


def disarm_cloze(html: str) -> str:
    """Return HTML in which Anki sees neither beginning nor end nor hint of a cloze deletion."""
    return disarm_closing(disarm_opening(html)).replace("::", COLON + COLON)


def spell(html: str) -> str:
    """Return HTML with the entities in place of the characters that stood for them."""
    for char, entity in ENTITIES.items():
        html = html.replace(char, entity)
    return html


def escape_text(text: str) -> str:
    """Return text as HTML in which nothing is active, neither tags nor Anki's own marks."""
    return spell(disarm(escapeHtml(text)))
