"""Turn the card blocks of an Obsidian vault into an Anki package; `vaultdeck.api` is for programs."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `__main__`
if TYPE_CHECKING:
    from vaultdeck import api as api

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import `vaultdeck.api` when it is asked for, and not when the command begins."""
    if name == "api":
        from importlib import import_module

        return import_module("vaultdeck.api")
    raise AttributeError(f"module 'vaultdeck' has no attribute '{name}'")
