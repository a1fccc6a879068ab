"""Put blocks where an inline token stood.

An embed can stand alone in a paragraph, amid a sentence, in a heading, in a list item or in a table
cell. Where it stands in a paragraph or heading, that is split: what comes before, the blocks, what
comes after; bold or a link that reaches over the embed is closed before it and opened again behind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from markdown_it.token import Token


class Blocks(NamedTuple):
    """Block tokens that take the place of an inline token."""

    tokens: list[Token]


Piece = Token | Blocks

BREAKS = ("softbreak", "hardbreak")
# Parents that cannot hold blocks beside text.
TEXT_ONLY = ("paragraph_open", "heading_open")


def splice(tokens: Sequence[Token], bind: Callable[[Token], Sequence[Piece]]) -> list[Token]:
    """Return block tokens in which each inline token holds what `bind` makes of it."""
    result: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.type != "inline":
            result.append(token)
            continue
        pieces = bind(token)
        if pieces is token.children:
            result.append(token)
            continue
        inline = [piece for piece in pieces if isinstance(piece, Token)]
        if len(inline) == len(pieces):
            result.append(replace(token, children=inline))
            continue
        parts = _split(pieces)
        before: list[Token] = []
        after: list[Token] = []
        if result and result[-1].type in TEXT_ONLY:
            before, after = [result.pop()], [tokens[index]]
            index += 1
        for part in parts:
            if isinstance(part, Blocks):
                result += part.tokens
            else:
                result += [*before, replace(token, children=part), *after]
    return result


def _split(pieces: Sequence[Piece]) -> list[Blocks | list[Token]]:
    """Cut a run of pieces at its blocks; marks that are open there are closed and opened again."""
    parts: list[Blocks | list[Token]] = []
    text: list[Token] = []
    marks: list[Token] = []
    for piece in pieces:
        if isinstance(piece, Blocks):
            parts += [[*text, *map(_closing, reversed(marks))], piece]
            text = list(marks)
            continue
        text.append(piece)
        if piece.nesting == 1:
            marks.append(piece)
        elif piece.nesting == -1 and marks:
            marks.pop()
    parts.append(text)
    trimmed = [part if isinstance(part, Blocks) else _trim(part) for part in parts]
    return [part for part in trimmed if isinstance(part, Blocks) or part]


def _trim(text: list[Token]) -> list[Token]:
    """Drop line breaks at both ends; nothing is left of marks round nothing."""
    while text and text[0].type in BREAKS:
        text = text[1:]
    while text and text[-1].type in BREAKS:
        text = text[:-1]
    is_empty = all(
        token.nesting or token.type in BREAKS or (token.type == "text" and token.content.isspace())
        for token in text
    )
    return [] if is_empty else text


def _closing(opening: Token) -> Token:
    return Token(opening.type.replace("_open", "_close"), opening.tag, -1, markup=opening.markup)
