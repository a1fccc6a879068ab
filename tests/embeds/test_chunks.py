"""A note that is cut at its headings has the tokens of the whole note."""

from __future__ import annotations

import random

import pytest
from markdown_it.token import Token

from vaultdeck.embeds.chunks import cut_note
from vaultdeck.markdown import shared_markdown

LINES = (
    *("# A", "## B ##", "### C #", "#", "##", "# ", " # D", "    # E", "#tag", "# ^id", "## F ^id"),
    *("text", "text", "- item", "  - nested", "1. one", "> quote", ">> deep", "> # in quote"),
    *(
        "> $$",
        "- $$",
        "- # in item",
        "```",
        "~~~",
        "````python",
        "  ```",
        "- ```",
        "> ```",
        "``` x ` y",
    ),
    *("$$", "$$", "$$ x", "x $$", "$$ x $$", "  $$", "$$ $$", "`$$`", "\\$$", "\\[", "x \\]"),
    *("\\begin{align}", "\\end{align}", "%%", "%% c %%", "%% c", "<div>", "</div>", "<!--", "-->"),
    *("<pre>", "</pre>", "===", "---", "  ---", "| a | b |", "|---|---|", "| c |", "^id", "x ^id"),
    *(
        "",
        "",
        "",
        "    code",
        "\tcode",
        "[[a]]: x",
        "[^1] x",
        "[ ] x",
        "- [ ] task",
        "***",
        "a\\",
        "`a",
    ),
)
DEFINITIONS = ("[a]: b", "[^1]: note", "  more", "> [^2]: x")


def _plain(tokens: list[Token]) -> list[tuple[object, ...]]:
    return [
        (
            t.type,
            t.level,
            t.content,
            t.markup,
            t.info,
            t.hidden,
            t.attrs,
            t.meta,
            t.map and t.map[0],
        )
        for t in tokens
    ]


def _cut(text: str) -> tuple[list[tuple[object, ...]], list[tuple[int, int, str]], int]:
    chunks = cut_note(text, shared_markdown())
    headings = [heading[1:] for chunk in chunks for heading in chunk.headings]
    tokens = [token for chunk in chunks for token in chunk.tokens]
    return _plain(tokens), headings, len(chunks)


@pytest.mark.parametrize("seed", range(40))
def test_chunks_hold_the_tokens_and_headings_of_the_whole_note(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        lines = LINES + DEFINITIONS if chance.random() < 0.1 else LINES
        chosen = chance.sample(lines, chance.randint(3, 12))
        text = "\n".join(chance.choices(chosen, k=chance.randint(1, 25)))
        tokens, _ = shared_markdown().parse_blocks(text)
        wanted = [
            (token.map[0] if token.map else 0, int(token.tag[1:]), tokens[index + 1].content)
            for index, token in enumerate(tokens)
            if token.type == "heading_open" and token.level == 0
        ]
        found, headings, _ = _cut(text)
        assert found == _plain(tokens), text
        assert headings == wanted, text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a\n# A\nb\n## B\nc", 3),
        ("# A\n- item\n# B\n> quote\n# C\n| a |\n|---|\n# D", 4),
        ("# A\n```\n# code\n```\n# B", 2),
        ("# A\n\n$$\na\n$$\n# B", 2),
        ("# A\n<b>x</b>\n\n# B\n%% c %%\n# C", 3),
        ("# A\n```\n# code\n# code", 1),
        ("# A\n[a]: b\n# B", 1),
        ("# A\n" + "> " * 60 + "x\n# B", 1),
    ],
)
def test_a_note_is_cut_at_its_headings(text: str, count: int) -> None:
    assert _cut(text)[2] == count
