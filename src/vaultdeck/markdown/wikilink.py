"""Wikilinks and embeds.

    [[note]]  [[folder/note#heading|shown text]]  ![[note#^block]]  ![[picture.png|300]]

Obsidian: on one line, no `[[` inside, everything behind the first `|` is the alias, `\\|` (needed in
tables) counts as `|`. Wikilinks are recognised before math, so that a `$` in a target is harmless.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token

from vaultdeck.regexps import regexp

WIKILINK = regexp(r"!?\[\[(?P<inner>(?:(?!\[\[|\]\])[^\n])+)\]\]")


def wikilink_plugin(md: MarkdownIt) -> None:
    """Add tokens of type `wikilink`; give links and images their place."""
    md.inline.ruler.before("link", "wikilink", _wikilink)
    md.inline.ruler.at("image", _placed_image)
    md.inline.ruler.at("link", _placed_link)


def split_wikilink(inner: str) -> tuple[str, str | None]:
    """Return the target and the alias (None if there is none) of what stands between `[[` and `]]`."""
    inner = unicodedata.normalize("NFC", inner.replace("\N{NO-BREAK SPACE}", " "))
    target, bar, alias = inner.partition("|")
    return target.removesuffix("\\").strip(), alias.strip() if bar else None


def _wikilink(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "[!":
        return False
    match = WIKILINK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    target, alias = split_wikilink(match["inner"])
    if not target and not alias:
        return False
    if not silent:
        token = state.push("wikilink", "", 0)
        token.content = match[0]
        if alias and "{{c" in alias and not match[0].startswith("!"):
            # A cloze deletion in the shown text; the rest of it stays Markdown-free in Obsidian too.
            token.children = state.md.inline.parse(alias, state.md, state.env, [])
        token.meta = {
            "target": target,
            "alias": alias,
            "is_embed": match[0].startswith("!"),
            "pos": state.pos,
        }
    state.pos = match.end()
    return True


def _placed_image(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not image(state, silent):
        return False
    if not silent:
        token = state.tokens[-1]
        token.meta = {"pos": start, "raw": state.src[start : state.pos]}
        token.attrs["alt"] = _plain_text(token.children or ())
    return True


def _placed_link(state: StateInline, silent: bool) -> bool:
    start, before = state.pos, len(state.tokens)
    if not link(state, silent):
        return False
    if not silent:
        opening = next(token for token in state.tokens[before:] if token.type == "link_open")
        opening.meta = {"pos": start, "length": state.pos - start}
    return True


def _plain_text(tokens: Sequence[Token]) -> str:
    """Return the text of inline tokens without their markup."""
    return "".join(token.content or _plain_text(token.children or ()) for token in tokens)
