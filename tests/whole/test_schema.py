"""The shipped JSON Schemas hold what vaultdeck reads and prints, and refuse what it would refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.support.helpers import CONFIG, card, run, write_vault
from tools.schemas import SHIPPED, as_text, report_schema, settings_schema
from vaultdeck.settings.keys import SETTING_KEYS
from vaultdeck.settings.write import starter_config

ID = 1_790_000_100_001


def faults(schema: dict[str, Any], value: object) -> list[str]:
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_the_shipped_schema_is_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == as_text(SHIPPED[path]()), "python -m tools.schemas"


def test_every_key_is_in_the_schema() -> None:
    assert list(settings_schema()["properties"]) == list(SETTING_KEYS)


def test_the_starter_file_is_valid_as_it_is_and_with_every_key_in_use() -> None:
    text = starter_config(CONFIG)
    assert text.startswith(f"# yaml-language-server: $schema={settings_schema()['$id']}\n")
    assert faults(settings_schema(), yaml.safe_load(text)) == []
    used = {
        key.name: key.example
        if key.example is not None
        else key.kind.show(getattr(CONFIG, key.field))
        for key in SETTING_KEYS.values()
        if not key.kind.keys
    }
    assert faults(settings_schema(), json.loads(json.dumps(used))) == []


@pytest.mark.parametrize(
    "text",
    [
        "deck: 2024",
        "tags: no",
        "tags: [a, b]",
        "ignore: Old/**",
        "markers: {delete: GONE}",
        "link_fields: first",
        "severities: {half-card: off, empty-back: error}",
        "deck:",
        "obsidian-spaced-repetition: {tags: x}",
        "sync: {removed: delete}",
        "",
    ],
)
def test_what_a_build_takes_is_valid(tmp_path: Path, text: str) -> None:
    vault = write_vault(tmp_path, {"vaultdeck.yaml": text, "a.md": card("q", note_id=ID)})
    assert run("check", vault, cwd=tmp_path).returncode == 0
    assert faults(settings_schema(), yaml.safe_load(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "dekc: x",
        "curly_clozes: maybe",
        "deck: [a]",
        "deck_scope: folder",
        "severities: {half-card: loud}",
        "markers: {start: x}",
        "- a",
    ],
)
def test_what_a_build_tells_of_is_not_valid(tmp_path: Path, text: str) -> None:
    vault = write_vault(tmp_path, {"vaultdeck.yaml": text, "a.md": card("q", note_id=ID)})
    done = run("check", vault, cwd=tmp_path)
    assert "vaultdeck.yaml:1" in done.stdout + done.stderr
    assert faults(settings_schema(), yaml.safe_load(text)) != []


VAULT = {
    "a.md": card("![[b]] ![[gone]]", note_id=ID) + card("new") + card("q", kind="Basik"),
    "b.md": "==x== ![[also gone]]\n",
}


@pytest.mark.parametrize(
    "call",
    [
        ("check", "v", "--format", "json"),
        ("check", "v/a.md", "w/a.md", "--format", "json"),
        ("build", "v", "--dry-run", "--format", "json"),
        ("build", "v", "--format", "json"),
    ],
    ids=" ".join,
)
def test_real_reports_are_valid(tmp_path: Path, call: tuple[str, ...]) -> None:
    for name in ("v", "w"):
        write_vault(tmp_path / name, {**VAULT, ".obsidian/app.json": "{}"})
    report = json.loads(run(*call, cwd=tmp_path).stdout)
    assert faults(report_schema(), report) == []
    assert faults(report_schema(), {**report, "more": 1}) != []


@pytest.mark.parametrize("name", ["settings", "report"])
def test_the_command_prints_the_schema(tmp_path: Path, name: str) -> None:
    shown = json.loads(run("schema", name, cwd=tmp_path).stdout)
    assert shown in (settings_schema(), report_schema())
    assert f"/{name}/" in shown["$id"]
