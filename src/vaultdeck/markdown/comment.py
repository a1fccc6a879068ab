"""Comments: `%% not shown %%`, amid a line, on a line of its own, or over several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

COMMENTS_ONLY = re.compile(r"(?:\s*%%(?:(?!%%).)*%%)+\s*", re.DOTALL)


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
    state.pos = close + 2
    return True
