"""What one is told: each format on real output, on a screen, in colours, and never twice."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.helpers import build, card, run, run_on_terminal, write_vault
from vaultdeck.anki.identity import is_minted, mint_ids
from vaultdeck.build.replay import COLOR_CODE
from vaultdeck.cli import main
from vaultdeck.model.diagnostics import CODES
from vaultdeck.report.formats.rdjson import rdjson
from vaultdeck.report.told import Told

ID = 1_700_000_000_000
LINKS = "".join(card(f"q{n} [[gone]] ä [[other]]", note_id=ID + n) for n in range(30))


def told(vault: Path, form: str) -> Any:
    done = run("check", vault.name, "--format", form, cwd=vault.parent)
    assert (done.returncode, done.stderr) == (1, "")
    return json.loads(done.stdout)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    files = {"my notes/a.md": card("ä ![[b]]", note_id=ID) + "START\n", "b.md": "- ä [[gone]]\n"}
    return write_vault(tmp_path / "v", files)


# Formats.


def test_rdjson_counts_bytes_of_utf8(vault: Path) -> None:
    data = told(vault, "rdjson")
    assert data["source"]["name"] == "vaultdeck"
    link, block = sorted(data["diagnostics"], key=lambda found: str(found["code"]["value"]))
    assert (link["severity"], block["severity"]) == ("WARNING", "ERROR")
    # `ä` is two bytes.
    where = {"start": {"line": 1, "column": 6}, "end": {"line": 1, "column": 14}}
    assert link["location"] == {"path": "v/b.md", "range": where}
    (embed,) = link["relatedLocations"]
    assert embed["location"]["path"] == "v/my notes/a.md"
    assert embed["location"]["range"]["start"] == {"line": 3, "column": 4}


def test_rdjson_reads_a_note_of_many_problems_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    own = Told.read

    def counted(told: Told, path: str) -> str | None:
        read.append(path)
        return own(told, path)

    monkeypatch.setattr(Told, "read", counted)
    vault = write_vault(tmp_path / "v", {"a.md": LINKS, "b.md": card("![[a]]", note_id=ID + 99)})
    (line,) = rdjson([Told(vault, "v", build(vault))])
    assert len(json.loads(line)["diagnostics"]) > 60
    assert sorted(read) == ["v/a.md", "v/b.md"]


def test_gitlab_entries_have_all_that_it_demands(vault: Path) -> None:
    data = told(vault, "gitlab")
    assert len({entry["fingerprint"] for entry in data}) == len(data) == 2
    for entry in data:
        assert entry["check_name"] in CODES and entry["description"]
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["lines"]["begin"] <= entry["location"]["lines"]["end"]


def test_gitlab_knows_a_problem_again_whose_line_has_shifted(vault: Path) -> None:
    before = [entry["fingerprint"] for entry in told(vault, "gitlab")]
    note = vault / "b.md"
    note.write_text("one more line\n" + note.read_text("utf-8"), "utf-8")
    assert [entry["fingerprint"] for entry in told(vault, "gitlab")] == before


def test_sarif_results_name_rules_and_addresses(vault: Path) -> None:
    data = told(vault, "sarif")
    assert data["version"] == "2.1.0"
    (made,) = data["runs"]
    rules = [rule["id"] for rule in made["tool"]["driver"]["rules"]]
    assert made["columnKind"] == "unicodeCodePoints"
    for result in made["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
    (link,) = (result for result in made["results"] if result["ruleId"] == "link-not-found")
    region = {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 13}
    assert link["locations"][0]["physicalLocation"]["region"] == region
    (embed,) = link["relatedLocations"]
    assert embed["physicalLocation"]["artifactLocation"]["uri"] == "v/my%20notes/a.md"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("[x](https://a.example)", r"\[x\](https://a.example)"),
        (r"\[x\](1) \a \\", r"\\\[x\\\](1) \a \\"),
        ("{0} {{c1::a}}", "{{0}} {{{{c1::a}}}}"),
    ],
)
def test_sarif_messages_hold_no_links_and_placeholders(
    tmp_path: Path, name: str, shown: str
) -> None:
    write_vault(tmp_path / "v", {".obsidian/app.json": "{}", "a.md": f"START\n{name}\nq\nEND\n"})
    (result,) = told(tmp_path, "sarif")["runs"][0]["results"]
    assert f"no note type named '{shown}'" in result["message"]["text"]


def test_unknown_format_is_told_with_the_nearest(vault: Path) -> None:
    done = run("check", "--format", "sariv", cwd=vault)
    assert done.returncode == 2 and "did you mean 'sarif'?" in done.stderr


# What is the same is told once.


def test_links_to_one_target_are_told_once_with_their_number(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": LINKS})
    done = run("check", "v", cwd=tmp_path)
    assert done.stdout.splitlines()[0] == (
        "v/a.md:3:4: warning link-not-found: no note or file named 'gone' (30 places)"
    )
    assert done.stdout.count("link-not-found") == 2
    data = json.loads(run("check", "v", "--format", "json", cwd=tmp_path).stdout)
    assert [(p["count"], len(p["others"])) for p in data["diagnostics"]] == [(30, 29), (30, 29)]
    assert (data["vault"], data["summary"]["warnings"]) == ("v", 2)


def test_many_problems_fit_on_a_screen_and_errors_come_last(tmp_path: Path) -> None:
    links = "".join(f"[[missing {number}]]\n" for number in range(200))
    write_vault(tmp_path / "v", {"a.md": card(links, note_id=ID), "b.md": "START\n"})
    done = run("build", "v", cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert len(lines) < 40
    assert "and 173 link-not-found: `vaultdeck check v --format text` shows all" in lines
    assert [" error " in line for line in lines if line.startswith("v/")].index(True) == 27


needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


@needs_terminal
def test_check_shows_a_screen_on_a_terminal_and_all_in_a_pipe(tmp_path: Path) -> None:
    """Every code has its place, the last ones are errors, and the hint says what shows all."""
    unknown = "".join(card(f"q{number}", kind="Definition") for number in range(1500))
    links = "".join(f"[[missing {number}]]\n" for number in range(200))
    notes = {"a.md": card(links, note_id=ID), "b.md": unknown, "c.md": card("q", "![[#x]]")}
    write_vault(tmp_path / "v", notes | {"d.md": "START\nBasic\nq\nBack: a\n"})
    code, shown = run_on_terminal("check", "v", "--color", "never", cwd=tmp_path)
    lines = shown.splitlines()
    assert code == 1 and len(lines) < 45
    assert " warning heading-not-found: " in shown and " error unclosed-block: " in shown
    assert lines[-2] == ("and 1487 unknown-note-type: `vaultdeck check v --format text` shows all")
    for done in (
        run("check", "v", cwd=tmp_path).stdout,
        run_on_terminal("check", "v", "--format", "text", cwd=tmp_path)[1],
    ):
        assert done.count("unknown-note-type:") == 1500 and "shows all" not in done


@needs_terminal
@pytest.mark.parametrize("rows", [24, 40])
@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("has_many_codes", [False, True])
def test_no_more_is_told_than_a_terminal_shows(
    tmp_path: Path, command: str, rows: int, has_many_codes: bool
) -> None:
    links = "".join(f"[[missing {number} {'x' * 60}]]\n" for number in range(200))
    unknown = "".join(card(f"q{number}", kind="Definition") for number in range(200))
    write_vault(tmp_path / "v", {"a.md": card(links, note_id=ID), "b.md": unknown})
    if has_many_codes:
        wrong = ["![[#x]]", "![[x.png]]", r"$\nope$", "[[b#^x]]", "", "{{c1::x}}", "<form>"]
        cards = [
            card(f"{back} {n}", back, note_id=ID + 2 * n, kind=kind)
            for n, (back, kind) in enumerate(
                (back, kind) for kind in ("Basic", "Cloze") for back in wrong
            )
        ]
        notes = {f"c{'c' * 99}{n}.md": text for n, text in enumerate(cards)}
        write_vault(tmp_path / "v", notes | {"d.md": "START\nBasic\nq\nBack: a\n"})
    _, shown = run_on_terminal(command, "v", "--color", "always", cwd=tmp_path, rows=rows)
    lines = [
        COLOR_CODE.sub("", line).rpartition("\r")[2].removeprefix("\x1b[K")
        for line in shown.splitlines()
    ]
    assert rows * 0.6 < sum(1 + len(line) // 80 for line in lines) < rows
    assert any("link-not-found" in line for line in lines)
    assert any(line.startswith("v/b.md") and " error " in line for line in lines)


@needs_terminal
def test_few_problems_on_a_terminal_are_shown_with_their_lines(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": card("see [[gone]]", note_id=ID)})
    assert "    see [[gone]]\n        ^^^^^^^^\n" in run_on_terminal("check", "v", cwd=tmp_path)[1]


def test_warnings_of_the_last_build_are_summed_up(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": LINKS})
    call = ("build", "v", "--cache-dir", "c")
    assert "'gone'" in run(*call, cwd=tmp_path).stderr
    same = "2 warnings as in the last build (2 link-not-found): `vaultdeck check v --format text` shows all\n"
    assert run(*call, cwd=tmp_path).stderr == same
    write_vault(vault, {"b.md": card("[[new]]", note_id=ID + 99)})
    done = run(*call, cwd=tmp_path)
    assert "'new'" in done.stderr and "'gone'" not in done.stderr and same in done.stderr


def test_a_card_named_in_a_message_may_move_to_another_line(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q"), "b.md": card("q")})
    call = ("build", "v", "--cache-dir", "c")
    assert "another, at v/a.md:1\n" in run(*call, cwd=tmp_path).stderr
    write_vault(vault, {"a.md": f"a new line\n{(vault / 'a.md').read_text()}"})
    done = run(*call, cwd=tmp_path).stderr
    assert done.startswith("1 warning as in the last build (1 duplicate-front): ")


def test_a_build_tells_places_in_the_notes_as_they_are_with_their_new_ids(tmp_path: Path) -> None:
    amid_a_line = "STARTI [Basic] i Back: a ENDI STARTI [Basic] j [[gone]] Back: a ENDI\n"
    notes = {
        "a.md": "\ufeff"
        + (card("other") + amid_a_line + card("q") + card("z [[gone]]")).replace("\n", "\r\n"),
        "b.md": card("z", "![[a]]") + card("q") + card("x", kind="Unknown"),
        "c.md": card("known [[#x]]", note_id=ID),
    }
    write_vault(tmp_path / "v", notes)
    told = json.loads(run("build", "v", "--format", "json", cwd=tmp_path).stdout)["diagnostics"]
    assert (
        told
        == json.loads(run("check", "v", "--format", "json", cwd=tmp_path).stdout)["diagnostics"]
    )
    assert len({problem["code"] for problem in told}) == 5


def test_quiet_says_nothing_but_errors(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": LINKS + "START\n"})
    for command in ("build", "check"):
        done = run(command, "v", "-q", cwd=tmp_path)
        assert done.returncode == 1
        assert "unclosed-block" in done.stdout + done.stderr
        assert "warning" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("options", "variables", "is_colored"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_are_those_that_are_asked_for(
    tmp_path: Path, options: list[str], variables: dict[str, str], is_colored: bool
) -> None:
    write_vault(tmp_path / "v", {"a.md": "START\n"})
    bare = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    command = [sys.executable, "-m", "vaultdeck", "check", "v", *options]
    for _ in range(2):
        done = subprocess.run(
            command, cwd=tmp_path, env=bare | variables, capture_output=True, check=False
        )
        assert (b"\x1b[1;31merror unclosed-block:" in done.stdout) == is_colored


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_interrupts_is_told_what_was_written(tmp_path: Path, number: signal.Signals) -> None:
    """Each note is as it was or has its IDs, and the next build goes on."""
    notes = {f"{n}.md": card(f"q{n}") for n in range(800)}
    vault = write_vault(tmp_path / "v", notes)
    command = [sys.executable, "-m", "vaultdeck", "build", "v", "--no-cache"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        while "ID:" not in (vault / "0.md").read_text():
            assert process.poll() is None
        process.send_signal(number)
        _, told = process.communicate()
    assert process.returncode == (130 if number is signal.SIGINT else 143)
    written = [path for path in vault.glob("*.md") if path.read_text() != notes[path.name]]
    assert 0 < len(written) < 800
    said = r"\nvaultdeck: interrupted; written: (\d+) notes?; the same command goes on from there\n"
    match = re.fullmatch(said, told)
    # It may have come between a note and the count of it.
    assert match, told
    assert int(match[1]) in (len(written), len(written) - 1)
    assert sorted(path.suffix for path in vault.iterdir()) == [".md"] * 800
    assert "800 new" in run("build", "v", "--no-cache", cwd=tmp_path).stdout


@needs_terminal
def test_each_work_that_is_long_has_a_bar(tmp_path: Path) -> None:
    section = "# Cell\n- has a wall\n- has a core\n"
    notes = {f"{n}.md": card(f"q{n}", f"\n{section}") for n in range(200)}
    write_vault(tmp_path / "v", notes | {"cell.md": section, "vaultdeck.yaml": ""})
    for call, works in [
        (
            ("check", "v", "--pasted"),
            ["Building cards", "Reading notes", "Looking for pasted text"],
        ),
        (("build", "v"), ["Building cards", "Writing IDs"]),
        (("embed", "v", "--dry-run"), ["Reading notes"]),
    ]:
        _, shown = run_on_terminal(*call, cwd=tmp_path)
        assert [work for work in works if work not in shown] == []


# Which vault, and how it is called.


def test_paths_are_those_from_where_one_stands(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {".obsidian/app.json": "{}", "sub/a.md": "START\n"})
    for here, path in [
        (tmp_path, "v/sub/a.md"),
        (vault, "sub/a.md"),
        (vault / "sub", "../sub/a.md"),
    ]:
        done = run("check", "--vault", vault, cwd=here)
        assert f"\n{path}:1:1: error unclosed-block: " in f"\n{done.stdout}"


def test_locked_build_says_what_to_run_for_a_card_without_id(tmp_path: Path) -> None:
    write_vault(tmp_path / "my v", {"vaultdeck.yaml": "severities: {missing-id: off}\n"})
    write_vault(tmp_path / "my v", {"a.md": card("q")})
    done = run("build", "my v", "--locked", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("my v/a.md:1:1: error missing-id: this card has no ID yet\n")
    assert "hint: run `vaultdeck build 'my v'` and commit" in done.stderr


@pytest.mark.parametrize(
    "inside", [["one/.obsidian", "two/.obsidian"], ["node_modules/x"]], ids=["vaults", "packages"]
)
def test_folder_that_nobody_means_as_one_vault_is_asked_about(
    tmp_path: Path, inside: list[str]
) -> None:
    for folder in inside:
        (tmp_path / "all" / folder).mkdir(parents=True)
    write_vault(tmp_path / "all", {"a.md": card("q")})
    for command in ("build", "check", "preview"):
        done = run(command, "all", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is no vault" in done.stderr
    assert (tmp_path / "all/a.md").read_text() == card("q")
    done = run("check", cwd=tmp_path / "all")
    assert "'.' is no vault" in done.stderr or "'.' holds the packages" in done.stderr
    assert str(tmp_path) not in done.stderr
    assert done.stderr.splitlines()[1:] == [f"    {f[:3]}" for f in inside if "obsidian" in f]
    write_vault(tmp_path / "all", {"vaultdeck.yaml": ""})
    assert run("check", "all", cwd=tmp_path).returncode == 0


def test_adopt_and_preview_find_the_vault_that_they_are_run_in(tmp_path: Path) -> None:
    vault = write_vault(
        tmp_path / "v", {".obsidian/app.json": "{}", "a/b.md": card("q", note_id=ID)}
    )
    assert run("adopt", "--none", cwd=vault / "a").returncode == 0
    assert (vault / "vaultdeck.lock").is_file()
    assert run("preview", "-o", tmp_path / "x.html", cwd=vault / "a").returncode == 0
    assert run("preview", "v/a/b.md", "-o", "y.html", cwd=tmp_path).returncode == 0


# IDs.


def test_ids_find_the_vault_from_the_file_or_the_folder_that_is_named(tmp_path: Path) -> None:
    files = {".obsidian/app.json": "{}", "sub/a.md": card("q"), "b.md": card("r")}
    vault = write_vault(tmp_path / "v", files)
    done = run("ids", "v/sub/a.md", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "v/sub/a.md: 1 ID written\n")
    assert "ID:" not in (vault / "b.md").read_text()
    # The hint of a check works as it stands, also for a folder that bears no mark.
    write_vault(tmp_path / "w", {"a.md": card("q", note_id=ID) + card("r", note_id=ID)})
    hint = re.search(r"`vaultdeck (ids .*?)`", run("check", "w", cwd=tmp_path).stdout)
    assert hint is not None
    assert run(*hint[1].split(), cwd=tmp_path).stdout == "w/a.md: 1 ID written\n"
    for command in (("ids", ""), ("check", ""), ("embed", "v", "")):
        assert run(*command, cwd=vault).returncode == 2


def test_ids_that_vaultdeck_made_are_not_asked_about(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q"), "sub/b.md": card("r")})
    assert run("ids", "--vault", "v", cwd=tmp_path).returncode == 1
    for folder in ("v/sub", "v"):
        assert "had an ID before" not in run("build", folder, cwd=tmp_path).stdout
    write_vault(vault, {"c.md": card("s", note_id=ID + 3)})
    (vault / "vaultdeck.lock").unlink()
    assert "1 card had an ID before vaultdeck" in run("build", "v", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("text", "makers"),
    [
        (card("s", note_id=ID), "Obsidian_to_Anki"),
        ("q #card\na\n^1600000000001\n", "flashcards-obsidian"),
        (
            card("s", note_id=ID) + "\nq #card\na\n^1600000000001\n",
            "Obsidian_to_Anki or flashcards-obsidian",
        ),
    ],
)
def test_the_plugin_that_made_an_id_is_named(tmp_path: Path, text: str, makers: str) -> None:
    write_vault(tmp_path / "v", {"a.md": text})
    advice = run("init", "v", cwd=tmp_path).stdout
    assert f"        {makers}: first File > Export there" in advice
    assert f"(made by {makers}, say)" in run("build", "v", cwd=tmp_path).stdout


def test_minted_ids_are_known_and_leave_room_for_cards() -> None:
    made = mint_ids({5}, 1_760_000_000, lambda limit: limit // 3)
    numbers = [next(made) for _ in range(500)]
    assert all(map(is_minted, numbers))
    assert min(b - a for a, b in itertools.pairwise(numbers)) >= 100
    assert sum(map(is_minted, range(ID, ID + 2000))) == 10


def test_missing_ids_are_no_problem_before_the_first_build(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q")})
    assert run("check", "v", "--strict", cwd=tmp_path).returncode == 0
    assert run("build", "v", cwd=tmp_path).returncode == 0
    write_vault(vault, {"b.md": card("new")})
    done = run("check", "v", "--strict", cwd=tmp_path)
    assert done.returncode == 1 and "v/b.md:1:1: warning missing-id" in done.stdout


# Links to files that are no notes.


def test_part_of_a_file_that_is_no_note_is_no_heading(tmp_path: Path) -> None:
    links = "[[b.pdf#page=7]] [m](b.pdf#page=7) [[a.mp3#t=30]] [[c.canvas#abc]] [[d.base#View]]"
    files: dict[str, str | bytes] = dict.fromkeys(("b.pdf", "a.mp3", "c.canvas", "d.base"), b"x")
    write_vault(tmp_path / "v", {**files, "n.md": card(links, note_id=ID)})
    assert run("check", "v", "--strict", cwd=tmp_path).returncode == 0


# Commands.


def test_slip_in_a_command_is_answered_with_the_nearest(tmp_path: Path) -> None:
    done = run("biuld", cwd=tmp_path)
    assert done.returncode == 2 and "no command 'biuld': did you mean 'build'?" in done.stderr


def test_help_cuts_no_summary_and_version_has_a_letter(tmp_path: Path) -> None:
    shown = run("--help", cwd=tmp_path).stdout
    assert "..." not in shown.partition("Commands:")[2]
    assert run("-V", cwd=tmp_path).stdout == run("--version", cwd=tmp_path).stdout


def test_each_code_is_explained_with_an_example_or_what_to_do() -> None:
    for name, code in CODES.items():
        done = CliRunner().invoke(main, ["explain", name])
        assert code.meaning in done.stdout
        assert f" {name}: " in done.stdout or "To do: " in done.stdout


def test_slip_in_a_code_is_answered_with_the_nearest(tmp_path: Path) -> None:
    done = run("explain", "heading-notfound", cwd=tmp_path)
    assert done.returncode == 2 and "did you mean 'heading-not-found'?" in done.stderr
