"""Comments: `%% not shown %%`, amid a line, on a line of its own, or over several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from vaultdeck.regexps import regexp

COMMENTS_ONLY = regexp(r"(?:\s*%%(?:(?!%%).)*%%)+\s*", re.DOTALL)


def comment_plugin(md: MarkdownIt) -> None:
    """Leave out what stands between two `%%`."""
    md.inline.ruler.before("escape", "comment", _comment)


def drop_comment_paragraphs(tokens: Sequence[Token]) -> list[Token]:
    """Return block tokens without the paragraphs that hold nothing but comments."""
    kept: list[Token] = []
    for token in tokens:
        kept.append(token)
        if token.type == "paragraph_close" and COMMENTS_ONLY.fullmatch(kept[-2].content):
            del kept[-3:]
    return kept


def _comment(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("%%", state.pos):
        return False
    close = state.src.find("%%", state.pos + 2, state.posMax)
    if close < 0:
        return False
    end = close + 2
    if state.pos == 0 or state.src[state.pos - 1] == "\n":
        # A comment that fills its line takes the line with it.
        if end < state.posMax and state.src[end] == "\n":
            end += 1
        elif end == state.posMax and not silent and _ends_with_break(state):
            del state.tokens[-1], state.tokens_meta[-1]
    state.pos = end
    return True


def _ends_with_break(state: StateInline) -> bool:
    return bool(state.tokens) and state.tokens[-1].type == "softbreak" and not state.pending
