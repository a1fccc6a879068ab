"""The tokens that stand for a link, a picture's size, or what could not be embedded."""

from __future__ import annotations

import re

from markdown_it.token import Token

from vaultdeck.model.diagnostics import shorten
from vaultdeck.regexps import regexp

# What stands behind `|` for the size of a picture: `300`, `300x200`, `300 x 200`.
SIZE = regexp(r"(?P<width>[0-9]{1,5})(?:[ ]*x[ ]*(?P<height>[0-9]{1,5}))?", re.IGNORECASE)

# Pictures that a card may load; pages that Obsidian shows as a player.
REMOTE = regexp(r"https?://|data:image/", re.IGNORECASE)
WEB_PAGE = regexp(
    r"https?://(?:www\.|m\.)?(?:youtube\.com|youtu\.be|vimeo\.com|twitter\.com|x\.com)/", re.I
)


def split_size(alt: str) -> tuple[str, dict[str, str | int | float]]:
    """Split `text|300x200` into the text and the attributes for width and height in pixels.

    A size is a number, or two with an `x` between, spaces allowed; the last one counts (some themes
    put words such as `center` behind it).
    """
    parts = [part.strip() for part in alt.split("|")]
    sizes = [match for part in parts if (match := SIZE.fullmatch(part))]
    if not sizes:
        return alt.strip(), {}
    text = "" if SIZE.fullmatch(parts[0]) else parts[0]
    pixels = {"width": int(sizes[-1]["width"]), "height": int(sizes[-1]["height"] or 0)}
    return text, {name: number for name, number in pixels.items() if number}


def named_link(address: str, text: str) -> list[Token]:
    return [opening_link(address), Token("text", "", 0, content=text), Token("link_close", "a", -1)]


def opening_link(address: str) -> Token:
    return Token("link_open", "a", 1, attrs={"href": address})


def remote_image(token: Token) -> list[Token]:
    """Return what stands for a picture of the web; a page that is no picture is a link."""
    text, size = split_size(str(token.attrs["alt"]))
    address = str(token.attrs["src"])
    address = f"https:{address}" if address.startswith("//") else address
    if WEB_PAGE.match(address):
        return named_link(address, text or address)
    if not REMOTE.match(address):
        return [placeholder(shorten(address))]
    return [Token("image", "img", 0, attrs={**token.attrs, "src": address, "alt": text, **size})]


def placeholder(shown: str) -> Token:
    """Return the visible mark of something that could not be embedded."""
    return Token("missing", "span", 0, content=shown)


def wrap_embed(tokens: list[Token]) -> list[Token]:
    """Return block tokens of another note, marked as such: their clozes are none of the card's."""
    opening = Token("embed_open", "div", 1, attrs={"class": "vd-embed"}, block=True)
    return [opening, *tokens, Token("embed_close", "div", -1, block=True)]
