"""Text that Anki would act upon, written so that it does not.

    [sound:x] that an author only mentions      {{c1::x}} of an embedded note in a cloze note

Both are recognised in a field's text wherever it stands, in code and attributes too, and an entity in
place of one character stops that. While a field is put together, control characters stand for these
entities, and others for what is to be active (no note can hold any, they are cut before parsing).
So the HTML can be parsed once more without losing the difference, and whatever looks active at the
end without being marked was put together by that parsing, and is disarmed. `spell` writes it out.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import escapeHtml

from vaultdeck.anki.filters import ACTED_UPON
from vaultdeck.regexps import regexp

# Text that Anki's field and template code acts upon, wherever it stands.
ACTIVE_TEXT = regexp(rf"\[(?=sound:|{ACTED_UPON})", re.IGNORECASE)
BRACKET, OPEN, CLOSE, COLON = "\x02", "\x03", "\x04", "\x05"
ENTITIES = {BRACKET: "&#91;", OPEN: "&#123;", CLOSE: "&#125;", COLON: "&#58;"}
# What is to be active: a sound's bracket, the marks of a deletion.
SOUND_MARK, OPEN_MARK, CLOSE_MARK = "\x0e", "\x0f", "\x10"
MEANT = {**ENTITIES, SOUND_MARK: "[", OPEN_MARK: "{{", CLOSE_MARK: "}}"}
MEANT_MARK = regexp(f"[{''.join(MEANT)}]")
# What begins a deletion and is not marked as one.
PLAIN_CLOZE = regexp(r"\{\{(?=c[0-9])")
# A backslash that an author escaped: `\\\\(` shows `\\(`, which MathJax would take for math.
LITERAL_MATH = regexp(r"\\([()\[\]])")
# What MathJax passes over.
UNTYPESET = '<span class="mathjax_ignore">'


def disarm(html: str) -> str:
    """Return HTML in which no text is a sound, a LaTeX picture, a voice or a box to type into."""
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


def disarm_math(html: str) -> str:
    """Return HTML in which no text begins or ends math."""
    return LITERAL_MATH.sub(rf"{UNTYPESET}\\\1</span>", html)


def activate(mark: str) -> str:
    """Return `{{c1::` or `}}` as the mark of a deletion that is meant."""
    return mark.replace("{{", OPEN_MARK).replace("}}", CLOSE_MARK)


def spell(html: str, *, is_cloze: bool = False, is_joined: bool = False) -> str:
    """Return the HTML of a field written out, with nothing active in it that is not meant to be.

    `is_joined` says that the HTML was parsed once more, which may have put things together.
    """
    html = disarm(html)
    if is_cloze:
        html = PLAIN_CLOZE.sub(OPEN + OPEN, html)
        html = html.replace("}" + CLOSE_MARK, CLOSE + CLOSE_MARK)
        html = disarm_closing(html) if is_joined else html
    return MEANT_MARK.sub(lambda match: MEANT[match[0]], html)


def escape_text(text: str) -> str:
    """Return text as HTML in which nothing is active, neither tags nor Anki's own marks."""
    return spell(disarm_math(disarm(escapeHtml(text))))


def escape_address(address: str) -> str:
    """Return an attribute's value in which nothing is active."""
    return spell(disarm(escapeHtml(address)))
