"""What real vaults contain, and the quirks of the plugin that they rely on."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.helpers import (
    CONFIG,
    PNG,
    build,
    build_package,
    card,
    fields,
    fronts,
    problems,
    write_vault,
)
from tests.support.reading import compile_text
from vaultdeck.build.outcome import Build
from vaultdeck.cards import parse_file
from vaultdeck.cards.extents import find_extents
from vaultdeck.model import Rewritten, SourceFile
from vaultdeck.vault.note_edits import id_edit

ID = 1_700_000_000_000
DATA = ".obsidian/plugins/obsidian-to-anki-plugin/data.json"
QUIET = ("missing-id",)


def plugin(fields_dict: dict[str, list[str]] | None = None, **sections: Any) -> dict[str, str]:
    """Return the plugin's data.json with some settings."""
    data: dict[str, Any] = {"settings": sections, "Added Media": [], "File Hashes": {}}
    if fields_dict is not None:
        data["fields_dict"] = fields_dict
    return {DATA: json.dumps(data)}


def build_files(tmp_path: Path, files: Mapping[str, str | bytes]) -> Build:
    return build(write_vault(tmp_path / "v", files))


def codes(result: Build) -> list[str]:
    return [p.code for p in result.diagnostics if p.code not in QUIET]


def block(*lines: str) -> str:
    return "\n".join(("START", *lines, "END", ""))


# 1-8: block boundaries.


def test_indented_end_closes_its_own_block_and_is_reported_for_each() -> None:
    text = "START\nBasic\nq1\nBack:\n- a\n  END\n\nSTART\nBasic\nq2\nBack:\n- b\n\tEND\n" + card(
        "q3"
    )
    notes, found = compile_text(text)
    assert [note.fields[0] for note in notes] == ["q1", "q2", "q3"]
    assert [note.fields[1] for note in notes][:2] == [
        "<ul>\n<li>a</li>\n</ul>",
        "<ul>\n<li>b</li>\n</ul>",
    ]
    assert found == ["a.md:6:3 indented-end", "a.md:13:2 indented-end"]


def test_indented_end_before_a_proper_one_is_text() -> None:
    notes, found = compile_text("START\nBasic\nq\nBack:\n- a\n  END\nb\nEND\n")
    assert len(notes) == 1
    assert "END" in notes[0].fields[1]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "START \nBasic\nq\nBack: a\nEND\n",
        "START\nBasic\nq\nBack: a\nEND  \t\n",
        "START\nBasic \nq\nBack: a\nEND\n",
        "START\n  Basic\nq\nBack: a\nEND\n",
    ],
)
def test_white_space_round_markers_and_type_does_no_harm(text: str) -> None:
    (note,), found = compile_text(text)
    assert (note.fields[:2], found) == (("q", "a"), [])


def test_localised_type_with_trailing_space(tmp_path: Path) -> None:
    files = plugin({"Básico": ["Anverso", "Reverso"]})
    result = build_files(tmp_path, {**files, "a.md": block("Básico ", "q", "Reverso: a")})
    assert fields(result)["Reverso"] == "a"
    assert codes(result) == []


@pytest.mark.parametrize(
    ("text", "built", "found"),
    [
        ("START\nBasic\nlost\n\n" + card("q"), 1, ["1:1 unclosed-block"]),
        (card("q") + "START\nBasic\nlost\n", 1, ["6:1 unclosed-block"]),
        ("END\n\n" + card("q"), 1, ["1:1 stray-end"]),
        ("Start\nBasic\nread\nBack: a\nEnd\n" + card("q"), 2, []),
        ("### START\nBasic\nno card\n\n" + card("q"), 1, ["1:1 start-not-read"]),
        ("### START\nBasic\nread\nBack: a\nEND\n" + card("q"), 2, []),
        ("% START\nBasic\noff\nEND\n" + card("q"), 1, ["4:1 stray-end"]),
        (
            "- START\n> START\n  START\n" + card("q"),
            1,
            ["1:3 start-not-read", "2:3 start-not-read", "3:3 start-not-read"],
        ),
        ("START\nBasic\na\n<!--ID: 5-->\n\n" + card("q"), 2, ["1:1 missing-end", "1:1 empty-back"]),
    ],
)
def test_markers_that_are_not_whole(text: str, built: int, found: list[str]) -> None:
    notes, problems_found = compile_text(text)
    assert len(notes) == built
    assert problems_found == [f"a.md:{line}" for line in found]


def test_two_starts_are_never_merged_into_one_card() -> None:
    notes, found = compile_text("START\nBasic\none\nBack: 1\nSTART\nBasic\ntwo\nBack: 2\nEND\n")
    assert [note.fields[:2] for note in notes] == [("two", "2")]
    assert found == ["a.md:1:1 unclosed-block"]


def test_closed_fence_hides_its_blocks_and_tells_of_those_with_an_id() -> None:
    text = f"```\n{card('doc')}```\n\n````md\n{card('doc', note_id=ID)}````\n\n" + card("real")
    notes, found = compile_text(text)
    assert [note.fields[0] for note in notes] == ["real"]
    assert found == ["a.md:10:1 block-in-code"]


def test_unclosed_fence_switches_nothing_off() -> None:
    for fence in ("````", "```", "~~~", "````\n```\n```"):
        notes, found = compile_text(f"{fence}\n\n" + card("one") + "text\n" + card("two"))
        assert [note.fields[0] for note in notes] == ["one", "two"]
        assert found == []


def test_fence_of_one_card_is_not_closed_by_that_of_the_next() -> None:
    text = block("Basic", "one", "Back:", "```py", "x") + block(
        "Basic", "two", "Back:", "```py", "y"
    )
    notes, _ = compile_text(text)
    assert [note.fields[0] for note in notes] == ["one", "two"]


