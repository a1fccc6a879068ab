"""The line that a problem is shown with: its caret stands under what is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.helpers import NOW, card, write_vault
from vaultdeck.build import build as pipeline
from vaultdeck.build.options import Mode, Options
from vaultdeck.model import Location, SourceFile
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.report import excerpt_lines
from vaultdeck.report.formats.github import github_lines
from vaultdeck.report.text import WIDTH, text_lines

ID = 1_700_000_000_000
LINK = "[[gone]]"
UNDER = "^" * len(LINK)


def problem_places(vault: Path) -> list[tuple[str, Location]]:
    """Return code and place of all that is wrong in a vault."""
    result = pipeline.build(vault, NOW, Options(mode=Mode.CHECK))
    return [(problem.code, problem.location) for problem in result.diagnostics]


def excerpt(text: str, part: str = LINK) -> list[str]:
    """Return the excerpt of a text for a part of it, without its margin."""
    start = text.index(part)
    location = SourceFile("a.md", text).locate(start, start + len(part))
    lines = list(excerpt_lines(location, text))
    assert all(line.startswith("    ") for line in lines)
    return [line[4:] for line in lines]


@pytest.mark.parametrize(
    ("before", "columns"),
    [
        ("", 0),
        ("text ", 5),
        ("日本語 ", 7),
        ("ｆｕｌｌ ", 9),
        ("😀 ", 3),
        ("e\u0301 ", 2),
        ("한 ", 3),
        ("a\u200bb ", 3),
        ("♥\ufe0e ", 2),
        ("a\u200d\ufeffb\u00ad ", 4),
    ],
)
def test_caret_stands_under_the_part_whatever_is_before_it(before: str, columns: int) -> None:
    assert excerpt(f"{before}{LINK} after") == [f"{before}{LINK} after", " " * columns + UNDER]


@pytest.mark.parametrize("part", ["日本語", "😀😀", "e\u0301e\u0301e"])
def test_caret_is_as_wide_as_the_part(part: str) -> None:
    width = {"日本語": 6, "😀😀": 4}.get(part, 3)
    assert excerpt(f"a {part} b", part) == [f"a {part} b", f"  {'^' * width}"]


def test_tab_takes_one_column_in_line_and_caret() -> None:
    assert excerpt(f"\t-\t{LINK}\tx") == [f" - {LINK} x", f"   {UNDER}"]


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert excerpt(f"\x1b[31m {LINK}\x07") == [f" [31m {LINK}", f"      {UNDER}"]
    assert excerpt(f"\u202ea {LINK}") == [f" a {LINK}", f"   {UNDER}"]


def test_control_characters_of_a_name_are_spelt_out_in_every_format_of_lines() -> None:
    name = "a\x1b[31m\u202e.md"
    problem = Diagnostic("link-not-found", Location(name), "no note or file named 'x\u2066'")
    for lines in (text_lines([problem]), github_lines([problem])):
        said = "\n".join(lines)
        assert "a\\x1b[31m\\u202e.md" in said
        assert "x\\u2066" in said
        assert not set(said) & set("\x1b\u202e\u2066")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_is_the_same_with_any_newline(newline: str) -> None:
    text = newline.join(["one", "", f"three {LINK}", "four", ""])
    assert excerpt(text) == [f"three {LINK}", f"      {UNDER}"]


@pytest.mark.parametrize("before", [0, 30, 38, 39, 100, 5000])
@pytest.mark.parametrize("after", [0, 30, 5000])
def test_long_line_is_cut_round_the_part(before: int, after: int) -> None:
    line, caret = excerpt("x" * before + LINK + "y" * after)
    assert len(line) <= WIDTH
    assert line[caret.index("^") :][: len(LINK)] == LINK
    assert caret.strip() == UNDER


def test_long_line_of_wide_characters_is_cut_round_the_part() -> None:
    line, caret = excerpt("語" * 200 + LINK + "語" * 200)
    assert caret.index("^") == 2 * line.index(LINK)
    assert caret.strip() == UNDER


def test_part_that_is_longer_than_what_is_shown_is_marked_as_far_as_it_is() -> None:
    line, caret = excerpt("a " + "x" * 500, "x" * 500)
    assert (line, caret) == ("a " + "x" * (WIDTH - 2), "  " + "^" * (WIDTH - 2))


def test_part_over_several_lines_is_marked_to_the_end_of_the_first() -> None:
    assert excerpt("a START  \nb\nEND c", "START  \nb\nEND") == ["a START", "  ^^^^^"]


def test_place_without_extent_has_one_caret() -> None:
    assert list(excerpt_lines(Location("a.md", 2, 3, 2, 3), "one\ntwo")) == ["    two", "      ^"]


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location("a.md"), None),
        (Location("a.md"), ""),
        (Location("a.md", 2), "one\n \nthree"),
        (Location("a.md", 9), "one"),
        (Location("a.md", 1, 9), "one"),
    ],
)
def test_place_that_shows_nothing_has_no_excerpt(location: Location, text: str | None) -> None:
    assert list(excerpt_lines(location, text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "{link} text\n",
        "text\r\n{link}\r\n",
        "text\r{link}\r",
        "日本語 {link}\n",
        "- 😀 a\n\t- {link}\n",
        "| a | b |\n|---|---|\n| é | {link} |\n",
        "> [!note] Title\n> text {link}\n",
        "\ufefftext\n{link}\n",
        "---\ntags: x\n---\n{link}\n",
        "x" * 200 + " {link}\n",
    ],
)
@pytest.mark.parametrize("is_embedded", [True, False])
def test_columns_are_those_that_an_editor_shows(
    tmp_path: Path, text: str, is_embedded: bool
) -> None:
    """In a note that a card embeds, or in the card itself."""
    text = text.format(link=LINK)
    files = {"a.md": card("q", "![[b]]", note_id=ID), "b.md": text}
    if not is_embedded:
        if text.count("\r") > text.count("\r\n"):
            pytest.skip("block markers end with a line feed")
        newline = "\r\n" if "\r\n" in text else "\n"
        bom = "\ufeff" if text.startswith("\ufeff") else ""
        body = text.removeprefix(bom).removeprefix("---\ntags: x\n---\n")
        files = {"b.md": bom + newline.join(["START", "Basic", "q", f"Back: {body}END", ""])}
    found = problem_places(write_vault(tmp_path, files))
    (at,) = (at for code, at in found if code == "link-not-found")
    line = files["b.md"].splitlines()[at.line - 1]
    assert line[at.column - 1 : at.end_column - 1] == LINK


@pytest.mark.parametrize(
    ("kind", "line", "part"),
    [
        ("Cloze", "{Paris} is [[gone]]", "[[gone]]"),
        ("Cloze", "{Paris} is $\\bm{x}$", "\\bm"),
        ("Cloze", "{Paris} is {501:big}", "{501:"),
        ("Cloze", "==Paris== is ==2:x== [[gone]]", "[[gone]]"),
        ("Cloze", "{a\nb} {{{x}}} [[gone]] {c}", "[[gone]]"),
        ("Basic", "a\x0b\x0bb [[go\x0bne]] c", "[[go\x0bne]]"),
        ("Basic", "| a | b |\n|---|---|\n| x \\| y | ![[gone\\|9]] z |", "![[gone\\|9]]"),
        ("Basic", "| a | b |\n|---|---|\n| x | [[gone\\|y]] |", "[[gone\\|y]]"),
    ],
)
def test_column_is_right_where_the_text_was_rewritten(
    tmp_path: Path, kind: str, line: str, part: str
) -> None:
    settings = "curly_clozes: true\nhighlight_clozes: true\n"
    files = {"vaultdeck.yaml": settings, "a.md": card(line, note_id=ID, kind=kind)}
    ((_, at),) = problem_places(write_vault(tmp_path, files))
    line = files["a.md"].split("\n")[at.line - 1]
    assert line[at.column - 1 : at.end_column - 1] == part


def test_two_links_in_one_line_of_curly_clozes_are_two_problems(tmp_path: Path) -> None:
    text = card("{a} [[gone]] {b} [[gone]]", note_id=ID, kind="Cloze")
    vault = write_vault(tmp_path, {"vaultdeck.yaml": "curly_clozes: true\n", "a.md": text})
    assert len(problem_places(vault)) == 2


def test_end_of_a_link_over_two_lines_is_right_with_crlf(tmp_path: Path) -> None:
    text = card("q", "see [a\nb](gone.md)", note_id=ID).replace("\n", "\r\n")
    ((_, at),) = problem_places(write_vault(tmp_path, {"a.md": text}))
    assert (at.line, at.column, at.end_line, at.end_column) == (4, 11, 5, 12)


@pytest.mark.parametrize(
    "files",
    [
        {"b.md": "\ufeffSTART\nBasic\nq\n"},
        {"a.md": card("q", "![[b]]", note_id=ID), "b.md": f"\ufeff{LINK} text\n"},
        {"b.md": "\ufeffEND\n"},
    ],
    ids=["block", "embed", "marker"],
)
def test_bom_takes_no_column(tmp_path: Path, files: dict[str, str]) -> None:
    ((_, at), *_) = (
        found for found in problem_places(write_vault(tmp_path, files)) if found[1].path == "b.md"
    )
    assert at.column == 1
    assert [
        line.index("^")
        for line in excerpt_lines(at, files["b.md"].removeprefix("\ufeff"))
        if "^" in line
    ] == [4]
