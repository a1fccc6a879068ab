"""Settings: what is read from where, and what is said of each mistake."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.helpers import NOW, Anki, build, build_package, card, problems, write_vault
from vaultdeck.anki.cards import card_numbers
from vaultdeck.anki.notetypes.builtin import load_builtin
from vaultdeck.anki.notetypes.guess import as_cloze, guess_notetype, is_vague, stock_name
from vaultdeck.build.session import open_vault
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.model import NoteType, Template
from vaultdeck.model.config import Config, Markers
from vaultdeck.settings.keys import SETTING_KEYS, SETTINGS_NAME
from vaultdeck.settings.obsidian_to_anki import PLUGIN_FILE as PLUGIN
from vaultdeck.settings.read import TEMPLATE_FOLDERS, read_config
from vaultdeck.settings.write import starter_config
from vaultdeck.vault.observed import Observed, hold

FOLDER = "types/Vokabel"
FRONT, BACK = f"{FOLDER}/karte.front.html", f"{FOLDER}/karte.back.html"
TYPE: dict[str, str | bytes] = {
    f"{FOLDER}/notetype.yaml": "name: Vokabel\nfields: [Wort, Bedeutung, Source]\n"
    "templates:\n  Karte 1: karte\n",
    FRONT: "{{Wort}}\r\n",
    BACK: "{{FrontSide}}<hr>{{Bedeutung}}",
}
# The ids of the type Vokabel and its field Wort; of a made-up type, its field and its template.
IDS = (1447497988796681, 498665734888887, 1804035186943305, 986403927726481, 3365617719456063)
VOKABEL = "note_types: [types/Vokabel]\n"


def configure(
    folder: Path, yaml: str | bytes | None = None, files: Mapping[str, str | bytes] = {}
) -> tuple[Config, list[str], list[str]]:
    """Return the Config of a vault with this vaultdeck.yaml, its problems and notices."""
    own = {} if yaml is None else {SETTINGS_NAME: yaml}
    config, found, notices = read_config(write_vault(folder, {**own, **files}))
    return config, problems(found), notices


def with_plugin(
    folder: Path, data: object, files: Mapping[str, str | bytes] = {}
) -> tuple[Config, list[str], list[str]]:
    text = data if isinstance(data, str | bytes) else json.dumps(data, ensure_ascii=False, indent=1)
    return configure(folder, None, {PLUGIN: text, **files})


def plugin_data(
    defaults: Mapping[str, object] = {}, fields: Mapping[str, object] = {}, **sections: object
) -> dict[str, Any]:
    """Return the plugin's data with its own defaults, changed as given."""
    usual = {
        "Scan Directory": "",
        "Tag": "Obsidian_to_Anki",
        "Deck": "Default",
        "Scheduling Interval": 0,
        "Add File Link": False,
        "Add Context": False,
        "CurlyCloze": False,
        "CurlyCloze - Highlights to Clozes": False,
        "ID Comments": True,
        "Add Obsidian Tags": False,
    }
    return {
        "settings": {"Defaults": {**usual, **defaults}, **sections},
        "Added Media": ["a.png"],
        "File Hashes": {"a.md": "0cc1"},
        "fields_dict": fields,
    }


# Where settings come from.


def test_defaults_serve_any_vault(tmp_path: Path) -> None:
    config, found, notices = configure(tmp_path / "My  Vault")
    assert config == Config("My Vault", "My Vault", note_types=load_builtin())
    assert not found and not notices


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "deck:\ntags:\nmarkers:\n", "---\n...\n"])
def test_empty_settings_are_the_defaults(tmp_path: Path, text: str) -> None:
    config, found, _ = configure(tmp_path, text)
    assert config == Config(tmp_path.name, tmp_path.name, load_builtin(), origin=SETTINGS_NAME)
    assert not found


def test_own_settings_come_before_those_of_the_plugin(tmp_path: Path) -> None:
    files = {PLUGIN: json.dumps(plugin_data({"Deck": "Plugin"}))}
    config, found, notices = configure(tmp_path, "vault_name: V\n", files)
    assert (config.default_deck, config.origin, config.tags) == ("V", SETTINGS_NAME, ())
    assert not found and not notices


def test_command_line_overrides_the_default_deck(tmp_path: Path) -> None:
    write_vault(tmp_path, {SETTINGS_NAME: "deck: 'A :: B'\nvault_name: V\n"})
    assert read_config(tmp_path)[0].default_deck == "A::B"
    config, found, _ = read_config(tmp_path, "C", "from the lock")
    assert (config.default_deck, config.vault_name, found) == ("C", "V", [])


def test_a_folder_in_a_vault_is_told_that_it_is_only_a_part(tmp_path: Path) -> None:
    write_vault(tmp_path / "Notes", {".obsidian/app.json": "{}", "a/b/c.md": ""})
    assert open_vault(tmp_path / "Notes").notices == []
    (notice,) = open_vault(tmp_path / "Notes/a/b").notices
    assert "lies in the vault 'Notes'" in notice
    assert "`scan: [a/b]`" in notice
    write_vault(tmp_path / "Notes/a/b", {SETTINGS_NAME: ""})
    assert open_vault(tmp_path / "Notes/a/b").notices == []


def test_a_folder_that_was_renamed_is_told(tmp_path: Path) -> None:
    _, _, notices = read_config(tmp_path, vault_name="Mathe")
    assert notices == [
        f"this folder is named '{tmp_path.name}'; links and the default deck keep the name under "
        "which the vault was built first, 'Mathe'"
    ]
    write_vault(tmp_path, {SETTINGS_NAME: "vault_name: Mathe\n"})
    assert read_config(tmp_path, vault_name="Mathe")[2] == []


def test_name_from_the_lock_counts_before_that_of_the_folder(tmp_path: Path) -> None:
    config, _, _ = read_config(tmp_path, vault_name="Mathe")
    assert (config.vault_name, config.default_deck) == ("Mathe", "Mathe")


def test_settings_outside_the_vault_are_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("deck: Stolen\n")
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / SETTINGS_NAME).symlink_to(outside)
    config, found, _ = configure(vault)
    assert found == ["vaultdeck.yaml:1:1 bad-config"]
    assert config.default_deck == "vault"


