"""The README tells what the code does: its commands, settings, inputs and pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.helpers import run
from vaultdeck.cards.styles import STYLES
from vaultdeck.settings.keys import KEYS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    listed = run("--help", cwd=ROOT).stdout.partition("Commands:")[2]
    return re.findall(r"^  ([a-z]+)", listed, re.MULTILINE)


def test_every_command_is_listed_and_no_other() -> None:
    table = README.partition("## Commands")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^\| `vaultdeck ([a-z]+)", table, re.MULTILINE)) == commands()


@pytest.mark.parametrize("command", commands())
def test_every_command_has_help_with_examples(command: str) -> None:
    shown = run(command, "--help", cwd=ROOT).stdout
    assert f"vaultdeck {command} " in shown.partition("Example")[2]


def test_every_setting_is_listed() -> None:
    table = README.partition("| key | meaning |")[2].partition("\n\n")[0]
    listed = re.findall(
        r"`([a-z_]+)`", "\n".join(row.split("|")[1] for row in table.split("\n")[2:])
    )
    assert sorted(listed) == sorted(KEYS)


def test_every_input_of_the_action_is_listed() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for name in [*action["inputs"], *action["outputs"]]:
        assert f"`{name}`" in README


def test_every_style_of_regexps_is_listed() -> None:
    assert [name for name in STYLES if f"`{name}`" not in README] == []


def test_the_map_has_every_room() -> None:
    code = README.partition("## The code")[2].partition("```")[2].partition("```")[0]
    names = re.findall(r"(?:^|[ ]{2,}|(?<=[a-z] ))([a-z]+(?:\.py|/))(?=[ ]{1,})", code, re.M)
    rooms = {path.parent.name for path in (ROOT / "src" / "vaultdeck").glob("*/__init__.py")}
    assert sorted(names) == sorted([*(f"{room}/" for room in rooms), "diagnostics.py"])


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"\]\((\.github/pictures/[^)]+)\)", README)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
