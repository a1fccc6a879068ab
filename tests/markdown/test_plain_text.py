"""Text without marks is not parsed, and is what it would be if it were."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultdeck.html import render_field
from vaultdeck.html.inert import escape_text
from vaultdeck.markdown import Markdown, plain_line
from vaultdeck.markdown.first_character import PLAIN_LINE

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
