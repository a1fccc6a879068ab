"""A vault whose last card was deleted is no error: the removal is told, lock and package are written."""

from __future__ import annotations

from pathlib import Path

from tests.support.helpers import Anki, build_package, card, write_vault
from vaultdeck.build.options import Mode


def test_last_card_deleted(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q")})
    package = tmp_path / "x.apkg"
    built = build_package(vault, package)
    number = built.stamped.notes[0].id
    write_vault(vault, {"a.md": "text\n"})
    built = build_package(vault, package)
    assert not built.diagnostics
    assert [change.status for change in built.stamped.changes] == ["removed"]
    assert f"{number}\t" in (vault / "vaultdeck.lock").read_text()
    assert built.is_written
    assert not build_package(vault, package, mode=Mode.LOCKED).has_errors
    anki = Anki(tmp_path / "anki")
    assert anki.import_package(package).found == 0


def test_vault_without_a_card_is_an_error_as_before(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": "text\n"})
    built = build_package(vault, tmp_path / "x.apkg")
    assert [d.code for d in built.diagnostics] == ["no-cards"]
    assert not built.is_written


def test_a_vault_whose_cards_are_all_left_out_is_not_one_without_cards(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q", kind="Basik")})
    built = build_package(vault, tmp_path / "x.apkg")
    assert [d.code for d in built.diagnostics] == ["unknown-note-type"]
    assert not built.is_written
