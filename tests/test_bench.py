"""The benchmark's vaults are the same each time, and build. How long that takes is not tested."""

from __future__ import annotations

from pathlib import Path

from tests.bench.fields import card_texts
from tests.bench.generate import CARDS_A_NOTE, generate
from tests.helpers import build


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_same_seed_gives_the_same_vault(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    assert generate(first, 50) == generate(again, 50)
    generate(other, 50, seed=8)
    assert files(first) == files(again)
    assert files(first) != files(other)


def test_vault_builds_without_a_problem(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    edits = generate(vault, 50)
    result = build(vault, output=tmp_path / "cards.apkg")
    assert result.diagnostics == []
    assert len(result.linked.notes) == 20 * CARDS_A_NOTE
    assert {edits.card, edits.section} <= set(files(vault))


def test_texts_for_stock_markdown_hold_the_embedded_sections(tmp_path: Path) -> None:
    generate(tmp_path, 50)
    texts = [text for card in card_texts(tmp_path) for text in card]
    assert len(texts) == 20 * CARDS_A_NOTE * 2
    assert not any("![[" in text and "#" in text for text in texts)