def test_misnamed_settings_are_pointed_out(tmp_path: Path) -> None:
    _, found, _ = configure(tmp_path, None, {"vaultdeck.yml": "deck: A\n"})
    assert found == ["vaultdeck.yml:1:1 unknown-setting"]


def test_obsidian_settings_are_read(tmp_path: Path) -> None:
    app = {
        "strictLineBreaks": True,
        "userIgnoreFilters": ["Private/", "Draft", "a [x]/", "/^Tmp/", "", 5],
    }
    files = {
        ".obsidian/app.json": json.dumps(app),
        ".obsidian/templates.json": '{"folder": "/Vorl\u00e4gen/!x"}',
        ".obsidian/plugins/templater-obsidian/data.json": '{"templates_folder": "T/"}',
        "Vorla\u0308gen/!x/a.md": "",
    }
    config, found, notices = configure(tmp_path, "ignore: ['**/*.excalidraw.md']\n", files)
    assert not config.breaks and not found
    assert config.ignore == (
        "Private/**",
        "Draft*",
        "Draft*/**",
        r"a \[x\]/**",
        "Vorl\u00e4gen/\\!x/**",
        "T/**",
        "**/*.excalidraw.md",
    )
    assert "Obsidian's excluded files 'Private/', 'Draft', 'a [x]/' are left out" in notices
    assert [line for line in notices if "templates" in line] == [
        "the templates folder 'Vorl\u00e4gen/!x' is left out",
    ]
    assert any("/^Tmp/" in line and "not used" in line for line in notices)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"folder": 5}', '{"folder": "/"}', "[" * 99999])
def test_broken_obsidian_settings_count_as_unset(tmp_path: Path, text: str) -> None:
    paths = [".obsidian/app.json", *TEMPLATE_FOLDERS]
    config, found, notices = configure(tmp_path, None, dict.fromkeys(paths, text))
    named = (
        [] if "folder" in text else [f"{p} holds no settings: the defaults count" for p in paths]
    )
    assert (config.breaks, config.ignore, found, notices) == (True, (), [], named)


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (["notes/.obsidian/app.json"], "'notes' are not read: name that folder"),
        (["d/a/.obsidian/app.json", "b/.obsidian/x"], "'b', 'd/a' are not read: name one of these"),
        (["notes/.obsidian/app.json", ".obsidian/app.json"], ""),
        (["notes/.obsidian/app.json", "vaultdeck.yaml"], ""),
        ([".trash/.obsidian/app.json", "a/b/c/.obsidian/x", "n.md"], ""),
    ],
)
def test_a_folder_above_vaults_says_so(tmp_path: Path, files: list[str], wanted: str) -> None:
    _, _, notices = configure(tmp_path, None, dict.fromkeys(files, "{}"))
    said = [line for line in notices if "settings of Obsidian" in line]
    assert len(said) == bool(wanted) and all(wanted in line for line in said)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_vault_behind_a_link_out_of_the_folder_is_not_named(tmp_path: Path) -> None:
    write_vault(tmp_path, {"other/v/.obsidian/app.json": "{}", "in/v/.obsidian/app.json": "{}"})
    (tmp_path / "in" / "link").symlink_to(tmp_path / "other")
    (tmp_path / "in" / "same").symlink_to(tmp_path / "other" / "v")
    _, _, notices = read_config(tmp_path / "in")
    assert [line for line in notices if "'v'" in line] == notices[:1]
    assert not any("link" in line or "same" in line for line in notices)


def test_a_vault_below_that_comes_or_goes_is_noticed(tmp_path: Path) -> None:
    seen = Observed(write_vault(tmp_path, {"notes/.obsidian/app.json": "{}"}))
    read_config(tmp_path, seen=seen)
    assert hold(tmp_path, seen.inputs)
    write_vault(tmp_path, {"more/.obsidian/app.json": "{}"})
    assert not hold(tmp_path, seen.inputs)


# Every key of vaultdeck.yaml.


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("vault_name: Mein  Wissen", {"vault_name": "Mein Wissen"}),
        ("deck: 2024", {"default_deck": "2024"}),
        ("deck: no", {"default_deck": "no"}),
        ("decks: {/: Rest, ./A/B/: 'X :: Y'}", {"folder_decks": {"": "Rest", "A/B": "X::Y"}}),
        ("decks: {Cafe\u0301: X}", {"folder_decks": {"Café": "X"}}),
        ("deck_scope: following", {"deck_scope": "following"}),
        ("tags: 'a, b/c #d'", {"tags": ("a", "b::c", "d")}),
        ("tags: [a b, c]", {"tags": ("a_b", "c")}),
        ("folder_tags: {A: x y, B: [z]}", {"folder_tags": {"A": ("x", "y"), "B": ("z",)}}),
        ("ignore: [a/**, '!a/b']", {"ignore": ("a/**", "!a/b")}),
        ("ignore: a/**", {"ignore": ("a/**",)}),
        ("scan: [Notizen/]", {"scan": ("Notizen",)}),
        ("markers: {begin: '%%ANKI', end: END%%}", {"markers": Markers("%%ANKI", "END%%")}),
        ("curly_clozes: yes", {"curly_clozes": True}),
        ("highlight_clozes: true", {"highlight_clozes": True}),
        ("id_comments: false", {"id_comments": False}),
        ("cut_tags: on", {"cuts_tags": True}),
        ("syntaxes: [flashcards-obsidian]", {"syntaxes": ("flashcards-obsidian",)}),
        ("regexps: {Basic: '^(.*)::(.*)'}", {"regexps": {"Basic": "^(.*)::(.*)"}}),
        ("regexps:\n  Basic: |\n    ^(a)\n", {"regexps": {"Basic": "^(a)"}}),
        ("regexps: {Basic: remnote}", {"regexps": {"Basic": STYLES["remnote"][1]}}),
        ("link_fields: first", {"link_fields": {"": ""}}),
        ("link_fields: {Basic: Back, '*': first}", {"link_fields": {"Basic": "Back", "": ""}}),
        ("context_fields: {Cloze: Back Extra}", {"context_fields": {"Cloze": "Back Extra"}}),
        (
            "severities: {missing-id: off, half-card: error}",
            {"severities": {"missing-id": "off", "half-card": "error"}},
        ),
    ],
)
def test_key_is_read(tmp_path: Path, text: str, wanted: dict[str, Any]) -> None:
    (tmp_path / "Notizen").mkdir()
    config, found, _ = configure(tmp_path, text)
    base = Config(tmp_path.name, tmp_path.name, load_builtin(), origin=SETTINGS_NAME)
    if "vault_name" in wanted:
        wanted = {**wanted, "default_deck": wanted["vault_name"]}
    assert config == replace(base, **wanted)
    assert found == []