def test_end_in_a_fence_inside_the_card_is_text() -> None:
    text = block("Basic", "q", "Back:", "```", "BEGIN", "END", "```") + card("next")
    notes, found = compile_text(text)
    assert [note.fields[0] for note in notes] == ["q", "next"]
    assert "BEGIN\nEND" in notes[0].fields[1]
    assert found == []


def test_fence_opened_in_a_card_with_a_stray_end_later() -> None:
    text = "START\nBasic\nq\nBack:\n```\nEND\n\ntext\n\nEND\n\n" + card("next")
    notes, found = compile_text(text)
    assert [note.fields[0] for note in notes] == ["q", "next"]
    assert found == ["a.md:10:1 stray-end", "a.md:1:1 empty-back"]


@pytest.mark.parametrize(
    "text",
    ["%%\n" + card("q") + "%%\n", "> [!tip]-\n" + card("q"), "<!--\n" + card("q") + "-->\n"],
)
def test_comments_and_callouts_hide_no_card(text: str) -> None:
    notes, found = compile_text(text)
    assert [note.fields[:2] for note in notes] == [("q", "answer")]
    assert found == []


def test_comment_marks_as_markers(tmp_path: Path) -> None:
    syntax = {"Begin Note": "%%ANKI", "End Note": "END%%"}
    text = "".join(
        f"%%ANKI\nBasic\nq{i}\nBack: a\n<!--ID: {ID + i}-->\nEND%%\n\ntext\n" for i in range(30)
    )
    result = build_files(tmp_path, {**plugin(Syntax=syntax), "a.md": text})
    assert fronts(result) == [f"q{i}" for i in range(30)]
    assert [stamped.id for stamped in result.stamped.notes] == [ID + i for i in range(30)]
    assert codes(result) == []


def test_new_id_under_custom_markers_stands_above_the_end(tmp_path: Path) -> None:
    files = plugin(Syntax={"Begin Note": "%%ANKI", "End Note": "END%%"})
    vault = write_vault(tmp_path / "v", {**files, "a.md": "%%ANKI\nBasic\nq\nBack: a\nEND%%\n"})
    (stamped,) = build_package(vault, tmp_path / "x.apkg").stamped.notes
    text = (vault / "a.md").read_text()
    assert text == f"%%ANKI\nBasic\nq\nBack: a\n<!--ID: {stamped.id}-->\nEND%%\n"


def test_stray_dollars_hide_no_marker() -> None:
    text = "$$ x\n\n" + "".join(card(f"q{i}", "a $$ b" if i == 3 else "a") for i in range(40))
    notes, found = compile_text(text)
    assert [note.fields[0] for note in notes] == [f"q{i}" for i in range(40)]
    assert {note.fields[1] for note in notes} == {"a", "a $$ b"}
    assert found == []


def test_custom_marker_words(tmp_path: Path) -> None:
    syntax = {
        "Begin Note": "START_CARD",
        "End Note": "END_CARD",
        "Target Deck Line": "TARGET_DECK",
        "File Tags Line": "FTAGS",
        "Delete Note Line": "DEL",
        "Begin Inline Note": "SI",
        "End Inline Note": "EI",
    }
    text = (
        "TARGET_DECK: My::Deck\nFTAGS: one two\n"
        "START_CARD\nBasic\nEND\nBack: START\nEND_CARD\n"
        f"START_CARD\nBasic\ngone\nBack: a\nDEL\n<!--ID: {ID}-->\nEND_CARD\nSI [Basic] in Back: b EI\n"
    )
    result = build_files(tmp_path, {**plugin(Syntax=syntax), "a.md": text})
    assert fronts(result) == ["END", "in"]
    note = result.stamped.notes[0].note
    assert note.deck == "My::Deck"
    assert {"one", "two"} <= set(note.tags)
    assert codes(result) == []


def test_deck_line_word_deck(tmp_path: Path) -> None:
    files = plugin(Syntax={"Target Deck Line": "DECK"})
    result = build_files(tmp_path, {**files, "a.md": "DECK: X\n\n" + card("q")})
    assert result.stamped.notes[0].note.deck == "X"


def test_templates_are_left_out_so_that_ids_stay_unique(tmp_path: Path) -> None:
    files = {
        ".obsidian/templates.json": '{"folder": "Templates"}',
        "Templates/Card.md": card("{{title}}", note_id=ID),
        "real.md": card("q", note_id=ID),
    }
    result = build_files(tmp_path, files)
    assert (fronts(result), codes(result)) == (["q"], [])
    assert any("Templates" in line for line in result.notices)


def test_ignore_globs_of_the_plugin(tmp_path: Path) -> None:
    files = {
        **plugin(IGNORED_FILE_GLOBS=["**/*.excalidraw.md", "Meta/**", "!Meta/keep.md"]),
        "Meta/t.md": card("template"),
        "Meta/keep.md": card("kept"),
        "d.excalidraw.md": card("drawing"),
        "sub/e.excalidraw.md": card("drawing"),
        "real.md": card("q"),
    }
    result = build_files(tmp_path, files)
    assert sorted(fronts(result)) == ["kept", "q"]


# 9-14: note type and fields.


def test_blank_lines_before_the_note_type() -> None:
    notes, found = compile_text("START\n\n\nBasic\nq\nBack: a\nEND\n")
    assert (notes[0].fields[:2], found) == (("q", "a"), [])


def test_block_without_a_type_is_reported_with_its_id_kept_present() -> None:
    text = f"START\nWhat is a monoid?\nBack: a set\n<!--ID: {ID}-->\nEND\n" + card("q")
    notes, found = compile_text(text)
    assert len(notes) == 1
    assert found == ["a.md:2:1 unknown-note-type"]


