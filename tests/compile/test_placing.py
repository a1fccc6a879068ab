"""Writing IDs changes nothing of what a note says: for us, for Obsidian, for other plugins."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.helpers import build, build_package, write_vault
from tests.support.placing import SETTINGS, check_that_nothing_changes
from vaultdeck.anki.notetypes.builtin import load_builtin
from vaultdeck.cards import parse_file
from vaultdeck.compile import placing
from vaultdeck.compile.looks import blocks_of
from vaultdeck.compile.placing import place_ids
from vaultdeck.model import SourceFile
from vaultdeck.model.config import Config
from vaultdeck.settings.read import read_config

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
            "q #card\na ^b\n\nr #card\nc\n^d\n",
            f"q #card\na ^b\n{MARK}\n\nr #card\nc\n^d\n{MARK}\n",
            id="a paragraph keeps its block ID",
        ),
        pytest.param(
            "reviewed",
            "#flashcards\n\nq::a ^b\n<!--SR:!2024-01-01,3,250-->\n\nr\n?\ns <!--SR:!2024-01-01,3,250--> ^c\n",
            f"#flashcards\n\nq::a {MARK} ^b\n<!--SR:!2024-01-01,3,250-->\n\n"
            f"r\n?\ns {MARK} <!--SR:!2024-01-01,3,250--> ^c\n",
            id="a block ID ends its line",
        ),
        pytest.param(
            "reviewed",
            "#flashcards\n\nq\n?\na\n***\n\nr\n?\nb\n- - -\n",
            f"#flashcards\n\nq\n?\na {MARK}\n***\n\nr\n?\nb {MARK}\n- - -\n",
            id="a rule stays one",
        ),
        pytest.param(
            "remnote",
            "- q x::$$\ny\n$$\n\n1. 問::a `b\nc`\n",
            f"- q{MARK} x::$$\ny\n$$\n\n1. 問{MARK}::a `b\nc`\n",
            id="an ID stands in no formula or code that a card is cut off in",
        ),
        pytest.param(
            "remnote",
            "\ufeff# q::a\ntext\n",
            f"\ufeff# q::a\n{MARK}\ntext\n",
            id="a heading below a BOM keeps its name",
        ),
        pytest.param(
            "remnote",
            "- q::a ^b\n- r::s\n",
            f"- q::a {MARK} ^b\n- r::s {MARK}\n",
            id="a block ID ends its line in a list",
        ),
        pytest.param(
            "ruled and reviewed",
            "#flashcards\n\nq\n---\n",
            f"#flashcards\n\nq\n---\n{MARK}\n\n",
            id="an underline stays one",
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
            f"q #card\n| a | b |\n|---|---|\n| c | d {MARK} |\n",
            id="a table gets no row",
        ),
        pytest.param(
            "reviewed",
            "#flashcards\n\n> | q::a | b |\n> |---|---|\n\nr::a | b ||\n--- | --- | ---\n\ns::a | b\n-|-\n",
            f"#flashcards\n\n> | q::a | b {MARK} |\n> |---|---|\n\nr::a | b {MARK} ||\n--- | --- | ---\n\n"
            f"s::a | b {MARK}\n-|-\n",
            id="a table's header row gets no cell",
        ),
        pytest.param(
            "flashcards",
            "---\ncards-deck: x\n---\n| q :: a | b |\n|---|---|\n\nr :: a | b\n-|-\n",
            f"---\ncards-deck: x\n---\n| q :: a | b {MARK} |\n|---|---|\n\nr :: a | b {MARK}\n-|-\n",
            id="a table's header row shows no block ID",
        ),
        pytest.param(
            "reviewed",
            "#flashcards\n\n- q\n?\n- a\n- $$\nx\n$$\n\n- $$\ny\n$$\n?\n- $$\nz\n$$\n",
            f"#flashcards\n\n- q\n?\n- a {MARK}\n- $$\nx\n$$\n\n- $$\ny\n$$\n?\n- $$\nz\n$$\n{MARK}\n\n",
            id="a formula of a list item that is not indented",
        ),
        pytest.param(
            "lines",
            "Q: w\nx\ny\n\nQ: v\nz",
            f"Q: w\nx\ny\n{MARK}\n\nQ: v\nz\n{MARK}\n",
            id="a pattern that takes all lines, the one with the ID as well",
        ),
        pytest.param(
            "lines",
            "Q: w\nx\nTags: t u\n\ntext\n",
            f"Q: w\nx\nTags: t u\n{MARK}\n\n\ntext\n",
            id="a pattern that takes all lines, those with the tags as well",
        ),
        pytest.param(
            "lines",
            "#flashcards\n\nQ:\n?\na\n\nQ: w\n?\nb\n",
            f"#flashcards\n\nQ:\n?\na {MARK}\n\nQ: w\n?\nb\n{MARK}\n",
            id="a card without a question leaves its lines to other syntaxes",
        ),
        pytest.param(
            "reviewed",
            "#flashcards\n\nq\n?\na\n^b\n\n- r\n?\n- a\n<!--SR:!2024-01-01,3,250-->\n^c\n",
            f"#flashcards\n\nq\n?\na {MARK}\n^b\n\n- r\n?\n- a {MARK}\n<!--SR:!2024-01-01,3,250-->\n^c\n",
            id="a block ID has its line to itself",
        ),
        pytest.param(
            "remnote",
            "| q::a | b \\| |\n|---|---|\n| r::a | b |\n",
            f"| q::a | b \\| {MARK} |\n|---|---|\n| r::a | b |\n{MARK}\n",
            id="a table's header row gets no cell from a regexp",
        ),
    ],
)
def test_id_changes_nothing(tmp_path: Path, name: str, before: str, after: str) -> None:
    text = check_that_nothing_changes(tmp_path, name, before)
    built = build(tmp_path / "v")
    ids = [note.id for note in built.stamped.notes if note.note.location.path == "a.md"]
    assert text == after.format(*ids)
    refused = [d for d in built.diagnostics if d.code == "no-place-for-id"]
    assert bool(refused) == (before == after)


def test_the_last_line_of_a_pattern_that_repeats_lines_may_be_tags(tmp_path: Path) -> None:
    files = {
        "a.md": "Q: w\nx\nTags: t u\n\nQ: v\nTags: n\ny\n",
        "vaultdeck.yaml": SETTINGS["lines"],
    }
    notes = [stamped.note for stamped in build(write_vault(tmp_path / "v", files)).stamped.notes]
    assert [note.fields[1] for note in notes] == ["x", "Tags: n<br />\ny"]
    assert [note.tags for note in notes] == [("t", "u", "vaultdeck"), ("vaultdeck",)]


def test_text_behind_a_match_stays_text_below_its_id(tmp_path: Path) -> None:
    settings = "regexps: {Basic: '((?:[^\\n][\\n]?)+\\n)—{1,}((?:\\n.+)*)'}\n"
    files = {"vaultdeck.yaml": settings, "a.md": "# O(1)\n— constant\ntime\n"}
    built = build_package(write_vault(tmp_path / "v", files), tmp_path / "x.apkg")
    (note,) = built.stamped.notes
    written = (tmp_path / "v/a.md").read_text()
    assert written == f"# O(1)\n—\n{MARK.format(note.id)}\n constant\ntime\n"


def test_only_the_section_of_an_id_is_looked_at_again() -> None:
    sections = "".join(f"## h{number}\n- item\n\t- sub\n\n" for number in range(99))
    source = SourceFile("a.md", f"{sections}## Q\nanswer\n\n\tcode\n\n{sections}")
    config = Config("v", "d", load_builtin(), regexps={"Basic": "^## (Q)\\n(.+)"})
    parsed, problems = parse_file(source, config)
    looked_at = blocks_of.cache_info().misses
    place_ids(parsed, problems, config, parsed.blocks)
    assert blocks_of.cache_info().misses - looked_at == 2


def test_a_card_below_an_unclosed_block_is_told_of_that(tmp_path: Path) -> None:
    text = "START\nBasic\nq\nBack: a\n\n- x::y\n"
    result = build(write_vault(tmp_path, {"a.md": text, "vaultdeck.yaml": SETTINGS["remnote"]}))
    (problem,) = [d for d in result.diagnostics if d.code == "no-place-for-id"]
    assert "unclosed block above" in problem.message
    assert problem.hint == "write 'END' alone on a line below the card"


def test_a_card_whose_id_would_be_out_of_place_takes_no_place_from_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(placing, "READINGS", 0)
    monkeypatch.setattr(placing, "CHARACTERS", 0)
    pattern = r"^#+ (.+)\n*((?:\n(?:[^\n#]{0,2}$|[^\n#].{3}(?<!<!--).*))+)"
    config = Config("v", "d", load_builtin(), regexps={"Basic": pattern})
    source = SourceFile("a.md", "# q\n```sh\nline\n```\n\n# empty\n\n# r\nline\n\n# empty\n\n# s\n")
    parsed, problems = parse_file(source, config)
    placed, refused = place_ids(parsed, problems, config, parsed.blocks)
    assert [card.fields[0].text for card in placed] == ["q", "r"]
    assert [problem.location.line for problem in refused] == [6, 11, 13]


@pytest.mark.parametrize(
    ("name", "line", "is_placed"),
    [
        ("remnote", "| q{}::a | b |\n", True),
        ("remnote", "q{}::a\n---\n", True),
        ("remnote", "START\nq{}::a\n", False),
        ("reviewed", "#flashcards q{}::a\n---\n", True),
    ],
)
def test_cards_alike_are_not_tried_one_by_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, line: str, is_placed: bool
) -> None:
    config, _, _ = read_config(write_vault(tmp_path, {"vaultdeck.yaml": SETTINGS[name]}))
    source = SourceFile("a.md", "".join(line.format(number) for number in range(100)))
    parsed, problems = parse_file(source, config)
    read = note_readings(monkeypatch)
    placed, _ = place_ids(parsed, problems, config, parsed.blocks)
    assert len(placed) == len(parsed.blocks) * is_placed and len(parsed.blocks) == 100
    assert len(read) < 60


def test_a_line_of_many_cards_is_read_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config("v", "d", load_builtin(), regexps={"Basic": "(|a)"})
    parsed, problems = parse_file(SourceFile("a.md", "a" * 1_000), config)
    read = note_readings(monkeypatch)
    place_ids(parsed, problems, config, parsed.blocks)
    assert len(parsed.blocks) > 900 and len(read) < 30


def note_readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts that are read while places are looked for, as they come."""
    read: list[str] = []

    def read_again(written: SourceFile, config: Config) -> object:
        read.append(written.text)
        return parse_file(written, config)

    monkeypatch.setattr(placing, "parse_file", read_again)
    return read