MISTAKES = [
    # What is no mapping or no YAML.
    ("- a\n", "1:1 bad-config"),
    ("text\n", "1:1 bad-config"),
    ("deck: [a\n", "2:1 bad-config"),
    ("deck: a: b\n", "1:8 bad-config"),
    ("tags:\n\t- a\n", "2:1 bad-config"),
    ("deck: a\n---\ndeck: b\n", "2:1 bad-config"),
    ("deck: *a\n", "1:7 bad-config"),
    ("é: \x07\n", "1:4 bad-config"),
    ("[" * 500, "1:1 bad-config"),
    ("- " * 500, "1:1 bad-config"),
    ("".join(" " * n + "a:\n" for n in range(150)), "1:1 bad-config"),
    ("".join(" " * (9 * n) + "- - - a:\n" for n in range(40)), "1:1 bad-config"),
    ("#" * 200_001, "1:1 bad-config"),
    # Keys.
    ("decc: A\n", "1:1 unknown-setting"),
    ("# é😀\r\n\r\ntag: A\r\n", "3:1 unknown-setting"),
    ("deck: A\ntags: b\ndeck: C\n", "3:1 bad-config"),
    ("[a]: b\n", "1:1 bad-config"),
    ("decks: {A: B, A: C}\n", "1:15 bad-config"),
    ("markers: {beginn: X}\n", "1:11 unknown-setting"),
    ("severities: {missing-ids: off}\n", "1:14 unknown-setting"),
    # Values of the wrong kind.
    ("deck: [a]\n", "1:7 bad-config"),
    ("deck: ''\n", "1:7 bad-config"),
    ("deck: '::'\n", "1:7 bad-config"),
    ('deck: "a\\0b"\n', "1:7 bad-config"),
    ('deck: "a\\nb"\n', "1:7 bad-config"),
    ("curly_clozes: 'yes'\n", "1:15 bad-config"),
    ("curly_clozes: maybe\n", "1:15 bad-config"),
    ("tags: {a: b}\n", "1:7 bad-config"),
    ("tags:\n  - a\n  - [b]\n  -\n", "3:5 bad-config, 4:4 bad-config"),
    ("tags: ['#']\n", "1:8 bad-config"),
    ("decks: A\n", "1:8 bad-config"),
    ("decks:\n  A: [b]\n", "2:6 bad-config"),
    ("folder_tags:\n  A:\n    b: c\n", "3:5 bad-config"),
    ("markers: {begin: ''}\n", "1:18 bad-config"),
    ("markers: {begin: X, end: X}\n", "1:26 bad-config"),
    ("markers: {end: START}\n", "1:16 bad-config"),
    # More cloze patterns than anybody has, each of which is tried on each line.
    (
        "obsidian-spaced-repetition:\n  clozes:\n" + "  - '==[123;;]answer[;;hint]=='\n" * 51,
        "3:3 bad-config",
    ),
    # Names that mean nothing.
    ("deck_scope: File\n", "1:13 bad-config"),
    ("syntaxes: [block, inlin]\n", "1:19 bad-config"),
    ("severities: {missing-id: warn}\n", "1:26 bad-config"),
    ("regexps: {Basik: '(a)'}\n", "1:11 bad-config"),
    ("regexps: {Basic: remnot}\n", "1:18 bad-config"),
    ("regexps: {Basic: [a]}\n", "1:18 bad-config"),
    ("link_fields: firs\n", "1:14 bad-config"),
    ("link_fields: {'*': Back}\n", "1:20 bad-config"),
    ("link_fields: {Basic: Bakc}\n", "1:22 bad-config"),
    ("context_fields: {'*': first}\n", "1:18 bad-config"),
    ("scan: [Nowhere]\n", "1:8 bad-config"),
    ("scan: [..]\n", "1:8 bad-config"),
    ('scan: ["a\\0"]\n', "1:8 bad-config"),
    ("note_types: [types]\n", "1:14 bad-config"),
    ("note_types: [../outside]\n", "1:14 bad-config"),
    # Note types known by their fields.
    ("fields: {Typ: []}\n", "1:10 bad-config"),
    ("fields: {Typ: [A, A]}\n", "1:10 bad-config"),
    ("fields: {Typ: ['A:']}\n", "1:15 bad-config"),
    ("fields: {Typ: {A: 1}}\n", "1:15 bad-config, 1:10 bad-config"),
    # All in one run.
    (
        "decc: A\ncut_tags: 3\nsyntaxes: x\n",
        "1:1 unknown-setting, 2:11 bad-config, 3:11 bad-config",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), MISTAKES, ids=[repr(m[0][:40]) for m in MISTAKES])
def test_mistake_is_reported_where_it_stands(tmp_path: Path, text: str, wanted: str) -> None:
    write_vault(tmp_path.parent, {"outside/notetype.yaml": "name: X\n"})
    _, found, _ = configure(tmp_path, text)
    places = wanted.split(", ")
    assert sorted(found) == sorted(f"{SETTINGS_NAME}:{place}" for place in places)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("decc: A", "did you mean 'deck'?"),
        ("Deck_Scope: file", "did you mean 'deck_scope'?"),
        ("syntaxes: [flashcard-obsidian]", "did you mean 'flashcards-obsidian'?"),
        ("severities: {mising-id: off}", "did you mean 'missing-id'?"),
        ("regexps: {cloze: '(a)'}", "did you mean 'Cloze'?"),
        ("regexps: {Basic: question_answer}", "did you mean 'question-answer'?"),
        ("context_fields: {Basic: bakc}", "did you mean 'Back'?"),
        ("deck_scope: x", "known: 'file', 'following'"),
        ("tags:\n\t- a", "use spaces"),
    ],
)
def test_hint_names_what_is_near(tmp_path: Path, text: str, hint: str) -> None:
    (problem,) = read_config(write_vault(tmp_path, {SETTINGS_NAME: text}))[1]
    assert problem.hint == hint


