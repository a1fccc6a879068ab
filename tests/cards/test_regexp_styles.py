"""The styles find what the documentation's patterns find, also where these need time without end."""

from __future__ import annotations

from dataclasses import replace

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tests.support.helpers import CONFIG
from tests.support.plain_styles import PLAIN_STYLES
from vaultdeck.cards import parse_file
from vaultdeck.cards.syntaxes.regexp_javascript import translate
from vaultdeck.cards.syntaxes.regexp_search import PASSES, compile_pattern
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.model import SourceFile

# The pieces that a style's text is made of.
MARKS = {
    "header-paragraph": ["#", "##", "# "],
    "header3-paragraph": ["#", "###", "### "],
    "question-answer": ["Q: ", "\nA: ", "A:"],
    "remnote": ["::", ":", "a::b"],
    "ruled": ["---", "\n----\n", "-"],
    "neuracache": [" #flashcard", " #flashcard \n", "#flashcard"],
    "table": ["|", "|-|\n", "|a|\n"],
    "cloze-paragraph": ["{", "}", "{a}\n"],
    "highlight-cloze": ["==", "=", "==a==\n"],
}
ENDS = ["Tags: x", "\nTags: y", "ID: 7", "\nID: 3", "<!--ID: 5-->", "\n<!--"]


@pytest.mark.parametrize("style", STYLES)
@given(data=st.data())
def test_style_finds_what_the_plain_pattern_finds_in_every_pass(
    style: str, data: st.DataObject
) -> None:
    marks = MARKS[style] * 2
    pieces = st.sampled_from([*marks, *ENDS, "a", " ", "\n", "\n\n", "\r\n"])
    # A question that is empty makes no card.
    text = "".join(data.draw(st.lists(pieces, max_size=30))).replace("Q: A: ", "Q: ")
    for behind in PASSES:
        plain = regex.compile(f"(?:{translate(PLAIN_STYLES[style], only_newlines=False)}){behind}")
        ours = compile_pattern(STYLES[style][1], behind).find_all(text, 0, len(text), 5)
        assert [match.regs for match in ours] == [match.regs for match in plain.finditer(text)]


@pytest.mark.parametrize(
    ("style", "piece"),
    [
        ("question-answer", "Q: a\n"),
        ("question-answer", "Q: a\nA: b\n"),
        ("ruled", "a\n---\n"),
        ("neuracache", "a #flashcard\n"),
        ("cloze-paragraph", "{a}\n"),
        ("highlight-cloze", "==a==\n"),
        ("remnote", "a::b"),
        ("header-paragraph", "#"),
        ("header-paragraph", "# a\nb Tags: "),
        ("remnote", "a::b Tags: "),
    ],
)
def test_long_paragraph_of_what_may_begin_a_card_is_read(style: str, piece: str) -> None:
    head, repeated = (piece[:-6], piece[-6:]) if piece.endswith("Tags: ") else ("", piece)
    text = head + repeated * (200_000 // len(repeated)) + "\n\nTags: x\nID: 5\n"
    kind, pattern = STYLES[style]
    config = replace(CONFIG, regexps={kind: pattern}, curly_clozes=True, highlight_clozes=True)
    _, problems = parse_file(SourceFile("a.md", text), config)
    assert [problem.code for problem in problems if problem.code == "slow-regexp"] == []
