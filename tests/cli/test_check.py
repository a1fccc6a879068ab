"""`vaultdeck check`: the same problems at the same places in all three formats, and nothing written."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result

from tests.support.cases import DEFECTS, read_cases
from tests.support.helpers import card, run, write_vault
from vaultdeck.anki.lock import Lock
from vaultdeck.anki.lock_file import write_lock
from vaultdeck.anki.media import MAX_MEDIA_BYTES
from vaultdeck.cards.syntaxes import regexp_search
from vaultdeck.cli import main
from vaultdeck.model.diagnostics import CODES
from vaultdeck.spelling import path_order

ID = 1_700_000_000_000
# What cannot stand in one vault with the other defects, and why; test_defects.py has a case of each.
ALONE = {
    "bad-config": "stops the run",
    "bad-lock": "stops the run",
    "bad-plugin-settings": "is looked for where there is no vaultdeck.yaml",
    "card-too-deep": "is what no text is known to give",
    "no-cards": "is of a vault without cards",
    "lock-code": "is of vaults with adopted notes",
    "lock-outdated": "is of locked builds",
    "no-place-for-id": "is of syntaxes that this vault does not use",
    "not-written": "is of builds that write",
    "stray-schedule": "is of a syntax that this vault does not use",
}
LINE = re.compile(
    r"^(?P<path>\S.*?):(?P<line>\d+):(?P<column>\d+): (?P<what>\w+ [\w-]+): (?P<rest>.*)"
)
COMMAND = re.compile(
    r"^::(?P<severity>error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)$"
)
needs_posix_names = pytest.mark.skipif(sys.platform == "win32", reason="names of POSIX systems")


def check(*arguments: object, here: Path | None = None, **env: str) -> Result:
    """Run the command in the folder `here`, else in the vault that is named, else where we are.

    It runs in this process, outside of Actions unless `env` says otherwise.
    """
    outside: dict[str, str | None] = {"GITHUB_ACTIONS": None, "GITHUB_WORKSPACE": None}
    named = arguments[arguments.index("--vault") + 1] if "--vault" in arguments else "."
    before = Path.cwd()
    os.chdir(here or str(named))
    try:
        return CliRunner(env={**outside, **env}).invoke(main, ["check", *map(str, arguments)])
    finally:
        os.chdir(before)


def check_json(*arguments: object, here: Path | None = None) -> list[dict[str, Any]]:
    data = json.loads(check(*arguments, "--format", "json", here=here).stdout)
    problems: list[dict[str, Any]] = data["diagnostics"]
    return problems


def check_github(
    *arguments: object, here: Path | None = None, **env: str
) -> list[tuple[dict[str, str], str]]:
    """Return the properties of each annotation, unescaped, and its message."""
    done = check(*arguments, "--format", "github", here=here, **env)
    *commands, summary = done.stdout.splitlines()
    assert not summary.startswith("::")
    annotations = []
    for command in commands:
        match = COMMAND.match(command)
        assert match, command
        pairs = [pair.split("=", 1) for pair in match["properties"].split(",")]
        properties = {name: unquote(value) for name, value in pairs}
        annotations.append(
            (properties | {"severity": match["severity"]}, unquote(match["message"]))
        )
    return annotations


def places_in_text(output: str) -> list[str]:
    matches = filter(None, map(LINE.match, output.splitlines()))
    return [f"{m['path']}:{m['line']}:{m['column']} {m['what']}" for m in matches]


def place(problem: Mapping[str, Any]) -> str:
    """Return a problem of the JSON as the golden files have it."""
    return "{path}:{line}:{column} {severity} {code}".format_map(problem)


def built(vault: Path) -> Path:
    """Return a vault that was built before, so that every card should have an ID."""
    write_lock(vault, Lock())
    return vault


def errors_last(lines: list[str]) -> list[str]:
    return sorted(lines, key=lambda line: " error " in line)


def clean_vault(folder: Path) -> Path:
    return write_vault(folder, {"a.md": card("q", note_id=ID), "sub/b.md": "text\n"})


def plant_everything(vault: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write a vault with each defect that `check` can see beside the others; return what it gives."""
    (case,) = read_cases("whole.md", DEFECTS)
    write_vault(vault, case.files)
    write_vault(vault.parent, {"outside.md": card("secret")})
    more: dict[str, str | bytes] = {
        "card-too-large.md": card("book", "many words\n" * 50_000, note_id=1),
        "media-too-large.md": card("film", "![[media-too-large.mp4]]", note_id=2),
        "conflict-copy.md": card("new", note_id=3),
        "conflict-copy 2.md": card("old", note_id=3),
        "conflict-marker.md": card("conflict", "\n<<<<<<< a\nb\n=======\nc\n>>>>>>> d", note_id=8),
        "pasted-section.md": card("paste", "\n# Cell\n- has a wall\n- has a core", note_id=9),
        "stale-section.md": card("old", "\n# Egg\n- white\n- yolk\n- shell", note_id=10),
        "sections.md": "# Cell\n- has a wall\n- has a core\n# Egg\n- white\n- yolk\n- a hard shell\n",
        "html-dropped.md": card("drawing", "a <svg></svg> b", note_id=11),
        "shown-as-code.md": card("diagram", "\n```mermaid\ngraph TD\n```", note_id=12),
        "bad-deck.md": "---\ndeck: [One, Two]\n---\n" + card("decks", note_id=6),
        "media-not-shown.md": card("photo", "![[photo.heic]]", note_id=7),
        "photo.heic": "x",
        "unsafe-link.md": card("leads", "[x](file:///x)", note_id=13),
        "unsafe-math.md": card("harm", "$x \\href{javascript:x}{y}$", note_id=5),
        "encrypted-file.md": b"\0GITCRYPT\0 and so on",
        "not-utf8.md": b"text\nb\xe9b\xe9\n",
        "slow-regexp.md": "a" * 200 + "!\n",
    }
    write_vault(vault, more)
    with (vault / "media-too-large.mp4").open("wb") as file:
        file.truncate(MAX_MEDIA_BYTES + 1)
    (vault / "link-outside-vault.md").symlink_to(vault.parent / "outside.md")
    (vault / "unreadable-file.md").symlink_to(vault / "unreadable-file.md")
    (vault / "unreachable-file.md").symlink_to(vault / "gone.md")
    monkeypatch.setattr(regexp_search, "TIME_LIMIT", 0.2)
    planted = [
        *case.expected.splitlines(),
        "card-too-large.md:1:1 error card-too-large",
        "conflict-copy 2.md:1:1 error conflict-copy",
        "encrypted-file.md:1:1 error encrypted-file",
        "link-outside-vault.md:1:1 warning link-outside-vault",
        "media-not-shown.md:4:7 warning media-not-shown",
        "media-too-large.md:4:7 warning media-too-large",
        "html-dropped.md:4:9 warning html-dropped",
        "shown-as-code.md:5:4 notice shown-as-code",
        "bad-deck.md:2:1 error bad-deck",
        "conflict-marker.md:1:1 error conflict-marker",
        "unsafe-link.md:4:11 warning unsafe-link",
        "unsafe-math.md:4:8 warning unsafe-math",
        "not-utf8.md:2:2 error not-utf8",
        "pasted-section.md:5:1 notice pasted-section",
        "stale-section.md:5:1 warning stale-section",
        "slow-regexp.md:1:1 error slow-regexp",
        "unreachable-file.md:1:1 warning unreachable-file",
        "unreadable-file.md:1:1 error unreadable-file",
    ]
    return sorted(planted, key=lambda line: path_order(line.partition(":")[0]))


