"""What is kept of the notes that others ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.helpers import write_vault
from vaultdeck.compile import asked
from vaultdeck.compile.asked import VaultLookup
from vaultdeck.model.config import Config
from vaultdeck.vault.names import scan


@pytest.mark.parametrize(("many", "is_kept"), [(4, True), (3, False)], ids=["few", "many"])
def test_vault_of_many_files_keeps_fewer_notes(
    many: int, is_kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "MANY_FILES", many)
    monkeypatch.setattr(asked, "KEPT_OF_MANY", 250)
    notes = {f"{name}.md": "x" * 100 for name in "abc"}
    vault, _ = scan(write_vault(tmp_path / "v", notes))
    lookup = VaultLookup(vault, Config("v", "v"))
    first = lookup.document("a.md")
    assert lookup.document("b.md") is lookup.document("b.md")
    lookup.document("c.md")
    assert (lookup.document("a.md") is first) == is_kept
