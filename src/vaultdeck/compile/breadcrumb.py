"""The breadcrumb of a card: the note it is from and the headings it stands under."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from markdown_it.token import Token

from vaultdeck.diagnostics import CONTROL
from vaultdeck.html import render_field
from vaultdeck.html.inert import escape_text
from vaultdeck.markdown import shared_markdown
from vaultdeck.markdown.block_id import BLOCK_ID
from vaultdeck.vault.links import show_link, split_link

# What of a heading's text is not shown a second time: links lead nowhere here, notes stand elsewhere.
UNSHOWN_TOKENS = ("link_open", "link_close", "footnote_ref", "html_inline")


def breadcrumb(name: str, headings: Iterable[str]) -> str:
    """Return `note > heading > heading` as HTML, the headings as they look in the note."""
    return " > ".join([escape_text(CONTROL.sub(" ", name)), *map(_show_heading, headings)])


def raw_breadcrumb(parts: Iterable[str]) -> str:
    """Return the parts as they are written, as Obsidian_to_Anki fills a context field."""
    return escape_text(CONTROL.sub(" ", " > ".join(parts))).replace("&gt;", ">")


@functools.lru_cache(maxsize=4096)
def _show_heading(text: str) -> str:
    inline = Token("inline", "", 0, content=BLOCK_ID.sub("", text), children=[])
    shared_markdown().parse_inlines([inline], {})
    inline.children = [
        _plain(token) for token in inline.children or () if token.type not in UNSHOWN_TOKENS
    ]
    return render_field([inline])


def _plain(token: Token) -> Token:
    """Return a token in which nothing links or is loaded."""
    if token.type == "wikilink":
        shown = token.meta["alias"] or show_link(split_link(token.meta["target"]))
        return Token("text", "", 0, content=shown)
    if token.type == "image":
        return Token("text", "", 0, content=str(token.attrs["alt"]))
    return token
