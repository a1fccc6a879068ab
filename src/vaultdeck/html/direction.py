"""Text from right to left: which blocks of a field say so.

    <p dir="auto">   a paragraph, heading or cell begins where its own first letter does; `rtl` where a
                     browser would take a formula's letter for that
    <ul dir="rtl">   a list, quote, table or callout, where the first letter in it does; `ltr` likewise,
                     as far as what is around it runs the other way

Anki's reviewer looks at the first letter of the question only, and a card's own division at that of its
field: a mark in front of a formula keeps its letters from being these. A field without such letters stays
as it is.
"""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from vaultdeck.regexps import regexp

# Hebrew, Arabic and the other scripts that run from right to left.
RIGHT_TO_LEFT = regexp(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# A letter that is not seen.
RIGHT_MARK = "\u200f"
TEXT_BLOCKS = frozenset({"paragraph_open", "heading_open", "th_open", "td_open"})
FRAMES = frozenset(
    {"bullet_list_open", "ordered_list_open", "blockquote_open", "table_open", "callout_open"}
)


def mark_directions(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return block tokens that say in which direction their text runs; those given never change."""
    if not RIGHT_TO_LEFT.search("".join([token.content for token in _texts(tokens)])):
        return tokens
    marked = list(tokens)
    is_right = False
    frames: dict[int, bool] = {}
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        for text in reversed(list(_texts([token]))):
            is_right = _runs_right_to_left(text.content, otherwise=is_right)
        if token.type in TEXT_BLOCKS:
            marked[index] = _with_direction(
                token, "rtl" if is_misread(tokens[index + 1]) else "auto"
            )
        elif token.type in FRAMES:
            frames[index] = is_right
    # A frame that says nothing runs as what is around it: the field, by its first letter, or a frame.
    if is_right or any(frames.values()):
        for index, runs_right in frames.items():
            marked[index] = _with_direction(tokens[index], "rtl" if runs_right else "ltr")
    return marked


def _with_direction(token: Token, direction: str) -> Token:
    marked = copy.copy(token)
    marked.attrs = {**token.attrs, "dir": direction}
    return marked


def is_misread(inline: Token) -> bool:
    """Tell whether a formula, whose letters a browser goes by, stands before text from right to left."""
    for child in inline.children or ():
        if child.type.startswith("math_"):
            own = "".join(text.content for text in _texts([inline]))
            return _runs_right_to_left(own, otherwise=False)
        if child.type != "image" and any(map(_is_letter, child.content)):
            return False
    return False


def _texts(tokens: Iterable[Token]) -> Iterable[Token]:
    return [
        child
        for token in tokens
        if token.children
        for child in token.children
        if child.type == "text"
    ]


def _runs_right_to_left(text: str, *, otherwise: bool) -> bool:
    """Tell by the first letter which way a text runs; one without letters runs as `otherwise` says."""
    first = next(filter(_is_letter, text), None)
    return unicodedata.bidirectional(first) != "L" if first else otherwise


def _is_letter(character: str) -> bool:
    """Tell whether a character has a direction of its own."""
    return unicodedata.bidirectional(character) in ("L", "R", "AL")
