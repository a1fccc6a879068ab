"""Vaults of other flashcard plugins: their own settings, and their own rules of what is a card."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tests.support import plugin_rules
from tests.support.helpers import CONFIG, build, problems, run, write_vault
from tests.support.plugin_vaults import (
    FLASHCARDS_BETWEEN,
    FLASHCARDS_LINES,
    FLASHCARDS_SETTINGS,
    FORMS,
    SPACED_BETWEEN,
    SPACED_LINES,
    SPACED_SETTINGS,
)
from vaultdeck.cards.cloze_patterns import read_cloze_pattern
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.syntaxes.flashcards import NAME as FLASHCARDS
from vaultdeck.cards.syntaxes.flashcards import read_flashcards
from vaultdeck.cards.syntaxes.spaced_repetition import NAME as SPACED
from vaultdeck.cards.syntaxes.spaced_repetition import read_spaced_repetition
from vaultdeck.model import SourceFile
from vaultdeck.model.config import Flashcards, SpacedRepetition
from vaultdeck.settings import other_plugins
from vaultdeck.settings.keys import SETTINGS_NAME
from vaultdeck.settings.obsidian_to_anki import PLUGIN_FILE as OBSIDIAN_TO_ANKI
from vaultdeck.settings.read import read_config
from vaultdeck.settings.write import starter_config

DATA = ".obsidian/plugins/{}/data.json"


def cards_of(
    folder: Path, syntax: str, settings: object, notes: dict[str, str]
) -> list[tuple[str, ...]]:
    """Return deck, note type and filled fields of each card that a vault with settings makes."""
    files = {DATA.format(syntax): json.dumps(settings), "vaultdeck.yaml": f"syntaxes: [{syntax}]"}
    result = build(write_vault(folder / "V", {**files, **notes}))
    return [
        (note.deck, note.kind, *filter(None, note.fields[:2]))
        for note in (stamped.note for stamped in result.stamped.notes)
    ]


@pytest.mark.parametrize(
    ("settings", "text", "cards"),
    [
        ({"singleLineCardSeparator": ";;"}, "q;;a\n\nb::c", [("Basic", "q", "a")]),
        (
            {"singleLineReversedCardSeparator": "<>"},
            "q<>a::b",
            [("Basic", "q&lt;&gt;a", "b")],
        ),
        (
            {"singleLineReversedCardSeparator": "<->"},
            "q<->a::b",
            [("Basic (and reversed card)", "q", "a::b")],
        ),
        (
            {"singleLineCardSeparator": ""},
            "q::a\n\nq:::a",
            [("Basic (and reversed card)", "q", "a")],
        ),
        ({"multilineCardSeparator": "--"}, "q\n--\na\n\nr\n?\nb", [("Basic", "q", "a")]),
        (
            {"multilineReversedCardSeparator": "<>"},
            "q\n<>\na",
            [("Basic (and reversed card)", "q", "a")],
        ),
        (
            {"multilineCardEndMarker": "+++"},
            "not asked\n\nq\n?\na\n\nb\n+++\nmore\n\nA ==c==\n\nd\n+++",
            [("Basic", "q", "<p>a</p>\n<p>b</p>"), ("Cloze", "<p>A {{c1::c}}</p>\n<p>d</p>")],
        ),
        ({"convertHighlightsToClozes": False}, "==x==\n\n**y**", []),
        (
            {"convertBoldTextToClozes": True, "convertCurlyBracketsToClozes": True},
            "==x== {{z;;hint}} **y**\n\n==x== {{2;;z;;hint}} **1;;y**",
            [
                ("Cloze", "{{c1::x}} {{c2::z::hint}} {{c3::y}}"),
                ("Cloze", "<mark>x</mark> {{c2::z::hint}} {{c1::y}}"),
            ],
        ),
        (
            {"clozePatterns": ["{{[123::]answer[::hint]}}"], "singleLineCardSeparator": ";;"},
            "==x==\n\n{{2::y::z}}",
            [("Cloze", "{{c2::y::z}}")],
        ),
        (
            {"clozePatterns": [r"==answer==[^\[hint\]][\[^123\]]"]},
            "==x==^[h][^2] and ==y==[^1]",
            [("Cloze", "{{c2::x::h}} and {{c1::y}}")],
        ),
        (
            # Rules and the lines of tables are no cards.
            {"singleLineCardSeparator": "--"},
            "q -- a\n\n---\n\n| h | i |\n|:--|--:|\n\nr\n?\nb",
            [("Basic", "q", "a"), ("Basic", "r", "b")],
        ),
        ({"flashcardTagsToIgnore": ["#old"]}, "q::a #old/x", []),
        ({"noteFoldersToIgnore": ["F/"]}, "q::a", []),
        ({"noteFoldersToIgnore": ["**/n.md"]}, "q::a", []),
        ({"singlelineCardSeparator": ";;"}, "q;;a\n\nb::c", [("Basic", "q", "a")]),
        ({"singleLineCardSeparator": "a"}, "#flashcards q\n\nb a c", [("Basic", "b", "c")]),
        ({"singleLineReversedCardSeparator": "#"}, "#flashcards q", []),
        ({"multilineCardSeparator": "#flashcards"}, "#flashcards\nq\na", []),
        ({"multilineCardSeparator": 7, "clozePatterns": [None]}, "q\n?\na", [("Basic", "q", "a")]),
    ],
)
def test_cards_follow_the_settings_of_spaced_repetition(
    tmp_path: Path, settings: object, text: str, cards: list[tuple[str, ...]]
) -> None:
    notes = {"F/n.md": f"#flashcards\n\n{text}\n"}
    found = cards_of(tmp_path, SPACED, {"settings": settings}, notes)
    assert [card[1:] for card in found] == cards


@pytest.mark.parametrize(
    ("settings", "path", "text", "decks"),
    [
        ({"flashcardTags": ["#law"]}, "a.md", "#law/criminal\nq::a", ["criminal"]),
        ({"flashcardTags": ["#law"]}, "a.md", "#law\nq::a", ["V"]),
        ({"flashcardTags": ["#law", "#bio"]}, "a.md", "#law/criminal\nq::a", ["law::criminal"]),
        ({"flashcardTags": ["#law", "#bio"]}, "a.md", "---\ntags: [x, bio]\n---\nq::a", ["bio"]),
        (
            {"flashcardTags": ["#law", "#bio"]},
            "a.md",
            "#bio\nq::a\n\n#law/b\n\nr::a\n\n#bio/c s::a\nt::a",
            ["bio", "law::b", "bio::c", "law::b"],
        ),
        ({"flashcardTags": ["#sl"]}, "a.md", "#SL\nq::a", []),
        ({"flashcardTags": ["#sl"]}, "a.md", "---\ntags: [Sl]\n---\nq::a", []),
        ({"convertFoldersToDecks": True}, "A/B/a.md", "q::a\n\n#flashcards/x r::a", ["A::B"] * 2),
        ({"convertFoldersToDecks": True}, "a.md", "#flashcards\nq::a", ["V"]),
        (
            {"convertFoldersToDecks": True},
            "a.md",
            "#flashcards/x\nq::a\n\n#flashcards/y r::a",
            ["V"] * 2,
        ),
        ({"convertFoldersToDecks": True}, "a.md", "q::a", []),
    ],
)
def test_the_topic_is_the_deck(
    tmp_path: Path, settings: object, path: str, text: str, decks: list[str]
) -> None:
    assert [c[0] for c in cards_of(tmp_path, SPACED, {"settings": settings}, {path: text})] == decks


@pytest.mark.parametrize(
    ("settings", "cards"),
    [
        ({"contextAwareMode": True, "folderBasedDeck": True},
         [("A::B", "Basic", "H &gt; q", "a"), ("A::B", "Basic", "H &gt; r", "b")]),
        # Switches that are not in the file: the plugin puts no defaults in their place.
        ({"sourceSupport": False, "deck": "D"}, [("D", "Basic", "q", "a"), ("D", "Basic", "r", "b")]),
        ({"hashtag": {"basicTag": "card"}},
         [("A::B", "Basic", "H &gt; q", "a"), ("A::B", "Basic", "H &gt; r", "b")]),
        ({"contextAwareMode": False, "folderBasedDeck": False, "deck": "D::E"},
         [("D::E", "Basic", "q", "a"), ("D::E", "Basic", "r", "b")]),
        ({"contextAwareMode": True, "contextSeparator": " / ", "inlineSeparator": "\\|\\|"},
         [("V", "Basic", "H / q", "a")]),
        ({"flashcardsTag": "anki", "folderBasedDeck": True}, [("A::B", "Basic", "r", "b")]),
        ({"hashtag": {"basicTag": "card"}, "folderBasedDecks": False, "defaultDeck": "D",
          "contextStrategy": "none"}, [("D", "Basic", "q", "a"), ("D", "Basic", "r", "b")]),
    ],
)  # fmt: skip
def test_cards_follow_the_settings_of_flashcards_obsidian(
    tmp_path: Path, settings: object, cards: list[tuple[str, ...]]
) -> None:
    notes = {"A/B/n.md": "# H\n\nq #card\na\n\nr :: b\n^1700000000001\n"}
    assert cards_of(tmp_path, FLASHCARDS, settings, notes) == cards


def test_a_context_is_without_the_tags_glued_to_its_headings(tmp_path: Path) -> None:
    notes = {"n.md": "# 標題#card/x #y\n\n## C#\n\nq :: a\n^1700000000001\n"}
    ((_, _, front, _),) = cards_of(tmp_path, FLASHCARDS, {"contextAwareMode": True}, notes)
    assert front == "標題 &gt; C# &gt; q"


def test_a_context_keeps_the_links_at_the_end_of_its_headings(tmp_path: Path) -> None:
    notes = {"n.md": "# [[x#^1|y z]] [[x#^1|y]] #t\n\n## [m](x#s)#t#d\n\nq :: a\n^1700000000001\n"}
    ((_, _, front, _),) = cards_of(tmp_path, FLASHCARDS, {"contextAwareMode": True}, notes)
    assert re.sub("<[^>]*>", "", front) == "y z y &gt; m &gt; q"


def test_a_context_stands_above_a_question_that_is_no_plain_text(tmp_path: Path) -> None:
    notes = {"n.md": "# H\n\n- one\n- two #card\na\n"}
    ((_, _, front, _),) = cards_of(tmp_path, FLASHCARDS, {"contextAwareMode": True}, notes)
    assert front.startswith("<p>H</p>\n<ul>")


@pytest.mark.parametrize("mark", ["- ", "* ", "\t- ", "12. ", "3) ", "- [ ] ", "- [x] "])
def test_a_context_stands_on_the_line_of_a_question_that_is_a_list_item(
    tmp_path: Path, mark: str
) -> None:
    notes = {"n.md": f"# H\n\n## I\n\n{mark}one #card\na\n"}
    ((_, _, front, _),) = cards_of(tmp_path, FLASHCARDS, {"contextAwareMode": True}, notes)
    assert front == "H &gt; I &gt; one"


@pytest.mark.parametrize("question", ["**two** three", "*two*", "3.14 is", "-1", "+x"])
def test_a_context_stands_on_the_line_of_a_question_that_begins_with_a_mark(
    tmp_path: Path, question: str
) -> None:
    notes = {"n.md": f"# H\n\n{question} #card\na\n"}
    ((_, _, front, _),) = cards_of(tmp_path, FLASHCARDS, {"contextAwareMode": True}, notes)
    assert front.startswith("H &gt; ")


def test_a_spaced_card_is_not_asked_for_an_answer(tmp_path: Path) -> None:
    notes = {"n.md": "q #card-spaced\n", SETTINGS_NAME: f"syntaxes: [{FLASHCARDS}]"}
    result = build(write_vault(tmp_path, notes))
    assert len(result.stamped.notes) == 1 and not result.diagnostics


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        (SPACED, "---\ntags: [flashcards\n---\nq::a\n"),
        (FLASHCARDS, "---\nCards-Deck: [x\n---\nq::a\n"),
    ],
)
def test_properties_that_hide_cards_by_a_mistake_are_named(
    tmp_path: Path, syntax: str, text: str
) -> None:
    notes = {
        "a.md": text,
        "b.md": "---\nx: [y\n---\nq::a\n",
        "c.md": "START\nBasic\nq\nBack: a\nEND\n",
    }
    files = {**notes, SETTINGS_NAME: f"syntaxes: [block, {syntax}]"}
    assert problems(build(write_vault(tmp_path, files)).diagnostics) == ["a.md:3:1 bad-properties"]


def test_what_is_not_followed_is_named(tmp_path: Path) -> None:
    settings = {"settings": {"clozePatterns": ["answer", "==[123;;]answer[;;hint]=="]}}
    files = {DATA.format(SPACED): json.dumps(settings), "a.md": "#flashcards\n==x=="}
    write_vault(tmp_path, {**files, "vaultdeck.yaml": f"syntaxes: [{SPACED}]"})
    wanted = f"{DATA.format(SPACED)}: not followed: cloze pattern 'answer'"
    assert build(tmp_path).notices == [wanted]
    (tmp_path / SETTINGS_NAME).unlink()
    assert f"note: {wanted}" in run("init", ".", cwd=tmp_path).stdout
    (tmp_path / SETTINGS_NAME).write_text("")
    assert build(tmp_path).notices == []


@pytest.mark.parametrize("plugin", [SPACED, FLASHCARDS])
@pytest.mark.parametrize("data", ['{"settings": [', "[1]", "null", "\udcff"])
def test_settings_that_cannot_be_read_are_named(tmp_path: Path, plugin: str, data: str) -> None:
    settings = data.encode("utf-8", "surrogateescape")
    write_vault(tmp_path, {DATA.format(plugin): settings, SETTINGS_NAME: f"syntaxes: [{plugin}]"})
    notice = f"{DATA.format(plugin)} holds no settings: the plugin's defaults count"
    assert build(tmp_path).notices == [notice]


@pytest.mark.parametrize(
    "text", ["answer", "==answer", "[1]answer[hint]", "==[1]x[hint]==", "x" * 101]
)
def test_what_is_no_cloze_pattern(text: str) -> None:
    assert read_cloze_pattern(text) is None


@given(
    data=SPACED_SETTINGS,
    lines=st.lists(SPACED_LINES | SPACED_BETWEEN, max_size=25),
    path=st.sampled_from(["n.md", "A/B/n.md", "Old/n.md"]),
    form=st.sampled_from([*FORMS]),
)
def test_spaced_repetition_has_the_cards_and_decks_of_the_plugin_s_own_rules(
    data: dict[str, Any], lines: list[str], path: str, form: str
) -> None:
    rules, unread = other_plugins.spaced_repetition_settings({"settings": data})
    text = "\n".join(lines)
    source = SourceFile(path, FORMS[form](text))
    reading = Reading(source, replace(CONFIG, spaced_repetition=rules))
    cards = [(card.note_type, card.deck or "") for card in read_spaced_repetition(reading)]
    assert cards == plugin_rules.spaced_repetition(path, text, data)
    assert not unread


@given(
    data=FLASHCARDS_SETTINGS,
    lines=st.lists(FLASHCARDS_LINES | FLASHCARDS_BETWEEN, max_size=20),
    form=st.sampled_from([*FORMS]),
)
def test_flashcards_obsidian_has_the_cards_of_the_plugin_s_own_rules(
    data: dict[str, Any], lines: list[str], form: str
) -> None:
    written = {key: text.replace("|", "\\|") if isinstance(text, str) else text
               for key, text in data.items()}  # fmt: skip
    rules, unread = other_plugins.flashcards_settings(written)
    # As in the plugin, which is called for a file, all of it is looked at.
    text = "---\ncards-deck: D\n---\n" + "\n".join(lines)
    reading = Reading(SourceFile("n.md", FORMS[form](text)), replace(CONFIG, flashcards=rules))
    cards = [card.note_type for card in read_flashcards(reading)]
    try:
        wanted = plugin_rules.flashcards("\n".join(lines), data)
    except plugin_rules.UndocumentedError:
        reject()
    assert cards == wanted
    assert not unread


def is_told_by_the_starter(folder: Path, data: Mapping[str, Any], syntax: str) -> None:
    """Assert that the file which `init` writes says what a plugin's settings say, without these."""
    path = DATA.format(syntax)
    write_vault(folder, {path: json.dumps(data)})
    (folder / SETTINGS_NAME).unlink(missing_ok=True)
    before, _, _ = read_config(folder)
    (folder / path).unlink()
    write_vault(folder, {SETTINGS_NAME: starter_config(before)})
    after, problems, _ = read_config(folder)
    assert problems == [] and after == replace(before, origin=SETTINGS_NAME)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=SPACED_SETTINGS)
