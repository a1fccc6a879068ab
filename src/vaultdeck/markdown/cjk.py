"""Emphasis in texts that put no spaces between words: `注意は**「出血」**である`.

CommonMark lets `**` neither open before punctuation nor close behind it unless a space or other
punctuation stands on the other side, which Chinese, Japanese and Korean do without: it would stay as it
is written. Beside one of their characters punctuation counts as a letter here; Obsidian's editor and the
Obsidian_to_Anki plugin show such text bold.
"""

from __future__ import annotations

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_inline import StateInline, emphasis, strikethrough


def cjk_plugin(md: MarkdownIt) -> None:
    """Let runs of `*` and `~` open and close beside Chinese, Japanese and Korean punctuation."""
    md.inline.ruler.at("emphasis", _beside_cjk(emphasis.tokenize))
    md.inline.ruler.at("strikethrough", _beside_cjk(strikethrough.tokenize))


def _beside_cjk(tokenize: RuleFuncInlineType) -> RuleFuncInlineType:
    """Return a rule that corrects what CommonMark says of the runs which `tokenize` finds."""

    def rule(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.delimiters)
        if not tokenize(state, silent):
            return False
        if state.src[start] != "_" and len(state.delimiters) > known:
            before = state.src[start - 1] if start else " "
            after = state.src[state.pos] if state.pos < state.posMax else " "
            if _is_wide(before) or _is_wide(after):
                for delimiter in state.delimiters[known:]:
                    delimiter.open = delimiter.open or _may_begin(before, after)
                    delimiter.close = delimiter.close or _may_begin(after, before)
        return True

    return rule


def _may_begin(outside: str, inside: str) -> bool:
    """Tell whether marked text may have these characters on the two sides of its mark."""
    return not isWhiteSpace(ord(inside)) and (not _is_sign(inside) or _parts(outside))


def _is_wide(char: str) -> bool:
    """Tell whether a character is one of Chinese, Japanese or Korean, their punctuation included."""
    return char > "\u10ff" and unicodedata.east_asian_width(char) in "WFH"


def _is_sign(char: str) -> bool:
    """Tell whether a character is punctuation of other scripts."""
    return not _is_wide(char) and (isMdAsciiPunct(ord(char)) or isPunctChar(char))


def _parts(char: str) -> bool:
    """Tell whether a character may stand beside a mark that has punctuation on its other side."""
    return isWhiteSpace(ord(char)) or _is_wide(char) or _is_sign(char)
