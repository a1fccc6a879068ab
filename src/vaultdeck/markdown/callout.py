"""Callouts: quotes whose first line names a type.

> [!note] Title
> text

> [!faq]- Folded; with `+` it can be folded
> text

Obsidian: the type in any letter case, a few aliases, `|` and what stands behind it in the brackets
is for themes; without a title the type is the title; an unknown type looks like `note`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.token import Token

from vaultdeck.regexps import regexp

CALLOUT_HEAD = regexp(
    r"\[!(?P<type>[^\]|\n]+)(?:\|[^\]\n]*)?\](?P<fold>[+-]?)(?:[ \t]+(?P<title>[^\n]*))?[ \t]*(?:\n|$)"
)
ALIASES = {
    "abstract": "abstract summary tldr",
    "info": "info",
    "todo": "todo",
    "tip": "tip hint important",
    "success": "success check done",
    "question": "question help faq",
    "warning": "warning caution attention",
    "failure": "failure fail missing",
    "danger": "danger error",
    "bug": "bug",
    "example": "example",
    "quote": "quote cite",
}
CALLOUT_LOOKS = {name: look for look, names in ALIASES.items() for name in names.split()}


def mark_callouts(tokens: Sequence[Token]) -> list[Token]:
    """Return block tokens with callouts in place of the quotes that begin with `[!type]`.

    A callout is `callout_open` (`meta`: `look`, one of the 13 types; `fold`: `+`, `-` or nothing),
    `callout_title_open`, its title, `callout_title_close`, what is in it, `callout_close`.
    """
    result: list[Token] = []
    # For each open quote, whether it is a callout.
    quotes: list[Token | None] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.type == "blockquote_open":
            head = _head(tokens, index)
            quotes.append(None)
            if head is not None:
                callout, body = _open(token, tokens[index : index + 3], head)
                quotes[-1] = callout[0]
                result += callout + body
                index += 3
                continue
        elif token.type == "blockquote_close":
            opening = quotes.pop()
            if opening is not None:
                token = replace(token, type="callout_close", tag=opening.tag, meta=opening.meta)
        result.append(token)
    return result


def _head(tokens: Sequence[Token], index: int) -> re.Match[str] | None:
    """Return the match of the first line of a quote's text, if it begins with a paragraph."""
    if index + 2 < len(tokens) and tokens[index].type == "paragraph_open":
        return CALLOUT_HEAD.match(tokens[index + 1].content)
    return None


def _open(
    quote: Token, paragraph: Sequence[Token], head: re.Match[str]
) -> tuple[list[Token], list[Token]]:
    """Return the tokens from the callout's opening to its title, and what is left of the paragraph."""
    opening, inline, closing = paragraph
    kind = " ".join(head["type"].split()).lower()
    meta = {"look": CALLOUT_LOOKS.get(kind.replace(" ", "-"), "note"), "fold": head["fold"]}
    box, tag = ("details", "summary") if head["fold"] else ("div", "div")
    callout = replace(quote, type="callout_open", tag=box, meta={**quote.meta, **meta})
    shown = (head["title"] or "").strip() or kind.replace("-", " ").capitalize()
    title = replace(inline, content=shown, meta={}, children=[])
    before = Token("callout_title_open", tag, 1, block=True, level=opening.level, map=opening.map)
    after = Token("callout_title_close", tag, -1, block=True, level=opening.level)
    rest = inline.content[head.end() :]
    if not rest.strip():
        return [callout, before, title, after], []
    lines = [inline.map[0] + 1, inline.map[1]] if inline.map else None
    body = replace(inline, content=rest, map=lines)
    return [callout, before, title, after], [opening, body, closing]
