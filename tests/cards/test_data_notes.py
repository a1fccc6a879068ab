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
        ("a.md", "---\nexcel-pro-plugin: parsed\n---\n", False),
        ("a.md", "---\nother-plugin: 'parsed'\n---\n", False),
        ("a.md", "---\nother-plugin: yes\n---\n", True),
        ("a.md", "---\nexcalidraw-plugin: false\n---\n", True),
        ("a.md", "---\nkanban-plugin:\r\n---\n", True),
        ("a.md", "---\nkanban-plugin: falseboard\n---\n", False),
        ("a.md", '{"a": {"b": [1]}}\n\n', True),
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
    assert has_cards == any(n.note.location.path == name for n in built.stamped.notes)
    named = [p.location.line for p in built.diagnostics if p.code == "start-not-read"]
    assert named == ([] if has_cards else [1 + head.count("\n")])
    build_package(vault, tmp_path / "x.apkg")
    assert ((vault / name).read_bytes() == text.encode()) == (not has_cards)


@pytest.mark.parametrize("head", ["", "---\ntags: [flashcards]\n---\n"])
@pytest.mark.parametrize("data", ['{{"nodes": [{}]}}', "[{}, {}]", "[\n  {}\n]"])
def test_a_note_that_is_json_as_a_whole_is_data(tmp_path: Path, head: str, data: str) -> None:
    node = '{"type": "text", "text": "x ==hidden== and a::b"}'
    text = f"{head}{data.format(node, node)}\n"
    files = {
        "a.md": text,
        "b.md": "START\nBasic\nq\nBack: ![[a]]\nEND\n",
        "vaultdeck.yaml": SETTINGS,
    }
    vault = write_vault(tmp_path / "v", files)
    built = build_package(vault, tmp_path / "x.apkg")
    (note,) = (stamped.note for stamped in built.stamped.notes)
    assert note.fields[1] == '<a href="obsidian://open?vault=v&amp;file=a">a</a>'
    assert (vault / "a.md").read_text() == text
