"""The rest of the Obsidian_to_Anki format: inline notes, regexps, frozen fields, DELETE, settings."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.cases import Case, params
from tests.support.helpers import (
    CONFIG,
    Anki,
    build,
    build_package,
    card,
    fields,
    problems,
    write_vault,
)
from tests.support.reading import compile_text, listing
from tests.support.strategies import TEXT
from vaultdeck.cards import parse_file
from vaultdeck.cards.curly_clozes import to_native
from vaultdeck.cards.syntaxes.regexp_javascript import translate
from vaultdeck.cards.syntaxes.regexp_search import find_fault
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.model import Rewritten, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.vault.note_edits import id_edit

ID = 1_700_000_000_000


@pytest.mark.parametrize("case", params("inline.md"))
def test_inline_note_is_read_as_written(case: Case) -> None:
    assert listing(case.input, CONFIG) == case.expected.rstrip("\n")


# Regexps.


def cards_of(style: str, text: str) -> list[list[str]]:
    kind, pattern = STYLES[style]
    config = replace(CONFIG, regexps={kind: pattern}, curly_clozes=True, highlight_clozes=True)
    parsed, _ = parse_file(SourceFile("a.md", text), config)
    return [[f.text for f in block.fields if f.text] for block in parsed.blocks]


@pytest.mark.parametrize(
    ("style", "text", "cards"),
    [
        ("header-paragraph", "# q\na\nb\n\nc", [["q", "a\nb"]]),
        ("header-paragraph", "## q\n\n\na\n### r\nb", [["q", "a"], ["r", "b"]]),
        ("header-paragraph", "# q\n\n<!--ID: 5-->", []),
        ("header3-paragraph", "# no\na\n### q\na", [["q", "a"]]),
        ("question-answer", "Q: one\ntwo\nA: a\nb\n\nno", [["one\ntwo", "a\nb"]]),
        ("remnote", "- q::a\nx:::y\nurl", [["- q", "a"]]),
        ("remnote", "a::b::c", [["a::b", "c"]]),
        ("ruled", "q\nr\n---\na\nb\n\nno", [["q\nr", "a\nb"]]),
        ("neuracache", "q one\ntwo #flashcard\na\nb", [["q one\ntwo", "a\nb"]]),
        ("neuracache", "no flashcard\n\nq #flashcard \n\na", [["q", "a"]]),
        ("table", "|q|\n|-|\n|a|\n", [["q", "a"]]),
        ("table", "|q|r|\n|-|-|\n|a|b|\n", []),
        ("cloze-paragraph", "the {cell}\nhas walls\n\nno", [["the {cell}\nhas walls"]]),
        ("cloze-paragraph", "only $\\frac{1}{2}$ here", []),
        ("highlight-cloze", "a ==b== c", [["a ==b== c"]]),
        ("remnote", "```\na::b\n```\n$x::y$\n`c::d`", []),
        ("remnote", "START\nBasic\na::b\nEND\nc::d", [["a::b"], ["c", "d"]]),
        ("remnote", "a::b\r\nc::d\r\n", [["a", "b"], ["c", "d"]]),
    ],
)
def test_style_finds_its_cards(style: str, text: str, cards: list[list[str]]) -> None:
    assert cards_of(style, text) == cards


def read_regexp(text: str, pattern: str) -> list[tuple[list[str], tuple[str, ...], int | None]]:
    config = replace(CONFIG, regexps={"Basic": pattern})
    parsed, _ = parse_file(SourceFile("a.md", text), config)
    return [([f.text for f in b.fields], b.tags, b.id) for b in parsed.blocks]


def test_regexp_is_tried_with_tags_and_id_first() -> None:
    text = "a::b Tags: x y\n<!--ID: 11-->\nc::d\nID: 12\ne::f Tags: z\ng::h"
    assert read_regexp(text, STYLES["remnote"][1]) == [
        (["a", "b"], ("x", "y"), 11),
        (["c", "d"], (), 12),
        (["e", "f"], ("z",), None),
        (["g", "h"], (), None),
    ]


def test_group_that_took_no_part_is_empty_and_one_too_many_is_ignored() -> None:
    assert read_regexp("Q: x", "^Q: (.)(?:(y))?") == [(["x", ""], (), None)]
    assert read_regexp("abc", "^(a)(b)(c)") == [(["a", "b"], (), None)]


@pytest.mark.parametrize(
    ("pattern", "meaning"),
    [
        (r"\d\w\s", r"[0-9][A-Za-z0-9_][\s\ufeff]"),
        ("[^]", r"[\s\S]"),
        (r"[\d\w]", "[0-9A-Za-z0-9_]"),
        ("a{2,}b{x}", r"a{2,}b\{x\}"),
        (r"\/\-", r"/\-"),
        (r"(?<n>a)\k<n>", r"(?<n>a)(?P=n)"),
        (r"\$\.\{", r"\$\.\{"),
    ],
)
def test_javascript_pattern_keeps_its_meaning(pattern: str, meaning: str) -> None:
    assert translate(pattern, only_newlines=False) == meaning


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        # `regex` writes repetitions out, which would take gigabytes.
        ("(a{1000}){1000}", "it is too large"),
        ("((((a{99}){99}){99}){99}){99}", "it is too large"),
        ("(a{2147483647})", "it is too large"),
        (f"(a{'{99}' * 50_000})", "it is too large"),
        ("(a)(b{2,1000}){1,1000}[{9999}]{9}", None),
        # A group that calls itself would fill the memory.
        ("((?R))", "unknown extension"),
        ("(?1)(a|(?1))", "unknown extension"),
        ("(?<x>(?&x))", "unknown extension"),
        ("(?P<x>(?P>x))", "unknown extension"),
        (r"(\(?R)[(?R](?:a)(?-i:b)", None),
    ],
)
def test_pattern_that_would_fill_the_memory_is_not_used(pattern: str, fault: str | None) -> None:
    assert find_fault(pattern) == fault


@pytest.mark.parametrize("pattern", ["^(.+)$", "(?<!^)(.)", "(a|^)b$", "(.+)\n^", "(?<=$)(\n|.)"])
def test_javascript_pattern_finds_the_same_where_each_line_ends_with_a_newline(
    pattern: str,
) -> None:
    fast, slow = (regex.compile(translate(pattern, only_newlines=only)) for only in (True, False))
    text = "ab\n\nb\x85a\x0b\n\nb"
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 1):
            spans = [[m.regs for m in p.finditer(text, start, end)] for p in (fast, slow)]
            assert spans[0] == spans[1]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("below", ["", " \n"])
def test_id_on_its_own_line_ends_the_card_of_a_regexp(newline: str, below: str) -> None:
    config = replace(CONFIG, regexps={"Basic": r"((?:[^\n][\n]?)+) #flashcard ?\n*((?:\n.+)+)"})
    cards = [f"q{n} #flashcard\na{n}\n<!--ID: {ID + n}-->\n" for n in range(3)]
    text = below.join(cards).replace("\n", newline)
    parsed, found = parse_file(SourceFile("a.md", text), config)
    assert [block.id for block in parsed.blocks] == [ID, ID + 1, ID + 2]
    assert [block.fields[0].text.strip() for block in parsed.blocks] == ["q0", "q1", "q2"]
    assert found == ()


def test_regexp_that_takes_several_cards_for_one_is_told() -> None:
    config = replace(CONFIG, regexps={"Basic": STYLES["neuracache"][1]})
    text = "".join(f"q{n} #flashcard\na{n} <!--ID: {ID + n}-->\n" for n in range(3))
    parsed, found = parse_file(SourceFile("a.md", text), config)
    known = {block.id for block in parsed.blocks}
    told = {int(re.findall("[0-9]+", problem.message)[0]) for problem in found}
    assert known | told == {ID, ID + 1, ID + 2}
    assert not known & told and found


def test_id_of_another_plugin_without_a_card_is_told() -> None:
    config = replace(CONFIG, syntaxes=("flashcards-obsidian",))
    text = f"## Duties #flashcard\n- one\n^{ID}\n\nq #card\na\n^{ID + 1}\n"
    parsed, found = parse_file(SourceFile("a.md", text), config)
    assert [block.id for block in parsed.blocks] == [ID + 1]
    assert problems(found) == ["a.md:3:1 stray-id"]
    assert parse_file(SourceFile("a.md", text), CONFIG)[1] == ()


def test_indentation_that_a_regexp_passed_over_goes_from_all_lines() -> None:
    config = replace(CONFIG, regexps={"Basic": r"^- (.*)\n\s*((?:.+\n?)+)"})
    text = "- q\n\t```js\n\tlet y = 2\n\t```\n"
    parsed, _ = parse_file(SourceFile("a.md", text), config)
    assert [field.text for field in parsed.blocks[0].fields] == ["q", "```js\nlet y = 2\n```"]


def test_end_marker_within_the_match_of_a_regexp_is_none() -> None:
    config = replace(CONFIG, regexps={"Basic": r"^#{2,}(.+)\n*([\s\S]*?)\nEND"})
    text = f"## q\na\nEND\n<!--ID: {ID}-->\n\nEND\n"
    parsed, found = parse_file(SourceFile("a.md", text), config)
    assert [block.id for block in parsed.blocks] == [ID]
    assert problems(found) == ["a.md:6:1 stray-end"]


def test_pattern_is_tried_with_tags_and_id_only_where_these_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from vaultdeck.cards.syntaxes import regexp_search

    tried: list[str] = []
    compile_pattern = regexp_search.compile_pattern

    def spy(pattern: str, suffix: str, **how: bool) -> Any:
        tried.append(suffix)
        return compile_pattern(pattern, suffix, **how)

    monkeypatch.setattr(regexp_search, "compile_pattern", spy)
    config = replace(CONFIG, regexps={"Basic": r"^(.+)::(.+)\n?"})
    for text, passes in (
        ("q::a\n", [""]),
        (f"q::a\n<!--ID: {ID}-->\n", [regexp_search.ID_PART, ""]),
        ("Tags: x\n\nq::a\n", [regexp_search.TAGS_PART, ""]),
        (f"q::a\nTags: x\n<!--ID: {ID}-->\n", list(regexp_search.PASSES)),
    ):
        tried.clear()
        parsed, _ = parse_file(SourceFile("a.md", text), config)
        assert len(parsed.blocks) == 1
        assert tried == passes


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "around",
    [
        pytest.param(("```c\nint a;\n```\n\n", "\n```c\nint b;\n```"), id="fences"),
        pytest.param(("- a stray ` tick\n- `x``\n\n", "\nanother ` tick\n"), id="ticks"),
    ],
)
def test_code_hides_no_card_that_is_not_in_it(newline: str, around: tuple[str, str]) -> None:
    config = replace(CONFIG, regexps={"Basic": STYLES["neuracache"][1]})
    before, after = around
    text = f"{before}One #flashcard\nanswer\n<!--ID: {ID}-->\n{after}".replace("\n", newline)
    parsed, found = parse_file(SourceFile("a.md", text), config)
    assert [block.id for block in parsed.blocks] == [ID]
    assert found == ()


def test_pattern_that_runs_away_is_stopped_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from vaultdeck.cards.syntaxes import regexp_search

    monkeypatch.setattr(regexp_search, "TIME_LIMIT", 0.05)
    monkeypatch.setattr(regexp_search, "BUDGET", 0.1)
    config = replace(CONFIG, regexps={"Basic": "^((?:a|aa)+)$"}, origin="vaultdeck.yaml")
    spent: dict[str, float] = {}
    places = []
    for number in range(9):
        source = SourceFile(f"{number}.md", card("q") + "a" * 200 + "!\n")
        parsed, found = parse_file(source, config, spent)
        assert [problem.code for problem in found] == ["slow-regexp"]
        assert len(parsed.blocks) == 1
        places.append(found[0].location.path)
    assert places[0] == "0.md"
    assert places[-2:] == ["vaultdeck.yaml"] * 2
    assert spent["Basic"] < 1


@pytest.mark.parametrize(
    ("style", "before", "after"),
    [
        ("remnote", "a::b\n\nc", f"a::b\n<!--ID: {ID}-->\n\n\nc"),
        ("remnote", "a::b\nc", f"a::b <!--ID: {ID}-->\nc"),
        ("remnote", "- a::b\n- c", f"- a::b <!--ID: {ID}-->\n- c"),
        ("remnote", "> a::b  \n\nc", f"> a::b <!--ID: {ID}-->  \n\nc"),
        ("remnote", "## a::b\nc", f"## a::b\n<!--ID: {ID}-->\nc"),
        ("remnote", "a::b\n<!--SR:!1-->\n\nc", f"a::b <!--ID: {ID}-->\n<!--SR:!1-->\n\nc"),
        ("remnote", "#flashcards\n## a::b\nc", f"#flashcards\n## a::b\n<!--ID: {ID}-->\n\nc"),
        ("remnote", "a::b", f"a::b\n<!--ID: {ID}-->\n"),
        ("table", "|q|\n|-|\n|a|\nnext", f"|q|\n|-|\n|a|\n<!--ID: {ID}-->\nnext"),
        ("remnote", "a::b\r\n\r\nc", f"a::b\r\n<!--ID: {ID}-->\r\n\r\n\r\nc"),
    ],
)
def test_id_of_a_regexp_card_stands_where_the_plugin_puts_it_or_the_note_stays_as_it_was(
    style: str, before: str, after: str
) -> None:
    kind, pattern = STYLES[style]
    config = replace(CONFIG, regexps={kind: pattern})
    (block,) = parse_file(SourceFile("a.md", before), config)[0].blocks
    assert Rewritten(before, [id_edit(block, ID)]).text == after
    (again,) = parse_file(SourceFile("a.md", after), config)[0].blocks
    assert again.id == ID


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("STARTI [Basic] q Back: a ENDI", f"STARTI [Basic] q Back: a <!--ID: {ID}--> ENDI"),
        ("STARTI [Basic] aENDI", f"STARTI [Basic] a<!--ID: {ID}--> ENDI"),
        ("# STARTI [Basic] a ENDI\nx", f"# STARTI [Basic] a ENDI\n<!--ID: {ID}-->\n\nx"),
    ],
)
def test_id_of_an_inline_note_stands_where_the_plugin_puts_it(before: str, after: str) -> None:
    (block,) = parse_file(SourceFile("a.md", before), CONFIG)[0].blocks
    assert Rewritten(before, [id_edit(block, ID)]).text == after
    (again,) = parse_file(SourceFile("a.md", after), CONFIG)[0].blocks
    assert again.id == ID


def test_ids_without_comments_where_the_settings_say_so() -> None:
    config = replace(CONFIG, id_comments=False)
    (block,) = parse_file(SourceFile("a.md", card("q")), config)[0].blocks
    assert f"\nID: {ID}\nEND" in Rewritten(card("q"), [id_edit(block, ID)]).text


# Curly clozes.


@pytest.mark.parametrize(
    ("text", "native"),
    [
        ("{a} {b}", "{{c1::a}} {{c2::b}}"),
        ("{2:a} {b} {c}", "{{c2::a}} {{c1::b}} {{c2::c}}"),
        ("{{c1::x}} {y}", "{{c1::x}} {{c1::y}}"),
        ("{10:a} {c3|b}", "{{c10::a}} {{c3::b}}"),
        ("{a::hint}", "{{c1::a::hint}}"),
        ("{1::a}", "{{c1:::a}}"),
        ("{c:a}", "{{c1::c:a}}"),
        ("{{a}} {{{a}}} {} {a}}", "{{a}} {{{a}}} {} {a}}"),
        ("{a\n\nb}", "{a\n\nb}"),
        ("{a\nb}", "{{c1::a\nb}}"),
        ("$\\frac{1}{2}$ {a} `{b}` $$\\sqrt{x}$$", "$\\frac{1}{2}$ {{c1::a}} `{b}` $$\\sqrt{x}$$"),
        ("{$\\frac12$}", "{{c1::$\\frac12$}}"),
        ("{`code`}", "{{c1::`code`}}"),
        ("```\n{a}\n```\n{b}", "```\n{a}\n```\n{{c1::b}}"),
        ("==x== and ==2:y== and ==c1::z==", "{{c1::x}} and {{c2::y}} and {{c1:::z}}"),
        ("`==x==`", "`==x==`"),
        ("[{a}](x/{b}) {c}", "[{{c1::a}}](x/{b}) {{c2::c}}"),
        ("[a](x?y==&z=_(==)) ==c==", "[a](x?y==&z=_(==)) {{c1::c}}"),
        ('[a](<{b} c>) ![a]({b} "t") ![[{b}.png|{c}]]',
         '[a](<{b} c>) ![a]({b} "t") ![[{b}.png|{{c1::c}}]]'),
        ("f[x]({a} b) [a]({b}", "f[x]({{c1::a}} b) [a]({{c2::b}}"),
    ],
)  # fmt: skip
def test_curly_cloze_becomes_a_deletion(text: str, native: str) -> None:
    config = replace(CONFIG, curly_clozes=True, highlight_clozes=True)
    assert to_native(text, config).text == native


def test_braces_are_text_where_curly_clozes_are_off() -> None:
    assert to_native("{a}", CONFIG).text == "{a}"


def test_curly_clozes_are_numbered_anew_in_each_field() -> None:
    text = "START\nCloze\n{a} {b}\nBack Extra: {c}\nEND\n"
    (note,), _ = compile_text(text, curly_clozes=True)
    assert note.fields[:2] == ("{{c1::a}} {{c2::b}}", "{{c1::c}}")


# Frozen fields, DELETE, deck scope.


def test_frozen_fields_are_appended_to_every_note_of_the_type() -> None:
    text = card("q") + "FROZEN - Basic:\nmore\nBack: *src*\n\n" + card("{{c1::x}}", kind="Cloze")
    notes, found = compile_text(text)
    assert [note.fields[:2] for note in notes] == [
        ("qmore", "answer<em>src</em>"),
        ("{{c1::x}}", ""),
    ]
    assert found == []


def test_frozen_fields_of_an_unknown_type_are_reported() -> None:
    notes, found = compile_text(card("q") + "FROZEN - Basik:\nx\n")
    assert len(notes) == 1
    assert found == ["a.md:6:10 unknown-note-type"]


def test_deleted_note_is_not_built_and_told_as_removed(anki: Anki, tmp_path: Path) -> None:
    from vaultdeck.report import notices

    text = card("q", note_id=ID) + card("r", note_id=ID + 1)
    vault, package = write_vault(tmp_path / "v", {"a.md": text}), tmp_path / "x.apkg"
    build_package(vault, package)
    anki.import_package(package)
    write_vault(vault, {"a.md": text.replace(f"<!--ID: {ID}-->", f"DELETE\n<!--ID: {ID}-->")})
    result = build_package(vault, package)
    assert [note.id for note in result.stamped.notes] == [ID + 1]
    (notice,) = [line for line in notices(result) if "removed" in line]
    assert list(anki.col.find_notes(notice.split("`")[1])) == [ID]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("DELETE <!--ID: 1700000000001-->", id="on one line"),
        pytest.param("  - DELETE\t<!-- ID: 1700000000001 -->", id="in an item"),
        pytest.param("DELETE \n<!--ID: 1700000000001-->", id="a space at the end of the line"),
        pytest.param("DELETE\r\n<!--ID: 1700000000001-->", id="CRLF"),
        pytest.param("> DELETE\n> <!--ID: 1700000000001-->", id="in a quote"),
        pytest.param("DELETE %%ID: 1700000000001%%", id="in Obsidian's comment"),
        pytest.param("x DELETE<!--ID: 1700000000001-->", id="glued, as the plugin reads it"),
    ],
)
def test_the_word_alone_before_an_id_deletes_its_note(text: str) -> None:
    mark = "> " if text.startswith(">") else ""
    lines = ["START", "Basic", "q", "Back: a", *text.split("\n"), "END", ""]
    assert compile_text("\n".join(f"{mark}{line.removeprefix(mark)}" for line in lines)) == ([], [])
    assert compile_text(f"{text}\n") == ([], [])


@pytest.mark.parametrize(
    "back", ["press DELETE <!--ID: 1700000000001-->", "DELETE\n\n<!--ID: 1700000000001-->"]
)
def test_the_word_amid_text_or_above_a_blank_line_is_text(back: str) -> None:
    (note,), found = compile_text(f"START\nBasic\nq\nBack: {back}\nEND\n")
    assert (note.fields[1], note.id) == (back.partition("DELETE")[0] + "DELETE", ID + 1)
    assert found == []


def test_the_word_before_an_id_without_a_comment_amid_text_is_text() -> None:
    (note,), _ = compile_text("START\nBasic\nq\nBack: press DELETE ID: 1700000000001\nEND\n")
    assert note.fields[1] == "press DELETE ID: 1700000000001"


def test_delete_without_an_id_is_text() -> None:
    (note,), _ = compile_text("START\nBasic\nSQL to empty a table?\nBack: DELETE\nFROM t\nEND\n")
    assert "DELETE" in note.fields[1]


@pytest.mark.parametrize(
    ("scope", "decks"), [("file", ["One", "One", "One"]), ("following", ["v", "One", "Two"])]
)
def test_deck_scope(scope: str, decks: list[str]) -> None:
    text = card("a") + "TARGET DECK: One\n" + card("b") + "TARGET DECK\nTwo\n" + card("c")
    notes, _ = compile_text(text, deck_scope=scope, default_deck="v")
    assert [note.deck for note in notes] == decks


# The plugin's other settings.


def test_folders_give_decks_and_tags() -> None:
    changes: dict[str, Any] = {
        "folder_decks": {"a": "A", "a/b": "B", "c": "C"},
        "folder_tags": {"a": ("ta",), "a/b": ("tb", "tc")},
        "tags": ("default",),
    }
    (note,), _ = compile_text(card("q").replace("Back:", "Back:"), "a/b/n.md", **changes)
    assert (note.deck, note.tags) == ("B", ("tb", "tc", "ta", "default", "vaultdeck"))


def test_tags_are_cut_out_of_the_text() -> None:
    text = card("q #alpha/beta and a#b #2 `#code`", "$x#y$ #gamma")
    (note,), _ = compile_text(text, cuts_tags=True)
    assert note.fields[0] == "q  and a#b #2 <code>#code</code>"
    assert note.tags == ("alpha::beta", "gamma", "vaultdeck")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n#x", "a"),
        ("#x\na", "a"),
        ("a\n#x #y\n#z\nb #x", "a<br />\nb"),
        ("a  \n#x\n\nb", "<p>a</p>\n<p>b</p>"),
        ("a\n*#x* #y `c`\nb", "a<br />\n<em>#x</em>  <code>c</code><br />\nb"),
        ("- a\n  #x\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ],
)
def test_lines_of_nothing_but_tags_go_with_these(text: str, html: str) -> None:
    (note,), _ = compile_text(card("q", text), cuts_tags=True)
    assert note.fields[1].rstrip() == html


def test_link_and_context_are_appended_where_the_settings_say_so() -> None:
    text = "# Over\n## Sub\n" + card("q", "a")
    changes = {"link_fields": {"": ""}, "context_fields": {"Basic": "Back"}}
    (note,), _ = compile_text(text, "x/n.md", **changes)
    address = "obsidian://open?vault=vault&amp;file=x%2Fn.md"
    assert note.fields[0] == f'q<br><a href="{address}" class="obsidian-link">Obsidian</a>'
    assert note.fields[1] == "ax/n.md > Over > Sub"


# Blocks found = notes built + blocks reported.


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_every_block_is_built_or_reported(text: str) -> None:
    from vaultdeck.cards.extents import find_extents

    source = SourceFile("a.md", text)
    config: Config = replace(CONFIG, syntaxes=("block",))
    extents, _ = find_extents(source, config.markers)
    parsed, found = parse_file(source, config)
    reported = {"missing-note-type", "unknown-note-type", "malformed-id", "unknown-field"}
    left_out = [problem for problem in found if problem.code in reported]
    spans = {(b.span.start, b.span.end) for b in parsed.blocks}
    missing = [e for e in extents if (e.span.start, e.span.end) not in spans]
    assert len(missing) <= len(left_out) + len(parsed.deleted)


@given(
    st.lists(st.sampled_from(["STARTI", "ENDI", "[Basic]", "Back:", "Tags:", "ID: 5", " ", "\n"]))
)
@settings(deadline=None)
def test_inline_notes_of_any_text_are_read_back_with_their_ids(pieces: list[str]) -> None:
    text = " ".join(pieces)
    blocks = parse_file(SourceFile("a.md", text), CONFIG)[0].blocks
    edits = [id_edit(block, ID + i) for i, block in enumerate(blocks) if block.id is None]
    written = Rewritten(text, edits).text
    again = parse_file(SourceFile("a.md", written), CONFIG)[0].blocks
    assert all(block.id for block in again)
    assert len(again) == len(blocks)


def test_dry_build_of_a_vault_with_every_syntax(tmp_path: Path) -> None:
    text = card("block", note_id=ID) + "STARTI [Basic] inline Back: b ENDI\n"
    result = build(write_vault(tmp_path / "v", {"a.md": text}))
    assert [fields(result, n)["Front"] for n in range(2)] == ["block", "inline"]


# What must not happen to IDs where cards meet.


def builds(tmp_path: Path, text: str, **changes: Any) -> list[list[int | None]]:
    """Write IDs three times over; return the IDs read each time."""
    config = replace(CONFIG, **changes)
    seen: list[list[int | None]] = []
    for number in range(3):
        blocks = parse_file(SourceFile("a.md", text), config)[0].blocks
        edits = [id_edit(b, ID + 100 * number + i) for i, b in enumerate(blocks) if b.id is None]
        text = Rewritten(text, edits).text
        blocks = parse_file(SourceFile("a.md", text), config)[0].blocks
        seen.append([block.id for block in blocks])
    return seen


@pytest.mark.parametrize(
    ("text", "regexps", "count"),
    [
        pytest.param("a::b\nc::d\nend\n", {"Basic": "^(.+)::(.+)$|^Q (.+)$"}, 2, id="alternatives"),
        pytest.param(
            "Q: x\nA: y::z\n",
            {
                "Basic": STYLES["remnote"][1],
                "Basic (and reversed card)": STYLES["question-answer"][1],
            },
            1,
            id="two patterns that end at one place",
        ),
        pytest.param(
            "# h\na::b\nc\n\nd",
            {"Basic": STYLES["remnote"][1], "Cloze": STYLES["header-paragraph"][1]},
            1,
            id="a card in a card",
        ),
        pytest.param(
            "# h\n" + card("q") + "more\n",
            {"Basic": STYLES["header-paragraph"][1]},
            1,
            id="a block",
        ),
        pytest.param(
            "START\nBasic\nq STARTI [Basic] i Back: j ENDI\nBack: a\nEND\n",
            {},
            2,
            id="inline in block",
        ),
    ],
)
def test_ids_of_cards_that_meet_stay_their_own(
    tmp_path: Path, text: str, regexps: dict[str, str], count: int
) -> None:
    seen = builds(tmp_path, text, regexps=regexps)
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == len(set(seen[0])) == count
    assert None not in seen[0]


@pytest.mark.parametrize(
    "text",
    [
        "---\ndeck: Math::Algebra\ntags: [a::b]\n---\n",
        "TARGET DECK: A::B\n\nTARGET DECK: C::D\n",
        "a::b\nDELETE\n<!--ID: 1700000000001-->\n",
    ],
)
def test_properties_directives_and_deleted_cards_are_no_regexp_cards(text: str) -> None:
    config = replace(CONFIG, regexps={"Basic": STYLES["remnote"][1]}, deck_scope="following")
    assert parse_file(SourceFile("a.md", text), config)[0].blocks == ()


def test_class_of_everything_keeps_its_meaning() -> None:
    assert read_regexp("Q: x\nA: y\n", "^Q: ([\\s\\S]+?)\\nA: ([^\\n]+)") == [
        (["x", "y"], (), None)
    ]


def test_same_front_twice_is_built_with_a_warning(tmp_path: Path) -> None:
    text = card("q", "a", note_id=ID) + card("q", "b", note_id=ID + 1)
    result = build(write_vault(tmp_path / "v", {"a.md": text}))
    assert len(result.stamped.notes) == 2
    assert problems(result.diagnostics) == ["a.md:7:1 duplicate-front"]


def test_an_overlapping_card_names_the_other_by_what_it_says(tmp_path: Path) -> None:
    config = "regexps:\n  Basic: remnote\n  Cloze: cloze-paragraph\ncurly_clozes: true\n"
    files = {"vaultdeck.yaml": config, "a.md": "u::v\n\n{x}\ny::z\n"}
    build_package(write_vault(tmp_path / "v", files), tmp_path / "x.apkg")
    result = build(tmp_path / "v")
    assert [d.message for d in result.diagnostics] == [
        "this overlaps the card 'y::z': it is left out"
    ]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("deck: %%x%%", "'%%' begins no comment in them", "remove the comment"),
        ("%% x %%", "'%%' begins no comment in them", "remove the comment"),
        ("deck: @a", "'@a' has no quotes", 'write `deck: "@a"`'),
        ("deck: A: B", "'A: B' has no quotes", 'write `deck: "A: B"`'),
        ('deck: *"A"', "'*\"A\"' has no quotes", "write `deck: '*\"A\"'`"),
        ("deck: [a", "did not find expected", "put text with ':'"),
        ('deck: <% f("a: b") %>', "not valid YAML", "list templates under `ignore`"),
    ],
)
def test_broken_properties_say_what_to_write(line: str, message: str, hint: str) -> None:
    source = SourceFile("a.md", f"---\n{line}\n---\n{card('q')}")
    (problem,) = [p for p in parse_file(source, CONFIG)[1] if p.code == "bad-properties"]
    assert message in problem.message
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize(
    ("text", "is_named"), [("The ==x==.", True), ("The {x}.", True), ("The `{x}` = y.", False)]
)
def test_deletions_that_the_settings_switch_off_are_named(
    tmp_path: Path, text: str, is_named: bool
) -> None:
    files = {"a.md": f"START\nCloze\n{text}\n<!--ID: {ID}-->\nEND\n"}
    (problem,) = build(write_vault(tmp_path, files)).diagnostics
    assert problem.code == "cloze-missing"
    assert ("switch on curly_clozes" in problem.hint) == is_named
