"""Files of the vault in raw HTML: a tag that shows one becomes the token of the same embed in Markdown.

<img src="p.png" width="100">    <audio controls src="a.mp3"></audio>    <video><source src="v.mp4"></video>
<a href="note.md">a link, which stays raw HTML</a>
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser

from markdown_it.token import Token

from vaultdeck.anki.media import is_media
from vaultdeck.markdown.sound import SOUND
from vaultdeck.regexps import regexp
from vaultdeck.vault.links import Link, split_address

# Bounded, so that a stray quote does not make each search a long one; only pictures in place are long.
MEDIA_TAG = regexp(
    r"<(?P<name>img|audio|video|source)\b"
    r"(?:[^'\"<>]|\"(?:[^\"]{0,2000}|data:[^\"<>]*)\"|'(?:[^']{0,2000}|data:[^'<>]*)'){0,300}>",
    re.IGNORECASE,
)
# What stands in the attributes of a tag is no sound.
TAG_OR_SOUND = regexp(rf"<[^<>]*>|{SOUND.pattern}")
# How far behind its tag a player may end, in characters and in tokens; what it holds is not shown.
NEAR, NEAR_TOKENS = 3000, 60
# How a picture looks: what its tag may say of it; the renderer judges its style.
LOOK_ATTRIBUTES = ("width", "height", "align", "style")
LENGTH = regexp(r"(?P<number>[0-9]{1,5}|(?:100|[0-9]{1,2})%)(?:px)?")
# The address of a link.
LINK = regexp(
    r"(?P<before><a\b[^<>]{0,2000}?(?<![\w-])href\s*=\s*)"
    r"(?:\"(?P<double>[^\"<>]{1,1000})\"|'(?P<single>[^'<>]{1,1000})'|(?P<bare>[^\s\"'<>=`]{1,1000}))",
    re.IGNORECASE,
)
# What only one computer can open, or only Obsidian.
LOCAL = regexp(r"(?:file|app|capacitor):|[a-z]:(?:[\\/]|%5C)", re.IGNORECASE)
DATA = regexp(r"data:image/", re.IGNORECASE)


def embed_inlines(children: Sequence[Token], content: str) -> list[Token]:
    """Return inline tokens of the text `content` with embeds for tags that show a file.

    A player shows the first of its sources; the text in it is for browsers that play nothing.
    """
    result: list[Token] = []
    at = done = 0
    for index, child in enumerate(children):
        if index < done:
            continue
        if child.type != "html_inline":
            result.append(child)
            continue
        at = max(content.find(child.content, at), 0)
        end = _end_of_player(children, index)
        whole = "".join(token.content for token in children[index:end])
        pieces = split_raw(replace(child, content=whole), at)
        done = end if any(piece.type == "image" for piece in pieces) else index + 1
        result += pieces if done == end else [child]
    return result


def with_links(token: Token, address: Callable[[Link], str]) -> Token:
    """Return raw HTML with each link to a file of the vault at the `address` of that; empty is no file."""

    def linked(tag: re.Match[str]) -> str:
        local = split_address(html.unescape(tag["double"] or tag["single"] or tag["bare"]).strip())
        found = address(local) if local is not None and local.path else ""
        return f'{tag["before"]}"{html.escape(found)}"' if found else tag[0]

    content = LINK.sub(linked, token.content)
    return token if content == token.content else replace(token, content=content)


def split_raw(token: Token, at: int = 0) -> list[Token]:
    """Return a token of raw HTML with embeds for its tags that show a file; it begins at `at`."""
    text = token.content
    pieces: list[Token] = []
    done = 0
    for match in MEDIA_TAG.finditer(text):
        if match.start() < done:
            continue
        end = match.end()
        tags = [match]
        close = _closing(match["name"]).search(text, end, end + NEAR)
        if close:
            end = close.end()
            tags += MEDIA_TAG.finditer(text, match.end(), close.start())
        embed = next((e for tag in tags if (e := _embed(tag[0], at + tag.start()))), None)
        if embed is not None:
            pieces += [*_pieces(token, text[done : match.start()], at + done), embed]
            done = end
    has_sound = token.block and "[sound:" in text
    return [*pieces, *_pieces(token, text[done:], at + done)] if done or has_sound else [token]


@functools.cache
def _closing(name: str) -> re.Pattern[str]:
    """Match what ends a player; pictures and sources have no end."""
    is_player = name.lower() in ("audio", "video")
    return re.compile(rf"</{name}\s*>" if is_player else "(?!)", re.IGNORECASE)


def _end_of_player(children: Sequence[Token], index: int) -> int:
    """Return the number of the token behind the player that begins at `index`, or behind that one."""
    opening = MEDIA_TAG.match(children[index].content)
    closing = _closing(opening["name"]) if opening else None
    for number in range(index + 1, min(index + NEAR_TOKENS, len(children)) if closing else 0):
        child = children[number]
        if child.type == "html_inline" and closing and closing.fullmatch(child.content):
            return number + 1
    return index + 1


def _embed(tag: str, at: int) -> Token | None:
    """Return the token of an embed that shows what a tag shows, None if that is not in the vault."""
    attributes = _attributes(tag)
    source = (attributes.get("src") or "").strip()
    local = split_address(source)
    shows_file = local is not None and is_media(local.path)
    is_picture = tag[1:4].lower() == "img"
    if not (shows_file or LOCAL.match(source) or (is_picture and DATA.match(source))):
        return None
    looks: dict[str, str | int | float] = {}
    for name in LOOK_ATTRIBUTES:
        value = (attributes.get(name) or "").strip()
        if name in ("width", "height"):
            length = LENGTH.fullmatch(value)
            value = length["number"] if length else ""
        looks |= {name: value} if value else {}
    attrs = {"src": source, "alt": attributes.get("alt") or "", **looks}
    return Token("image", "img", 0, attrs=attrs, meta={"raw": tag, "pos": at, "is_html": True})


def _pieces(token: Token, text: str, at: int) -> Iterator[Token]:
    """Yield a part of raw HTML that shows no file; in a block with the sounds written as Anki does."""
    done = 0
    for match in TAG_OR_SOUND.finditer(text) if token.block else ():
        if match["sound"]:
            yield from _piece(token, text[done : match.start()])
            meta = {"name": match["sound"], "pos": at + match.start()}
            yield Token("sound_name", "", 0, content=match[0], meta=meta)
            done = match.end()
    yield from _piece(token, text[done:])


def _piece(token: Token, text: str) -> Iterator[Token]:
    if text.strip():
        yield Token(token.type, "", 0, content=text, block=token.block, map=token.map)


class _TagReader(HTMLParser):
    """Reads the attributes of one tag; the first of a name counts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.found.setdefault(name, value)


def _attributes(tag: str) -> dict[str, str | None]:
    reader = _TagReader()
    reader.feed(tag)
    return reader.found
