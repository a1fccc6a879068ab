"""markdown-it's parser states, making tokens in half the time.

A token is a dataclass of thirteen fields, most of them empty, and its own constructor takes more time
than most rules. It is made here field by field; a version of markdown-it whose tokens have other
fields than those known here gets its own constructor.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from vaultdeck.markdown.cjk import soften

FIELDS = tuple(
    "type tag nesting attrs map level children content markup info meta block hidden".split()
)
Nesting = Literal[-1, 0, 1]


def _make(kind: str, tag: str, nesting: Nesting, level: int, block: bool) -> Token:
    token = Token.__new__(Token)
    token.type, token.tag, token.nesting = kind, tag, nesting
    token.level, token.block = level, block
    token.attrs, token.meta = {}, {}
    token.map = token.children = None
    token.content = token.markup = token.info = ""
    token.hidden = False
    return token


def _construct(kind: str, tag: str, nesting: Nesting, level: int, block: bool) -> Token:
    return Token(kind, tag, nesting, level=level, block=block)


make_token = (
    _make if tuple(field.name for field in dataclasses.fields(Token)) == FIELDS else _construct
)


class BlockState(StateBlock):
    """The state of the block parser."""

    def push(self, ttype: str, tag: str, nesting: Nesting) -> Token:
        """Append a token and return it."""
        if nesting < 0:
            self.level -= 1
        token = make_token(ttype, tag, nesting, self.level, True)
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token


class InlineState(StateInline):
    """The state of the inline parser."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        """Tell whether a run of `*` or `~` can open or close; with the option `cjk` as `soften` says."""
        scanned = super().scanDelims(start, canSplitWord)
        if canSplitWord and self.md.options.get("cjk"):
            return soften(self.src, start, self.posMax, scanned)
        return scanned

    def pushPending(self) -> Token:  # noqa: N802
        """Append the text that has not become a token yet."""
        token = make_token("text", "", 0, self.pendingLevel, False)
        token.content = self.pending
        self.tokens.append(token)
        self.pending = ""
        return token

    def push(self, ttype: str, tag: str, nesting: Nesting) -> Token:
        """Append a token, the text before it first, and return it."""
        if nesting:
            return super().push(ttype, tag, nesting)
        if self.pending:
            self.pushPending()
        token = make_token(ttype, tag, nesting, self.level, False)
        self.pendingLevel = self.level
        self.tokens.append(token)
        self.tokens_meta.append(None)
        return token
