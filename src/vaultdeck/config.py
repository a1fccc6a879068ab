"""What a build is told, from the vault's own settings and the command line."""

from __future__ import annotations

import json
from pathlib import Path

from vaultdeck.decks import clean_deck
from vaultdeck.model import Config
from vaultdeck.notetypes import load_builtin


def load_config(root: Path, deck: str | None = None) -> Config:
    """Return the configuration of the vault in folder `root`; `deck` overrides the default deck.

    The vault's name is the name of its folder, as in Obsidian. Of Obsidian's settings
    `strictLineBreaks` is read from `.obsidian/app.json`; a file that cannot be read counts as unset.
    """
    name = root.resolve().name or "vault"
    return Config(
        vault_name=name,
        default_deck=clean_deck(deck or "") or clean_deck(name) or "vault",
        note_types=load_builtin(),
        breaks=not _has_strict_line_breaks(root),
    )


def _has_strict_line_breaks(root: Path) -> bool:
    settings = root / ".obsidian" / "app.json"
    try:
        if not settings.resolve().is_relative_to(root.resolve()):
            return False
        data = json.loads(settings.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("strictLineBreaks") is True
