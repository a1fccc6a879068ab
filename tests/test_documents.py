"""A note parsed part by part is the same as one parsed as a whole: tokens, headings, blocks, places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from tests.cases import Case, params
from tests.helpers import CONFIG
from vaultdeck.cards import blank_blocks
from vaultdeck.embeds.documents import open_document, parse_document
from vaultdeck.embeds.sections import Document, Slice
from vaultdeck.markdown import Markdown, clean, find_headings
from vaultdeck.model import SourceFile

MARKDOWN = Markdown()
# fmt: off
LINES = [
    "", "", "", "", "text", "text", "more *text* here", "  text", "    code", "\ttab", "# one",
    "## two", "# one", "### three ^id", "# ^id", "#", "#tag", " # indented", "   ## indented",
    "    # code", "# a | b", "## two ##", "###### six", "####### seven", "- item", "- [ ] task",
    "* item", "1. item", "2. item", "5. item $$", "-", "  - inner", "    - inner", "- # in a list",
    "  # in a list?", "- $$", "- ```", "> quote", "> # in a quote", "> $$", "> ```", ">",
    "> [!note] title", "> - item", "```", "```", "```py", "~~~", "````", "  ```", "   ```",
    "    ```", "``` a`b", "$$", "$$", "$$", "$$x$$", "$$ x", "x $$", "  $$", "    $$", "a $$ b | c",
    "$x$", "%%", "%%", "%% x %%", "%% x", "x %%", "\\[", "\\]", "\\begin{align}", "\\end{align}",
    "`$$`", "[[a$$b]]", "\\$$", "===", "---", "---", "--", "-", " ---", "    ---", "***", "- - -",
    "| a | b |", "|---|---|", "a | b", "--- | ---", ":-", "<div>", "</div>", "<b>x</b> $$",
    "<!-- x", "-->", "<!-- x -->", "<pre>", "</pre>", "<?x", "<!X>", "[x]: /u", "[^1]: note", "[x]",
    "x[^1]", "text ^id", "^id", "^other", "- item ^other", "| a ^id |", "\x00# one", "# o\x01ne",
    "\ufeff# one", "# one\xa0", "#\xa0one", "\x0c", "\u2028", "![[a]]",
]
# fmt: on
TEXT = st.tuples(
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=4)), max_size=30),
    st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]),
    st.booleans(),
).map(lambda drawn: drawn[1].join(drawn[0]) + drawn[1] * drawn[2])
NAMES = [
    ["one"],
    ["two"],
    ["one", "two"],
    ["three"],
    ["inner"],
    ["in a list"],
    ["nothing"],
    ["six"],
]
IDS = ["id", "ID", "other", "nothing"]


def as_data(tokens: Iterable[Token]) -> list[Any]:
    return [token.as_dict() for token in tokens]


def offset(document: Document, number: int) -> int:
    """Return how many tokens stand before a part."""
    return sum(len(part.tokens) for part in document.parts[:number])


def span(document: Document, part: Slice | None) -> tuple[int, int] | None:
    """Return a slice as a range of all tokens."""
    if part is None:
        return None
    start, end = (offset(document, place.part) + place.token for place in part)
    return start, end


def assert_same(text: str) -> None:
    """Compare in both orders: what is asked for first must not matter."""
    source = SourceFile("note.md", text)
    for is_whole_first in (False, True):
        lazy = open_document(source, text, MARKDOWN)
        whole = parse_document(source, text, MARKDOWN)
        if is_whole_first:
            assert as_data(lazy.cut(lazy.whole())) == as_data(whole.cut(whole.whole()))
        for names in NAMES:
            assert_same_slice(lazy, whole, lazy.find_section(names), whole.find_section(names))
            assert lazy.is_ambiguous(names) == whole.is_ambiguous(names)
        for block_id in IDS:
            assert_same_slice(lazy, whole, lazy.find_block(block_id), whole.find_block(block_id))
        assert_same_slice(lazy, whole, lazy.whole(), whole.whole())
        assert lazy.block_ids() == whole.block_ids()
        assert lazy.is_too_deep == whole.is_too_deep
        for mine, theirs in zip(lazy.headings, whole.headings, strict=True):
            assert (mine.level, mine.key, mine.text) == (theirs.level, theirs.key, theirs.text)
            assert offset(lazy, mine.place.part) + mine.place.token == theirs.place.token


def assert_same_slice(
    lazy: Document, whole: Document, mine: Slice | None, theirs: Slice | None
) -> None:
    assert span(lazy, mine) == span(whole, theirs)
    if mine is None or theirs is None:
        return
    cut, expected = lazy.cut(mine), whole.cut(theirs)
    MARKDOWN.parse_inlines(cut, lazy.env)
    MARKDOWN.parse_inlines(expected, whole.env)
    assert as_data(cut) == as_data(expected)
    for token in cut:
        if token.type == "inline":
            assert lazy.locate(token, 0, 1) == whole.locate(token, 0, 1)
    # Slices are compared to find cycles.
    assert (mine == lazy.whole()) == (theirs == whole.whole())


@given(TEXT)
@settings(max_examples=1000, deadline=None)
def test_any_note_is_the_same_in_parts(text: str) -> None:
    assert_same(text)


GOLDEN = ("blocks.md", "embeds.md", "flashcards.md", "inline.md", "markdown.md")


@pytest.mark.parametrize("case", [param for name in GOLDEN for param in params(name)])
def test_golden_files_are_the_same_in_parts(case: Case) -> None:
    assert_same(case.input)
    assert_same(blank_blocks(SourceFile("note.md", case.input), CONFIG.markers))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# one\n\ntext\n\n## two ^id\n\n- a\n- b", id="lists and paragraphs"),
        pytest.param("text\n\n```py\n# no heading\n```\n\n# one", id="code"),
        pytest.param("1. a\n   ```py\n   # no heading\n   ```\n\n# one", id="code in a list"),
        pytest.param("text\n$$\nx\n\n# hidden\n$$\n# one", id="math over a heading"),
        pytest.param("%%\n# hidden\n\n- a\n%%\n\n# one", id="comment over a heading"),
        pytest.param("- a\n  $$\n  x\n  $$\n\n# one", id="math in a list"),
        pytest.param("> $$\n> x\n> $$\n\n# one", id="math in a quote"),
        pytest.param("<div>\ntext\n</div>\n\n# one", id="HTML"),
        pytest.param("# one\n---\ntext\n\n---\n\n## two", id="lines across the page"),
        pytest.param("<!-- a remark -->\n\n# one", id="HTML comment on a line"),
    ],
)
def test_note_is_parsed_in_parts(text: str) -> None:
    assert find_headings(clean(text)) is not None
    assert_same(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Title\n===\n\n# one", id="underlined heading"),
        pytest.param("```\nnever closed\n\n# one", id="open code"),
        pytest.param("$$\nnever closed\n\n# one", id="open math"),
        pytest.param("- a\n  # in the list\n", id="indented heading"),
        pytest.param("[x] and [^1]\n\n# one\n\n[x]: /u", id="link definition"),
        pytest.param("text[^1]\n\n# one\n\n[^1]: note", id="footnote"),
        pytest.param("<!-- a\n\n# hidden -->", id="HTML comment over lines"),
        pytest.param("> $$\n> $$\n>\n# one\n> $$", id="open math in a quote"),
        pytest.param("- a\n\n# ^id", id="block id in a heading"),
        pytest.param("# a | b\n--- | ---", id="table that looks like a heading"),
        pytest.param("> " * 100 + "deep", id="deep quotes"),
        pytest.param("- " * 60 + "deep", id="deep lists"),
    ],
)
def test_note_is_parsed_as_a_whole(text: str) -> None:
    assert find_headings(clean(text)) is None
    assert_same(text)