def test_mistake_leaves_the_other_settings_as_they_are(tmp_path: Path) -> None:
    config, found, _ = configure(tmp_path, "deck: [a]\ntags: [b]\nmarkers: {end: 5, begin: []}\n")
    assert (config.default_deck, config.tags, config.markers.end) == (tmp_path.name, ("b",), "5")
    assert len(found) == 2


def test_byte_order_mark_is_no_part_of_the_settings(tmp_path: Path) -> None:
    config, found, _ = configure(tmp_path, "\ufeffdeck: A\nx: 1\n")
    assert (config.default_deck, found) == ("A", ["vaultdeck.yaml:2:1 unknown-setting"])


def test_settings_in_another_encoding_are_reported(tmp_path: Path) -> None:
    _, found, _ = configure(tmp_path, "deck: A\ntags: é\n".encode("latin-1"))
    assert found == ["vaultdeck.yaml:2:7 bad-config"]


# Note types of the user.


def test_note_type_of_the_user_is_loaded(tmp_path: Path) -> None:
    config, found, _ = configure(tmp_path, VOKABEL, TYPE)
    kind = config.note_types["Vokabel"]
    assert not found
    assert (kind.fields, kind.written) == (("Wort", "Bedeutung", "Source"), ("Wort", "Bedeutung"))
    assert kind.templates[0].front == "{{Wort}}\n"
    assert kind.css == load_builtin()["Basic"].css and not kind.is_guess
    ids = [kind.id, *kind.field_ids, kind.templates[0].id]
    assert len(set(ids)) == 5 and all(number and 0 < number < 2**53 for number in ids)
    again = configure(tmp_path, VOKABEL, TYPE)[0]
    assert again.note_types == config.note_types


def test_ids_that_follow_from_names_stay_for_ever(tmp_path: Path) -> None:
    kind = configure(tmp_path, VOKABEL, TYPE)[0].note_types["Vokabel"]
    assert (kind.id, kind.field_ids[0]) == (IDS[0], IDS[1])
    guess = guess_notetype("Básico", ("Anverso",))
    assert (guess.id, guess.field_ids[0], guess.templates[0].id) == IDS[2:]


def test_ids_that_are_given_count(tmp_path: Path) -> None:
    text = (
        "name: Vokabel\nid: 7\nkind: cloze\nmod: 3\nfields:\n  Wort: 8\n  Neu:\n"
        "templates:\n  Karte:\n    id: 9\n    file: karte\n"
    )
    files = {
        **TYPE,
        f"{FOLDER}/notetype.yaml": text,
        FRONT: "{{cloze:Wort}}",
        BACK: "{{cloze:Wort}}",
    }
    files[f"{FOLDER}/style.css"] = ".card {}"
    config, found, _ = configure(tmp_path, VOKABEL, files)
    kind = config.note_types["Vokabel"]
    assert not found
    assert (kind.id, kind.field_ids[0], kind.templates[0].id, kind.mod) == (7, 8, 9, 3)
    assert kind.is_cloze and kind.css == ".card {}" and kind.field_ids[1]


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"notetype.yaml": "fields: [A]\n"}, "1:1 bad-config, 1:1 bad-config"),
        ({"notetype.yaml": ""}, "1:1 bad-config"),
        (
            {"notetype.yaml": "- a\n"},
            "1:1 bad-config, 1:1 bad-config, 1:1 bad-config, 1:1 bad-config",
        ),
        ({"notetype.yaml": "name: [\n"}, "2:1 bad-config"),
        ({"notetype.yaml": b"name: \xff\n"}, "1:7 bad-config"),
        ({"karte.front.html": None}, "4:12 bad-config"),
        ({"karte.back.html": b"\xff"}, "karte.back.html:1:1 bad-config"),
        ({"karte.front.html": "{{Wrot}}"}, "4:12 bad-config, 4:12 bad-config"),
        ({"karte.front.html": "{{#Wort}}x{{/Wort}}"}, "4:12 bad-config"),
        ({"karte.back.html": "{{Tags}} {{hint:Bedeutung}} {{Andere}}"}, "4:12 bad-config"),
        ({"karte.front.html": "{{Wort}} {{#Bedeutung}}"}, "4:12 bad-config"),
        ({"karte.front.html": "{{Wort}} {{^Wort}}{{/Bedeutung}}"}, "4:12 bad-config"),
        # At these Anki crashes, or takes minutes.
        (
            {"karte.front.html": "{{#Wort}}" * 20_000 + "{{Wort}}" + "{{/Wort}}" * 20_000},
            "4:12 bad-config",
        ),
        ({"karte.front.html": "{{Wort}}" + "{{" * 200_000}, "4:12 bad-config"),
        ({"karte.front.html": "{{Wort}}" + "<!--" * 200_000}, "4:12 bad-config"),
        # Beyond all measure.
        ({"style.css": "a{}" * 4_000_000}, "1:7 bad-config"),
        (
            {
                "notetype.yaml": "name: Vokabel\nfields: [Wort, Bedeutung]\ntemplates:\n"
                + "".join(f"  Karte {number}: karte\n" for number in range(2_000)),
            },
            "104:3 bad-config",
        ),
    ],
)
def test_mistake_in_a_note_type_is_reported(
    tmp_path: Path, files: dict[str, str | bytes | None], wanted: str
) -> None:
    changed = {**TYPE, **{f"{FOLDER}/{name}": text for name, text in files.items()}}
    present = {path: text for path, text in changed.items() if text is not None}
    config, found, _ = configure(tmp_path, VOKABEL, present)
    places = [p if p.startswith("karte") else f"notetype.yaml:{p}" for p in wanted.split(", ")]
    assert found == [f"{FOLDER}/{place}" for place in places]
    assert "Vokabel" not in config.note_types


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("kind: clozes", "5:7 bad-config"),
        ("id: 0", "5:5 bad-config"),
        ("id: 99999999999999999999", "5:5 bad-config"),
        ("mod: x", "5:6 bad-config"),
        ("feilds: [a]", "5:1 unknown-setting"),
        ("name: again", "5:1 bad-config"),
    ],
)
def test_wrong_key_in_a_note_type_is_reported(tmp_path: Path, line: str, wanted: str) -> None:
    path = f"{FOLDER}/notetype.yaml"
    text = f"name: Vokabel\nfields: [Wort, Bedeutung]\ntemplates:\n  Karte 1: karte\n{line}\n"
    _, found, _ = configure(tmp_path, VOKABEL, {**TYPE, path: text})
    assert found == [f"{path}:{wanted}"]