@pytest.mark.parametrize(
    ("kind", "names", "text", "is_cloze"),
    [
        ("Básico", ["Anverso", "Reverso"], "q\nReverso: a", False),
        ("Hueco", ["Texto", "Extra"], "hay {{c1::algo}}\nExtra: e", True),
        ("Respuesta anidada", ["Texto"], "{{c1::a {{c2::b}}}}", True),
        ("Einfach", ["Vorderseite", "Rückseite"], "q\nRückseite: a", False),
        ("基本型（可選用反向卡片）", ["正面", "背面", "反向"], "q\n背面: a", False),
        ("FIT-Card", ["Question", "Answer"], "q\nAnswer: a", False),
        ("School", ["Front", "Back"], "q\nBack: a", False),
        ("Cloze of mine", ["Front", "Back"], "q\nBack: a", False),
    ],
)
def test_types_known_from_the_plugin(
    kind: str, names: list[str], text: str, is_cloze: bool, tmp_path: Path
) -> None:
    result = build_files(
        tmp_path, {**plugin({kind: names}), "a.md": block(kind, *text.split("\n"))}
    )
    (stamped,) = result.stamped.notes
    assert stamped.note.kind == kind
    assert stamped.note.note_type.is_cloze is is_cloze
    assert stamped.note.note_type.fields[: len(names)] == tuple(names)
    assert codes(result) == []


def test_unknown_type_gets_the_nearest_name_and_stops_no_other(tmp_path: Path) -> None:
    files = plugin({"Básico": ["Anverso", "Reverso"]})
    text = block("Basico", "q", "Reverso: a") + block("Básico", "r", "Reverso: a")
    result = build_files(tmp_path, {**files, "a.md": text})
    assert fronts(result) == ["r"]
    (problem,) = [p for p in result.diagnostics if p.code == "unknown-note-type"]
    assert "Bás" in problem.hint or "Basic" in problem.hint
    assert problem.location.line == 2


@pytest.mark.parametrize(
    ("names", "first", "second"),
    [
        (["Anverso", "Reverso"], "Anverso: q", "Reverso: a"),
        (["Vorderseite", "Rückseite"], "q", "Rückseite: a"),
        (["正面", "背面"], "正面: q", "背面:a"),
        (["Text", "Back Extra"], "q", "Back Extra: a"),
        (["Image Occlusion", "Image"], "Image Occlusion: q", "Image: a"),
        (["English", "Russian", "Example", "Note"], "English: q", "Russian: a"),
    ],
)
def test_field_names_of_the_type(names: list[str], first: str, second: str, tmp_path: Path) -> None:
    result = build_files(tmp_path, {**plugin({"T": names}), "a.md": block("T", first, second)})
    assert list(fields(result).values())[:2] == ["q", "a"]
    assert codes(result) == []


def test_names_at_a_line_start_are_fields_only_if_the_type_has_them(tmp_path: Path) -> None:
    lines = ("q", "Back: a", "Note: n", "Example: e", "Definice: d", "Věta: v", "Ahol: x")
    types = {"Basic": ["Front", "Back"], "Wide": ["Front", "Back", "Note", "Example"]}
    text = block("Basic", *lines) + block("Wide", *lines)
    result = build_files(tmp_path, {**plugin(types), "a.md": text})
    narrow, wide = fields(result, 0), fields(result, 1)
    for name in ("Note: n", "Example: e", "Definice: d", "Věta: v", "Ahol: x"):
        assert name in narrow["Back"]
    assert wide["Note"] == "n"
    assert wide["Example"].startswith("e<br")
    assert "Ahol: x" in wide["Example"]
    assert codes(result) == []


def test_text_below_the_field_name_without_a_space_or_indented() -> None:
    notes, found = compile_text(
        block("Basic", "q", "Back: ", "a")
        + block("Basic", "q2", "Back:text")
        + block("Cloze", "{{c1::x}}", " Back Extra: stays")
        + block("Basic", "q3", "Back:", "", "a", "", "")
    )
    assert [note.fields[:2] for note in notes] == [
        ("q", "a"),
        ("q2", "text"),
        ("{{c1::x}}<br />\nBack Extra: stays", ""),
        ("q3", "a"),
    ]
    assert found == []


@pytest.mark.parametrize("lines", [("q", "Back:"), ("q", "Back: "), ("q",), ("q", "the answer")])
def test_card_without_an_answer_is_built(lines: tuple[str, ...]) -> None:
    (note,), found = compile_text(block("Basic", *lines))
    assert note.fields[0].startswith("q")
    assert note.fields[1] == ""
    assert found == ["a.md:1:1 empty-back"]


def test_card_without_a_question_is_reported() -> None:
    notes, found = compile_text(block("Basic", "Back: a") + card("q"))
    assert len(notes) == 1
    assert found == ["a.md:1:1 empty-front"]


def test_front_of_many_lines() -> None:
    front = ["Which?", "1. one", "2. two", "", "$$", "a < b", "$$", "```py", "x = 1", "```"]
    (note,), found = compile_text(block("Basic", *front, "Back: a"))
    assert "<ol>" in note.fields[0]
    assert "\\[" in note.fields[0]
    assert "x = <" in note.fields[0]
    assert (note.fields[1], found) == ("a", [])


def test_long_back_with_headings_rules_tables_and_fences() -> None:
    part = [
        "# Heading",
        "text",
        "",
        "___",
        "",
        "| a | b |",
        "|---|---|",
        "| 1 | 2 |",
        "",
        "```",
        "c",
        "```",
    ]
    (note,), found = compile_text(block("Basic", "q", "Back:", *(part * 40)))
    back = note.fields[1]
    assert (back.count("<h1"), back.count("<hr"), back.count("<table")) == (40, 40, 40)
    assert back.count("<pre") == 40
    assert found == []