# One vault with everything.


@needs_posix_names
def test_vault_with_every_defect_gives_exactly_these_in_all_formats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = tmp_path / "vault"
    planted = plant_everything(vault, monkeypatch)
    monkeypatch.chdir(vault)
    problems = check_json()
    told = [place(problem) for problem in problems]
    others = [place({**problem, **o}) for problem in problems for o in problem["others"]]
    assert sorted(told + others) == sorted(planted)
    done = check()
    assert places_in_text(done.stdout) == errors_last(told)
    errors = sum(" error " in line for line in told)
    warnings = sum(" warning " in line for line in told)
    summary = f"{errors} errors, {warnings} warnings\n"
    assert done.stdout.endswith(summary)
    assert done.exit_code == 1
    # What is wrong with one target is one annotation in each file.
    each = [problem | other for problem in problems for other in ({}, *problem["others"])]
    first = {(p["path"], p["code"], p["message"]): p for p in reversed(each)}
    annotations = check_github()
    assert len(annotations) == len(first)
    for annotation, message in annotations:
        (problem,) = (
            p
            for p in first.values()
            if message.startswith(p["message"])
            and (p["path"], str(p["line"]), p["code"], p["severity"])
            == (
                annotation["file"],
                annotation["line"],
                annotation["title"],
                annotation["severity"],
            )
        )
        assert annotation["endLine"] == str(problem["end_line"])
        is_one_line = problem["line"] == problem["end_line"]
        assert annotation.get("col") == (str(problem["column"]) if is_one_line else None)
        assert annotation.get("endColumn") == (str(problem["end_column"]) if is_one_line else None)