@pytest.mark.parametrize("fields", ["[A, A]", "['A:']", "['#A']", "[Source]", "{A: x}", "[]"])
def test_fields_that_anki_cannot_have_are_reported(tmp_path: Path, fields: str) -> None:
    text = f"name: Vokabel\nfields: {fields}\ntemplates:\n  Karte 1: karte\n"
    config, found, _ = configure(tmp_path, VOKABEL, {**TYPE, f"{FOLDER}/notetype.yaml": text})
    assert any(problem.startswith(f"{FOLDER}/notetype.yaml:2:") for problem in found)
    assert "Vokabel" not in config.note_types


def test_note_types_do_not_share_names_or_ids(tmp_path: Path) -> None:
    other = {path.replace("Vokabel", "Kopie"): text for path, text in TYPE.items()}
    text = "note_types:\n  - types/Vokabel\n  - types/Kopie/\n"
    _, found, _ = configure(tmp_path, text, {**TYPE, **other})
    assert found == ["vaultdeck.yaml:3:5 bad-config"]


def test_template_outside_the_vault_is_not_read(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", {SETTINGS_NAME: VOKABEL, **TYPE})
    (tmp_path / "secret.html").write_text("{{Wort}} secret")
    (vault / FRONT).unlink()
    (vault / FRONT).symlink_to(tmp_path / "secret.html")
    config, found, _ = read_config(vault)
    assert problems(found) == [f"{FOLDER}/notetype.yaml:4:12 bad-config"]
    assert "Vokabel" not in config.note_types


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("notetype.yaml", "vaultdeck.yaml:1:14"),
        ("karte.front.html", f"{FOLDER}/notetype.yaml:4:12"),
        ("style.css", f"{FOLDER}/notetype.yaml:1:7"),
        ("_logo.png", f"{FOLDER}/notetype.yaml:1:7"),
    ],
)
def test_file_of_a_note_type_that_is_there_and_cannot_be_read_is_called_so(
    tmp_path: Path, name: str, place: str
) -> None:
    vault = write_vault(tmp_path, {SETTINGS_NAME: VOKABEL, **TYPE, BACK: '<img src="_logo.png">'})
    (vault / FOLDER / name).unlink(missing_ok=True)
    (vault / FOLDER / name).mkdir()
    _, found, _ = read_config(vault)
    message = f"'{FOLDER}/{name}' cannot be read: this is no regular file inside the vault"
    told = [problem for problem in found if problem.message == message]
    assert [problem.rpartition(" ")[0] for problem in problems(told)] == [place]


def test_note_type_that_is_named_again_and_again_is_read_once(tmp_path: Path) -> None:
    text = f"{VOKABEL[:-2]}, {'types/../types/./Vokabel/, ' * 7_000}]\n"
    vault = write_vault(tmp_path, {SETTINGS_NAME: text, **TYPE})
    seen = Observed(vault)
    _, found, _ = read_config(vault, seen=seen)
    assert {problem.message for problem in found} == {
        f"the folder '{folder}' is named twice" for folder in ("types/../types/Vokabel",)
    }
    assert [path for _, path, _ in seen.inputs].count(FRONT) == 1


def test_note_type_of_adoption_is_known_unless_another_has_the_name(tmp_path: Path) -> None:
    known = replace(load_builtin()["Basic"], name="Básico", id=5, fields=("A", "B"), written=())
    lock = {"Básico": known, "Basic": known}
    for files in (
        {SETTINGS_NAME: "context_fields: {Básico: B}"},
        {PLUGIN: json.dumps(plugin_data())},
        {},
    ):
        root = write_vault(tmp_path / str(len(list(tmp_path.iterdir()))), files)
        config, found, _ = read_config(root, lock_types=lock)
        assert not found
        assert config.note_types["Básico"] == replace(known, written=("A", "B"))
        assert config.note_types["Basic"] == load_builtin()["Basic"]


# The plugin's settings.


def test_defaults_of_the_plugin_apply_with_its_settings(tmp_path: Path) -> None:
    config, found, notices = with_plugin(tmp_path, {"settings": {}})
    assert config == Config(
        tmp_path.name,
        "Default",
        load_builtin(),
        tags=("Obsidian_to_Anki",),
        ignore=("**/*.excalidraw.md",),
        origin=PLUGIN,
    )
    assert not found
    assert notices == [f"settings are taken from {PLUGIN}"]


FULL = plugin_data(
    {
        "Scan Directory": "Škola",
        "Tag": "anki škola",
        "Deck": "Škola::Vše",
        "Add File Link": True,
        "Add Context": True,
        "CurlyCloze": True,
        "CurlyCloze - Highlights to Clozes": True,
        "ID Comments": False,
        "Add Obsidian Tags": True,
    },
    {"Basic": ["Front", "Back"], "Základní": ["Přední strana", "Zadní strana"]},
    Syntax={
        "Begin Note": "START_CARD",
        "End Note": "END_CARD",
        "Begin Inline Note": "SI",
        "End Inline Note": "EI",
        "Target Deck Line": "TARGET_DECK",
        "File Tags Line": "TAGS",
        "Delete Note Line": "DEL",
        "Frozen Fields Line": "FROZE",
    },
    CUSTOM_REGEXPS={"Základní": "^(.*)::(.*)", "Basic": ""},
    FILE_LINK_FIELDS={"Základní": "Zadní strana", "Gone": "X"},
    CONTEXT_FIELDS={"Basic": "Back"},
    FOLDER_DECKS={"Škola/Fyzika": "Fyzika", "Jinde": ""},
    FOLDER_TAGS={"Škola": "a b", "Jinde": ""},
    IGNORED_FILE_GLOBS=["**/*.excalidraw.md", "Šablony/**"],
)


