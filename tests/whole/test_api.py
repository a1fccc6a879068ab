"""The Python API: docs/python.md runs as it stands, and functions say what the commands say."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.helpers import card, run, write_vault
from vaultdeck import api

DOC = Path(__file__).parents[2] / "docs" / "python.md"
ID = 1_790_000_100_001


def test_the_examples_of_the_documentation_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = card("What makes ATP?", "Mitochondria\nTags: cells", note_id=ID)
    note = f"TARGET DECK: Biology\n\n{block}"
    write_vault(tmp_path, {"notes/.obsidian/app.json": "{}", "notes/Biology/The cell.md": note})
    monkeypatch.chdir(tmp_path)
    # The fence behind an example is no part of its output.
    text = DOC.read_text(encoding="utf-8").replace("```", "")
    found = doctest.DocTestParser().get_doctest(text, {}, "python.md", str(DOC), 0)
    assert len(found.examples) == 4
    assert doctest.DocTestRunner().run(found).failed == 0
    assert not (tmp_path / "notes.apkg").exists()


def test_build_writes_what_the_command_writes(tmp_path: Path) -> None:
    files = {"a.md": card("q", note_id=ID)}
    one = write_vault(tmp_path / "1" / "v", files)
    write_vault(tmp_path / "2" / "v", files)
    built = api.build(str(one), tmp_path / "1" / "v.apkg")
    assert built.is_written
    assert run("build", "v", cwd=tmp_path / "2").returncode == 0
    assert (tmp_path / "2" / "v.apkg").is_file()
    assert (one / "a.md").read_bytes() == (tmp_path / "2" / "v" / "a.md").read_bytes()


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("vaultdeck.yaml", api.ConfigError, "bad-config"),
        ("vaultdeck.lock", api.LockError, "bad-lock"),
    ],
)
def test_wrong_settings_and_locks_are_raised_with_their_problems(
    tmp_path: Path, name: str, error: type[api.ConfigError | api.LockError], code: str
) -> None:
    vault = write_vault(tmp_path, {name: "deck: ["})
    with pytest.raises(error) as raised:
        api.check(vault)
    assert [problem.code for problem in raised.value.diagnostics] == [code]


def test_cards_without_an_id_have_none_and_bad_ones_are_left_out(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, {"a.md": card("q") + card("r", kind="Basik")})
    found = list(api.cards(vault))
    assert [(each.id, each.place.line, each.note_type) for each in found] == [(None, 1, "Basic")]


def test_an_import_of_the_package_imports_nothing_more() -> None:
    code = "import sys, vaultdeck; print([m for m in sys.modules if m.startswith('vaultdeck.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
