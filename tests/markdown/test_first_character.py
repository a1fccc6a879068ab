"""Asking only the rules that can match changes no token: the same as markdown-it for any text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.support.cases import Case, params
from vaultdeck.html import render_field
from vaultdeck.html.inert import escape_text
from vaultdeck.markdown import Markdown, plain_line
from vaultdeck.markdown.cloze import cloze_plugin
from vaultdeck.markdown.first_character import PLAIN_LINE, ask_by_first_character
from vaultdeck.markdown.parser import PLUGINS

GOLDEN = [
    *("blocks.md", "cloze.md", "embeds.md", "flashcards.md"),
    *("inline.md", "markdown.md", "spaced_repetition.md"),
]
# fmt: off
FRAGMENTS = [
    "word", "two words", "a", " ", "  ", "\t", "    ", "\n", "\n", "\n", "\n\n", "\n\n", "\n   ", "\n\t",
    "- ", "* ", "+ ", "1. ", "2) ", "10. ", "-", "1.", "> ", ">", ">\t", "# ", "####### ", "#", " ##",
    "===", "---", "- - -", "***", "___", "| a | b |\n|---|:-:|\n| c | d |", "|", "a|b\n-|-", ":-", "\\|",
    "```", "````py", "~~~", "`", "``", "<div>", "</div>", "<!--", "-->", "<b>", "<a href='x'>", "<https://a.b>",
    "[", "]", "(", ")", "[x](y)", "[x](<y> 't')", "![x](y.png)", "[x]: /u 't'\n", "[x]", "[x][]", "!", "![",
    "[[a]]", "![[a#b|c]]", "[[", "]]", "*", "**", "***", "_", "__", "~", "~~", "~~~~~", "=", "==", "===",
    "$", "$$", "$x$", "$$\nx\n$$", "\\(", "\\)", "\\[", "\\]", "\\", "\\*", "\\\n", "%%", "%% x %%",
    "&amp;", "&#35;", "&", "{{c1::", "{{c2::", "::", "}}", "{", "}", "[^1]", "[^1]: x", "^[x]", "^", "^id",
    "#tag", "http://a.b/c", "https://x_y_z.", ":", "://", "@", "'", "\"", ".", "\r\n", "\r", "\x00",
    "\xa0", "\u200b", "\u2028", "\xe9", "\U0001f600", "\u3000",
]
# fmt: on
TEXT = st.lists(
    st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), min_size=1, max_size=40
).map("".join)


def parser(*, is_fast: bool, is_ours: bool, nesting: int) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": nesting})
    md.enable(["table", "strikethrough"])
    for plugin in (*PLUGINS, cloze_plugin) if is_ours else ():
        md.use(plugin)
    if is_fast:
        ask_by_first_character(md)
    return md


PAIRS = [
    [parser(is_fast=is_fast, is_ours=is_ours, nesting=nesting) for is_fast in (False, True)]
    for is_ours in (False, True)
    for nesting in (100, 3)
]


def outcome(md: MarkdownIt, text: str) -> tuple[Any, ...]:
    env: dict[str, Any] = {}
    tokens = [token.as_dict() for token in md.parse(text, env)]
    # Set by the cloze rule as soon as it is asked, a brace or not.
    env.pop("cloze_braces", None)
    return tokens, env


def assert_same(text: str) -> None:
    for slow, fast in PAIRS:
        assert outcome(fast, text) == outcome(slow, text)


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_any_text_has_the_same_tokens(text: str) -> None:
    assert_same(text)


@pytest.mark.parametrize("case", [param for name in GOLDEN for param in params(name)])
def test_golden_files_have_the_same_tokens(case: Case) -> None:
    assert_same(case.input)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\n" * 30 + "===", id="underline far below"),
        pytest.param("- a\n  ---\n\n  b\n- c", id="underline in a list"),
        pytest.param("> a\nb\n---\nc", id="no underline behind a lazy line"),
        pytest.param("a | b\n--- | ---\nc | d\n\n> e | f\n> --- | ---", id="tables"),
        pytest.param("word | b\n--- | ---", id="table that begins with a letter"),
        pytest.param("[a\nb]: /u\n'title\nmore'\n\n[a b]", id="reference over several lines"),
        pytest.param("[a - b] [c: d](e - f) ![g = h](i)", id="marks that nothing begins with in links"),
        pytest.param("> " * 20 + "deep", id="deep quotes"),
        pytest.param("*" * 50 + "a" + "*" * 50, id="many marks"),
        pytest.param("[" * 30 + "a" + "](b)" * 30, id="many brackets"),
        pytest.param("{" * 5 + "{{c1::a - {b} }}" + "}" * 5, id="braces"),
        pytest.param("", id="nothing"),
        pytest.param(" \t", id="white space"),
    ],
)  # fmt: skip
def test_text_has_the_same_tokens(text: str) -> None:
    assert_same(text)


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_plain_text_has_the_tokens_of_parsed_text(text: str) -> None:
    fast, _ = Markdown(is_cloze=True).parse(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vaultdeck.markdown.parser.PLAIN_TEXT", re.compile(r"(?!)"))
        slow, _ = Markdown(is_cloze=True).parse(text)
    assert [token.as_dict() for token in fast] == [token.as_dict() for token in slow]


@given(st.from_regex(PLAIN_LINE.pattern, fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_plain_line_is_a_paragraph_of_nothing_but_text(text: str) -> None:
    tokens, footnotes = Markdown(is_cloze=True).parse(text)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert [(t.type, t.content) for t in tokens[1].children or ()] == [("text", plain_line(text))]
    assert footnotes == {}
    assert (
        render_field(tokens)
        == render_field(tokens, is_cloze=True)
        == escape_text(plain_line(text) or "")
    )