def test_every_setting_of_the_plugin_is_read(tmp_path: Path) -> None:
    (tmp_path / "Škola").mkdir()
    config, found, _ = with_plugin(tmp_path, FULL)
    types = {
        **load_builtin(),
        "Základní": guess_notetype("Základní", ("Přední strana", "Zadní strana")),
    }
    assert not found
    assert config == Config(
        vault_name=tmp_path.name,
        default_deck="Škola::Vše",
        note_types=types,
        markers=Markers(
            "START_CARD", "END_CARD", "SI", "EI", "TARGET_DECK", "TAGS", "DEL", "FROZE"
        ),
        folder_decks={"Škola/Fyzika": "Fyzika"},
        folder_tags={"Škola": ("a", "b")},
        tags=("anki", "škola"),
        ignore=("**/*.excalidraw.md", "Šablony/**"),
        scan=("Škola",),
        regexps={"Základní": "^(.*)::(.*)"},
        curly_clozes=True,
        highlight_clozes=True,
        id_comments=False,
        cuts_tags=True,
        link_fields={"Základní": "Zadní strana", "": ""},
        context_fields={"Basic": "Back"},
        origin=PLUGIN,
    )


def test_fields_that_are_not_asked_for_are_left_alone(tmp_path: Path) -> None:
    maps = {"FILE_LINK_FIELDS": {"Basic": "Back"}, "CONTEXT_FIELDS": {"Basic": "Back"}}
    config, _, _ = with_plugin(tmp_path, plugin_data(**maps))
    assert not config.link_fields and not config.context_fields


@pytest.mark.parametrize(
    ("name", "fields", "wanted"),
    [
        ("Basic", ["Front", "Back"], None),
        ("Basic", ["Front"], None),
        ("Cloze", ["Text", "Back Extra"], None),
        ("Basic", ["Back", "Front"], "Basic (vaultdeck, own fields)"),
        ("Cloze", ["Text", "Extra"], "Cloze (vaultdeck, own fields)"),
        ("Einfach", ["Vorderseite", "Rückseite"], "Einfach (vaultdeck)"),
        ("Hueco", ["Texto", "Reverso Extra"], "Hueco (vaultdeck)"),
        ("基本型（可選用反向卡片）", ["正面", "背面"], "基本型（可選用反向卡片） (vaultdeck)"),
    ],
)
def test_type_with_other_fields_than_ours_is_made_up(
    tmp_path: Path, name: str, fields: list[str], wanted: str | None
) -> None:
    config, found, _ = with_plugin(tmp_path, plugin_data(fields={name: fields}))
    kind = config.note_types[name]
    assert not found
    if wanted is None:
        assert kind == load_builtin()[name]
        return
    assert kind.name == wanted and kind.is_guess and not kind.is_cloze
    assert kind.written == tuple(fields)
    assert kind.fields == (*fields, "Context", "Source")
    ids = [kind.id, *kind.field_ids]
    assert len(set(ids)) == len(ids) and all(number and 0 < number < 2**53 for number in ids)


def test_templates_of_a_made_up_type_show_all_its_fields() -> None:
    kind = guess_notetype("Slovo", ("Český", "English", "Source"))
    (template,) = kind.templates
    assert template.front == '<div class="vd" dir="auto">{{Český}}</div>\n'
    assert template.back.startswith('{{FrontSide}}\n<hr id="answer">\n{{#English}}')
    assert kind.fields == ("Český", "English", "Source", "Context")
    assert template.back.endswith(
        '{{#Context}}\n<footer class="vd-footer">{{Context}}</footer>\n{{/Context}}\n'
    )
    assert card_numbers(kind, ["a", "", "", ""]) == (1,)


@pytest.mark.parametrize(
    ("name", "written", "fronts", "backs"),
    [
        (
            "Basic (type in the answer)",
            ("Front", "Back", "Sources"),
            ["{{type:Back}}"],
            ["{{type:Back}}", "{{Sources}}"],
        ),
        ("Basic (type in the answer)+", ("Front", "Back"), ["{{type:Back}}"], ["{{type:Back}}"]),
        ("Basic (and reversed card)", ("Q", "A"), ["{{Q}}", "{{A}}"], ["{{A}}", "{{Q}}"]),
        ("Basic (and reversed card)-1d4b7", ("Q", "A"), ["{{Q}}", "{{A}}"], ["{{A}}", "{{Q}}"]),
        ("Basic (and reversed card) copy+", ("Q", "A"), ["{{Q}}", "{{A}}"], ["{{A}}", "{{Q}}"]),
        (
            "Básico (y tarjeta invertida)",
            ("Anverso", "Reverso"),
            ["{{Anverso}}", "{{Reverso}}"],
            [],
        ),
        ("基本型（可選用反向卡片）", ("正面", "背面", "反向"), ["{{正面}}", "{{#反向}}"], []),
    ],
)
def test_made_up_type_of_a_stock_name_asks_like_the_stock_type(
    name: str, written: tuple[str, ...], fronts: list[str], backs: list[str]
) -> None:
    kind = guess_notetype(name, written)
    stock = load_builtin()[stock_name(name)]
    assert [template.name for template in kind.templates] == [t.name for t in stock.templates]
    shown = [template.front for template in kind.templates]
    assert all(part in front for part, front in zip(fronts, shown, strict=True))
    assert all(part in "".join(template.back for template in kind.templates) for part in backs)
    fields = {
        name for t in kind.templates for name in re.findall(r"\{\{[#^/]?(?:type:)?([^}]+)", t.front)
    }
    assert fields <= set(written) and not is_vague(kind)


