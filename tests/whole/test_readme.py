"""The README and docs/ tell what the code does: commands, settings, inputs, rooms and pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.support.helpers import run
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.settings.keys import SETTING_KEYS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
HOME = "https://raw.githubusercontent.com/vaultdeck/vaultdeck/main/"
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#([^)]*))?\)")


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
    table = DOCS["settings"].partition("| key | meaning |")[2].partition("\n\n")[0]
    listed = re.findall(
        r"`([a-z_-]+)`", "\n".join(row.split("|")[1] for row in table.split("\n")[2:])
    )
    assert sorted(listed) == sorted(SETTING_KEYS)


def test_every_input_of_the_action_is_listed() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for name in [*action["inputs"], *action["outputs"]]:
        assert f"`{name}`" in DOCS["continuous-integration"]


def test_every_style_of_regexps_is_listed() -> None:
    assert [name for name in STYLES if f"`{name}`" not in DOCS["cards"]] == []


def test_the_map_has_every_room() -> None:
    code = DOCS["architecture"].partition("```")[2].partition("```")[0]
    listed = re.findall(r"^([a-z_]+(?:\.py|/)) ", code, re.MULTILINE)
    source = ROOT / "src" / "vaultdeck"
    rooms = [f"{path.parent.name}/" for path in source.glob("*/__init__.py")]
    files = [path.name for path in source.glob("*.py") if not path.name.startswith("__")]
    assert sorted(listed) == sorted(rooms + files)


def test_every_picture_is_there() -> None:
    pictures = re.findall(rf"\]\({re.escape(HOME)}([^)]+)\)", "".join([README, *DOCS.values()]))
    assert any(picture.endswith("/embed-diff.png") for picture in pictures)
    for picture in pictures:
        assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")


def test_the_readme_fits_on_few_screens() -> None:
    assert README.count("\n") <= 150


@pytest.mark.parametrize("name", ["README", *DOCS])
def test_every_link_leads_somewhere(name: str) -> None:
    folder, text = (ROOT, README) if name == "README" else (ROOT / "docs", DOCS[name])
    links = LINK.findall(re.sub(r"(?m)^(?: {4}|\t).*$|```.*?```|`[^`\n]*`", "", text, flags=re.S))
    assert [target for target, _ in links if not (folder / target).exists()] == []