@needs_posix_names
def test_vault_with_every_defect_lacks_no_code_that_can_stand_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = plant_everything(tmp_path / "vault", monkeypatch)
    assert {line.split()[-1] for line in planted} == set(CODES) - set(ALONE)


@pytest.mark.parametrize("code", ["bad-plugin-settings", "no-cards"])
def test_defect_that_stands_alone_is_told_in_all_formats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    cases = read_cases("settings.md", DEFECTS) + read_cases("blocks.md", DEFECTS)
    (case,) = (case for case in cases if case.title.startswith(code))
    monkeypatch.chdir(write_vault(tmp_path, case.files))
    expected = case.expected.splitlines()
    assert places_in_text(check().stdout) == expected
    assert [place(problem) for problem in check_json()] == expected
    (annotation, _) = check_github()[0]
    assert "{severity} {title}".format_map(annotation) == expected[0].partition(" ")[2]


def test_vault_without_cards_names_no_file_in_annotations(tmp_path: Path) -> None:
    ((annotation, _),) = check_github("--vault", write_vault(tmp_path, {"a.md": "prose\n"}))
    assert annotation == {"severity": "error", "title": "no-cards"}


# Exit codes and formats.


@pytest.mark.parametrize("strict", [(), ("--strict",)])
def test_clean_vault_gives_nothing(tmp_path: Path, strict: tuple[str, ...]) -> None:
    vault = clean_vault(tmp_path / "v")
    done = check("--vault", vault, *strict)
    assert (done.exit_code, done.output) == (0, "1 card, 0 errors, 0 warnings\n")
    assert check_json("--vault", vault, *strict) == []
    assert check_github("--vault", vault, *strict) == []


@pytest.mark.parametrize(
    ("text", "code", "strict_code"),
    [
        (card("q", note_id=ID), 0, 0),
        (card("q"), 0, 1),
        (card("q", note_id=ID) + card("q", kind="Basik"), 1, 1),
    ],
    ids=["nothing", "a warning", "an error"],
)
@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_exit_code_is_that_of_the_worst_problem(
    tmp_path: Path, text: str, code: int, strict_code: int, form: str
) -> None:
    vault = built(write_vault(tmp_path, {"a.md": text}))
    assert check("--vault", vault, "--format", form).exit_code == code
    assert check("--vault", vault, "--format", form, "--strict").exit_code == strict_code


def test_severities_of_the_settings_count(tmp_path: Path) -> None:
    settings = "severities: {missing-id: error, empty-back: off}\n"
    vault = built(write_vault(tmp_path, {"vaultdeck.yaml": settings, "a.md": card("q", "")}))
    done = check("--vault", vault)
    assert places_in_text(done.stdout) == ["a.md:1:1 error missing-id"]
    assert done.exit_code == 1


