"""New IDs in note files: where the plugin puts them, and not a byte besides."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.helpers import CONFIG, NOW, build_package, card, problems, run, write_vault
from tests.support.strategies import TEXT
from vaultdeck.cards import parse_file
from vaultdeck.model import Edit, Rewritten, SourceFile
from vaultdeck.vault.names import Vault, scan
from vaultdeck.vault.note_edits import id_edit, write_edits

ID = 1_700_000_000_000


def give_ids(text: str) -> tuple[str, list[str]]:
    """Return the text with an ID in every block that has none, and the inserted texts."""
    source = SourceFile("a.md", text)
    parsed, _ = parse_file(source, CONFIG)
    blocks = [block for block in parsed.blocks if block.id is None]
    edits = [id_edit(block, ID + i) for i, block in enumerate(blocks)]
    return Rewritten(text, edits).text, [edit.text for edit in edits]


MARK = f"<!--ID: {ID}-->"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "START\nBasic\nq\nBack: a\nTags: x\nEND",
            f"START\nBasic\nq\nBack: a\nTags: x\n{MARK}\nEND",
            id="directly above the end marker, below the tags",
        ),
        pytest.param(
            "START\nBasic\nq\nBack: a\n\nEND\n",
            f"START\nBasic\nq\nBack: a\n{MARK}\nEND\n",
            id="an empty line above the end marker is eaten",
        ),
        pytest.param(
            "START\nBasic\nq\nBack: a\n\n\nEND",
            f"START\nBasic\nq\nBack: a\n\n{MARK}\nEND",
            id="of two empty lines one is kept",
        ),
        pytest.param(
            "START\nBasic\nq\n \t\nEND",
            f"START\nBasic\nq\n \t\n{MARK}\nEND",
            id="a line of white space is not empty",
        ),
        pytest.param(
            "START\nBasic\n- q\n  END\nSTART\nBasic\nr\nEND",
            f"START\nBasic\n- q\n{MARK}\n  END\nSTART\nBasic\nr\n<!--ID: {ID + 1}-->\nEND",
            id="never indented",
        ),
        pytest.param(
            "START\r\nBasic\r\nq\r\nEND\r\n",
            f"START\r\nBasic\r\nq\r\n{MARK}\r\nEND\r\n",
            id="CRLF",
        ),
        pytest.param(
            "START\r\nBasic\r\nq\r\n\r\nEND\r\n",
            f"START\r\nBasic\r\nq\r\n{MARK}\r\nEND\r\n",
            id="CRLF with an empty line",
        ),
        pytest.param("\ufeffSTART\nBasic\nq\nEND", f"\ufeffSTART\nBasic\nq\n{MARK}\nEND", id="BOM"),
        pytest.param(
            "a\r\nSTART\nBasic\nq\r\nEND\r\nb\r",
            f"a\r\nSTART\nBasic\nq\r\n{MARK}\nEND\r\nb\r",
            id="mixed newlines: that of the block",
        ),
        pytest.param(
            "START  \nBasic\nq\nEND  \n",
            f"START  \nBasic\nq\n{MARK}\nEND  \n",
            id="trailing spaces",
        ),
    ],
)
def test_id_stands_where_the_plugin_puts_it(before: str, after: str) -> None:
    assert give_ids(before)[0] == after


@pytest.mark.parametrize(
    "text",
    [
        "no card at all",
        f"START\nBasic\nq\n{MARK}\nEND",
        "START\nUnknown\nq\nEND",
        "```\nSTART\nBasic\nq\nEND\n```",
    ],
)
def test_nothing_is_inserted(text: str) -> None:
    assert give_ids(text) == (text, [])


@given(TEXT)
@settings(max_examples=500, deadline=None)
def test_insertions_taken_out_give_the_original_and_a_second_run_changes_nothing(text: str) -> None:
    written, inserted = give_ids(text)
    assert give_ids(written) == (written, [])
    bare = written
    for piece in inserted:
        assert bare.count(piece) == 1 or text.count(piece)
        bare = bare.replace(piece, "", 1)
    assert bare == text


@given(st.lists(st.sampled_from(["\n", "\r\n", " ", "END\n", "q\n", "START\nBasic\n", "\ufeff"])))
@settings(deadline=None)
def test_every_id_is_read_again_as_the_blocks_own(pieces: list[str]) -> None:
    text = "START\nBasic\nfirst\n" + "".join(pieces) + "\nEND\n"
    written, inserted = give_ids(text)
    parsed, _ = parse_file(SourceFile("a.md", written), CONFIG)
    assert [block.id for block in parsed.blocks] == [ID + i for i in range(len(inserted))]


def open_vault(folder: Path, text: str) -> tuple[Vault, SourceFile]:
    write_vault(folder, {"a.md": text})
    return scan(folder)[0], SourceFile("a.md", text)


def test_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    vault, source = open_vault(tmp_path, card("q"))
    (tmp_path / "a.md").write_text("the author is at work")
    parsed, _ = parse_file(source, CONFIG)
    problem = write_edits(vault, source, [id_edit(parsed.blocks[0], ID)])
    assert problem is not None
    assert problem.code == "not-written"
    assert (tmp_path / "a.md").read_text() == "the author is at work"


def test_save_in_the_last_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, source = open_vault(tmp_path, card("q"))
    real = os.fsync

    def slow(handle: int) -> None:
        real(handle)
        (tmp_path / "a.md").write_text("saved while the disk was slow")

    monkeypatch.setattr(os, "fsync", slow)
    parsed, _ = parse_file(source, CONFIG)
    problem = write_edits(vault, source, [id_edit(parsed.blocks[0], ID)])
    assert problem is not None
    assert (tmp_path / "a.md").read_text() == "saved while the disk was slow"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_builds_at_the_same_time_give_each_card_one_id(tmp_path: Path) -> None:
    files = {f"n{i}.md": card(f"q{i}") for i in range(30)}
    vault = write_vault(tmp_path / "v", files)
    command = [sys.executable, "-m", "vaultdeck", "build", "v", "-o"]
    builds = [
        subprocess.Popen([*command, f"{i}.apkg"], cwd=tmp_path, stdout=subprocess.PIPE)
        for i in range(3)
    ]
    assert [process.communicate()[1] or process.returncode for process in builds] == [0, 0, 0]
    for path in files:
        assert (vault / path).read_text().count("<!--ID:") == 1
    packages = {(tmp_path / f"{i}.apkg").read_bytes() for i in range(3)}
    assert len(packages) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_permissions_and_symbolic_links_stay(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"real/a.md": card("q")})
    (vault / "real/a.md").chmod(0o640)
    (vault / "b.md").symlink_to(vault / "real/a.md")
    done = run("ids", "--vault", vault, cwd=tmp_path)
    assert done.returncode == 1
    assert (vault / "b.md").is_symlink()
    assert (vault / "real/a.md").stat().st_mode & 0o777 == 0o640
    assert (vault / "real/a.md").read_text().count("<!--ID:") == 1


# The command `ids`.


def test_ids_writes_ids_and_nothing_else(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q") + card("r"), "b.md": "text"})
    done = run("ids", "--vault", vault, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "v/a.md: 2 IDs written\n")
    assert sorted(path.name for path in vault.iterdir()) == ["a.md", "b.md"]
    assert run("ids", "--vault", vault, cwd=tmp_path).returncode == 0


def test_ids_check_writes_nothing(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q")})
    done = run("ids", "--check", "--vault", vault, cwd=tmp_path)
    assert done.returncode == 1
    assert "v/a.md:1:1: warning missing-id" in done.stderr
    assert (vault / "a.md").read_text() == card("q")


def test_ids_of_named_files_only_in_the_vault_they_belong_to(tmp_path: Path) -> None:
    files = {"v/.obsidian/app.json": "{}", "v/x/a.md": card("q"), "v/x/b.md": card("r")}
    write_vault(tmp_path, {**files, "v/c.md": card("s")})
    done = run("ids", "v/x/a.md", cwd=tmp_path)
    assert done.stdout == "v/x/a.md: 1 ID written\n"
    done = run("ids", "x", cwd=tmp_path / "v")
    assert done.stdout == "x/b.md: 1 ID written\n"
    assert (tmp_path / "v/c.md").read_text() == card("s")


def test_duplicate_is_reported_and_the_later_one_mended_on_demand(tmp_path: Path) -> None:
    text = card("q", note_id=ID)
    vault = write_vault(tmp_path / "v", {"a.md": text, "b.md": "\n" + text.replace("q", "r")})
    result = build_package(vault, tmp_path / "x.apkg")
    assert problems(result.diagnostics) == ["b.md:2:1 duplicate-id"]
    assert "a.md:1" in result.diagnostics[0].spelt_out.message
    assert run("ids", "--vault", vault, cwd=tmp_path).returncode == 1
    assert (vault / "b.md").read_text() == "\n" + text.replace("q", "r")
    done = run("ids", "--fix-duplicates", "--vault", vault, cwd=tmp_path)
    assert done.stdout == "v/b.md: 1 ID written\n"
    assert (vault / "a.md").read_text() == text
    assert not build_package(vault, tmp_path / "x.apkg").diagnostics
    mended = (vault / "b.md").read_text()
    assert len(mended) == len(text) + 1
    assert str(ID) not in mended


def test_two_who_mint_at_once_do_not_meet(tmp_path: Path) -> None:
    numbers = []
    for name in ("one", "two"):
        vault = write_vault(tmp_path / name, {"a.md": "".join(card(f"q{i}") for i in range(200))})
        build_package(vault, tmp_path / "x.apkg", now=NOW)
        lines = (vault / "a.md").read_text().splitlines()
        numbers += [line for line in lines if line.startswith("<!--ID: ")]
    assert len(set(numbers)) == 400
    assert {len(line) for line in numbers} == {len(MARK)}


# Killed between any two writes.

KILLED = """
import os, sys
count = int(sys.argv.pop(1))
real = os.replace
def replace(*paths):
    global count
    count -= 1
    if count < 0:
        os._exit(9)
    real(*paths)