def test_rule_directly_under_text_is_a_heading() -> None:
    (note,), _ = compile_text(block("Basic", "q", "Back:", "text", "---", "more"))
    assert note.fields[1].startswith("<h2")


# 15-18: tags and IDs.


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("Tags:x", ("x",)),
        ("Tags: x", ("x",)),
        ("Tags:", ()),
        ("Tags: ", ()),
        ("Tags: grammar, verbs", ("grammar", "verbs")),
        ("Tags: a  b", ("a", "b")),
        ("Tags: proposición/teorema", ("proposición::teorema",)),
        ("Tags: a::b", ("a::b",)),
        ("Tags: #x", ("x",)),
    ],
)
def test_tags_lines(line: str, tags: tuple[str, ...]) -> None:
    for rest in ((), (f"<!--ID: {ID}-->",)):
        (note,), found = compile_text(block("Basic", "q", "Back: a", line, *rest))
        assert note.fields[:2] == ("q", "a")
        assert note.tags == (*tags, "vaultdeck")
        assert found == []


def test_text_after_the_tags_line_is_reported_and_kept() -> None:
    (note,), found = compile_text(block("Basic", "q", "Back: a", "Tags: x", "more"))
    assert "more" in note.fields[1]
    assert found == ["a.md:5:1 misplaced-tags"]


def test_two_tags_lines_and_blank_lines_before_the_id() -> None:
    lines = ("q", "Back: a", "Tags: x", "Tags: y", "", f"<!--ID: {ID}-->")
    (note,), found = compile_text(block("Basic", *lines))
    assert (note.fields[1], note.tags, note.id) == ("a", ("x", "y", "vaultdeck"), ID)
    assert found == []


def test_prose_after_tags_in_the_middle_stays_text() -> None:
    (note,), _ = compile_text(block("Basic", "q", "Back: a", "Tags: You can prove it", "so."))
    assert "Tags: You can prove it" in note.fields[1]
    assert note.tags == ("vaultdeck",)


def test_one_id_on_two_cards_leaves_out_the_later_one(tmp_path: Path) -> None:
    text = card("one", note_id=ID) + card("two", note_id=ID)
    result = build_files(tmp_path, {"a.md": text})
    assert (fronts(result), codes(result)) == (["one"], ["duplicate-id"])


@pytest.mark.parametrize(
    "lines",
    [
        ("Back: a", f"<!--ID: {ID}-->", "", "", ""),
        ("Back: a", f"    <!--ID: {ID}-->"),
        ("Back: a", f"> <!--ID: {ID}-->"),
        (f"Back: a<!--ID: {ID}-->",),
        ("Back: a", f"<!--ID:{ID}-->"),
        ("Back: a", f"ID: {ID}"),
        ("Back: a", "<!--", "ID:", str(ID), "-->"),
        ("Back: a", "<!--", "", "ID:", "", str(ID), "", "", "-->"),
        ("Back: a", f"<!--ID: {ID}-->", "Tags: x"),
    ],
)
def test_spellings_of_an_id(lines: tuple[str, ...]) -> None:
    (note,), found = compile_text(block("Basic", "q", *lines))
    assert (note.id, note.fields[:2]) == (ID, ("q", "a"))
    assert found == []


def test_id_of_eleven_digits_is_an_id() -> None:
    (note,), _ = compile_text(block("Basic", "q", "Back: a", "<!--ID: 17000000000-->"))
    assert note.id == 17_000_000_000


def test_two_ids_in_a_block_the_last_counts_and_is_told() -> None:
    lines = ("Back: a", f"<!--ID: {ID}-->", f"<!--ID: {ID + 1}-->")
    (note,), found = compile_text(block("Basic", "q", *lines))
    assert (note.id, note.fields[1]) == (ID + 1, "a")
    assert found == ["a.md:5:1 extra-id"]


def test_cards_without_ids_are_built(tmp_path: Path) -> None:
    result = build_files(tmp_path, {"a.md": card("q1") + card("q2") + card("q3", note_id=ID)})
    assert fronts(result) == ["q1", "q2", "q3"]
    assert codes(result) == []


def test_ids_outside_blocks_are_not_attached_to_blocks() -> None:
    text = f"# h\ntext\n<!--ID: {ID}-->\n\n" + card("q") + f"<!--ID: {ID + 1}-->\n"
    (note,), found = compile_text(text)
    assert (note.id, found) == (None, ["a.md:3:1 stray-id", "a.md:10:1 stray-id"])


# 19: decks.


@pytest.mark.parametrize(
    ("head", "deck", "found"),
    [
        ("---\nTARGET DECK: A::B\n---\n", "A::B", []),
        ("TARGET DECK: A\n", "A", []),
        ("TARGET DECK\nA::B\n", "A::B", []),
        ("TARGET DECK cloud\n", "vault", ["a.md:1:1 bad-directive"]),
        ("TARGET DECK : X\n", "vault", ["a.md:1:1 bad-directive"]),
        ("TARGET DECK:React\n", "vault", ["a.md:1:1 bad-directive"]),
        ("TARGET DECK:\n\n", "vault", ["a.md:1:1 bad-directive"]),
        ("TARGET DECK\n\n", "vault", ["a.md:1:1 bad-directive"]),
        ("", "vault", []),
    ],
)
def test_forms_of_the_deck_line(head: str, deck: str, found: list[str]) -> None:
    (note,), problems_found = compile_text(head + card("q"))
    assert (note.deck, problems_found) == (deck, found)