def test_the_starter_has_all_settings_of_spaced_repetition(
    tmp_path: Path, data: dict[str, Any]
) -> None:
    is_told_by_the_starter(tmp_path, {"settings": data}, SPACED)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=FLASHCARDS_SETTINGS, deck=st.text(max_size=9), tag=st.text(max_size=9))
def test_the_starter_has_all_settings_of_flashcards_obsidian(
    tmp_path: Path, data: dict[str, Any], deck: str, tag: str
) -> None:
    data = {**data, "deck": deck, "defaultAnkiTag": tag, "contextSeparator": tag}
    is_told_by_the_starter(tmp_path, data, FLASHCARDS)


def test_cards_stay_when_init_has_written_the_settings(tmp_path: Path) -> None:
    fields = {"Basic": ["Front", "Back"], "Cloze+": ["Text", "Back Extra", "Source"]}
    plugin = {"settings": {"CUSTOM_REGEXPS": {"Cloze+": "^Gap: (.+)$"}}, "fields_dict": fields}
    notes = {
        OBSIDIAN_TO_ANKI: json.dumps(plugin),
        DATA.format(SPACED): json.dumps(
            {"flashcardTags": ["#law"], "multilineCardSeparator": "--"}
        ),
        DATA.format(FLASHCARDS): json.dumps(
            {"flashcardsTag": "anki", "defaultAnkiTag": "o", "contextAwareMode": True}
        ),
        "F/a.md": "START\nBasic\nq\nBack: a\nEND\n\nSTART\nCloze+\nsky {{c1::blue}}\nEND\n\n"
        "Gap: {{c1::x}} y\n\n#law/b\n\nq\n--\na\n\n# H\nq #anki\na\n",
    }
    vault = write_vault(tmp_path / "v", notes)
    assert run("init", "v", cwd=tmp_path).returncode == 0
    written = (vault / SETTINGS_NAME).read_text(encoding="utf-8")
    (vault / SETTINGS_NAME).write_text(
        f"syntaxes: [block, inline, regexp, {SPACED}, {FLASHCARDS}]\n"
        "regexps: {Cloze+: '^Gap: (.+)$'}\nfields: {Cloze+: [Text, Back Extra, Source]}\n"
        "ignore: ['**/*.excalidraw.md']\ndeck: Default\ntags: [Obsidian_to_Anki]\n"
    )
    before = build(vault).stamped.notes
    shutil.rmtree(vault / ".obsidian")
    (vault / SETTINGS_NAME).write_text(written)
    after = build(vault)
    assert [stamped.note for stamped in after.stamped.notes] == [stamped.note for stamped in before]
    assert len(before) == 5 and not after.diagnostics