UNUSABLE: list[tuple[dict[str, str], str]] = [
    ({"vaultdeck.yaml": "deck: [a]\n"}, "vaultdeck.yaml:1:7 error bad-config"),
    ({"vaultdeck.lock": "text\n"}, "vaultdeck.lock:1:1 error bad-lock"),
]


@pytest.mark.parametrize(("files", "expected"), UNUSABLE)
def test_settings_that_cannot_be_used_exit_with_2(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    write_vault(tmp_path, {"a.md": card("q", note_id=ID), **files})
    done = run("check", "--format", "text", cwd=tmp_path)
    assert done.returncode == 2
    assert places_in_text(done.stderr) == [expected]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("files", "expected"), UNUSABLE)
def test_settings_that_cannot_be_used_are_told_in_each_format(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    vault = write_vault(tmp_path, {"a.md": card("q", note_id=ID), **files})
    assert [place(problem) for problem in check_json("--vault", vault)] == [expected]
    ((annotation, _),) = check_github("--vault", vault, GITHUB_WORKSPACE=str(vault))
    assert "{file}:{line}:{col} {severity} {title}".format_map(annotation) == expected
    for form in ("json", "github"):
        done = check("--vault", vault, "--format", form)
        assert (done.exit_code, done.stderr) == (2, "")


def test_vault_with_bad_settings_does_not_stop_the_check_of_others(tmp_path: Path) -> None:
    bad = write_vault(tmp_path / "bad", {"vaultdeck.yaml": "deck: [a]\n", "a.md": card("q")})
    good = write_vault(tmp_path / "good", {".obsidian/app.json": "{}", "b.md": card("q")})
    built(good)
    done = check(bad / "a.md", good / "b.md", here=tmp_path)
    assert done.exit_code == 2
    assert places_in_text(done.stderr) == ["bad/vaultdeck.yaml:1:7 error bad-config"]
    assert places_in_text(done.stdout) == ["good/b.md:1:1 warning missing-id"]


def test_hook_is_given_every_file_of_a_commit(tmp_path: Path) -> None:
    vault = write_vault(
        tmp_path / "v", {".obsidian/app.json": "{}", "a.pdf": "", "a.md": card("q", note_id=ID)}
    )
    assert check("--vault", vault, vault / "a.pdf").exit_code == 0
    assert run("ids", "a.pdf", cwd=vault).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.md"], "vaultdeck: no file or folder named 'gone.md'\n"),
        (["a.pdf"], "vaultdeck: 'a.pdf' is no note: name a file that ends in .md, or a folder\n"),
        (["../outside.md", "--vault", "."], "vaultdeck: '../outside.md' is not in the vault '.'\n"),
    ],
)
def test_wrong_path_is_one_clear_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    write_vault(tmp_path, {"outside.md": "", "v/a.pdf": "", "v/a.md": card("q", note_id=ID)})
    done = run("check", *arguments, cwd=tmp_path / "v")
    assert (done.returncode, done.stderr.replace("\\", "/")) == (2, message)


@pytest.mark.parametrize(
    ("variable", "is_github"), [("true", True), ("false", False), ("", False), ("1", False)]
)
def test_format_is_that_of_github_inside_actions(
    tmp_path: Path, variable: str, is_github: bool
) -> None:
    vault = built(write_vault(tmp_path, {"a.md": card("q")}))
    done = check("--vault", vault, GITHUB_ACTIONS=variable)
    assert done.stdout.startswith("::warning ") == is_github
    done = check("--vault", vault, "--format", "text", GITHUB_ACTIONS=variable)
    assert done.stdout.startswith("a.md:1:1: warning missing-id: ")


def test_json_names_its_version_and_holds_all_that_is_known(tmp_path: Path) -> None:
    vault = write_vault(
        tmp_path, {"a.md": card("![[cell]]", note_id=ID), "cell.md": "x\n\n- [[Cel]]\n"}
    )
    data = json.loads(check("--vault", vault, "--format", "json").stdout)
    assert data["version"] == 1
    assert (data["summary"]["notes"], data["summary"]["warnings"]) == (1, 1)
    assert data["diagnostics"] == [
        {
            "path": "cell.md",
            "line": 3,
            "column": 3,
            "end_line": 3,
            "end_column": 10,
            "severity": "warning",
            "code": "link-not-found",
            "message": "no note or file named 'Cel'",
            "hint": "did you mean 'cell'?",
            "count": 1,
            "via": [{"path": "a.md", "line": 3, "column": 1, "end_line": 3, "end_column": 10}],
            "others": [],
        }
    ]


