"""Block ids: what `![[note#^id]]` names; never shown.

A paragraph. ^first        the paragraph
- item ^second             the list item with what is nested in it

^third                     on its own: the block above, here the whole list

> quote ^fourth            at the end of a quote or callout: all of it

| table |                  directly below a table, where it reads as a row: the table
|-------|
^fifth
"""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from vaultdeck.regexps import regexp

BLOCK_ID = regexp(r"(?:^|[ \t\n])\^(?P<id>[A-Za-z0-9-]+)[ \t]*$")
# The ID of a card of flashcards-obsidian on a line of its own.
CARD_ID = regexp(r"(?:\A|\n)\^[0-9]{13}[ \t]*(?=\n)")

# What stands round the last row of a table.
LAST_ROW = ["tr_open", "tr_close", "tbody_close"]


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
        if match is None:
            continue
        row = _row_of(tokens, index) if match.start() == 0 else None
        holds_text = tokens[index - 1].type in ("paragraph_open", "heading_open")
        if row is not None:
            # The last four of the tags that are open: table, tbody, tr, td.
            owner: Token | None = _quote_around(tokens, row.stop, opened[:-2]) or opened[-4]
        elif holds_text:
            found = _owner(tokens, index, closed, alone=match.start() == 0)
            owner = _quote_around(tokens, index + 1, opened) or found
        else:
            continue
        if owner is None:
            continue
        owner.meta["block_id"] = match["id"].lower()
        token.content = token.content[: match.start()].rstrip()
        if row is not None:
            emptied.update(row)
        elif (
            not token.content
            and tokens[index - 1].type == "paragraph_open"
            and "task" not in token.meta
        ):
            emptied |= {index - 1, index, index + 1}
    return [token for i, token in enumerate(tokens) if i not in emptied]


def _row_of(tokens: Sequence[Token], index: int) -> range | None:
    """Return the place of a table's last row that holds nothing but the text at `index`."""
    if tokens[index - 1].type != "td_open":
        return None
    end = index + 1
    while tokens[end].type in ("td_open", "td_close") or (
        tokens[end].type == "inline" and not tokens[end].content
    ):
        end += 1
    if [tokens[index - 2].type, tokens[end].type, tokens[end + 1].type] != LAST_ROW:
        return None
    return range(index - 2, end + 1)


def _quote_around(tokens: Sequence[Token], index: int, opened: Sequence[Token]) -> Token | None:
    """Return the opening token of the outermost quote or callout that ends at `index`.

    Obsidian knows no part of a quote. `opened` are the tokens that are open there, the innermost last.
    """
    found = None
    depth = 0
    while index < len(tokens) and tokens[index].nesting == -1:
        depth += 1
        if tokens[index].type in ("blockquote_close", "callout_close"):
            found = opened[-depth]
        index += 1
    return found


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