@pytest.mark.parametrize("head", ["TARGET DECK:\nFILE TAGS: x\n", "TARGET DECK\nFILE TAGS: x\n"])
def test_empty_deck_line_does_not_swallow_the_tags_line(head: str) -> None:
    (note,), found = compile_text(head + card("q"))
    assert note.deck == "vault"
    assert "x" in note.tags
    assert found == ["a.md:1:1 bad-directive"]


def test_malformed_deck_line_does_not_hide_a_good_one() -> None:
    (note,), found = compile_text("TARGET DECK:bad\n\nTARGET DECK: Good\n" + card("q"))
    assert (note.deck, found) == ("Good", ["a.md:1:1 bad-directive"])


def test_deck_of_each_card_where_asked_for() -> None:
    text = "TARGET DECK: A\n" + card("q") + "TARGET DECK: B\n" + card("r")
    assert [n.deck for n in compile_text(text, deck_scope="following")[0]] == ["A", "B"]
    assert [n.deck for n in compile_text(text)[0]] == ["A", "A"]


def test_default_deck_is_the_vault_or_what_the_plugin_says(tmp_path: Path) -> None:
    plain = build_files(tmp_path / "1", {"a.md": card("q")})
    named = build_files(tmp_path / "2", {**plugin(Defaults={"Deck": "Mine"}), "a.md": card("q")})
    unnamed = build_files(tmp_path / "3", {**plugin(), "a.md": card("q")})
    decks = [result.stamped.notes[0].note.deck for result in (plain, named, unnamed)]
    assert decks == ["v", "Mine", "Default"]


# 20-24: math, code, cloze.


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("$a<b$", "\\(a&lt;b\\)"),
        ("$$\na\n\nb\n$$", "\\[a\nb\\]"),
        ("$$\na\\\\\nb\n$$", "\\[a\\\\\nb\\]"),
        ("$x[^2] [[y_1]] *z*$", "\\(x[^2] [[y_1]] *z*\\)"),
        ("by hand \\(a<b\\)", "by hand \\(a&lt;b\\)"),
    ],
)
def test_math_passes(text: str, html: str) -> None:
    (note,), found = compile_text(block("Basic", "q", "Back:", *text.split("\n")))
    squeezed = note.fields[1].replace("\\[\n", "\\[").replace("\n\\]", "\\]").replace("\n\n", "\n")
    assert squeezed == html
    assert found == []


def test_handwritten_math_inside_center_and_cloze() -> None:
    lines = ("<center>\\(x_1 * y_2 * z\\)</center>", "", "{{c1::\\(a_1 * b_1\\)}}")
    (note,), found = compile_text(block("Cloze", *lines))
    assert "\\(x_1 * y_2 * z\\)" in note.fields[0]
    assert "{{c1::\\(a_1 * b_1\\)}}" in note.fields[0]
    assert found == []


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("[[x#$ sqrt{n}$ consistency|text]] and $y$", ">text</a> and \\(y\\)"),
        ("[[lsof#`lsof`|lsof]] and `code`", ">lsof</a> and <code>code</code>"),
    ],
)
def test_links_whose_target_holds_math_or_code_stay_links(link: str, shown: str) -> None:
    (note,), _ = compile_text(block("Basic", "q", f"Back: {link}"))
    assert shown in note.fields[1]
    assert note.fields[1].count("<a ") == 1


def test_embed_whose_heading_holds_code(tmp_path: Path) -> None:
    files = {
        "lsof.md": "# `lsof`\nlists files\n# other\nno\n",
        "a.md": card("q", "![[lsof#`lsof`]]"),
    }
    result = build_files(tmp_path, files)
    assert "lists files" in fields(result)["Back"]
    assert "no" not in fields(result)["Back"].replace("note", "")
    assert codes(result) == []


def test_bold_that_meets_a_dollar_loses_nothing() -> None:
    (note,), found = compile_text(block("Basic", "q", "Back: **$all** of it, **$5** too"))
    assert "$all" in note.fields[1]
    assert "of it" in note.fields[1]
    assert "\\(" not in note.fields[1]
    assert found == []


def test_cloze_with_latex_braces_is_not_closed_early() -> None:
    (note,), found = compile_text(block("Cloze", "{{c1::$\\frac{a}{\\sqrt{b}}$}} end"))
    inner = note.fields[0].removeprefix("{{c1::")
    assert inner.index("}}") > inner.index("\\)")
    assert found == []


def test_nested_and_multi_line_clozes() -> None:
    (nested, lines), found = compile_text(
        block("Cloze", "{{c1::a {{c2::b}} c}}") + block("Cloze", "{{c1::one", "two}} three")
    )
    assert nested.fields[0] == "{{c1::a {{c2::b}} c}}"
    assert lines.fields[0].startswith("{{c1::one")
    assert lines.fields[0].endswith("two}} three")
    assert found == []


def test_curly_clozes_only_where_switched_on(tmp_path: Path) -> None:
    text = block("Cloze", "{a} `{b}` {{c3::x}}")
    off = build_files(tmp_path / "1", {**plugin(), "a.md": text})
    on = build_files(tmp_path / "2", {**plugin(Defaults={"CurlyCloze": True}), "a.md": text})
    assert fronts(off) == ["{a} <code>{b}</code> {{c3::x}}"]
    assert fronts(on) == ["{{c1::a}} <code>{b}</code> {{c3::x}}"]


def test_code_inside_a_curly_cloze() -> None:
    (note,), _ = compile_text(block("Cloze", "{`a{}b`} c"), curly_clozes=True)
    assert note.fields[0].startswith("{{c1::<code>a{}b</code>}}")