# Workflow commands.


@needs_posix_names
def test_annotation_is_escaped_as_workflow_commands_demand(tmp_path: Path) -> None:
    name = "50%, a:b\n::error::c%0A.md"
    vault = write_vault(tmp_path, {name: card("100%, [[x%0Ay]]", note_id=ID)})
    command, _ = check(
        "--vault", vault, "--format", "github", GITHUB_WORKSPACE=str(vault)
    ).stdout.split("\n", 1)
    assert command == (
        "::warning file=50%25%2C a%3Ab%0A%3A%3Aerror%3A%3Ac%250A.md,line=3,col=7,endLine=3,endColumn=16,"
        "title=link-not-found::no note or file named 'x%250Ay'%0Ahint: create it, or correct the name"
    )


@needs_posix_names
@pytest.mark.parametrize("name", ["%.md", ",.md", "a:b.md", "a\nb.md", "a\r\nb.md", "%2C,=é.md"])
def test_file_name_of_an_annotation_is_the_name_of_the_file(tmp_path: Path, name: str) -> None:
    vault = built(write_vault(tmp_path, {name: card("q")}))
    ((annotation, _),) = check_github("--vault", vault, GITHUB_WORKSPACE=str(vault))
    assert annotation["file"] == name


@needs_posix_names
def test_control_characters_of_a_file_name_are_spelt_out_in_text(tmp_path: Path) -> None:
    vault = built(write_vault(tmp_path, {"a\n\x1b[31m.md": card("q")}))
    assert check("--vault", vault).stdout.startswith("a\\x0a\\x1b[31m.md:1:1: warning missing-id: ")


def test_annotation_names_chain_and_hint_behind_the_message(tmp_path: Path) -> None:
    files = {"a.md": card("![[b]]", note_id=ID), "b.md": "![[c]]\n", "c.md": "x\n[[dd]]\n"}
    (_, message), *_ = check_github("--vault", write_vault(tmp_path, files))
    assert message.split("\n") == [
        "no note or file named 'dd'",
        "embedded at b.md:1:1",
        "embedded at a.md:3:1",
        "hint: create it, or correct the name",
    ]


def test_annotations_have_paths_of_the_repository(tmp_path: Path) -> None:
    vault = built(write_vault(tmp_path / "my, repo/notes/v", {"sub/a.md": card("q")}))
    repository = tmp_path / "my, repo"

    def files(here: Path, **env: str) -> list[str]:
        found = check_github("--vault", vault, here=here, **env)
        return [annotation["file"] for annotation, _ in found]

    assert files(repository) == ["notes/v/sub/a.md"]
    assert files(vault / "sub", GITHUB_WORKSPACE=str(repository)) == ["notes/v/sub/a.md"]
    assert files(vault / "sub", GITHUB_WORKSPACE=str(vault)) == ["sub/a.md"]


@needs_posix_names
def test_workspace_behind_a_symbolic_link_is_the_workspace(tmp_path: Path) -> None:
    built(write_vault(tmp_path / "real/v", {"a.md": card("q")}))
    (tmp_path / "link").symlink_to(tmp_path / "real")
    workspace = tmp_path / "link"
    ((annotation, _),) = check_github("--vault", workspace / "v", GITHUB_WORKSPACE=str(workspace))
    assert annotation["file"] == "v/a.md"


# PATHS.

TWO = {
    "one/a.md": card("first", note_id=ID) + card("[[gone]]", note_id=ID + 1),
    "two/b.md": card("second", kind="Basik"),
    "two/c.md": card("third", note_id=ID + 2),
}
A, B = "one/a.md:9:1 warning link-not-found", "two/b.md:2:1 error unknown-note-type"


