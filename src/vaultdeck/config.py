"""What a build is told, from the vault's own settings and the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

from vaultdeck.decks import clean_deck
from vaultdeck.model import Config
from vaultdeck.notetypes import load_builtin
from vaultdeck.vault import read_inside


def load_config(root: Path, deck: str | None = None, vault_name: str = "") -> Config:
    """Return the configuration of the vault in folder `root`; `deck` overrides the default deck.

    The vault's name is the name of its folder, as in Obsidian, unless `vault_name` says otherwise. Of
    Obsidian's settings `strictLineBreaks` is read from `.obsidian/app.json`; a file that cannot be
    read counts as unset.
    """
    name = vault_name or " ".join(_as_unicode(root.resolve().name).split()) or "vault"
    deck = _as_unicode(deck or "")
    return Config(
        vault_name=name,
        default_deck=clean_deck(deck) or clean_deck(name) or "vault",
        note_types=load_builtin(),
        breaks=not _has_strict_line_breaks(root),
    )


def _as_unicode(name: str) -> str:
    """Return a name from the system without bytes that are not valid Unicode."""
    return os.fsencode(name).decode("utf-8", "replace")


def _has_strict_line_breaks(root: Path) -> bool:
    try:
        data = json.loads(read_inside(root, ".obsidian/app.json") or b"null")
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("strictLineBreaks") is True
