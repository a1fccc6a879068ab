"""Files of the vault in raw HTML: such a tag becomes the token of the same embed in Markdown.

<img src="p.png" width="100">    <audio controls src="a.mp3"></audio>    <video><source src="v.mp4"></video>
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from markdown_it.token import Token

from vaultdeck.anki.media import media_kind
from vaultdeck.vault.links import split_address

# Bounded, so that a stray quote does not make each search a long one; only pictures in place are long.
MEDIA_TAG = re.compile(
    r"<(?P<name>img|audio|video|source)\b"
    r"(?:[^'\"<>]|\"(?:[^\"]{0,2000}|data:[^\"<>]*)\"|'(?:[^']{0,2000}|data:[^'<>]*)'){0,300}>",
    re.IGNORECASE,
)
# How far behind the tag of a player its source may stand.
NEAR = 3000
# A sound or film as Anki writes it, by hand in a note.
SOUND = re.compile(r"\[sound:(?P<name>[^\[\]\n]{1,500})\]")
# What only one computer can open, or only Obsidian.
LOCAL = re.compile(r"(?:file|app|capacitor):", re.IGNORECASE)
DATA = re.compile(r"data:image/", re.IGNORECASE)


class RawMedia:
    """The raw HTML of one run of tokens; a player shows the first of its sources."""

    def __init__(self) -> None:
        self._has_source = False

    def inlines(self, children: Sequence[Token], content: str) -> list[Token]:
        """Return inline tokens of the text `content` with embeds for tags that show a file."""
        result: list[Token] = []
        at = 0
        for index, child in enumerate(children):
            if child.type == "text" and "[sound:" in child.content:
                result += _split_sounds(child, content)
                continue
            if child.type != "html_inline":
                result.append(child)
                continue
            at = max(content.find(child.content, at), 0)
            rest = "".join(token.content for token in children[index + 1 : index + 4])
            result += self._split(child, at, rest)
        return result

    def block(self, token: Token) -> list[Token]:
        """Return a block of raw HTML with embeds for its tags that show a file."""
        return self._split(token, 0, "")

    def _split(self, token: Token, at: int, rest: str) -> list[Token]:
        html = token.content
        pieces: list[Token] = []
        done = 0
        for match in MEDIA_TAG.finditer(html):
            name = match["name"].lower()
            embed = self._embed(match[0], name, at + match.start())
            if embed is None and not self._is_wrapper(
                match[0], name, html[match.end() : match.end() + NEAR] + rest
            ):
                continue
            pieces += _piece(token, html[done : match.start()])
            pieces += [embed] if embed and not (name == "source" and self._has_source) else []
            self._has_source = embed is not None and name == "source"
            done = match.end()
        return [*pieces, *_piece(token, html[done:])] if done else [token]

    def _embed(self, tag: str, name: str, at: int) -> Token | None:
        """Return the token of an embed that shows what a tag shows, None if that is not in the vault."""
        attributes = _attributes(tag)
        source = (attributes.get("src") or "").strip()
        local = split_address(source)
        shows_file = local is not None and media_kind(local.path) != "other"
        if not (shows_file or LOCAL.match(source) or (name == "img" and DATA.match(source))):
            return None
        sizes = [attributes.get(side) or "" for side in ("width", "height")]
        pixels = [size.strip().removesuffix("px") for size in sizes]
        size = "x".join(number for number in pixels if number.isdigit())
        alt = (
            f"{attributes.get('alt') or ''}|{size}"
            if pixels[0].isdigit()
            else attributes.get("alt")
        )
        meta = {"raw": tag, "pos": at, "is_html": True}
        return Token("image", "img", 0, attrs={"src": source, "alt": alt or ""}, meta=meta)

    def _is_wrapper(self, tag: str, name: str, rest: str) -> bool:
        """Tell whether a player has no file of its own, but a source that is a file of the vault."""
        if name not in ("audio", "video") or "src" in _attributes(tag):
            return False
        inner = MEDIA_TAG.match(rest.lstrip())
        return bool(
            inner and inner["name"].lower() == "source" and self._embed(inner[0], "source", 0)
        )


def _split_sounds(token: Token, content: str) -> Iterator[Token]:
    """Yield a text with embeds for the sounds in it, as Anki writes them; `\\[sound:…]` is text."""
    done = 0
    for match in SOUND.finditer(token.content):
        at = content.find(match[0])
        if at < 0 or content[at - 1 : at] == "\\":
            continue
        yield Token("text", "", 0, content=token.content[done : match.start()])
        meta = {"raw": match[0], "pos": at}
        yield Token("sound_name", "", 0, content=match["name"], meta=meta)
        done = match.end()
    yield Token("text", "", 0, content=token.content[done:])


def _piece(token: Token, html: str) -> Iterator[Token]:
    if html.strip():
        yield Token(token.type, "", 0, content=html, block=token.block, map=token.map)


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