@pytest.mark.parametrize(
    ("paths", "expected", "code"),
    [
        ([], [A, B], 1),
        (["."], [A, B], 1),
        (["one"], [A], 0),
        (["one/a.md"], [A], 0),
        (["./two/../one/a.md"], [A], 0),
        (["two"], [B], 1),
        (["two/c.md"], [], 0),
        (["two/c.md", "two/b.md"], [B], 1),
        (["one", "two"], [A, B], 1),
    ],
    ids=str,
)
def test_paths_choose_whose_problems_are_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    paths: list[str],
    expected: list[str],
    code: int,
) -> None:
    vault = write_vault(tmp_path, {**TWO, ".obsidian/app.json": "{}"})
    monkeypatch.chdir(vault)
    done = check(*paths)
    assert (places_in_text(done.stdout), done.exit_code) == (expected, code)
    assert [place(problem) for problem in check_json(*paths)] == expected
    assert [annotation["file"] for annotation, _ in check_github(*paths)] == [
        line.partition(":")[0] for line in expected
    ]


def test_embeds_of_a_chosen_note_resolve_in_the_whole_vault(tmp_path: Path) -> None:
    files = {"one/a.md": card("![[b#Part]]", note_id=ID), "two/b.md": "# Part\ntext\n"}
    vault = write_vault(tmp_path, files)
    assert check_json("--vault", vault, vault / "one/a.md") == []


def test_problem_of_embedded_text_is_told_for_both_notes(tmp_path: Path) -> None:
    files = {
        "a.md": card("![[b]]", note_id=ID),
        "b.md": "[[gone]]\n",
        "c.md": card("q", note_id=ID + 1),
    }
    vault = write_vault(tmp_path, files)
    for name, count in [("a.md", 1), ("b.md", 1), ("c.md", 0)]:
        assert len(check_json("--vault", vault, vault / name)) == count


def test_problem_of_embedded_text_is_told_for_each_note_that_embeds_it(tmp_path: Path) -> None:
    files = {
        "a.md": card("first ![[c]]", note_id=ID),
        "b.md": card("second ![[c]]", note_id=ID + 1),
        "c.md": "[[gone]]\n",
    }
    vault = write_vault(tmp_path, files)
    assert len(check_json("--vault", vault, vault / "b.md")) == 1


def test_card_whose_embeds_are_too_large_is_named(tmp_path: Path) -> None:
    cases = read_cases("links.md", DEFECTS)
    (case,) = (case for case in cases if case.title.startswith("embed-too-large"))
    vault = write_vault(tmp_path, case.files)
    (problem,) = check_json("--vault", vault, vault / "a.md")
    assert [(via["path"], via["line"]) for via in problem["via"]][:1] == [("a.md", 4)]


def test_every_card_with_too_large_embeds_is_named(tmp_path: Path) -> None:
    bomb = {f"n{i}.md": f"![[n{i + 1}]] " * 11 for i in range(4)}
    cards = {f"{name}.md": card(f"{name} ![[n0]]") for name in ("a", "b")}
    problems = check_json("--vault", write_vault(tmp_path, {**bomb, **cards, "n4.md": "text\n"}))
    left_out = [problem for problem in problems if problem["code"] == "embed-too-large"]
    assert sorted(problem["via"][0]["path"] for problem in left_out) == ["a.md", "b.md"]


@pytest.mark.parametrize(
    "files",
    [
        {"vaultdeck.yaml": "tagz: a\n"},
        {"vaultdeck.yml": "tags: a\n"},
        {".obsidian/plugins/obsidian-to-anki-plugin/data.json": "{}"},
    ],
    ids=lambda files: next(iter(files)),
)
def test_problems_of_the_settings_are_told_whatever_is_chosen(
    tmp_path: Path, files: dict[str, str]
) -> None:
    vault = write_vault(tmp_path, {"a.md": card("q", note_id=ID), **files})
    (problem,) = check_json("--vault", vault, vault / "a.md")
    assert problem["path"] == next(iter(files))


