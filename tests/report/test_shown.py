"""No command hands a terminal what it acts upon, wherever it comes from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.helpers import card, run, run_on_terminal, write_vault
from vaultdeck.report.text import UNSHOWN, as_json, printable

HOSTILE = "a\x1b[1;31m\x9b2J\u202e"
PASTED = "# Rate\n- linear\n- at best \x1b[2J"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    name = HOSTILE
    files = {
        f"{name}/{name}.md": f"TARGET DECK: {name}\nFILE TAGS: {name}\n\n{card(f'q [[{name} x]]')}",
        "b.md": card(f"r ![[{name}#x]] ![[{name}.png]]", f"\n{PASTED}"),
        "s.md": f"# Top\n\n{PASTED}\n",
    }
    return write_vault(tmp_path / "v", files)


def shown(text: str) -> set[str]:
    return set(UNSHOWN.findall(text)) - {"\n"}


@pytest.mark.parametrize(
    "call",
    [
        ("check", "v", "--pasted"),
        ("build", "v", "--dry-run"),
        ("ids", "--vault", "v"),
        ("embed", "v", "--all"),
        ("stats", "v"),
        ("init", "v"),
        ("preview", "v"),
        ("ids", f"v/{HOSTILE}"),
        ("build", "v", "-o", f"{HOSTILE}.txt"),
        ("adopt", "v", f"{HOSTILE}.apkg"),
    ],
    ids=lambda call: call[0],
)
def test_lines_spell_it_out(vault: Path, tmp_path: Path, call: tuple[str, ...]) -> None:
    done = run(*call, cwd=tmp_path)
    assert (shown(done.stdout), shown(done.stderr)) == (set(), set())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "call",
    [
        *(("check", "v", "--format", form) for form in ("json", "gitlab", "rdjson", "sarif")),
        ("build", "v", "--dry-run", "--format", "json"),
        ("stats", "v", "--format", "json"),
    ],
    ids=" ".join,
)
def test_json_spells_it_out_and_says_the_same(
    vault: Path, tmp_path: Path, call: tuple[str, ...]
) -> None:
    out = run(*call, cwd=tmp_path).stdout
    assert shown(out) == set()
    assert {"\x9b", "\u202e"} <= set(json.dumps(json.loads(out), ensure_ascii=False))


def test_diff_on_a_terminal_spells_it_out(vault: Path, tmp_path: Path) -> None:
    exact = run("embed", "v", "--dry-run", cwd=tmp_path).stdout
    assert "\x1b[2J" in exact
    _, seen = run_on_terminal("embed", "v", "--dry-run", cwd=tmp_path)
    assert shown(seen) == set()
    assert "-- at best \\x1b[2J\n" in seen


def test_a_name_that_is_no_unicode_can_be_written() -> None:
    name = b"v\xff".decode("utf-8", "surrogateescape")
    assert printable(name).encode() == b"v\\udcff"
    assert json.loads(as_json({"notices": [name]}).encode()) == {"notices": [name]}


# Registered commands of GitHub's runner that are no annotations: a line says them behind spaces, or anywhere.
COMMAND = re.compile(
    r"\s*::(?!(?:error|warning|notice) (?:file|title)=)[\w-]+[^:]*::|.*##\[[\w-]+[^\]]*\]"
)


@pytest.mark.parametrize(
    "call",
    [
        ("check",),
        ("check", "--format", "text"),
        ("check", "--format", "json"),
        ("check", "--format", "github"),
        ("build", ".", "--format", "github"),
        ("build", "."),
        ("ids",),
        ("ids", "--lock"),
        ("stats", "."),
        ("adopt", ".", "::add-mask::e.apkg"),
        ("embed", ".", "--all"),
    ],
    ids=" ".join,
)
def test_no_line_is_a_command_of_github(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: tuple[str, ...]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    said = "##[add-mask]e"
    files = {
        "vaultdeck.yaml": f"'{said}': 1\n",
        "vaultdeck.lock": f"# vaultdeck.lock 1: x\nvault\t{said}\n# end\n",
        "::error file=x::y.md": card("q"),
        "::add-mask::e.md": f"{card('q ![[x]]')}\n::set-output name=x::![[{said}.png]]\n",
        "b.md": f"TARGET DECK: {said}\n::stop-commands::x ![[n]]\nSTART\n{said}\nq\nEND\n{card('r')}",
    }
    vault = write_vault(tmp_path / said, {".obsidian/app.json": "{}", **files})
    done = run(*call, cwd=vault)
    lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
    assert [line for line in lines if COMMAND.match(line)] == []
    assert "Traceback" not in done.stderr
    assert not any(line.startswith("::error file=x::") for line in lines)
