"""A section that was embedded before comes out as if it had not been."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.helpers import build as build_vault
from tests.support.helpers import fields, write_vault
from vaultdeck.build.session import open_vault
from vaultdeck.compile.note_file import Compiler
from vaultdeck.html.code import color

NOTES = 7
# What a section may hold besides embeds; much of it depends on where the section stands.
TEXTS = (
    "plain *words*",
    "$x^2$ and [[note 1]]",
    "a claim[^1] and once more[^1]",
    "an aside^[in place]",
    "[^1]: the footnote",
    "$\\newcommand{\\half}{\\frac12}$",
    "$\\half$ of it",
    "$\\nosuchcommand$",
    "{{c1::hidden}} and {{ 2",
    "<b>bold, never closed",
    "</b>",
    "<div>\n\n*in it*\n\n</div>",
    "[[no such note]]",
    "```python\nx = '{{c1::x}}'\n```",
    "> [!note] Title\n> ![[note 2#s]]",
    "- item ![[note 3#s]] and text",
    "|a|b|\n|-|-|\n|![[note 4#s]]|x|",
    "![](missing.png)",
)
LINES = st.one_of(
    st.sampled_from(TEXTS),
    st.integers(0, NOTES).map(lambda number: f"![[note {number}#s]]"),
    st.integers(0, NOTES - 1).map(lambda number: f"![[note {number}]]"),
)
SECTIONS = st.lists(LINES, min_size=1, max_size=5).map("\n\n".join)
CARDS = st.tuples(st.sampled_from(["Basic\nQ\nBack: ", "Cloze\n{{c1::x}} "]), SECTIONS)


@settings(max_examples=150, deadline=None)
@given(st.lists(SECTIONS, min_size=NOTES, max_size=NOTES), st.lists(CARDS, min_size=2, max_size=5))
def test_what_was_embedded_before_changes_nothing(
    sections: list[str], cards: list[tuple[str, str]]
) -> None:
    files = {
        f"note {number}.md": f"above\n\n# s\n\n{text}\n" for number, text in enumerate(sections)
    }
    for number, (head, text) in enumerate(cards):
        files[f"card {number}.md"] = f"START\n{head}{text}\n<!--ID: {number + 1}-->\nEND\n"
    with tempfile.TemporaryDirectory() as folder:
        session = open_vault(write_vault(Path(folder), files))
        shared = Compiler(session.vault, session.config)
        for path in session.paths:
            alone = Compiler(session.vault, session.config)
            assert shared.trace_file(path) == alone.trace_file(path)


def test_a_section_is_that_of_its_kind_of_note(tmp_path: Path) -> None:
    write_vault(
        tmp_path,
        {
            "a.md": "# s\n\n{{c1::shown}}\n",
            "b.md": "START\nBasic\nQ\nBack: ![[a#s]]\n<!--ID: 1-->\nEND\n",
            "c.md": "START\nCloze\n{{c1::x}} ![[a#s]]\n<!--ID: 2-->\nEND\n",
        },
    )
    result = build_vault(tmp_path)
    assert "{{c1::shown}}" in fields(result, 0)["Back"]
    assert "{{c1::shown}}" not in fields(result, 1)["Text"]


MAIL = """From: a@b.c
Content-Type: multipart/mixed; boundary="XX"

--XX
hello
--XX--
"""
AFTER = {
    "email": (MAIL, "Subject: x\n\nbody\n--XX\nmore\n"),
    "modula2": ("(*!m2pim*)\nMODULE a; END a.\n", "TYPE x = PACKEDSET OF y;\n"),
    "csound-orc": ("opcode Foo, a, k\n xout 1\nendop\n", "aout Foo 2\n"),
}


@pytest.mark.parametrize("language", AFTER)
def test_code_is_coloured_as_if_there_had_been_no_other(language: str) -> None:
    before, code = AFTER[language]
    color.cache_clear()
    alone = color(code, language)
    color.cache_clear()
    color(before, language)
    assert color(code, language) == alone


def test_a_problem_is_at_its_column_behind_what_is_not_shown(tmp_path: Path) -> None:
    card = "STARTI [Basic] q Back: b <!--ID: 1700000000001--> ENDI"
    line = f"x {card} [[a]] {card.replace('1-', '2-')} ![[b]]"
    block = "START\nBasic\nq\nBack: ![[n#h]]\n<!--ID: 1700000000003-->\nEND\n"
    result = build_vault(write_vault(tmp_path, {"c.md": block, "n.md": f"# h\n{line}\n"}))
    places = [d.location for d in result.diagnostics if d.code.endswith("-not-found")]
    assert [(p.line, p.column, p.end_column) for p in places] == [
        (2, line.index(link) + 1, line.index(link) + 1 + len(link)) for link in ("[[a]]", "![[b]]")
    ]


def test_each_of_many_problems_in_a_line_is_at_its_column(tmp_path: Path) -> None:
    line = "x <!--ID: 1700000000099--> [[nope]] " * 1_500
    cards = "START\nBasic\nq\nBack: ![[n#h]]\n<!--ID: 17000000000{:02}-->\nEND\n"
    files = {f"c{number}.md": cards.format(number) for number in range(10)}
    result = build_vault(write_vault(tmp_path, {**files, "n.md": f"# h\n{line}\n"}))
    columns = {d.location.column for d in result.diagnostics if d.code == "link-not-found"}
    assert columns == {match.start() + 1 for match in re.finditer(r"\[\[nope", line)}
