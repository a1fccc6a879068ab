"""What is code or math in a text: one answer for cards, IDs, headings and deletions.

Obsidian decides each case; `markdown` shows the same texts in the same way.
"""

from __future__ import annotations

import re

import pytest

from vaultdeck.cards.fences import find_fences
from vaultdeck.cards.opaque import find_code, find_opaque
from vaultdeck.cards.spans import Spans
from vaultdeck.markdown import Markdown
from vaultdeck.model import Span

# Each text, and the parts of it that are code or math.
CASES = {
    "`a` b": ["`a`"],
    "``a ` b`` `": ["``a ` b``"],
    "\\`a` b `c`": ["` b `"],
    "a `b\nc` d": ["`b\nc`"],
    "a `b\n\nc` d": [],
    "# a `b\nc` d": [],
    "a `b\n- c` d": [],
    "a `b\n# c` d": [],
    "| a ` b |\n|---|\n| c ` d |": [],
    "$a$ b": ["$a$"],
    "$5 and $6": [],
    "$ a$ and $b $": [],
    "\\$a$ b": [],
    "$a `$` b$": ["$a `$` b$"],
    "$a `b` c": ["`b`"],
    "`$` a $b$": ["`$`", "$b$"],
    "[[a$b]] $c$": ["$c$"],
    "$a\nb$": ["$a\nb$"],
    "$$a$$": ["$$a$$"],
    "$$a $ b$$ c": ["$$a $ b$$"],
    "$$\na\n\n- b\n$$": ["$$\na\n\n- b\n$$"],
    "- a $$\n- b $$": [],
    "- $$\n  a\n\n  b\n  $$": ["$$\n  a\n\n  b\n  $$"],
    "> $$\n> a\n\n$$": [],
    "- $$\na\n$$\n- b": ["$$\na\n$$"],
    "- $$\na\n\nb\n$$": [],
    "- $$\na\n- b\n$$": [],
    "> $$\na\n> $$": ["$$\na\n> $$"],
    "$$a\n```\nb\n```\n$$": ["```\nb\n```"],
    "\\(a\\) b": ["\\(a\\)"],
    "\\[a\\]\nb": ["\\[a\\]"],
    "a \\[b\\]": [],
    "\\begin{align}a\\end{align}": ["\\begin{align}a\\end{align}"],
    "```\na\n```": ["```\na\n```"],
    "```\na\n````": ["```\na\n````"],
    "````\na\n```": [],
    "~~~\n```\n~~~": ["~~~\n```\n~~~"],
    "```\na": [],
    "```a`b": [],
    "   ```\na\n```": ["```\na\n```"],
    "> ```\n> a\n> ```": ["```\n> a\n> ```"],
    "> ```\na\n> ```": ["```", "```"],
    "> ```\n> a\n\n```b": ["```\n> a"],
    "> > ```\n> > a\n> `b`": ["```\n> > a", "`b`"],
    "> - ```\n>   a\n> - `b`": ["```\n>   a", "`b`"],
    "- ```\n  a\n  ~~~\n\n  b\n- `c`": ["```\n  a\n  ~~~\n\n  b", "`c`"],
    "- a\n  ```\n  b\n- `c`": ["```\n  b", "`c`"],
    "```\n> ```\n```": ["```\n> ```\n```"],
    "- ```\n  a\n  ```": ["```\n  a\n  ```"],
    "- ```\na\n  ```": ["```", "```"],
    "```\n- ```\n```": ["```\n- ```\n```"],
    "```\n    ```\n```": ["```\n    ```\n```"],
}
# What Markdown makes of code and math, to be compared: without fences' marks and quotes' prefixes.
PLAIN = re.compile(r"[\s>`~$\\()\[\]]+|begin|end|\{align\}")


@pytest.mark.parametrize("text", CASES, ids=repr)
def test_code_and_math_are_what_obsidian_takes_for_them(text: str) -> None:
    assert [text[s.start : s.end] for s, _ in find_opaque(text)] == CASES[text]


# A fence that is never closed is the one exception: there Markdown sees code up to the end.
CLOSED = [text for text in CASES if CASES[text] or not re.search("```|~~~", text)]


@pytest.mark.parametrize("text", CLOSED, ids=repr)
def test_markdown_shows_the_same_as_code_and_math(text: str) -> None:
    tokens = Markdown().parse(text)[0]
    everything = [inner for token in tokens for inner in (token, *(token.children or ()))]
    shown = [t.content for t in everything if t.type == "fence" or t.tag in ("math", "code")]
    assert [PLAIN.sub("", part) for part in shown if PLAIN.sub("", part)] == [
        found for part in CASES[text] if (found := PLAIN.sub("", part))
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("the ` key::a\nthe ` mark::b", []),
        ("a $b\nc$ d", ["$b\nc$"]),
        ("a $b\n- c$ d", []),
        ("$$a\nb$$", ["$$a\nb$$"]),
        ("$$a\n\nb$$", ["$$a\n\nb$$"]),
        ("> $$\n> a\n>\n> b\n> $$", ["$$\n> a\n>\n> b\n> $$"]),
        ("$$a\n\nb$$\n\n$$", []),
        ("text $$a\n\nb$$", []),
        ("$$a\n\nb$$ text", []),
        ("```\na\n\nb\n```", ["```\na\n\nb\n```"]),
    ],
)
def test_stray_mark_of_one_line_hides_nothing_in_the_next(text: str, parts: list[str]) -> None:
    assert [text[s.start : s.end] for s, _ in find_opaque(text, by_line=True)] == parts


def test_code_is_found_without_math() -> None:
    assert find_code("$a$ `b`\n```\nc\n```") == [Span(4, 7), Span(8, 17)]


def test_line_of_a_list_closes_the_fence_of_its_item() -> None:
    text = "- ```\n  a\n  ```\n\nSTART\nBasic\nq\nBack: a\nEND\n\n- ```\n  b\n  ```"
    assert [text[s.start : s.end] for s in find_fences(text)] == [
        "```\n  a\n  ```",
        "```\n  b\n  ```",
    ]


def test_spans_that_overlap_are_looked_up_as_one() -> None:
    spans = Spans([Span(5, 8), Span(2, 6), Span(10, 12)])
    assert [at for at in range(14) if spans.meet(at, at)] == [2, 3, 4, 5, 6, 7, 10, 11]
    assert spans.hold(2, 8)
    assert not spans.hold(7, 11)
    assert spans.cover("0123456\n89ABCD") == "01\0\0\0\0\0\n89\0\0CD"
