"""Asking only the rules that can match changes no token: the same as markdown-it for any text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from tests.cases import Case, params
from vaultdeck.markdown.blocks import read_lines
from vaultdeck.markdown.cloze import cloze_plugin
from vaultdeck.markdown.dispatch import speed_up
from vaultdeck.markdown.parser import MAX_NESTING, PLUGINS
from vaultdeck.markdown.triggers import BLOCK, INLINE

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


def parser(*, is_fast: bool, kind: str, nesting: int = MAX_NESTING) -> MarkdownIt:
    """Return a parser: stock CommonMark, or ours without and with cloze deletions."""
    md = MarkdownIt("commonmark", {"maxNesting": nesting})
    md.enable(["table", "strikethrough"])
    for plugin in () if kind == "stock" else PLUGINS:
        md.use(plugin)
    if kind == "cloze":
        md.use(cloze_plugin)
    if is_fast:
        speed_up(md)
    return md


KINDS = ("stock", "ours", "cloze")
PAIRS = {
    (kind, nesting): tuple(
        parser(is_fast=fast, kind=kind, nesting=nesting) for fast in (False, True)
    )
    for kind in KINDS
    for nesting in (MAX_NESTING, 3)
}


def outcome(md: MarkdownIt, text: str) -> tuple[Any, ...]:
    env: dict[str, Any] = {}
    tokens = md.parse(text, env)
    html = md.renderer.render(tokens, md.options, env)
    # Set by the cloze rule as soon as it is asked, a brace or not.
    env.pop("cloze_braces", None)
    return html, [token.as_dict() for token in tokens], env


def assert_same(text: str) -> None:
    for stock, fast in PAIRS.values():
        assert outcome(fast, text) == outcome(stock, text)


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_any_text_has_the_same_tokens(text: str) -> None:
    assert_same(text)


@given(st.lists(st.sampled_from([" ", "\t", "x", "\n", "\n", "\r", "\xa0", "\x0b"])).map("".join))
@settings(max_examples=200, deadline=None)
def test_lines_are_read_as_markdown_it_does(text: str) -> None:
    md = MarkdownIt()
    ours, theirs = vars(read_lines(text, md, {}, [])), vars(StateBlock(text, md, {}, []))
    assert ours == theirs


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


def test_rule_that_nobody_knows_is_asked_everywhere() -> None:
    def shout(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith("@", state.pos):
            return False
        if not silent:
            state.push("shout", "b", 0)
        state.pos += 1
        return True

    def banner(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        start = state.bMarks[line] + state.tShift[line]
        if not state.src.startswith("banner", start):
            return False
        if not silent:
            state.push("banner", "hr", 0)
            state.line = line + 1
        return True

    text = "a @ - [b @ c](d) @\nbanner\n\nbanner\nlast @"
    results = []
    for is_fast in (False, True):
        md = parser(is_fast=is_fast, kind="ours")
        md.inline.ruler.push("shout", shout)
        md.block.ruler.before("list", "banner", banner, {"alt": ["paragraph"]})
        results.append(outcome(md, text))
    assert results[0] == results[1]
    assert results[1][0].count("<b />") == 4
    assert results[1][0].count("<hr />") == 2


def test_rules_can_be_disabled_later() -> None:
    text = "# a *b*\n\n- c\n"
    results = []
    for is_fast in (False, True):
        md = parser(is_fast=is_fast, kind="stock")
        md.render(text)
        md.disable(["heading", "emphasis", "list"])
        results.append(outcome(md, text))
    assert results[0] == results[1]


def test_our_rules_are_all_in_the_tables() -> None:
    md = parser(is_fast=True, kind="cloze")
    by_more = {"table", "code", "lheading", "paragraph", "multiline", "nesting"}
    assert set(md.block.ruler.get_active_rules()) <= {*BLOCK, *by_more}
    assert set(md.inline.ruler.get_active_rules()) <= {*INLINE, "text"}