def test_notes_of_several_vaults_are_checked_in_one_call(tmp_path: Path) -> None:
    mark = {".obsidian/app.json": "{}"}
    one = write_vault(tmp_path / "one", {**mark, "a.md": card("q"), "b.md": card("new")})
    two = write_vault(tmp_path / "two", {**mark, "sub/c.md": card("q", kind="Basik")})
    built(one)
    paths = (one / "a.md", two / "sub")
    done = check(*paths, here=tmp_path)
    assert done.stdout.splitlines()[-2:] == [
        "one: 2 cards, 0 errors, 1 warning",
        "two: 0 cards, 1 error, 0 warnings",
    ]
    expected = ["one/a.md:1:1 warning missing-id", "two/sub/c.md:2:1 error unknown-note-type"]
    assert places_in_text(done.stdout) == expected
    assert done.exit_code == 1
    data = json.loads(check(*paths, "--format", "json", here=tmp_path).stdout)
    assert (data["version"], sorted(data)) == (1, ["vaults", "version"])
    assert [
        (vault["vault"], [place(problem) for problem in vault["diagnostics"]])
        for vault in data["vaults"]
    ] == [("one", expected[:1]), ("two", expected[1:])]
    done = check(two / "sub", one / "b.md", "--format", "github", GITHUB_WORKSPACE=str(tmp_path))
    commands = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert [line.partition(",")[0] for line in commands] == [
        "::error file=two/sub/c.md",
        "::warning file=one/b.md",
    ]
    assert check(one / "a.md", two / "sub", "--vault", one).exit_code == 2


# Embedded text.


@pytest.mark.parametrize("command", ["check", "ids"])
def test_a_note_of_another_vault_is_named_as_it_was_named(tmp_path: Path, command: str) -> None:
    write_vault(tmp_path, {"v/.obsidian/app.json": "{}", "v/a.md": card("q [[gone]]")})
    (tmp_path / "here").mkdir()
    done = run(command, "../v/a.md", cwd=tmp_path / "here")
    assert done.stdout.startswith("../v/a.md:")
    assert str(tmp_path) not in done.stdout + done.stderr


def test_problem_in_embedded_text_is_told_once_with_its_chain_and_count(tmp_path: Path) -> None:
    files = {
        "a.md": card("first ![[b#Part]]", note_id=ID) + card("second ![[b#Part]]", note_id=ID + 1),
        "b.md": "# Part\n![[sub/c]]\n# Other\n[[unseen]]\n",
        "d.md": "\n" + card("third", "![[sub/c]]", note_id=ID + 2),
        "sub/c.md": "text\n\n- a\n- b [[gone]]\n",
    }
    vault = write_vault(tmp_path, files)
    done = check("--vault", vault)
    assert done.stdout.splitlines()[:-1] == [
        "sub/c.md:4:5: warning link-not-found: no note or file named 'gone' (3 times)",
        "    - b [[gone]]",
        "        ^^^^^^^^",
        "    embedded at b.md:2:1",
        "    embedded at a.md:3:7",
        "    hint: create it, or correct the name",
    ]
    assert done.stdout.endswith("1 warning\n")
    (problem,) = check_json("--vault", vault)
    assert problem["count"] == 3
    assert [(via["path"], via["line"], via["column"]) for via in problem["via"]] == [
        ("a.md", 3, 7),
        ("b.md", 2, 1),
    ]
    ((annotation, message),) = check_github("--vault", vault)
    assert (annotation["line"], annotation["col"]) == ("4", "5")
    assert message.startswith("no note or file named 'gone' (3 times)\n")


def test_card_that_overlaps_is_told_once(tmp_path: Path) -> None:
    settings = "syntaxes: [block, regexp]\nregexps: {Basic: '^Q: (.+)\\nA: ((?:.+\\n)+)'}\n"
    text = "Q: where does this end?\nA: nobody knows\n" + card("q", note_id=ID)
    vault = write_vault(tmp_path, {"vaultdeck.yaml": settings, "a.md": text})
    assert len(check_json("--vault", vault)) == 1