def test_made_up_type_asks_like_the_type_of_an_adopted_collection() -> None:
    templates = [Template("a", None, "{{X}}", "{{Y}}"), Template("b", None, "{{Y}}", "{{X}}")]
    known = NoteType("Mine", 1, ("X", "Y"), (None, None), tuple(templates), "")
    assert len(guess_notetype("Mine", ("X", "Y"), known).templates) == 2
    optional = replace(templates[1], front="{{#Z}}{{Y}}{{/Z}}")
    other = replace(known, fields=("X", "Y", "Z"), templates=(templates[0], optional))
    assert "{{#Z}}" in guess_notetype("Mine", ("X", "Y", "Z"), other).templates[1].front
    typed = replace(known, templates=(replace(templates[0], front="{{X}}{{type:Y}}"),))
    assert "{{type:Y}}" in guess_notetype("Mine", ("X", "Y"), typed).templates[0].front
    plain = replace(known, templates=tuple(templates[:1]))
    assert is_vague(guess_notetype("Mine", ("X", "Y"), plain))
    assert not is_vague(guess_notetype("Einfach", ("Vorderseite", "Rückseite")))


def test_made_up_type_becomes_a_cloze_type() -> None:
    guess = guess_notetype("Hueco", ("Texto", "Extra"))
    kind = as_cloze(guess, {"Texto"})
    assert kind.is_cloze and kind.is_guess
    assert (kind.id, kind.fields, kind.field_ids) == (guess.id, guess.fields, guess.field_ids)
    assert kind.templates[0].front == '<div class="vd" dir="auto">{{cloze:Texto}}</div>\n'
    assert card_numbers(kind, ["{{c2::a}} {{c3::b}}", "", "", ""]) == (2, 3)


@pytest.mark.parametrize(
    ("name", "deletions"),
    [("Lückentext", 2), ("填空题", 2), ("texte à trous+", 2), ("My Cloze", 2), ("Hueco", 0), ("Einfach", 0)],
)  # fmt: skip
def test_braces_are_deletions_in_a_type_of_the_name_of_a_cloze_type_in_any_language(
    tmp_path: Path, name: str, deletions: int
) -> None:
    settings = plugin_data({"CurlyCloze": True}, {name: ["T", "E"]})
    text = f"START\n{name}\nA {{dog}} and {{2:cat}}\nE: x\nEND\n"
    (note,) = build(
        write_vault(tmp_path, {PLUGIN: json.dumps(settings), "a.md": text})
    ).stamped.notes
    assert note.note.fields[0].count("{{c") == deletions


def test_made_up_cloze_type_asks_in_the_fields_that_hold_the_deletions(
    tmp_path: Path, anki: Anki
) -> None:
    settings = plugin_data(fields={"School Cloze": ["Title", "Front", "Back"]})
    card = "START\nSchool Cloze\nTitle: Mean\nFront: is {{c1::the sum}}\nBack: over n\nEND\n"
    vault = write_vault(tmp_path / "v", {PLUGIN: json.dumps(settings), "a.md": card})
    result = build_package(vault, tmp_path / "x.apkg")
    assert problems(result.diagnostics) == []
    anki.import_package(tmp_path / "x.apkg")
    (note,) = result.stamped.notes
    ((front, back),) = anki.sides(note.id)
    assert "Mean" in front
    assert "[...]" in front
    assert "over n" not in front
    assert "the sum" in back
    assert "over n" in back
    # Deletions in one more field: Anki takes the newer template.
    more = "START\nSchool Cloze\nTitle: {{c1::Median}}\nFront: in {{c2::the middle}}\nEND\n"
    write_vault(vault, {"b.md": more})
    build_package(vault, tmp_path / "x.apkg", now=NOW + 100)
    assert anki.import_package(tmp_path / "x.apkg").new == 1
    (first, _), (second, _) = anki.sides(build(vault).stamped.notes[1].id)
    assert re.sub(r'data-cloze="[^"]*"', "", first).count("Median") == 0
    assert "[...]" in first
    assert "[...]" in second


BROKEN = [
    ("", "1:1"),
    ("{", "1:2"),
    ('{\n "settings": {,', "2:15"),
    ("[]", "1:1"),
    ("{}", "1:1"),
    ('{"settings": []}', "1:1"),
    ("[" * 99999, "1:1"),
    ('{"settings": ' + "9" * 9999 + "}", "1:1"),
    ('{"settings": {"Defaults": []}}', "1:15"),
    ('{"settings": {"Defaults": {\n"CurlyCloze": "yes"}}}', "2:1"),
    ('{"settings": {"Defaults": {\n"Deck": ["a"]}}}', "2:1"),
    ('{"settings": {"Defaults": {\n"Deck": "a\\nb"}}}', "2:1"),
    ('{"settings": {"Defaults": {\n"Deck": "\\ud800"}}}', "2:1"),
    ('{"settings": {"Defaults": {\n"Scan Directory": "Nowhere"}}}', "2:1"),
    ('{"settings": {"Syntax": {\n"Begin Note": ""}}}', "2:1"),
    ('{"settings": {\n"IGNORED_FILE_GLOBS": "x"}}', "2:1"),
    ('{"settings": {\n"IGNORED_FILE_GLOBS": [1]}}', "2:1"),
    ('{"settings": {"CUSTOM_REGEXPS": {\n"Gone": "(a)"}}}', "2:1"),
    ('{"settings": {"CUSTOM_REGEXPS": {\n"Basic": 1}}}', "2:1"),
    ('{"settings": {},\n"fields_dict": []}', "2:1"),
    ('{"settings": {},\n"fields_dict": {\n"X": []}}', "3:1"),
    ('{"settings": {},\n"fields_dict": {\n"X": ["A:"]}}', "3:1"),
]


