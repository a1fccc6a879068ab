"""The parser: CommonMark, tables, strikethrough, and Obsidian's own rules."""

from __future__ import annotations

import functools
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_core import StateCore, block, text_join
from markdown_it.token import Token

from vaultdeck.markdown.bare_url import bare_url_plugin
from vaultdeck.markdown.block_id import mark_block_ids
from vaultdeck.markdown.callout import mark_callouts
from vaultdeck.markdown.cjk import cjk_plugin
from vaultdeck.markdown.cloze import cloze_plugin
from vaultdeck.markdown.comment import comment_plugin, drop_comment_paragraphs
from vaultdeck.markdown.first_character import PLAIN_LINE, PLAIN_TEXT, ask_by_first_character
from vaultdeck.markdown.footnote import footnote_plugin, take_footnotes
from vaultdeck.markdown.highlight import highlight_plugin
from vaultdeck.markdown.math import math_plugin
from vaultdeck.markdown.multiline import multiline_plugin
from vaultdeck.markdown.nesting import nesting_plugin
from vaultdeck.markdown.place import DROPPED
from vaultdeck.markdown.quote import quote_plugin
from vaultdeck.markdown.sound import sound_plugin
from vaultdeck.markdown.tag import tag_plugin
from vaultdeck.markdown.task import mark_tasks
from vaultdeck.markdown.wikilink import wikilink_plugin
from vaultdeck.model import NEWLINE
from vaultdeck.regexps import regexp

PLUGINS = (
    multiline_plugin,
    nesting_plugin,
    quote_plugin,
    cjk_plugin,
    math_plugin,
    comment_plugin,
    wikilink_plugin,
    footnote_plugin,
    highlight_plugin,
    tag_plugin,
    bare_url_plugin,
    sound_plugin,
)
LONE_MARK = regexp(r"\s*(?:[0-9]{1,9}[.)]|[-+*>]|#{1,6})\s*")
# How deep lists and quotes may nest; what is deeper is not parsed.
MAX_NESTING = 100
# A link definition, `[name]: address "title"`, has no more lines: each line copies all before it.
MAX_REFERENCE = 100
# A paragraph with more brackets is shown as it is written.
MAX_BRACKETS = 4_000
# Of longer texts the tokens are not kept for the next one.
MAX_SHARED = 400


class _Parser(MarkdownIt):
    """markdown-it, for which the address of a file on disk makes no link but is text."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Tell whether an address makes a link or picture; which of them work is decided later."""
        return super().validateLink(url) or url.lower().startswith("file:")


class Markdown:
    """A parser for note text; with `is_cloze`, `{{c1::…}}` is a cloze deletion and not text."""

    def __init__(self, *, is_cloze: bool = False) -> None:
        self._md = _Parser("commonmark", {"maxNesting": MAX_NESTING, "xhtmlOut": False})
        self._md.enable(["table", "strikethrough"])
        self._md.block.ruler.at("reference", _short_reference)
        for plugin in PLUGINS:
            self._md.use(plugin)
        if is_cloze:
            self._md.use(cloze_plugin)
        ask_by_first_character(self._md)
        self._is_cloze = is_cloze
        # Pasted text stands in several places; its tokens are never changed.
        self._shared_inline = functools.lru_cache(maxsize=1024)(
            lambda content: self._parse_inline(content, {})
        )

    def parse_blocks(self, text: str) -> tuple[list[Token], MutableMapping[str, Any]]:
        """Return the block tokens of a text and the environment that `parse_inlines` needs.

        Its `footnotes` are the block tokens of the definitions by name.
        """
        text = clean(text)
        state = StateCore(text, self._md, {})
        block(state)
        tokens = state.tokens
        footnotes: dict[str, list[Token]] = {}
        # Most texts hold nothing of most of these.
        if "%%" in text:
            tokens = drop_comment_paragraphs(tokens)
        if "[" in text:
            mark_tasks(tokens)
        tokens = mark_block_ids(tokens)
        if "[!" in text:
            tokens = mark_callouts(tokens)
        if "[^" in text:
            tokens, footnotes = take_footnotes(tokens)
        state.env["footnotes"] = footnotes
        return tokens, state.env

    def parse_inlines(self, tokens: Sequence[Token], env: MutableMapping[str, Any]) -> None:
        """Parse the text of the inline tokens among `tokens` that are not parsed yet."""
        for token in tokens:
            if token.type != "inline" or "parsed" in token.meta:
                continue
            token.meta["parsed"] = True
            content = token.content
            if PLAIN_TEXT.fullmatch(content) or is_too_bracketed(token):
                token.children = [Token("text", "", 0, content=content)]
            elif len(content) > MAX_SHARED or self._depends(content, env):
                token.children = self._parse_inline(content, env)
            else:
                token.children = self._shared_inline(content)
            if "task" in token.meta:
                task = Token("task", "", 0, content=token.meta["task"])
                token.children = [task, *token.children]

    def _depends(self, content: str, env: Mapping[str, Any]) -> bool:
        """Tell whether more than a text itself may decide what its tokens are."""
        return ("[" in content and "references" in env) or (
            self._is_cloze and ("{" in content or "}" in content)
        )

    def _parse_inline(self, content: str, env: MutableMapping[str, Any]) -> list[Token]:
        tokens = self._md.inline.parse(content, self._md, env, [])
        if "\\" not in content and "&" not in content:
            return tokens
        # Only these leave tokens behind that are to be joined.
        inline = Token("inline", "", 0, children=tokens)
        state = StateCore("", self._md, env, [inline])
        text_join(state)
        return inline.children or []

    def parse(self, text: str) -> tuple[list[Token], dict[str, list[Token]]]:
        """Return the tokens of a text, inlines included, and those of its footnotes by name."""
        tokens, env = self.parse_blocks(text)
        self.parse_inlines(tokens, env)
        for footnote in env["footnotes"].values():
            self.parse_inlines(footnote, env)
        return tokens, env["footnotes"]


def plain_line(text: str) -> str | None:
    """Return what is shown of a text that needs no parser: one line without marks; None of others.

    A mark of a list, quote or heading with nothing behind it is what it is: the answer `5.`.
    """
    if text and not PLAIN_LINE.fullmatch(text) and not LONE_MARK.fullmatch(text):
        return None
    return clean(text).strip()


def _short_reference(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Read a link definition, of which `MAX_REFERENCE` lines are looked at."""
    last = state.lineMax
    state.lineMax = min(last, line + MAX_REFERENCE)
    is_found = reference(state, line, end, silent)
    state.lineMax = last
    return is_found


@functools.cache
def shared_markdown(*, is_cloze: bool = False) -> Markdown:
    """Return the parser of all who parse; building one takes longer than parsing a short card."""
    return Markdown(is_cloze=is_cloze)


def clean(text: str) -> str:
    """Return the text that is parsed: newlines are `\\n`, and there are no control characters."""
    text = DROPPED.sub("", text)
    return NEWLINE.sub("\n", text) if "\r" in text else text


def find_too_deep(tokens: Sequence[Token]) -> Token | None:
    """Return the first token of lists, quotes or brackets whose inner parts are not parsed, if any."""
    for token in tokens:
        is_inline = token.type == "inline"
        if token.level >= MAX_NESTING - 1 or (is_inline and is_too_bracketed(token)):
            return token
    return None


def is_too_bracketed(inline: Token) -> bool:
    """Tell whether a text has so many brackets that seeking each one's partner would take forever."""
    content = inline.content
    return len(content) > MAX_BRACKETS and content.count("[") + content.count("<") > MAX_BRACKETS
