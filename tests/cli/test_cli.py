"""The command as people and CI run it: a process with arguments, output and an exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.helpers import card, run, run_on_terminal, write_vault

ID = 1_700_000_000_000


def test_build_writes_the_package_named_after_the_vault(tmp_path: Path) -> None:
    write_vault(tmp_path / "My Notes", {"a.md": card("q", note_id=ID)})
    done = run("build", "My Notes", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "My Notes.apkg: 1 note, 1 card, 1 deck, 0 media files, 0 errors, 0 warnings\n"
        "since the last build: 1 new\n"
    )
    assert (tmp_path / "My Notes.apkg").is_file()


def test_problems_go_to_stderr_and_good_cards_are_built(tmp_path: Path) -> None:
    text = "START\nBasik\nq\nEND\n" + card("![[gone]]", note_id=ID)
    write_vault(tmp_path / "v", {"sub/a.md": text})
    done = run("build", "v", "-o", "x.apkg", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "v/sub/a.md:7:1: warning embed-not-found: no note or file named 'gone'\n"
        "    hint: create it, or correct the name\n"
        "v/sub/a.md:2:1: error unknown-note-type: no note type named 'Basik': the card is left out\n"
        "    hint: did you mean 'Basic'?\n"
    )
    assert "1 note, 1 card" in done.stdout
    assert (tmp_path / "x.apkg").exists()


def test_json_is_one_object_on_stdout(tmp_path: Path) -> None:
    text = card("![[b]]", note_id=ID)
    write_vault(tmp_path / "v", {"a.md": text, "b.md": "text\n\n![[gone|ä]]\n"})
    done = run("build", "v", "--format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["version"] == 1
    assert report["summary"] == {
        "notes": 1,
        "cards": 1,
        "decks": 1,
        "media": 0,
        "remote_images": [],
        "new": 1,
        "changed": 0,
        "moved": 0,
        "removed": 0,
        "unchanged": 0,
        "errors": 0,
        "warnings": 1,
        "output": "v.apkg",
    }
    assert report["vault"] == "v"
    (problem,) = report["diagnostics"]
    assert (problem["path"], problem["line"], problem["column"]) == ("v/b.md", 3, 1)
    assert (problem["end_line"], problem["end_column"]) == (3, 12)
    assert (problem["code"], problem["severity"]) == ("embed-not-found", "warning")
    assert [(via["path"], via["line"]) for via in problem["via"]] == [("v/a.md", 3)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "v", "--deck", "::"], "vaultdeck: '::' is no name of a deck"),
        (["explain", "nonsense"], "vaultdeck: no code 'nonsense': check says one in each line"),
        (["build", "missing"], "vaultdeck: no folder named 'missing'"),
        (["build", "v/a.md"], "vaultdeck: 'v/a.md' is not a folder"),
        (["build", "v", "-o", "no/x.apkg"], "vaultdeck: no folder named 'no' to write"),
        (["build", "v", "-o", "v"], "vaultdeck: 'v' is a folder: name a file"),
    ],
)
def test_wrong_call_is_one_clear_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    write_vault(tmp_path / "v", {"a.md": card("q")})
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.replace("\\", "/").startswith(message)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["--vault=..", "--fix-duplicates", "--help.md", "-o", "--format=json"]
)
@pytest.mark.parametrize("command", [["ids", "--lock"], ["check"]])
def test_file_named_like_an_option_is_none(tmp_path: Path, command: list[str], name: str) -> None:
    """A hook hands on the names of the files of a commit, whatever they are."""
    files = {"n.md": card("q"), "v/a.md": card("q"), f"v/{name}": "", "v/.obsidian/app.json": "{}"}
    write_vault(tmp_path, files)
    done = run(*command, "a.md", name, cwd=tmp_path / "v")
    assert done.returncode == 2
    assert f"'{name}' is a file as well as an option: put '--' before names of files" in done.stderr
    assert (tmp_path / "n.md").read_text(encoding="utf-8") == card("q")
    assert (tmp_path / "v/a.md").read_text(encoding="utf-8") == card("q")


def test_vault_without_cards_leaves_the_old_package_alone(tmp_path: Path) -> None:
    write_vault(tmp_path, {"v/a.md": "no card here", "v.apkg": b"precious"})
    done = run("build", "v", cwd=tmp_path)
    assert done.returncode == 1
    assert "no-cards" in done.stderr
    assert (tmp_path / "v.apkg").read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"ok\n\xff\xfe", "v/a.md:2:1: error not-utf8"),
        ("ä".encode() + b"\xe9", "v/a.md:1:2: error not-utf8"),
    ],
)
def test_note_that_is_not_utf8_is_named_with_its_place(
    tmp_path: Path, data: bytes, place: str
) -> None:
    write_vault(tmp_path / "v", {"a.md": data, "b.md": card("q", note_id=ID)})
    done = run("build", "v", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(place)
    assert "1 note, 1 card" in done.stdout


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions bind")
def test_unreadable_note_is_named(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": card("x"), "b.md": card("q", note_id=ID)})
    (tmp_path / "v/a.md").chmod(0)
    done = run("build", "v", cwd=tmp_path)
    assert "a.md:1:1: error unreadable-file: cannot read this file" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
def test_nothing_outside_the_vault_is_read(tmp_path: Path) -> None:
    write_vault(tmp_path, {"secret.md": card("secret"), "secret.png": b"secret"})
    body = "![[../secret]] ![[secret]] ![](../secret.png) ![](/secret.png) ![[leak.png]] ![[dir/secret]]"
    write_vault(tmp_path / "v", {"a.md": card(body, note_id=ID)})
    (tmp_path / "v/leak.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "v/leak.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "v/dir").symlink_to(tmp_path, target_is_directory=True)
    done = run("build", "v", "--format", "json", cwd=tmp_path)
    codes = [problem["code"] for problem in json.loads(done.stdout)["diagnostics"]]
    assert codes.count("link-outside-vault") == 3
    assert codes.count("embed-not-found") + codes.count("outside-vault") == 6
    assert json.loads(done.stdout)["summary"]["notes"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are files of POSIX systems")
def test_named_pipe_in_the_vault_does_not_block(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": card("q", note_id=ID)})
    os.mkfifo(tmp_path / "v/pipe.md")
    assert run("build", "v", cwd=tmp_path).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
def test_folder_that_links_to_its_parent_is_walked_once(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"sub/a.md": card("q", note_id=ID)})
    (tmp_path / "v/sub/loop").symlink_to(tmp_path / "v", target_is_directory=True)
    done = run("build", "v", cwd=tmp_path)
    assert "1 note, 1 card" in done.stdout


@pytest.mark.parametrize("command", ["build", "stats", "check"])
def test_in_a_vault_the_vault_need_not_be_named(tmp_path: Path, command: str) -> None:
    vault = write_vault(
        tmp_path / "v", {".obsidian/app.json": "{}", "a.md": card("q"), "sub/b.md": card("r")}
    )
    done = run(command, "--format", "json", cwd=vault / "sub")
    assert done.returncode == 0
    assert "2" in re.findall(r'"(?:cards|note_files_with_cards)": ([0-9]+)', done.stdout)
    assert not (vault / "sub" / "vaultdeck.lock").exists()


@pytest.mark.parametrize("command", ["build", "stats", "init", "watch"])
def test_outside_of_a_vault_it_must_be_named(tmp_path: Path, command: str) -> None:
    done = run(command, cwd=write_vault(tmp_path, {"a.md": card("q")}))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "vaultdeck: no vault here: name its folder\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_what_is_said_without_a_name_is_kept_only_for_that_vault(tmp_path: Path) -> None:
    files = {".obsidian/app.json": "{}", "sub/a.md": card("q"), "b.md": card("r")}
    vault = write_vault(tmp_path / "v", files)
    for _ in range(3):
        done = run("build", "-o", "x.apkg", cwd=vault / "sub")
    assert done.stdout.startswith("x.apkg: 2 notes")
    (vault / "sub" / ".obsidian").mkdir()
    assert run("build", "-o", "x.apkg", cwd=vault / "sub").stdout.startswith("x.apkg: 1 note")


COMMANDS_THAT_SPEAK = [
    "build v",
    "build v --format json",
    "build v --dry-run",
    "check v",
    "check --vault v --format json",
    "stats v",
    "stats v --format json",
    "ids --vault v",
    "init v",
    "adopt v --none",
    "preview v",
    "watch v --preview",
    "--help",
    "--version",
    "build --help",
]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX shells close streams")
@pytest.mark.parametrize("line", COMMANDS_THAT_SPEAK)
@pytest.mark.parametrize(
    ("target", "reason"),
    [(">&-", "standard output is closed"), (">/dev/full", "No space left on device")],
)
def test_closed_or_full_output_ends_a_command_with_one_line(
    tmp_path: Path, line: str, target: str, reason: str
) -> None:
    if target == ">/dev/full" and not Path("/dev/full").exists():
        pytest.skip("only Linux has this device")
    write_vault(tmp_path / "v", {"a.md": card("q")})
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m vaultdeck {line} {target}"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    *before, last = done.stderr.splitlines()
    assert (done.returncode, last) == (2, f"vaultdeck: cannot write the report: {reason}")
    assert all(" missing-id: " in text for text in before)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX shells close streams")
@pytest.mark.parametrize("line", COMMANDS_THAT_SPEAK[:-5])
def test_a_reader_who_has_enough_is_no_error_to_tell(tmp_path: Path, line: str) -> None:
    write_vault(tmp_path / "v", {"a.md": card("q", note_id=7)})
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "vaultdeck", *line.split()],
        cwd=tmp_path,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert done.stderr == b""


@pytest.mark.parametrize("target", ["2>&-", "2>/dev/full"])
def test_a_closed_or_full_error_stream_changes_nothing(tmp_path: Path, target: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has this device")
    write_vault(tmp_path / "v", {"a.md": card("[[gone]]", note_id=7), "b.md": b"\xff"})
    command = ["sh", "-c", f"{sys.executable} -m vaultdeck build v {target}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("v.apkg: 1 note")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")
def test_errors_of_a_build_are_said_last(tmp_path: Path) -> None:
    text = card("q", note_id=ID) + card("q", kind="Basik")
    write_vault(tmp_path / "v", {"a.md": text, ".obsidian/app.json": "{}"})
    for _ in ("built", "answered from what is kept"):
        code, shown = run_on_terminal("build", "v", "--color", "never", cwd=tmp_path)
        assert code == 1
        assert shown.splitlines()[-2].startswith("v/a.md:8:1: error unknown-note-type: ")
