"""A link that calls a note by its alias leads nowhere in Obsidian; the hint says what is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.helpers import NOW, build_package, card, write_vault
from vaultdeck.cards import read_aliases
from vaultdeck.model import SourceFile

HEAD = "---\naliases: [AI, Thinking machines]\n---\ntext\n"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[[AI]]", "write [[Artificial Intelligence|AI]]"),
        ("[[ai]]", "write [[Artificial Intelligence|ai]]"),
        ("![[AI]]", "write ![[Artificial Intelligence]]"),
        ("[x](AI.md)", "write [[Artificial Intelligence|x]]"),
        ('[x](<AI#One two> "t")', "write [[Artificial Intelligence#One two|x]]"),
        ("[[Thinking\u00a0machines#x|y]]", "write [[Artificial Intelligence#x|y]]"),
        ("[[AI#One#Two]]", "write [[Artificial Intelligence#One#Two|AI > One > Two]]"),
        ("![[AI#^b|300]]", "write ![[Artificial Intelligence#^b]]"),
        ("[[gone]]", "create it, or correct the name"),
    ],
)
def test_a_link_by_alias_has_the_note_as_its_hint(tmp_path: Path, text: str, hint: str) -> None:
    files = {"n.md": card("q", text), "sub/Artificial Intelligence.md": HEAD, "z.md": HEAD}
    vault = write_vault(tmp_path / "v", files)
    built = build_package(vault, tmp_path / "x.apkg")
    assert [d.hint.rpartition(": ")[2] for d in built.diagnostics] == [hint]


def test_an_alias_that_comes_or_goes_is_seen_with_a_cache(tmp_path: Path) -> None:
    files = {"n.md": card("q", "[[AI]]", note_id=1700000000001), "a.md": HEAD}
    vault = write_vault(tmp_path / "v", files)

    def hint() -> str:
        built = build_package(vault, tmp_path / "x.apkg", now=NOW, cache=tmp_path / "c")
        return built.diagnostics[0].hint

    assert hint() == hint() == "that is an alias of 'a.md': write [[a|AI]]"
    write_vault(vault, {"a.md": "---\naliases: [Other]\n---\n"})
    assert hint() == "create it, or correct the name"
    write_vault(vault, {"b.md": "---\nalias: AI\n---\n"})
    assert hint() == "that is an alias of 'b.md': write [[b|AI]]"


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("aliases: [a, 'b, c']", ("a", "b, c")),
        ("aliases:\n  - a b\n  - c", ("a b", "c")),
        ("aliases:\n- a", ("a",)),
        ("Alias: a b, c", ("a b", "c")),
        ("alias: a\naliases: b", ("b", "a")),
        ("aliases: []", ()),
        ("aliases:", ()),
        ("aliases:\ntags: [x]", ()),
        ("aliases: {a: b}", ()),
        ("note: aliases x", ()),
    ],
)
def test_aliases_are_read_as_obsidian_does(head: str, names: tuple[str, ...]) -> None:
    assert read_aliases(SourceFile("a.md", f"---\n{head}\n---\n")) == names
