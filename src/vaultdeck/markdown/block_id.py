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


def mark_block_ids(tokens: list[Token]) -> list[Token]:
    """Return block tokens with ids cut out of the text and noted in `meta["block_id"]`.

    The id is noted at the opening token of its block, lower-cased: Obsidian matches it so.
    Paragraphs without text go.
    """
    texts = [token.content for token in tokens if token.type == "inline"]
    if all(texts) and not any("^" in text for text in texts):
        return tokens
    kept: list[Token] = []
    for token in tokens:
        kept.append(token)
        if token.type != "inline" or "^" not in token.content:
            continue
        match = BLOCK_ID.search(token.content)
        if match is None or kept[-2].type not in ("paragraph_open", "heading_open"):
            continue
        owner = _owner(kept, alone=match.start() == 0)
        if owner is not None:
            owner.meta["block_id"] = match["id"].lower()
            token.content = token.content[: match.start()].rstrip()
    return [token for i, token in enumerate(kept) if not _is_emptied(kept, i)]


def _owner(tokens: Sequence[Token], *, alone: bool) -> Token | None:
    """Return the opening token of the block that an id in the last token belongs to."""
    opening = len(tokens) - 2
    before = tokens[opening - 1] if opening else None
    if not alone:
        is_item = before is not None and before.type == "list_item_open"
        return before if is_item else tokens[opening]
    if before is None:
        return None
    if before.nesting >= 0:
        return before if before.type != "list_item_open" else None
    level = before.level
    for token in reversed(tokens[:opening]):
        if token.level == level and token.nesting == 1:
            return token
    return None


def _is_emptied(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a token belongs to a paragraph of which only a block id was the text."""
    for inline in (index - 1, index, index + 1):
        if 0 < inline < len(tokens) - 1 and tokens[inline].type == "inline":
            opening = tokens[inline - 1]
            if opening.type == "paragraph_open" and not (
                tokens[inline].content or "task" in tokens[inline].meta
            ):
                return True
    return False
