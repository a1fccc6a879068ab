"""IDs are read in every form and place: none shows on a card, none gets a second one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.helpers import build, build_package, problems, write_vault
from vaultdeck.model import MAX_ID

ID = 1_700_000_000_001
COMMENT, HIDDEN, BARE = f"<!--ID: {ID}-->", f"%%ID: {ID}%%", f"ID: {ID}"
REMNOTE = "regexps:\n  Basic: remnote\n"
HEADINGS = "regexps:\n  Basic: header-paragraph\n"
REVIEWED = "syntaxes: [obsidian-spaced-repetition]\n"
BOTH = "syntaxes: [obsidian-spaced-repetition, flashcards-obsidian]\n"
TAGGED = "syntaxes: [flashcards-obsidian]\n"
CASES = {
    **{
        f"remnote {place!r} {mark[:3]}": (REMNOTE, place.format(mark))
        for mark in (COMMENT, HIDDEN)
        for place in (
            "q::a {}\n",
            "- x\n\t- q::a {}\n\t- y\n",
            "- q::a\n  {}\n",
            "- q::a\n\t- {}\n",
            "> q::a\n> {}\n",
            "q::a\n\n{}\n",
            "q::a\n<!--SR:!2024-01-01,3,250-->\n{}\n",
            "q::a {} <!--SR:!2024-01-01,3,250-->\n",
            "## q::a {}\ntext\n",
            "q::a {} ^block\n",
            "q::a\r\n{}\r\n",
        )
    },
    **{
        f"remnote bare {p!r}": (REMNOTE, p.format(BARE))
        for p in ("q::a\n{}\n", "- q::a\n  {}\n", "- q::a\n\t- {}\n")
    },
    **{
        f"heading {place!r}": (HEADINGS, place.format(COMMENT))
        for place in ("## q {}\na\n", "## q\na {}\n", "## q\na\n  {}\n", "## q\na\n\n{}\n")
    },
    **{
        f"reviewed {place!r} {mark[:3]}": (REVIEWED, "#flashcards\n\n" + place.format(mark))
        for mark in (COMMENT, HIDDEN)
        for place in ("q::a {}\n", "q\n?\na {}\n", "q {}\n?\na\n", "q::a {} <!--SR:!1--> ^b\n")
    },
    **{
        f"caret of a card of both plugins {place!r}": (BOTH, "#flashcards\n\n" + place.format(ID))
        for place in (
            "q::a ^{}\n",
            "q::a\n^{}\n",
            "q::a ^{} \r\n",
            "q\n?\na ^{}\n",
            "q\n?\na\n^{}\n",
        )
    },
    **{
        f"tagged {place!r} {mark[:3]}": (TAGGED, place.format(mark))
        for mark in (COMMENT, HIDDEN, f"^{ID}")
        for place in (
            "q #card\na\n{}\n",
            "q #card\na {}\n",
            "q #card\na\n\u00a0\n{}\n",
            "## q #card\n\na\n\n\n{}\n\nb\n",
        )
    },
    "block": ("", f"START\nBasic\nq\nBack: a\n{HIDDEN}\nEND\n"),
    "quoted block": ("", f"> START\n> Basic\n> q\n> Back: a\n> {BARE}\n> END\n"),
    "inline": ("", f"STARTI [Basic] q Back: a {HIDDEN} ENDI\n"),
    "behind an inline note": ("", f"x STARTI [Basic] q Back: a ENDI {COMMENT}\n"),
    **{
        f"below an inline note {place!r}": ("", place.format("STARTI [Basic] q Back: a ENDI", mark))
        for mark in (COMMENT, HIDDEN)
        for place in ("- {}\n  {}\n", "> {}\n> {}\n", "- x\n  1. {}\n     {}\n", "- [ ] {}\n{}\n")
    },
    "below an inline note": ("", f"STARTI [Basic] q Back: a ENDI\n{HIDDEN}\n"),
    "inline in a heading": ("", f"# STARTI [Basic] q Back: a ENDI\n{COMMENT}\n"),
}


@pytest.mark.parametrize(("config", "text"), CASES.values(), ids=CASES)
def test_id_is_read(tmp_path: Path, config: str, text: str) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": text, "vaultdeck.yaml": config})
    built = build_package(vault, tmp_path / "x.apkg")
    assert [note.id for note in built.stamped.notes] == [ID]
    assert not built.diagnostics
    assert (vault / "a.md").read_bytes().decode() == text
    fields = built.stamped.notes[0].note.fields
    assert not any("ID" in field or "--" in field or str(ID) in field for field in fields[:2])


@pytest.mark.parametrize("place", ["Q: w {}\nA: x\n", "Q: w\n{}\nA: x\n"])
def test_the_only_id_amid_a_card_of_a_regexp_is_its_own(tmp_path: Path, place: str) -> None:
    files = {"a.md": place.format(COMMENT), "vaultdeck.yaml": "regexps: {Basic: question-answer}\n"}
    built = build_package(write_vault(tmp_path / "v", files), tmp_path / "x.apkg")
    assert [note.id for note in built.stamped.notes] == [ID]
    assert [problem.code for problem in built.diagnostics] == ["misplaced-id"]
    assert (tmp_path / "v/a.md").read_text() == files["a.md"]


def test_a_paragraph_with_deletions_stays_one_card(tmp_path: Path) -> None:
    text = f"The ==x== a {COMMENT}\n==y== and {{z}}\n"
    settings = "regexps: {Cloze: highlight-cloze}\nhighlight_clozes: true\ncurly_clozes: true\n"
    files = {"a.md": text, "vaultdeck.yaml": settings}
    built = build_package(write_vault(tmp_path / "v", files), tmp_path / "x.apkg")
    (stamped,) = built.stamped.notes
    assert stamped.id == ID and not built.diagnostics
    assert stamped.note.fields[0] == "The {{c1::x}} a<br />\n{{c2::y}} and {{c3::z}}"


@pytest.mark.parametrize(
    ("style", "text", "backs"),
    [
        ("header-paragraph", "## q\n- x\n- y {}\n- z\n", ["<li>z</li>"]),
        ("header-paragraph", "## q\r\n> a {}\r\n> more\r\n", ["more"]),
        ("question-answer", "Q: w\nA: x {}\ny\n", ["x<br />\ny"]),
        ("header-paragraph", "## q\n- x\n  {}\n- z\n", ["<li>z</li>"]),
        ("header-paragraph", "## q\n- x\n\t- {}\n- z\n", ["<li>z</li>"]),
        ("header-paragraph", "## q\na {}\n## r\nb\n", ["a", "b"]),
        ("remnote", "- q::a {}\n- r::b\n- s\n", ["a", "b"]),
        ("ruled", "q\n---\na {}\n\nb\n", ["a"]),
    ],
)
def test_lines_that_an_author_adds_below_the_id_are_on_the_card(
    tmp_path: Path, style: str, text: str, backs: list[str]
) -> None:
    files = {"a.md": text.format(COMMENT), "vaultdeck.yaml": f"regexps: {{Basic: {style}}}\n"}
    for _ in range(2):
        built = build_package(write_vault(tmp_path / "v", files), tmp_path / "x.apkg")
        assert built.stamped.notes[0].id == ID and not built.diagnostics
        found = [stamped.note.fields[1] for stamped in built.stamped.notes]
        assert len(found) == len(backs)
        assert all(back in shown for back, shown in zip(backs, found, strict=True))


def test_a_card_right_below_another_is_not_dropped_in_silence(tmp_path: Path) -> None:
    text = f"Q: w\nA: x {COMMENT}\nQ: v\nA: y\n"
    files = {"a.md": text, "vaultdeck.yaml": "regexps: {Basic: question-answer}\n"}
    built = build_package(write_vault(tmp_path / "v", files), tmp_path / "x.apkg")
    assert [note.id for note in built.stamped.notes] == [ID]
    assert problems(built.diagnostics) == ["a.md:3:1 no-place-for-id"]


MOVED = {
    **{
        f"{style} {text!r}": (f"regexps: {{Basic: {style}}}\n", text, fields)
        for style, text, fields in (
            ("header-paragraph", "## q\n{}\na\nb\n", ["q", "a<br />\nb"]),
            ("header-paragraph", "## q\r\n{}\r\n\r\na\r\n", ["q", "a"]),
            ("header-paragraph", "## q\n\n{}\na\n", ["q", "a"]),
            ("neuracache", "q #flashcard {}\na\n", ["q", "a"]),
            ("neuracache", "q #flashcard\n{}\na\n", ["q", "a"]),
            ("ruled", "q\n{}\n---\na\n", ["q", "a"]),
            ("ruled", "q\n--- {}\na\n", ["q", "a"]),
            ("table", "| q |\n| --- |\n{}\n| a |\n", ["q", "a"]),
            ("'^Q: (.+)\\n+A: (.+)'", "Q: q {}\nA: a\n", ["q", "a"]),
            ("'^Q: (.+)\\n+A: (.+)'", "Q: q\n{} A: a\n", ["q", "a"]),
        )
    },
    **{
        f"{name} {text!r}": (settings, text, fields)
        for name, settings, text, fields in (
            ("tagged", TAGGED, "q #card {}\na\n", ["q", "a"]),
            ("tagged", TAGGED, "## q #card\n{}\n\na\n", ["q", "a"]),
            ("reviewed", REVIEWED, "#flashcards\n\n{} q::a\n", ["q", "a"]),
            ("reviewed", REVIEWED, "#flashcards\n\nq\n?\na\n{} b\n", ["q", "a<br />\nb"]),
            ("block", "", "START {}\nBasic\nq\nBack: a\nEND\n", ["q", "a"]),
            ("block", "", "START\nBasic\nq\nBack: a\nEND {}\n", ["q", "a"]),
            ("block", "", "START\r\nBasic\r\nq\r\nBack: a\r\nEND {}\r\n", ["q", "a"]),
        )
    },
}
LONE = ("{} ", " {}")
QUIET = ("missing-id", "no-cards")


@pytest.mark.parametrize("mark", [COMMENT, HIDDEN, BARE, f"^{ID}"])
@pytest.mark.parametrize(("config", "text", "fields"), MOVED.values(), ids=MOVED)
def test_an_id_that_was_moved_is_read_where_no_other_card_could_own_it(
    tmp_path: Path, config: str, text: str, fields: list[str], mark: str
) -> None:
    if mark[0] == "^" and not (config == TAGGED and " {}\n" in text):
        return
    if mark == BARE and any(beside in text for beside in LONE):
        return
    written = text.format(mark)
    vault = write_vault(tmp_path / "v", {"a.md": written, "vaultdeck.yaml": config})
    built = build_package(vault, tmp_path / "x.apkg")
    (stamped,) = built.stamped.notes
    assert stamped.id == ID and [*stamped.note.fields[:2]] == fields
    assert [problem.code for problem in built.diagnostics] == ["misplaced-id"]
    assert (vault / "a.md").read_bytes().decode() == written


@pytest.mark.parametrize(
    ("number", "is_one"), [(1, True), (MAX_ID, True), (0, False), (MAX_ID + 1, False)]
)
def test_a_number_that_is_an_id_in_its_place_is_one_where_it_was_moved(
    tmp_path: Path, number: int, is_one: bool
) -> None:
    texts = (f"## q\na\n<!--ID: {number}-->\n", f"## q\n<!--ID: {number}-->\na\n")
    for text in texts:
        built = build(write_vault(tmp_path, {"a.md": text, "vaultdeck.yaml": HEADINGS}))
        assert (number in [note.id for note in built.stamped.notes]) == is_one


@pytest.mark.parametrize(
    ("config", "text", "codes"),
    [
        # Of two nobody knows which is the card's.
        (HEADINGS, f"## q\n{COMMENT}\na\n\n<!--ID: 5-->\n", ["stray-id", "stray-id"]),
        # Its card may be the one above.
        (HEADINGS, f"{COMMENT}\n## q\na\n", ["stray-id"]),
        (HEADINGS, f"```\n## q\n{COMMENT}\na\n```\n", []),
        (HEADINGS, f"## q\nDELETE\n{COMMENT}\na\n", []),
        # Without the ID two cards would be one.
        ("regexps: {Basic: ruled}\n", f"p\n{COMMENT}\nq\n---\na\n", ["stray-id"]),
        ("", f"START\nBasic\nq\nBack: a\n<!--ID: 5-->\nEND\n{COMMENT}\n", ["stray-id"]),
        ("", f"START\nBasic\nq\nBack: a\nEND\n{COMMENT}\n", ["stray-id"]),
        ("", f"START\nBasic\nq\nBack: a\n<!--ID: 5-->\nEND {COMMENT}\n", ["stray-id"]),
        ("", f"---\nID: {ID}\n---\nSTART\nBasic\nq\nBack: a\nEND\n", []),
    ],
)
def test_an_id_that_another_card_could_own_is_no_card_s(
    tmp_path: Path, config: str, text: str, codes: list[str]
) -> None:
    files = {"a.md": text, "vaultdeck.yaml": config}
    built = build(write_vault(tmp_path / "v", files))
    assert ID not in [note.id for note in built.stamped.notes]
    assert [p.code for p in built.diagnostics if p.code not in QUIET] == codes


def test_what_is_wrong_with_a_card_whose_id_was_moved_is_told_at_its_place(tmp_path: Path) -> None:
    text = f"%%ID: 9%%\n\nx\n\nSTART {COMMENT}\nBasic\nq\nTags: x\nBack: a\n![[gone]]\nEND\n"
    built = build(write_vault(tmp_path / "v", {"a.md": text}))
    found = problems(built.diagnostics)
    assert found == ["a.md:1:1 stray-id", "a.md:5:7 misplaced-id", "a.md:8:1 misplaced-tags",
                     "a.md:10:1 embed-not-found"]  # fmt: skip