os.replace = replace
import pathlib
pathlib.Path.replace = lambda self, target: replace(self, target)
from vaultdeck.cli import main
main()
"""


@pytest.mark.parametrize("writes", range(5))
def test_killed_build_leaves_the_same_identities_for_the_next(tmp_path: Path, writes: int) -> None:
    files = {"a.md": card("q"), "b.md": card("r"), "c.md": card("s", note_id=ID)}
    vault = write_vault(tmp_path / "v", files)
    command = [sys.executable, "-c", KILLED, str(writes), "build", "v", "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, env=os.environ)
    assert done.returncode == (9 if writes < 4 else 0)
    texts = {path: (vault / path).read_text() for path in files}
    for path, text in texts.items():
        bare = "".join(line for line in text.splitlines(True) if not line.startswith("<!--ID:"))
        assert bare == files[path].replace(f"<!--ID: {ID}-->\n", "")
    assert run("build", "v", cwd=tmp_path).returncode == 0
    for path, text in texts.items():
        if "<!--ID:" in text:
            assert (vault / path).read_text() == text
    locked = (vault / "vaultdeck.lock").read_text()
    for path in files:
        (line,) = [x for x in (vault / path).read_text().splitlines() if x.startswith("<!--ID:")]
        assert line.split()[1].removesuffix("-->") in locked
    assert run("build", "v", "--locked", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("path", ["missing.md", "../outside.md"])
def test_ids_of_a_path_that_is_none_of_the_vault_fails(tmp_path: Path, path: str) -> None:
    write_vault(tmp_path, {"v/.obsidian/app.json": "{}", "v/a.md": card("q"), "outside.md": ""})
    done = run("ids", "--vault", ".", path, cwd=tmp_path / "v")
    assert done.returncode == 2
    assert done.stderr.startswith("vaultdeck: ")


def test_ids_of_files_of_two_vaults_and_of_a_broken_file(tmp_path: Path) -> None:
    files = {f"{v}/{p}": t for v in "ab" for p, t in ((".obsidian/x", ""), ("n.md", card("q")))}
    write_vault(tmp_path, {**files, "b/broken.md": b"\xff"})
    done = run("ids", "a/n.md", "b/n.md", "b/broken.md", cwd=tmp_path)
    assert done.stdout == "a/n.md: 1 ID written\nb/n.md: 1 ID written\n"
    assert "not-utf8" in done.stderr
    assert run("ids", "a/n.md", cwd=tmp_path).returncode == 0
    assert run("ids", "b/broken.md", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(
    ("front", "is_card"),
    [
        ("question", True),
        ("![](gone.png)", True),
        ("%% only a comment %%", False),
        ("<!-- only a comment -->", False),
        ("&nbsp;", False),
        ("<br>", False),
        ("\u200b", False),
        ("x" * 600_000, False),
    ],
)
def test_ids_agrees_with_build_on_what_is_a_card(tmp_path: Path, front: str, is_card: bool) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card(front), "b.md": card("q", note_id=7)})
    assert run("ids", "--check", "--vault", vault, cwd=tmp_path).returncode == int(is_card)
    build_package(vault, tmp_path / "x.apkg")
    assert ("ID:" in (vault / "a.md").read_text(encoding="utf-8")) == is_card
    assert run("ids", "--check", "--vault", vault, cwd=tmp_path).returncode == 0


def test_a_strict_build_with_a_problem_writes_nothing_at_all(tmp_path: Path) -> None:
    files = {"a.md": card("new"), "b.md": card("[[nowhere]]", note_id=7)}
    vault = write_vault(tmp_path / "v", files)
    done = run("build", vault, "--strict", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("nothing written: ")
    assert {path.name: path.read_text(encoding="utf-8") for path in vault.iterdir()} == files
    (vault / "b.md").unlink()
    assert run("build", vault, "--strict", cwd=tmp_path).returncode == 0
    assert "ID:" in (vault / "a.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("mark", ["", ".obsidian/app.json", "vaultdeck.yaml", "vaultdeck.lock"])
@pytest.mark.parametrize("options", [["--lock"], []])
def test_ids_writes_only_into_a_vault(tmp_path: Path, mark: str, options: list[str]) -> None:
    vault = write_vault(tmp_path / "v", {"sub/a.md": card("q"), **({mark: ""} if mark else {})})
    if mark == "vaultdeck.lock":
        (vault / mark).unlink()
        assert run("ids", "--lock", "--vault", vault, cwd=tmp_path).returncode == 1
        assert (vault / mark).is_file()
        write_vault(vault, {"sub/a.md": card("q")})
    done = run("ids", *options, "sub/a.md", cwd=vault)
    if mark:
        assert done.returncode == 1
        assert "ID:" in (vault / "sub/a.md").read_text(encoding="utf-8")
        assert (vault / "vaultdeck.lock").is_file() == (bool(options) or mark == "vaultdeck.lock")
    else:
        assert done.returncode == 2
        assert done.stderr == "vaultdeck: no vault here: name it with --vault\n"
        assert [path.name for path in vault.iterdir()] == ["sub"]
        assert (vault / "sub/a.md").read_text(encoding="utf-8") == card("q")


def test_edits_of_a_text_are_made_in_any_order() -> None:
    edits = [Edit(4, 6, "X"), Edit(0, 0, "a"), Edit(2, 3, ""), Edit(6, 6, "b"), Edit(0, 0, "c")]
    assert Rewritten("0123456789", edits).text == "ca013Xb6789"
    assert Rewritten("0123456789", sorted(edits, key=lambda edit: edit.start)).text == "ca013Xb6789"