def test_delete_as_an_answer_is_text() -> None:
    lines = ("Which statement?", "Back:", "DELETE", "", f"<!--ID: {ID}-->")
    (note,), found = compile_text(block("Basic", *lines))
    assert (note.fields[1], note.id, found) == ("DELETE", ID, [])


def test_delete_next_to_its_id_removes_the_card() -> None:
    notes, _ = compile_text(
        block("Basic", "q", "Back: a", "DELETE", f"<!--ID: {ID}-->") + card("r")
    )
    assert [note.fields[0] for note in notes] == ["r"]


def test_html_in_cards() -> None:
    back = '<iframe src="https://example.org/x"></iframe> <!-- note --> <span class="x">y</span>'
    (note,), found = compile_text(block("Basic", "q", f"Back: {back}"))
    assert "y" in note.fields[1]
    assert 'class="x"' in note.fields[1]
    assert "<!-- note" not in note.fields[1]
    assert found == []


def test_a_frame_is_loaded_by_https() -> None:
    back = '<iframe src="http://www.example.org/embed/x"></iframe>'
    (note,), found = compile_text(block("Basic", "q", f"Back: {back}"))
    assert 'src="https://www.example.org/embed/x"' in note.fields[1]
    assert found == []


def test_zero_width_characters_spoil_no_marker() -> None:
    notes, found = compile_text("START\u200b\nBasic\u200b\nq\nBack: a\nEND\u200b\ufeff\n")
    assert (len(notes), found) == (1, [])


# 25-28: images and transclusion.


@pytest.mark.parametrize(
    ("image", "attributes"),
    [
        ("![](../img/my%20pic.png)", []),
        ("![](/img/my%20pic.png)", []),
        ("![](<../img/my pic.png>)", []),
        ("![[my pic.png]]", []),
        ("![[my pic.png| 500]]", ['width="500"']),
        ("![[my pic.png|100x245]]", ['width="100"', 'height="245"']),
        ("![[my pic.png\\|100]]", ['width="100"']),
        ("| a |\n|---|\n| ![[my pic.png\\|100]] |", ['width="100"']),
        ("![alt|500](../img/my%20pic.png)", ['width="500"', 'alt="alt"']),
    ],
)
def test_images(image: str, attributes: list[str], tmp_path: Path) -> None:
    text = block("Basic", "q", "Back:", *image.split("\n"))
    result = build_files(tmp_path, {"img/my pic.png": PNG, "notes/a.md": text})
    back = fields(result)["Back"]
    assert back.count("<img ") == 1
    for attribute in attributes:
        assert attribute in back
    assert len(result.stamped.notes[0].note.media) == 1
    assert codes(result) == []


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "/img/user/gone.png", "../../../etc/passwd"]
)
def test_images_that_are_not_there_leave_the_card_and_a_trace(url: str, tmp_path: Path) -> None:
    result = build_files(tmp_path, {"n/a.md": card("q", f"before ![]({url}) after")})
    (stamped,) = result.stamped.notes
    assert "before" in stamped.note.fields[1]
    assert "after" in stamped.note.fields[1]
    assert stamped.note.media == ()


