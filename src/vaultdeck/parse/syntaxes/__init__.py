"""The card syntaxes by the name that settings call them by; one file each."""

from __future__ import annotations

from vaultdeck.parse.reading import Syntax
from vaultdeck.parse.syntaxes.block import read_blocks

SYNTAXES: dict[str, Syntax] = {
    "block": read_blocks,
}