def test_regexp_that_is_wrong_is_told_once_where_it_stands(tmp_path: Path) -> None:
    files = {
        "vaultdeck.yaml": "syntaxes: [block, regexp]\nregexps:\n  Basic: '^Q: (.+'\n",
        "a.md": card("q", note_id=ID),
        "b.md": "text\n",
    }
    problems = check_json("--vault", write_vault(tmp_path, files))
    assert [place(problem) for problem in problems] == ["vaultdeck.yaml:3:10 error bad-regexp"]


def test_regexp_that_is_wrong_stops_no_other_card(tmp_path: Path) -> None:
    settings = "syntaxes: [block, regexp]\nregexps: {Basic: '^Q: (.+', Cloze: '^(==.+)'}\n"
    files = {"vaultdeck.yaml": settings, "a.md": card("q", note_id=ID) + "{{c1::x}}\n"}
    done = check("--vault", write_vault(tmp_path, files))
    assert done.stdout.endswith("\n1 card, 1 error, 0 warnings\n")
    assert done.exit_code == 1


def test_regexps_that_are_not_used_are_not_checked(tmp_path: Path) -> None:
    files = {
        "vaultdeck.yaml": "regexps: {Basic: '^Q: (.+'}\nsyntaxes: [block]\n",
        "a.md": card("q", note_id=ID),
    }
    assert check_json("--vault", write_vault(tmp_path, files)) == []


# Hints.


@pytest.mark.parametrize(
    ("link", "hint"),
    [
        ("[[The Cel]]", "did you mean 'The Cell'?"),
        ("[[The cells]]", "did you mean 'The Cell'?"),
        ("[[TheCell]]", "did you mean 'The Cell'?"),
        ("[[Biology/Teh Cell]]", "did you mean 'The Cell'?"),
        ("[[the-cell]]", "did you mean 'The Cell'?"),
        ("![[The Cel#Parts]]", "did you mean 'The Cell'?"),
        ("[text](The%20Cel.md)", "did you mean 'The Cell'?"),
        ("[[Zurich]]", "did you mean 'Zürich'?"),
        ("![[cel.png]]", "did you mean 'cell.png'?"),
        ("[[something else]]", "create it, or correct the name"),
        ("[[ab]]", "create it, or correct the name"),
        ("[[The Cell#Prats]]", "did you mean 'Parts'?"),
        ("![[The Cell#Part]]", "did you mean 'Parts'?"),
        ("[[The Cell#Cell theory: origin]]", "did you mean 'Cell theory (origins)'?"),
        ("![[The Cell#Other]]", "correct the name, or restore it in the note"),
        ("![[The Cell#^nucleos]]", "did you mean '^nucleus'?"),
        ("[[The Cell#^nuclues]]", "did you mean '^nucleus'?"),
        ("[[The Cell#^other]]", "correct the name, or restore it in the note"),
    ],
)
def test_near_name_is_the_hint(tmp_path: Path, link: str, hint: str) -> None:
    files: dict[str, str | bytes] = {
        "a.md": card(link, note_id=ID),
        "Biology/The Cell.md": "# Parts\ntext ^nucleus\n# Cell theory (origins)\n",
        "Zürich.md": "",
        "cd.md": "",
        "cell.png": b"x",
    }
    (problem,) = check_json("--vault", write_vault(tmp_path, files))
    assert problem["code"].endswith("-not-found")
    assert problem["hint"] == hint


# Nothing is written.


def test_check_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        ".obsidian/app.json": "{}",
        "a.md": card("new") + card("![[b]]", note_id=ID) + card("copy", note_id=ID),
        "sub/b.md": "[[gone]]\r\n",
    }
    write_vault(tmp_path / "v", files)
    monkeypatch.chdir(tmp_path / "v")

    def state() -> dict[Path, tuple[int, bytes]]:
        return {
            path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
            for path in [tmp_path, *tmp_path.rglob("*")]
        }

    before = state()
    for form in ("text", "json", "github"):
        check("--format", form)
        check("--format", form, "--strict", "a.md")
    assert state() == before
