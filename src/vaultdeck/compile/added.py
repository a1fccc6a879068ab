"""What no author writes into a field: links back to the note, and the headings above the card."""

from __future__ import annotations

import functools
from urllib.parse import quote

from markdown_it.token import Token

from vaultdeck.html import render_field
from vaultdeck.html.inert import escape_address, escape_text
from vaultdeck.markdown import shared_markdown
from vaultdeck.markdown.block_id import BLOCK_ID
from vaultdeck.model import CardBlock
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import CONTROL
from vaultdeck.regexps import regexp
from vaultdeck.vault.links import obsidian_uri, show_link, split_link
from vaultdeck.vault.names import shown_name

# What of a heading's text is not shown a second time: links lead nowhere here, notes stand elsewhere.
UNSHOWN_TOKENS = ("link_open", "link_close", "footnote_ref", "html_inline")
# What Obsidian replaces in a heading when it writes a link to it.
UNLINKABLE = regexp(r"[#|^:\\]|%%|\[\[|\]\]")


def append_link(config: Config, html: dict[str, str], path: str, block: CardBlock) -> None:
    """Append the link to the note that the settings ask for, as Obsidian_to_Anki writes it."""
    if config.link_fields:
        first = config.note_types[block.note_type].fields[0]
        field = config.link_fields.get(block.note_type) or config.link_fields.get("") or first
        uri = (
            f"obsidian://open?vault={quote(config.vault_name, safe='')}&file={quote(path, safe='')}"
        )
        link = f'<br><a href="{escape_address(uri)}" class="obsidian-link">Obsidian</a>'
        html[field if field in html else first] += link


def append_context(config: Config, html: dict[str, str], path: str, block: CardBlock) -> None:
    """Append the headings above a card, as they are written, to the field that the settings name."""
    field = config.context_fields.get(block.note_type, "")
    if field in html:
        context = " > ".join([path, *block.context])
        html[field] += escape_text(CONTROL.sub(" ", context)).replace("&gt;", ">")


def fill_ours(config: Config, html: dict[str, str], path: str, block: CardBlock) -> None:
    """Fill the fields of our own note types: the breadcrumb, and the link back to the card's heading."""
    ours = set(html) - set(config.note_types[block.note_type].written)
    if "Context" in ours:
        html["Context"] = breadcrumb(shown_name(path), block.context)
    if "Source" in ours:
        html["Source"] = source_link(config.vault_name, path, block.heading)


@functools.lru_cache(maxsize=64)
def source_link(vault: str, path: str, heading: str) -> str:
    """Return the link to a heading of a note file, to the note without one."""
    subpath = "#" + UNLINKABLE.sub(" ", heading) if heading else ""
    return f'<a href="{escape_address(obsidian_uri(vault, path, subpath))}">Obsidian</a>'


@functools.lru_cache(maxsize=64)
def breadcrumb(name: str, headings: tuple[str, ...]) -> str:
    """Return `note > heading > heading` as HTML, the headings as they look in the note."""
    return " > ".join([escape_text(CONTROL.sub(" ", name)), *map(_show_heading, headings)])


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
