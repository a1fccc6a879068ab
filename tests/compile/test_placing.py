"""Writing IDs changes nothing of what a note says: for us, for Obsidian, for other plugins."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.helpers import NOW, build, build_package, write_vault
from vaultdeck.build.options import Mode
from vaultdeck.build.outcome import Build

# Settings by name: each card syntax, and some together.
SETTINGS = {
    "blocks": "syntaxes: [block, inline]\n",
    "remnote": "regexps:\n  Basic: remnote\n",
    "headings": "regexps:\n  Basic: header-paragraph\n",
    "ruled": "regexps:\n  Basic: ruled\n",
    "questions": "regexps:\n  Basic: question-answer\n",
    "highlights": "regexps:\n  Cloze: highlight-cloze\n  Basic: table\n"
    "highlight_clozes: true\ncurly_clozes: true\n",
    "curly": "regexps:\n  Cloze: cloze-paragraph\n  Basic: neuracache\ncurly_clozes: true\n",
    "reviewed": "syntaxes: [obsidian-spaced-repetition]\n",
    "flashcards": "syntaxes: [flashcards-obsidian]\n",
    "ruled and reviewed": "syntaxes: [block, inline, regexp, obsidian-spaced-repetition]\n"
    "regexps:\n  Basic: ruled\n",
    "blocks and flashcards": "syntaxes: [block, flashcards-obsidian]\ncut_tags: true\n",
}
# Another note shows all of this one.
SHOWS = "START\nBasic\nq\nBack: ![[a]] [[a#h]]\n<!--ID: 1700000000001-->\nEND\n"

# fmt: off
LINES = st.sampled_from([
    "START", "END", "  END", "Basic", "Cloze", "q", "Back: a", "Back:", "DELETE", "Tags: x", "Tags:",
    "%%", "", "", "", "FILE TAGS", "FILE TAGS: t", "TARGET DECK", "TARGET DECK: a::b",
    "FROZEN - Basic:", "FROZEN - Cloze:", "---", "===", "# h", "## q::a", "text", "text  ",
    "## STARTI [Basic] q Back: a ENDI", "x STARTI [Cloze] {{c1::a}} ENDI y", "- a::b", "\t- c::d",
    "  - e::f", "1. g::h", "> i::j", "> [!note] t", "| a::b | c |", "|---|---|", "| q |", "```", "$$",
    "<!--", "-->", "<!-- c -->", "<!--ID: 1600000000001-->", "%%ID: 1600000000002%%", "^1600000000003",
    "ID: 1600000000004", "<!--SR:!2024-01-01,3,250-->", "?", "??", "a ==x== b", "{y}", "q #card",
    "## q #card", "r #card-reverse", "s #card-spaced", "u :: v", "w ::: z", "#flashcards",
    "#flashcards/a/b", "Q: x", "A: y", "<div>", "</div>", "![[b]]", "^id", "p::q ^blk",
    "DELETE <!--ID: 1600000000009-->",
])
# fmt: on
NOTES = st.tuples(
    st.sampled_from(["", "#flashcards\n\n", "---\ntags: flashcards\n---\n"]),
    st.lists(LINES, min_size=2, max_size=14).map("\n".join),
    st.sampled_from(["", "\n"]),
).map("".join)


def says(result: Build) -> tuple[list[Any], list[Any]]:
    """Return what a build says of the notes: their cards, and what is wrong, but for new IDs."""
    notes = [linked.note for linked in result.linked.notes]
    cards = sorted((n.location.path, n.kind, n.deck, n.tags, n.fields) for n in notes)
    problems = sorted((d.location.path, d.code) for d in result.diagnostics)
    return cards, [problem for problem in problems if problem[1] != "missing-id"]


# Where one of these stands, an ID may have no place that leaves all as it looks.
OPENING = re.compile(r"^(?:```|\$\$|---|===|%%|\||<|\t|FROZEN)|-->", re.MULTILINE)


def check_that_nothing_changes(folder: Path, name: str, text: str) -> str:
    """Build a note thrice: before, with IDs, and locked; return it with its IDs.

    Its cards are the same, and what another note shows of it, unless that cannot be.
    """
    files = {"a.md": text, "vaultdeck.yaml": SETTINGS[name], "b.md": SHOWS}
    vault, package = write_vault(folder / "v", files), folder / "x.apkg"
    before = build(vault)
    written = build_package(vault, package)
    after = build(vault)
    if OPENING.search(text):
        own = [
            [card for card in says(result)[0] if card[0] == "a.md"] for result in (after, before)
        ]
        assert own[0] == own[1]
        assert says(after)[1] == says(before)[1]
    else:
        assert says(after) == says(before)
    assert [n.id for n in after.linked.notes] == [n.id for n in written.linked.notes]
    if after.linked.notes and not written.has_errors and says(after) == says(before):
        locked = build_package(vault, package, now=NOW + 99, mode=Mode.LOCKED)
        assert not locked.has_errors
    return (vault / "a.md").read_bytes().decode()


@pytest.mark.parametrize("name", SETTINGS)
@given(text=NOTES)
@settings(max_examples=40)
def test_a_build_says_the_same_after_writing_ids(name: str, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_that_nothing_changes(Path(folder), name, text)


MARK = "<!--ID: {}-->"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param(
            "blocks",
            "START\nBasic\nq\nBack:\nDELETE\nEND\n",
            f"START\nBasic\nq\nBack:\nDELETE\n\n{MARK}\nEND\n",
            id="the answer DELETE is no deletion",
        ),
        pytest.param(
            "blocks",
            "%%\nSTART\nBasic\n%%\nq\nBack: a\nTags: x\n%%\nEND\n%%\n",
            f"%%\nSTART\nBasic\n%%\nq\nBack: a\nTags: x\n%%\n{MARK}\nEND\n%%\n",
            id="tags and end marker hidden in a comment",
        ),
        pytest.param(
            "blocks",
            "<!--\nSTART\nBasic\nq\nBack: a\nEND\n-->\n",
            "<!--\nSTART\nBasic\nq\nBack: a\nID: {}\nEND\n-->\n",
            id="a block in an HTML comment, which an ID comment would end",
        ),
        pytest.param(
            "blocks",
            "START\nBasic\nq\nBack: a\nFROZEN - Basic:\nf\nEND\ntext\n",
            f"START\nBasic\nq\nBack: a\nFROZEN - Basic:\nf\n{MARK}\nEND\ntext\n",
            id="frozen fields in a block end with it",
        ),
        pytest.param(
            "blocks",
            "START\nBasic\nq\nBack: a\nTARGET DECK\nEND\n",
            f"START\nBasic\nq\nBack: a\nTARGET DECK\n{MARK}\nEND\n",
            id="an ID is no deck",
        ),
        pytest.param(
            "blocks",
            "TARGET DECK\nSTARTI [Basic] q Back: a ENDI\n",
            "TARGET DECK\nSTARTI [Basic] q Back: a ENDI\n",
            id="no place: the line names the deck",
        ),
        pytest.param(
            "blocks",
            "## STARTI [Basic] q Back: a ENDI\ntext\n",
            f"## STARTI [Basic] q Back: a ENDI\n{MARK}\n\ntext\n",
            id="an inline note in a heading",
        ),
        pytest.param(
            "remnote",
            "- x\n\t- q::a\n\t- r::b\n- y\n",
            f"- x\n\t- q::a {MARK}\n\t- r::b {MARK}\n- y\n",
            id="a list stays one",
        ),
        pytest.param(
            "remnote",
            "> [!note] t\n> q::a\n> text\n",
            f"> [!note] t\n> q::a {MARK}\n> text\n",
            id="a callout stays one",
        ),
        pytest.param(
            "remnote",
            "q::a\n---\n",
            f"q::a\n{MARK}\n---\n",
            id="a heading by its underline is given up for the card",
        ),
        pytest.param(
            "reviewed",
            "#flashcards\n\n## q::a\n\nfirst\n?\n## answer\n",
            f"#flashcards\n\n## q::a\n{MARK}\n\nfirst {MARK}\n?\n## answer\n",
            id="headings keep their names",
        ),
        pytest.param(
            "questions",
            "Q: w\nA: ```\nx\n```\n\ntext\n",
            f"Q: w\nA: ```\nx\n```\n{MARK}\n\n\ntext\n",
            id="the fence that ends an answer begins code without an end",
        ),
        pytest.param(
            "flashcards",
            "q #card\na ^b\n",
            "q #card\na ^b\n^{}\n",
            id="below a block ID",
        ),
        pytest.param(
            "blocks",
            "## STARTI [Basic] q Back: a ENDI ^b\n",
            f"## STARTI [Basic] q Back: a ENDI ^b\n{MARK}\n",
            id="an inline note amid a heading",
        ),
        pytest.param(
            "flashcards",
            "q #card\n| a | b |\n|---|---|\n| c | d |\n",
            "q #card\n| a | b |\n|---|---|\n| c | d | ^{}\n",
            id="a table gets no row",
        ),
    ],
)
def test_id_changes_nothing(tmp_path: Path, name: str, before: str, after: str) -> None:
    text = check_that_nothing_changes(tmp_path, name, before)
    built = build(tmp_path / "v")
    ids = [note.id for note in built.linked.notes if note.note.location.path == "a.md"]
    assert text == after.format(*ids)
    refused = [d for d in built.diagnostics if d.code == "no-place-for-id"]
    assert bool(refused) == (before == after)
