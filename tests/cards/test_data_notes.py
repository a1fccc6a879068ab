"""Notes whose text is the data of a plugin have no cards and get no IDs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.helpers import build, build_package, write_vault

CARDS = "START\nBasic\nq\nBack: a\nEND\n\nx ==hidden==\n\nq::a\n"
SETTINGS = "syntaxes: [block, regexp, obsidian-spaced-repetition, flashcards-obsidian]\n"
SETTINGS += "regexps:\n  Cloze: highlight-cloze\nhighlight_clozes: true\n"


@pytest.mark.parametrize(
    ("name", "head", "has_cards"),
    [
        ("a.md", "---\nexcalidraw-plugin: parsed\n---\n", False),
        ("a.md", "---\ntags: [x]\r\nExcalidraw-Plugin: raw\r\n---\r\n", False),
        ("a.md", '---\n"kanban-plugin": board\n---\n', False),
        ("a.md", "---\ntldraw-file: true\n---\n", False),
        ("a.md", "---\nmindmap-plugin: rich\n---\n", False),
        ("a.md", "```compressed-json\nN4KAkAR\n```\n", False),
        ("a.excalidraw.md", "", False),
        ("a.md", "---\nmindmap-plugin: basic\n---\n", True),
        ("a.md", "excalidraw-plugin: parsed\n\n", True),
        ("a.md", "---\nnote: excalidraw-plugin: x\n---\n", True),
        ("a.md", "Text about compressed-json\n\n", True),
    ],
)
def test_data_is_not_searched_for_cards(
    tmp_path: Path, name: str, head: str, has_cards: bool
) -> None:
    text = head + CARDS
    other = "START\nBasic\nother\nBack: b\nEND\n"
    files = {name: text, "b.md": other, "vaultdeck.yaml": SETTINGS}
    vault = write_vault(tmp_path / "v", files)
    built = build(vault)
    assert has_cards == any(n.note.location.path == name for n in built.linked.notes)
    build_package(vault, tmp_path / "x.apkg")
    assert ((vault / name).read_bytes() == text.encode()) == (not has_cards)