@pytest.mark.parametrize(("text", "place"), BROKEN, ids=[repr(b[0][:40]) for b in BROKEN])
def test_broken_plugin_settings_are_reported_and_replaced_by_defaults(
    tmp_path: Path, text: str, place: str
) -> None:
    config, found, _ = with_plugin(tmp_path, text)
    assert found == [f"{PLUGIN}:{place} bad-plugin-settings"]
    assert config.note_types == load_builtin()
    assert config.markers == Markers() and not config.curly_clozes


# The settings written out.


def test_starter_names_every_key(tmp_path: Path) -> None:
    text = starter_config(read_config(tmp_path)[0])
    assert [
        key for key in SETTING_KEYS if not re.search(rf"^(?:# )?{key}:", text, re.MULTILINE)
    ] == []


def test_examples_of_the_starter_are_valid(tmp_path: Path) -> None:
    text = starter_config(read_config(tmp_path)[0])
    files = {**TYPE, "Lectures/a.md": "", "notetypes/Vocabulary/notetype.yaml": "x"}
    files |= {path.replace(FOLDER, "notetypes/Vocabulary"): text for path, text in TYPE.items()}
    # A line of prose has no key at its start; the first line is for editors.
    uncommented = re.sub(r"^# (?!yaml-)(?=[a-z_-]+:(?: \S|$)|  \S)", "", text, flags=re.M)
    config, found, _ = configure(tmp_path, uncommented, files)
    assert found == []
    assert config.regexps and config.severities and config.scan and "Vokabel" in config.note_types


ROUND_TRIPS: list[dict[str, Any]] = [
    {},
    FULL,
    plugin_data({"Tag": "", "Deck": "null"}, {"Typ": ["it's", '"', "a # b"], "no": ["yes"]}),
    plugin_data({"Deck": " x: #y"}, {"基本型（可選用反向卡片）": ["正面", "背面"]}),
    plugin_data(CUSTOM_REGEXPS={"Basic": STYLES["ruled"][1], "Cloze": "^('\"\\\\{ : #)\t"}),
    plugin_data(FOLDER_DECKS={"/": "All", "- a": "b\u3000c", "a: b": "it's"}),
    plugin_data(IGNORED_FILE_GLOBS=["!a/**", "*.md", "{a,b}", "#x", "\u200bx", "😀"]),
    plugin_data(Syntax={"Begin Note": "%%ANKI", "End Note": "END%%", "Delete Note Line": "- x"}),
]


@pytest.mark.parametrize("data", ROUND_TRIPS)
def test_starter_says_what_the_settings_say(tmp_path: Path, data: dict[str, Any]) -> None:
    files = {".obsidian/templates.json": '{"folder": "Vorlagen"}', "Škola/a.md": ""}
    before, _, _ = with_plugin(tmp_path, data or plugin_data(), files)
    after, found, _ = configure(tmp_path, starter_config(before))
    assert found == []
    assert after == replace(before, origin=SETTINGS_NAME)


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    NAMES,
    st.dictionaries(NAMES, NAMES, max_size=3),
    st.lists(NAMES, max_size=3),
    st.dictionaries(NAMES, st.lists(NAMES, max_size=3), max_size=3),
)
def test_starter_says_what_any_settings_say(
    tmp_path: Path,
    text: str,
    texts: dict[str, str],
    items: list[str],
    fields: dict[str, list[str]],
) -> None:
    (tmp_path / SETTINGS_NAME).unlink(missing_ok=True)
    data = plugin_data(
        {"Deck": text, "Tag": text},
        fields,
        CUSTOM_REGEXPS=dict.fromkeys(fields, f"({text})"),
        FOLDER_DECKS=texts,
        FOLDER_TAGS=texts,
        IGNORED_FILE_GLOBS=items,
    )
    before, _, _ = with_plugin(tmp_path, data)
    after, found, _ = configure(tmp_path, starter_config(before))
    assert found == []
    assert after == replace(before, origin=SETTINGS_NAME)


# Hostile settings.

WORDS = [
    *SETTING_KEYS,
    "Basic",
    ": ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "!!x ",
    "|",
    "'",
    "\t",
]
YAML = st.lists(st.sampled_from(WORDS), max_size=30).map("".join) | st.text()
JSON: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(YAML | st.binary())
def test_any_text_is_read_as_settings(tmp_path: Path, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    config, found, _ = read_config(write_vault(tmp_path, {SETTINGS_NAME: data}))
    assert config.default_deck and config.origin == SETTINGS_NAME
    assert all(problem.message for problem in found)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(YAML)
def test_any_text_is_read_as_a_note_type(tmp_path: Path, text: str) -> None:
    data = text.encode("utf-8", "replace")
    read_config(
        write_vault(tmp_path, {**TYPE, f"{FOLDER}/notetype.yaml": data, SETTINGS_NAME: VOKABEL})
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(sorted(FULL["settings"])), JSON), JSON, st.text() | JSON)
def test_any_json_is_read_as_settings_of_the_plugin(
    tmp_path: Path, sections: dict[str, object], fields: object, other: object
) -> None:
    for data in ({"settings": sections, "fields_dict": fields}, other):
        text = data if isinstance(data, str) else json.dumps(data)
        write_vault(tmp_path, {PLUGIN: text.encode("utf-8", "replace")})
        config, _, _ = read_config(write_vault(tmp_path, {".obsidian/app.json": json.dumps(other)}))
        starter_config(config).encode()


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u3000"])
@pytest.mark.parametrize("is_written_plainly", [True, False])
def test_a_folder_is_meant_with_any_kind_of_space(
    tmp_path: Path, space: str, is_written_plainly: bool
) -> None:
    on_disk, written = (space, " ") if is_written_plainly else (" ", space)
    notes = {f"{name}{on_disk}x/a.md": card(name) for name in ("Old", "New", "Draft")}
    text = (
        f"decks: {{'New{written}x': D}}\nfolder_tags: {{'New{written}x': t}}\n"
        f"ignore: ['Old{written}x/**', 'Draft{written}x/']\n"
    )
    result = build(write_vault(tmp_path, {**notes, SETTINGS_NAME: text}))
    assert [(n.note.fields[0], n.note.deck, n.note.tags[0]) for n in result.stamped.notes] == [
        ("New", "D", "t")
    ]
