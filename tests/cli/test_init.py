"""`init` says what it found in a vault, and what to run."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.helpers import build, build_package, card, run, write_vault
from vaultdeck.build.adoption import adopt_notes
from vaultdeck.build.compiled import compile_vault
from vaultdeck.build.session import open_vault
from vaultdeck.model import SourceFile
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.report.survey import survey
from vaultdeck.settings.obsidian_to_anki import PLUGIN_FILE as OBSIDIAN_TO_ANKI

ID = 1_700_000_000_000
PLUGIN = ".obsidian/plugins/obsidian-to-anki-plugin/data.json"
SPACED = ".obsidian/plugins/obsidian-spaced-repetition/data.json"
FLASHCARDS = ".obsidian/plugins/flashcards-obsidian/data.json"


def init(tmp_path: Path, files: Mapping[str, str | bytes]) -> list[str]:
    """Return what `init` says of a vault in folder v."""
    write_vault(tmp_path / "v", files)
    done = run("init", "v", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "v/vaultdeck.yaml").is_file()
    return done.stdout.splitlines()


def commands(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip().startswith("vaultdeck ")]


def test_init_tells_what_it_found_and_what_to_run(tmp_path: Path) -> None:
    inline = "STARTI [Basic] a Back: b ENDI\n"
    files = {
        "a.md": card("q", note_id=ID) + card("r") + inline,
        "b.md": card("s"),
        "c.md": "no card",
    }
    assert init(tmp_path, files) == [
        f"{Path('v/vaultdeck.yaml')}: written",
        "found: 4 card blocks in 2 of 3 note files",
        "      3  Basic (block)",
        "      1  Basic (inline)",
        "IDs: 1 there, 3 missing",
        "next: run",
        "    vaultdeck check v",
        "        name every problem; write nothing",
        "    vaultdeck preview v --open",
        "        look at the cards in the browser",
        "    vaultdeck adopt v EXPORT.colpkg",
        "        keep the reviews of cards that are in Anki already, as those of",
        "        Obsidian_to_Anki: first File > Export there; else every one is there twice",
        "    vaultdeck adopt v --none",
        "        or, if none of them is in Anki",
        "    vaultdeck build v",
        "        write 3 IDs into notes, vaultdeck.lock and v.apkg;",
        "        then in Anki File > Import v.apkg",
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"a.md": card("q", note_id=ID) + card("r"), "b.md": card("s", note_id=ID) + card("t")},
        {"a.md": card("") + card("<br>") + card("![[b]]") + card("q"), "b.md": "%%hidden%%"},
        {"a.md": "TARGET DECK: \n" + card("q"), "b.md": "---\ndeck: [1, 2]\n---\n" + card("r")},
        {"a.md": "<<<<<<< ours\n" + card("q") + "=======\n" + card("r") + ">>>>>>> theirs\n"},
        {"a.md": card("q"), "a (conflicted copy 2024-09-29).md": card("q")},
        {"a.md": card("q", note_id=ID), "a 2.md": card("q", note_id=ID) + card("r")},
        {"a.md": "#flashcards\n\nParis::France\nRome::::Italy\n\nWhat? #card\nThis.\n"},
        {
            "a.md": card("q")
            + "```\n"
            + card("r")
            + "```\n> [!note]\n> START\n> Basic\n> s\n> END\n"
        },
        {"a.md": "a `code\nSTARTI [Basic] a Back: b ENDI\nend`\nSTARTI [Basic] c Back: d ENDI\n"},
        {"a.md": card("{{c1::x}}", kind="Cloze") + card("no deletion", kind="Cloze")},
    ],
    ids=lambda files: ascii("".join(files.values()))[1:60],
)
def test_init_tells_the_notes_and_ids_that_a_build_then_writes(
    tmp_path: Path, files: dict[str, str | bytes]
) -> None:
    lines = init(tmp_path, files)
    (found,) = (line.split()[1] for line in lines if line.startswith("found: "))
    written = [line.split()[1] for line in lines if " into notes, " in line]

    def ids() -> int:
        notes = (tmp_path / "v").rglob("*.md")
        return sum(len(re.findall(r"[0-9]{13}", path.read_text())) for path in notes)

    before = ids()
    built = build_package(tmp_path / "v", tmp_path / "v.apkg")
    new = ids() - before
    assert (int(found), [int(n) for n in written]) == (
        len(built.stamped.notes),
        [new] if new else [],
    )


def test_init_does_not_change_a_note(tmp_path: Path) -> None:
    text = card("q")
    init(tmp_path, {"a.md": text})
    assert (tmp_path / "v/a.md").read_text() == text
    assert sorted(path.name for path in (tmp_path / "v").iterdir()) == ["a.md", "vaultdeck.yaml"]


def test_init_never_overwrites_and_is_still_of_help(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": card("q"), "vaultdeck.yaml": "deck: Mine\n"})
    done = run("init", "v", cwd=tmp_path)
    assert done.returncode == 2
    target = Path("v/vaultdeck.yaml")
    assert done.stderr == f"vaultdeck: '{target}' is there already: it is not overwritten\n"
    assert "found: 1 card block in 1 of 1 note file\n" in done.stdout
    assert "vaultdeck build v\n" in done.stdout
    assert (tmp_path / target).read_text() == "deck: Mine\n"


def test_init_names_what_is_wrong_in_settings_that_are_there(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"vaultdeck.yaml": "deck: [\n"})
    done = run("init", "v", cwd=tmp_path)
    assert done.returncode == 2
    first, second, *_ = done.stderr.splitlines()
    assert "is there already" in first
    assert second.startswith("v/vaultdeck.yaml:") and "error bad-config" in second


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
def test_init_does_not_write_through_a_link(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": card("q")})
    (tmp_path / "v/vaultdeck.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert run("init", "v", cwd=tmp_path).returncode == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


def test_init_says_where_settings_come_from_and_what_is_wrong_in_them(tmp_path: Path) -> None:
    data = {"settings": {"Defaults": {"Deck": "Old", "CurlyCloze": "yes"}}}
    write_vault(tmp_path / "v", {"a.md": card("q"), PLUGIN: json.dumps(data)})
    done = run("init", "v", cwd=tmp_path)
    assert done.returncode == 0
    assert f"note: settings are taken from {PLUGIN}\n" in done.stdout
    assert "bad-plugin-settings" in done.stderr
    assert "\ndeck: Old\n" in (tmp_path / "v/vaultdeck.yaml").read_text()


def test_init_shows_how_to_write_a_card_where_there_is_none(tmp_path: Path) -> None:
    data = {"settings": {"Syntax": {"Begin Note": "CARD", "End Note": "DONE"}}}
    lines = init(tmp_path, {"a.md": "text", PLUGIN: json.dumps(data)})
    at = lines.index("next: write a first card into a note, each line at the start of a line")
    shown = "\n".join(line.strip() for line in lines[at + 1 : at + 6])
    assert shown == "CARD\nBasic\nquestion\nBack: answer\nDONE"
    (tmp_path / "v/a.md").write_text(shown)
    assert len(build(tmp_path / "v").stamped.notes) == 1


BY_STYLE = [
    ("# What\nThis.\n<!--ID: 1-->\n", "header-paragraph"),
    ("what #flashcard\nthis\n<!--ID: 1-->\n", "neuracache"),
    ("a\n---\nb\n<!--ID: 1-->\n", "ruled"),
]


@pytest.mark.parametrize(("text", "style"), BY_STYLE, ids=[style for _, style in BY_STYLE])
def test_init_names_the_style_that_finds_the_cards_of_ids(
    tmp_path: Path, text: str, style: str
) -> None:
    ids = [f"160000000000{number}" for number in range(3)]
    cards = [text.replace("ID: 1", f"ID: {one}") for one in ids]
    lone = "some text that nothing finds <!--ID: 1600000000009-->\n"
    lines = init(tmp_path, {"a.md": "\n".join([*cards, lone])})
    at = lines.index("not found: the cards of 4 IDs")
    hint = f"    hint: write in vaultdeck.yaml: regexps: {{Basic: {style}}}, which finds 3 of them"
    assert lines[at + 1] == hint
    assert "next: run" in lines
    (tmp_path / "v/vaultdeck.yaml").write_text(f"regexps: {{Basic: {style}}}\n")
    assert [str(one.note.id) for one in build(tmp_path / "v").stamped.notes] == ids


def test_init_counts_ids_that_no_style_finds(tmp_path: Path) -> None:
    lines = init(tmp_path, {"a.md": f"{card('q')}\ntext <!--ID: 1600000000009-->\n"})
    at = lines.index("not found: the cards of 1 ID")
    assert lines[at + 1].startswith("    hint: name what finds them in vaultdeck.yaml")


def test_init_counts_unknown_note_types_by_name(tmp_path: Path) -> None:
    files = {
        "a.md": card("q", kind="Wort\u200b x") + card("r", kind="Basik"),
        "b.md": "STARTI [Basik] a ENDI",
    }
    lines = init(tmp_path, files)
    assert "left out: 2 card blocks of the unknown note type 'Basik'" in lines
    assert "left out: 1 card block of the unknown note type 'Wort\u200b x'" in lines
    assert any(line.startswith("    hint: correct the name, or list") for line in lines)


def test_init_counts_what_cannot_be_read(tmp_path: Path) -> None:
    lines = init(tmp_path, {"a.md": b"\xff", "b.md": "START\nBasic\nq\n", "c.md": "START\n"})
    assert "error: 1 × not-utf8" in lines
    assert "error: 2 × unclosed-block" in lines


def test_init_counts_cards_in_forms_that_no_syntax_has(tmp_path: Path) -> None:
    bridged = "```anki\nid: 1700000000001\ndeck: D\n---\nq\n===\na\n```\n"
    text = f"{bridged}\n> {bridged}\n```anki\n{card('q')}```\n"
    sync = '<!-- basicblock-start oid="Obs1" -->\nq :: a\n<!-- basicblock-end -->\n'
    left = "---\nnoteId: 1700000000002\n---\n"
    files = {"a.md": text, "b.md": sync, "c.md": f"{left}q\n\n---\n\na\n", "d.md": left + card("r")}
    lines = init(tmp_path, files)
    assert [line for line in lines if line.startswith("not read: ")] == [
        "not read: 2 cards of AnkiBridge, in a form that no syntax has",
        "not read: 1 card of Obsidian Anki Sync, in a form that no syntax has",
        "not read: 1 card of Yanki, in a form that no syntax has",
    ]
    assert any("(docs/other-tools.md)" in line for line in lines)
    (tmp_path / "v/vaultdeck.yaml").unlink()
    assert not any("not read" in line for line in init(tmp_path, dict.fromkeys(files, card("s"))))


def test_init_takes_no_cards_of_logseq_for_those_of_another_plugin(tmp_path: Path) -> None:
    text = "- q #card\n  card-repeats:: 1\n\t- a\n- r #card\n\n- b #card/c #card-reverse\n"
    files = {"pages/a.md": text, "logseq/config.edn": "{}"}
    lines = init(tmp_path, files)
    assert "not read: 2 cards of Logseq, in a form that no syntax has" in lines
    assert not any("flashcards-obsidian" in line for line in lines)
    (tmp_path / "v/vaultdeck.yaml").unlink()
    lines = init(tmp_path, files | {".obsidian/plugins/flashcards-obsidian/data.json": "{}"})
    assert any("(flashcards-obsidian)" in line for line in lines)


def test_init_leaves_out_what_the_settings_leave_out(tmp_path: Path) -> None:
    files = {".obsidian/templates.json": '{"folder": "T"}', "T/a.md": card("q"), "b.md": card("q")}
    lines = init(tmp_path, files)
    assert "found: 1 card block in 1 of 1 note file (1 more left out by the settings)" in lines


def test_who_stands_in_the_vault_is_told_where_the_package_goes(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q"), ".obsidian/app.json": "{}"})
    assert "'*.apkg' to .gitignore" in run("init", ".", cwd=vault).stdout
    assert ".gitignore" not in run("init", "v", cwd=tmp_path).stdout
    # Once: who builds again knows where it is.
    said = [run("build", cwd=vault).stdout for _ in range(2)]
    assert ["'*.apkg' to .gitignore" in text for text in said] == [True, False]
    assert ".gitignore" not in run("build", "v", cwd=tmp_path).stdout


def test_cards_to_be_deleted_do_not_count(tmp_path: Path) -> None:
    text = card("q").replace("END", f"DELETE\n<!--ID: {ID}-->\nEND")
    assert "found: 0 card blocks in 0 of 1 note file" in init(tmp_path, {"a.md": text})


@pytest.mark.parametrize("is_first", [True, False])
def test_adoption_is_advised_until_it_is_decided(tmp_path: Path, is_first: bool) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q", note_id=ID)})
    if not is_first:
        build_package(vault, tmp_path / "v.apkg")
    advised = commands(run("init", "v", cwd=tmp_path).stdout.splitlines())
    assert "vaultdeck adopt v EXPORT.colpkg" in advised
    adopt_notes(vault, None)
    again = commands(run("init", "v", cwd=tmp_path).stdout.splitlines())
    assert again == [command for command in advised if " adopt " not in command]


def test_adoption_is_not_advised_for_cards_that_vaultdeck_made(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q")})
    build_package(vault, tmp_path / "v.apkg")
    assert " adopt " not in run("init", "v", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (
            {"a.md": "#flashcards\n\nParis::France\n\nx\n?\ny\n"},
            ["2 cards in the syntax of obsidian-spaced-repetition"],
        ),
        (
            {"a.md": "---\ntags: [flashcards/geo]\n---\nParis::France\n", SPACED: "{}"},
            ["1 card in the syntax of obsidian-spaced-repetition"],
        ),
        (
            {"a.md": "# What? #card\nThis.\n", FLASHCARDS: "{}"},
            ["1 card in the syntax of flashcards-obsidian"],
        ),
        (
            {"a.md": "---\nCards-Deck: Geo\n---\nParis :: France\n"},
            ["1 card in the syntax of flashcards-obsidian"],
        ),
        (
            {"a.md": "The ==first== deletion\n^1769619800835\n", FLASHCARDS: "{}"},
            ["1 card in the syntax of flashcards-obsidian"],
        ),
        (
            {"a.md": "std::vector", SPACED: "not JSON"},
            [
                "the syntax of obsidian-spaced-repetition, which was used here "
                "(no card by its tag #flashcards)"
            ],
        ),
        (
            {"a.md": "#law\n\na::b\n<!--SR:!2024-08-16,51,230-->\n"},
            [
                "the syntax of obsidian-spaced-repetition, which was used here "
                "(no card by its tag #flashcards)"
            ],
        ),
        ({"a.md": "#flashcards without cards, #cardinal in #flashcardset\n"}, []),
        ({"a.md": "a::b #flashcardset"}, []),
        ({"a.md": card("is `std::vector` a #card?") + "#flashcards"}, []),
    ],
    ids=[
        "tag",
        "property",
        "flashcards",
        "deck of flashcards",
        "ID of flashcards",
        "settings alone",
        "schedules alone",
        "no cards",
        "another tag",
        "in a block",
    ],
)
def test_init_names_syntaxes_that_are_not_switched_on(
    tmp_path: Path, files: dict[str, str | bytes], wanted: list[str]
) -> None:
    write_vault(tmp_path / "v", {**files, "vaultdeck.yaml": ""})
    lines = run("init", "v", cwd=tmp_path).stdout.splitlines()
    start = "not switched on: "
    assert [line.removeprefix(start) for line in lines if line.startswith(start)] == wanted
    hints = [line for line in lines if line.startswith("    hint: write in vaultdeck.yaml: ")]
    assert len(hints) == bool(wanted)


def test_init_counts_cards_whose_decks_are_folders(tmp_path: Path) -> None:
    text = "Paris::France\n<!--SR:!2024-08-16,51,230-->\n\nOslo::Norway\n"
    lines = init(tmp_path, {"geo/a.md": text, "geo/b.md": "std::vector\n"})
    at = lines.index(
        "    hint: where folders are its decks (2 cards), also: "
        "obsidian-spaced-repetition: {folder_decks: true}"
    )
    written = [line.split(": ", 2)[-1] for line in lines[at - 1 : at]]
    assert written == ["syntaxes: [block, inline, regexp, obsidian-spaced-repetition]"]
    more = "obsidian-spaced-repetition: {folder_decks: true}\n"
    (tmp_path / "v/vaultdeck.yaml").write_text("\n".join([*written, more]))
    decks = [one.note.deck for one in build(tmp_path / "v").stamped.notes]
    assert decks == ["geo", "geo", "geo"]


def test_no_syntax_is_switched_on_for_a_mere_word(tmp_path: Path) -> None:
    lines = init(tmp_path, {"a.md": "a card\n\nstd::vector\n" + card("q")})
    assert "found: 1 card block in 1 of 1 note file" in lines


def test_init_switches_on_the_syntaxes_whose_cards_it_found(tmp_path: Path) -> None:
    text = "#flashcards\n\nParis::France\n\nWhat? #card\nThis.\n" + card("q")
    lines = init(tmp_path, {"a.md": text})
    assert "found: 3 card blocks in 1 of 1 note file" in lines
    assert not any("not switched on" in line or "write a first card" in line for line in lines)
    assert len(build(tmp_path / "v").stamped.notes) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="quoting of POSIX shells")
def test_commands_can_be_pasted_into_a_shell(tmp_path: Path) -> None:
    name = "My 'own' $notes"
    write_vault(tmp_path / name, {"a.md": card("q")})
    done = run("init", name, cwd=tmp_path)
    for command in commands(done.stdout.splitlines()):
        assert shlex.split(command)[2] == name
    assert (
        run(*shlex.split(commands(done.stdout.splitlines())[-1])[1:], cwd=tmp_path).returncode == 0
    )
    assert (tmp_path / f"{name}.apkg").is_file()


@pytest.mark.parametrize("command", ["init", "stats"])
def test_missing_folder_is_one_clear_line(tmp_path: Path, command: str) -> None:
    done = run(command, "gone", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "vaultdeck: no folder named 'gone'\n")


def test_init_says_which_note_types_are_made_up_from_their_fields_alone(tmp_path: Path) -> None:
    data = {"settings": {}, "fields_dict": {"Wort": ["A", "B"], "Grundlagen": ["Q"]}}
    files = {OBSIDIAN_TO_ANKI: json.dumps(data), "a.md": card("q", kind="Wort")}
    lines = init(tmp_path, files)
    told = "made up from the fields alone, with one card and no box to type in: 'Wort'"
    assert told in lines


@pytest.mark.parametrize(
    ("settings", "text", "count", "names"),
    [
        ("", "The ==x== is.\n\nThe ==y== is.\n", 2, ["curly_clozes", "highlight_clozes"]),
        ("curly_clozes: true", "The ==x== is.\n", 1, ["highlight_clozes"]),
        ("", "The {x} ==is==.\n", 1, ["curly_clozes"]),
    ],
)
def test_init_names_cloze_settings_that_are_not_switched_on(
    tmp_path: Path, settings: str, text: str, count: int, names: list[str]
) -> None:
    settings = f"regexps: {{Cloze: highlight-cloze}}\n{settings}\n"
    write_vault(tmp_path / "v", {"a.md": text, "vaultdeck.yaml": settings})
    lines = run("init", "v", cwd=tmp_path).stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"not switched on: {count} cl"))
    written = [f"{name}: true" for name in names]
    assert lines[at + 1] == f"    hint: write in vaultdeck.yaml: {', '.join(written)}"
    (tmp_path / "v/vaultdeck.yaml").write_text("\n".join([settings, *written]))
    assert len(build(tmp_path / "v").stamped.notes) == count


@pytest.mark.parametrize(
    "settings", ["", "regexps: {Basic: remnote}", "regexps: {Cloze: '^(X.*)$'}"]
)
def test_init_names_no_cloze_settings_that_would_find_nothing(
    tmp_path: Path, settings: str
) -> None:
    write_vault(tmp_path / "v", {"a.md": "The ==x== {y} is.\n", "vaultdeck.yaml": settings})
    assert "not switched on" not in run("init", "v", cwd=tmp_path).stdout


def test_a_survey_reads_each_note_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = "<!--SR:!2024-08-16,5,230-->"
    files = {"a.md": "The ==x== is <!--ID: 5-->\n", "b.md": f"#flashcards\na::b\n{schedule}\n"}
    files["vaultdeck.yaml"] = "regexps: {Cloze: highlight-cloze}"
    session = open_vault(write_vault(tmp_path, files))
    compiled, read = compile_vault(session), session.vault.read_note
    paths: list[str] = []

    def read_note(path: str) -> SourceFile | Diagnostic:
        paths.append(path)
        return read(path)

    monkeypatch.setattr(session.vault, "read_note", read_note)
    found = survey(session, compiled, {"obsidian-spaced-repetition": 0})
    assert (found.stray_ids, found.in_folders, found.clozes_off[1]) == (1, 1, 1)
    assert paths == session.paths
