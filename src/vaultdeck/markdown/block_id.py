"""Block ids: what `![[note#^id]]` names; never shown.

A paragraph. ^first        the paragraph
- item ^second             the list item with what is nested in it

^third                     on its own: the block above, here the whole list
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

BLOCK_ID = re.compile(r"(?:^|[ \t\n])\^(?P<id>[A-Za-z0-9-]+)[ \t]*$")
# The ID of a card of flashcards-obsidian on a line of its own.
CARD_ID = re.compile(r"(?:\A|\n)\^[0-9]{13}[ \t]*(?=\n)")


def mark_block_ids(tokens: list[Token]) -> list[Token]:
    """Return block tokens with ids cut out of the text and noted in `meta["block_id"]`.

    The id is noted at the opening token of its block, lower-cased: Obsidian matches it so.
    Paragraphs without text go.
    """
    texts = [token.content for token in tokens if token.type in ("inline", "html_block")]
    if all(texts) and not any("^" in text for text in texts):
        return tokens
    opened: list[Token] = []
    closed: Token | None = None
    emptied: set[int] = set()
    for index, token in enumerate(tokens):
        if token.nesting == 1:
            opened.append(token)
        elif token.nesting == -1 and opened:
            closed = opened.pop()
        if token.type == "html_block":
            token.content = CARD_ID.sub("", f"{token.content}\n").removesuffix("\n")
        if token.type != "inline" or "^" not in token.content:
            continue
        token.content = CARD_ID.sub("", token.content).lstrip("\n")
        match = BLOCK_ID.search(token.content)
        if match is None or tokens[index - 1].type not in ("paragraph_open", "heading_open"):
            continue
        owner = _owner(tokens, index, closed, alone=match.start() == 0)
        if owner is None:
            continue
        owner.meta["block_id"] = match["id"].lower()
        token.content = token.content[: match.start()].rstrip()
        is_paragraph = tokens[index - 1].type == "paragraph_open"
        if is_paragraph and not token.content and "task" not in token.meta:
            emptied |= {index - 1, index, index + 1}
    return [token for i, token in enumerate(tokens) if i not in emptied]


def _owner(
    tokens: Sequence[Token], inline: int, closed: Token | None, *, alone: bool
) -> Token | None:
    """Return the opening token of the block that an id in a text belongs to.

    `closed` is the block that was closed last before the text.
    """
    before = tokens[inline - 2] if inline > 1 else None
    is_item = before is not None and before.type == "list_item_open"
    if not alone:
        return before if is_item else tokens[inline - 1]
    if before is None or is_item:
        return None
    return before if before.nesting >= 0 else closed