def test_settings_without_the_obsidian_folder_are_those_of_the_file(tmp_path: Path) -> None:
    text = f"syntaxes: [{FLASHCARDS}]\n{FLASHCARDS}:\n  tag: '#flashcard'\n"
    notes = {"a.md": "question #flashcard\nanswer\n^1700000000001\n", SETTINGS_NAME: text}
    assert len(build(write_vault(tmp_path, notes)).stamped.notes) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{SPACED}: {{clozes: [x]}}", "1:39 bad-config"),
        (f"{SPACED}: {{tags: ['a b']}}", "1:37 bad-config"),
        (f"{SPACED}: {{separator: x}}", "1:30 unknown-setting"),
        (f"{FLASHCARDS}: {{context: 1}}", "1:32 bad-config"),
        (f"{FLASHCARDS}: x", "1:22 bad-config"),
    ],
)
def test_mistake_is_reported_where_it_stands(tmp_path: Path, text: str, wanted: str) -> None:
    _, found, _ = read_config(write_vault(tmp_path, {SETTINGS_NAME: text}))
    assert problems(found) == [f"{SETTINGS_NAME}:{wanted}"]


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
KEYS = [
    *("flashcardTags", "flashcardTagsToIgnore", "noteFoldersToIgnore", "convertFoldersToDecks"),
    *("clozePatterns", "convertBoldTextToClozes", *other_plugins.SEPARATOR_NAMES.values()),
    *("flashcardsTag", "hashtag", "deck", "defaultAnkiTag", "defaultTags", "inlineSeparator"),
    *("contextStrategy", "contextSeparator", "folderBasedDeck", "settings"),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.dictionaries(st.sampled_from(KEYS), JSON), syntax=st.sampled_from([SPACED, FLASHCARDS])
)
def test_any_json_is_read_as_settings_of_another_plugin(
    tmp_path: Path, data: dict[str, Any], syntax: str
) -> None:
    write_vault(tmp_path, {DATA.format(syntax): json.dumps(data)})
    config, problems, _ = read_config(tmp_path)
    reading = Reading(SourceFile("n.md", "#flashcards\n\nq::a ==x==\n\nq #card\na\n"), config)
    for read in (read_spaced_repetition, read_flashcards):
        assert len(list(read(reading))) <= 4
    assert problems == []
    starter_config(config).encode()


@pytest.mark.parametrize(
    "unit",
    [
        "{{",
        "{{a;;",
        "==a==^[",
        "{a|",
        "{a|b}",
        "a1",
        "{{1;;y}} ",
        "+++\n",
        "?\n+++\n",
        "\n\n?\n",
        "#a b\n",
        "$a\n",
    ],
)
def test_long_hostile_text_is_read_by_any_settings(unit: str) -> None:
    patterns = (
        *("{{[123;;]answer[;;hint]}}", r"==answer==[^\[hint\]][\[^123\]]"),
        *("{answer|[hint]}[123]", "a[123]answer[hint]b"),
    )
    rules = SpacedRepetition(clozes=patterns, end="+++", inline=" - ")
    config = replace(CONFIG, spaced_repetition=rules, flashcards=Flashcards(context=True))
    text = "#flashcards #card\n\na #card\nb\n" + unit * (20_000 // len(unit))
    for read in (read_spaced_repetition, read_flashcards):
        for card in read(Reading(SourceFile("n.md", text), config)):
            assert card.span.end <= len(text)