def test_image_above_the_root_is_found_inside_the_vault_only(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    result = build_files(tmp_path, {"a.md": card("q", "![](../secret.png)")})
    assert result.stamped.notes[0].note.media == ()
    assert codes(result) == ["outside-vault"]


def test_notes_that_embed_each_other_by_sections_are_no_cycle(tmp_path: Path) -> None:
    files = {
        "x.md": "# One\nalpha ![[y#Two]]\n# Three\ngamma\n",
        "y.md": "# Two\nbeta ![[x#Three]]\n# Back\n![[x#One]]\n",
        "a.md": card("q", "![[x#One]]"),
    }
    result = build_files(tmp_path, files)
    back = fields(result)["Back"]
    assert all(word in back for word in ("alpha", "beta", "gamma"))
    assert codes(result) == []


def test_real_cycle_is_reported_and_the_card_built(tmp_path: Path) -> None:
    files = {
        "x.md": "# One\nalpha\n\n![[y]]\n",
        "y.md": "beta\n\n![[x#One]]\n",
        "a.md": card("q", "![[x#One]]"),
    }
    result = build_files(tmp_path, files)
    assert "alpha" in fields(result)["Back"]
    assert codes(result) == ["embed-cycle"]


def test_missing_heading_and_missing_note_leave_a_placeholder(tmp_path: Path) -> None:
    files = {"x.md": "# One\nalpha\n", "a.md": card("q", "![[x#Gone]]") + card("r", "![[nowhere]]")}
    result = build_files(tmp_path, files)
    assert len(result.stamped.notes) == 2
    assert sorted(codes(result)) == ["embed-not-found", "heading-not-found"]


def test_embeds_outside_cards_say_nothing(tmp_path: Path) -> None:
    result = build_files(tmp_path, {"a.md": "![[nowhere]]\n![[a]]\n" + card("q")})
    assert codes(result) == []


def test_large_expansion_is_built(tmp_path: Path) -> None:
    files = {"x.md": "# Big\n" + "some text of a line\n\n" * 6000, "a.md": card("q", "![[x#Big]]")}
    result = build_files(tmp_path, files)
    assert len(fields(result)["Back"]) > 115_000
    assert codes(result) == []


@pytest.mark.parametrize(
    "target",
    [
        "x#`code` here",
        "x#Area $x 2$",
        "x#Area x 2",
        "x#Top#Sub",
        "x#Top##Sub",
        "x##Sub",
    ],
)
def test_heading_targets(target: str, tmp_path: Path) -> None:
    note = "# `code` here\nwanted\n# Area $x 2$\nwanted\n# Top\n\n## Sub\nwanted\n# End\nunwanted\n"
    result = build_files(tmp_path, {"x.md": note, "a.md": card("q", f"![[{target}]]")})
    assert "wanted" in fields(result)["Back"]
    assert "unwanted" not in fields(result)["Back"]
    assert codes(result) == []


@pytest.mark.parametrize(
    "name", ["[[measure", "(R^n)", "😀 joy", unicodedata.normalize("NFD", "é cole")]
)
def test_names_of_note_files(name: str, tmp_path: Path) -> None:
    result = build_files(tmp_path, {f"{name}.md": "# H\n" + card("q", note_id=ID)})
    assert (fronts(result), codes(result)) == (["q"], [])
    assert "H" in fields(result)["Context"]


@pytest.mark.parametrize("name", ["(R^n)", "😀 joy", unicodedata.normalize("NFD", "é cole")])
def test_notes_of_such_names_can_be_embedded(name: str, tmp_path: Path) -> None:
    target = unicodedata.normalize("NFC", name)
    result = build_files(tmp_path, {f"{name}.md": "wanted\n", "a.md": card("q", f"![[{target}]]")})
    assert "wanted" in fields(result)["Back"]
    assert codes(result) == []


def test_empty_notes_large_drawings_and_long_lines(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"empty{i}.md": "" for i in range(50)}
    files["drawing.excalidraw.md"] = "---\nexcalidraw-plugin: parsed\n---\n" + "x" * 600_000
    files["a.md"] = card("q", "word " * 5000) + "y" * 30_000 + "\n" + card("r", "![[empty1]]")
    result = build_files(tmp_path, files)
    assert fronts(result) == ["q", "r"]
    assert codes(result) == ["empty-back"]


def test_ambiguous_embeds_and_links_are_told(tmp_path: Path) -> None:
    files = {f"{folder}/x.md": "text" for folder in ("b", "c")}
    result = build_files(tmp_path, {**files, "d/a.md": card("q", "[[x]] ![[x]]")})
    assert codes(result) == ["ambiguous-link", "ambiguous-embed"]


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_not_seen_crlf_and_bom_and_orders_of_id_and_tags(bom: str, newline: str) -> None:
    text = f"START\nBasic\nq\nBack: a\n<!--ID: {ID}-->\nTags: x\nEND\n".replace("\n", newline)
    (note,), found = compile_text(bom + text)
    assert (note.fields[:2], note.tags, note.id) == (("q", "a"), ("x", "vaultdeck"), ID)
    assert found == []


def test_not_seen_id_after_end_is_not_the_blocks() -> None:
    (note,), _ = compile_text(card("q") + f"<!--ID: {ID}-->\n")
    assert note.id is None


def test_not_seen_audio_in_cards(tmp_path: Path) -> None:
    result = build_files(tmp_path, {"s.mp3": b"x", "a.md": card("q", "![[s.mp3]]")})
    assert fields(result)["Back"] == "[sound:s.mp3]"


def test_not_seen_frozen_beside_blocks() -> None:
    (note,), found = compile_text(card("q", "a") + "\nFROZEN - Basic:\nmore\nBack: src\n")
    assert (note.fields[:2], found) == (("qmore", "asrc"), [])


# Quirks that real vaults rely on.


def test_quirk_1_blank_lines_after_the_name_and_before_tags() -> None:
    (note,), found = compile_text(block("Basic", "q", "Back:", "", "", "a", "", "", "Tags: x"))
    assert (note.fields[:2], note.tags, found) == (("q", "a"), ("x", "vaultdeck"), [])


def test_quirk_2_adjacent_blocks() -> None:
    notes, found = compile_text((card("q") + card("r")).rstrip("\n"))
    assert ([note.fields[0] for note in notes], found) == (["q", "r"], [])


def test_quirk_3_list_above_the_first_field_line_is_the_question() -> None:
    (note,), _ = compile_text(block("Basic", "Name them:", "- a", "- b", "Back: c"))
    assert "<li>b</li>" in note.fields[0]
    assert note.fields[1] == "c"


def test_quirk_4_markdown_blocks_inside_fields() -> None:
    lines = ["# h", "", "---", "", "> quote", "", "$$", "x", "$$", "", "|a|", "|-|", "|b|"]
    (note,), _ = compile_text(block("Basic", "q", "Back:", *lines))
    assert all(tag in note.fields[1] for tag in ("<h1", "<hr", "<blockquote", "\\[", "<table"))


def test_quirk_5_every_newline_is_a_break() -> None:
    (note,), _ = compile_text(block("Basic", "one", "two", "Back: a", "b"))
    assert [f.count("<br") for f in note.fields[:2]] == [1, 1]


@pytest.mark.parametrize("indent", ["  ", "    ", "\t"])
def test_quirk_6_list_right_below_a_paragraph_and_nesting(indent: str) -> None:
    (note,), _ = compile_text(block("Basic", "q", "Back: text", "- a", f"{indent}- b"))
    assert note.fields[1].count("<ul>") == 2


def test_quirk_7_links_are_obsidian_links_even_if_unresolved() -> None:
    lines = ("[[Nowhere]]", "", "|x|", "|-|", "|[[a\\|b]]|")
    (note,), found = compile_text(block("Basic", "q", "Back:", *lines))
    assert note.fields[1].count('<a href="obsidian://open?vault=vault&amp;file=') == 2
    assert "file=Nowhere" in note.fields[1]
    assert ">b</a>" in note.fields[1]
    assert found == ["a.md:5:1 link-not-found"]


def test_quirk_8_embeds_outside_blocks_do_not_matter_and_inside_are_expanded(
    tmp_path: Path,
) -> None:
    files = {"x.md": "# h\nwanted\n", "a.md": "![[x#gone]]\n" + card("q", "![[x#h]]")}
    result = build_files(tmp_path, files)
    assert "wanted" in fields(result)["Back"]
    assert codes(result) == []


def test_quirk_9_note_whose_id_anki_does_not_have_is_built(tmp_path: Path) -> None:
    result = build_files(tmp_path, {"a.md": card("q", note_id=ID)})
    assert [stamped.id for stamped in result.stamped.notes] == [ID]


@pytest.mark.parametrize("comments", [True, False])
@pytest.mark.parametrize("line", [f"ID: {ID}", f"<!--ID: {ID}-->"])
def test_quirk_10_both_forms_of_the_id_are_read(comments: bool, line: str) -> None:
    (note,), _ = compile_text(block("Basic", "q", "Back: a", line), id_comments=comments)
    assert note.id == ID


def test_quirk_11_tags_nest_with_colons() -> None:
    (note,), _ = compile_text(block("Basic", "q", "Back: a", "Tags: a::b c"))
    assert note.tags == ("a::b", "c", "vaultdeck")


def test_quirk_12_first_deck_line_wins_wherever_it_is() -> None:
    notes, _ = compile_text(card("q") + card("r") + "TARGET DECK: Last")
    assert {note.deck for note in notes} == {"Last"}
    notes, _ = compile_text(card("q") + "TARGET DECK: One\nTARGET DECK: Two")
    assert {note.deck for note in notes} == {"One"}


def test_quirk_13_three_colons_from_highlight_clozes() -> None:
    (note,), _ = compile_text(block("Cloze", "==c1::x=="), curly_clozes=True, highlight_clozes=True)
    assert note.fields[0] == "{{c1:::x}}"


def test_quirk_14_duplicate_fronts_are_both_built(tmp_path: Path) -> None:
    result = build_files(tmp_path, {"a.md": card("q", note_id=ID) + card("q", note_id=ID + 1)})
    assert fronts(result) == ["q", "q"]


def test_quirk_15_what_aborts_the_plugins_sync_is_reported_and_the_rest_built(
    tmp_path: Path,
) -> None:
    text = "STARTI no type ENDI\n\nFROZEN - Nope:\nx\n\n" + card("q")
    files = {**plugin(CUSTOM_REGEXPS={"Unknown": "^(a)::(b)"}), "a.md": text}
    result = build_files(tmp_path, files)
    assert fronts(result) == ["q"]
    assert sorted(codes(result)) == [
        "bad-plugin-settings",
        "missing-note-type",
        "unknown-note-type",
    ]
    assert {p.location.path for p in result.diagnostics} == {"a.md", DATA}


# Counts agree: blocks found = notes built + blocks reported.

PIECES = [
    "START\n", "END\n", "  END\n", "START \n", "END \n", "Basic\n", "Cloze\n", "Bsaic\n", "\n",
    "q\n", "Back: a\n", "Back:\n", "Bakc: a\n", "{{c1::x}}\n", "Tags: x\n", "```\n", "````\n", "$$\n",
    "%%\n", f"<!--ID: {ID}-->\n", f"<!--ID: {ID + 1}-->\n", "<!--ID: x-->\n", f"DELETE\n<!--ID: {ID}-->\n",
    "![[b]]\n", "![[a]]\n", "TARGET DECK: x\n", "- item\n", "<!-- c -->\n", "START\r\n", "END\r\n",
    card("q"), card("r", note_id=ID + 2), card("s", note_id=ID + 3), card("{{c1::x}}", kind="Cloze"),
    "START\nBasic\nEND\n", "START\n\nEND\n", "START\nBasic\n![[b]]\nEND\n",
]  # fmt: skip
NOTE = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
LEFT_OUT = {
    "missing-note-type", "unknown-note-type", "malformed-id", "unknown-field", "empty-front",
    "embed-too-large", "duplicate-id",
}  # fmt: skip


@given(st.tuples(NOTE, NOTE), st.booleans())
@settings(max_examples=150, deadline=None)
def test_blocks_found_are_notes_built_and_blocks_reported(
    notes: tuple[str, str], windows: bool
) -> None:
    import tempfile

    texts = {"a.md": notes[0], "b.md": notes[1]}
    if windows:
        texts = {
            path: text.replace("\r\n", "\n").replace("\n", "\r\n") for path, text in texts.items()
        }
    with tempfile.TemporaryDirectory() as folder:
        result = build(write_vault(Path(folder) / "v", dict(texts)))
    found, deleted = 0, 0
    for path, text in texts.items():
        source = SourceFile(path, text)
        extents, problems_found = find_extents(source, CONFIG.markers)
        found += len(extents) + sum(p.code == "unclosed-block" for p in problems_found)
        gone = parse_file(source, CONFIG)[0].deleted
        kept = parse_file(SourceFile(path, text.replace("DELETE", "DELTA")), CONFIG)[0].blocks
        deleted += sum(b.id in gone for b in kept)
    reported = sum(p.code in LEFT_OUT | {"unclosed-block"} for p in result.diagnostics)
    assert found == len(result.stamped.notes) + reported + deleted, problems(result.diagnostics)


@given(NOTE)
@settings(max_examples=150, deadline=None)
def test_second_write_of_ids_changes_nothing(text: str) -> None:
    blocks = parse_file(SourceFile("a.md", text), CONFIG)[0].blocks
    edits = [id_edit(b, ID + 100 + i) for i, b in enumerate(blocks) if b.id is None]
    again = parse_file(SourceFile("a.md", Rewritten(text, edits).text), CONFIG)[0].blocks
    assert [b.id for b in again if b.id and b.id >= ID + 100] == [
        ID + 100 + i for i in range(len(blocks)) if blocks[i].id is None
    ][: len(edits)]
