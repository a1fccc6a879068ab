"""What compiled files depend on besides the vault: settings, and the code that compiles."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import vaultdeck
from vaultdeck.cards.syntaxes import version_of
from vaultdeck.compile.cache.folder import RENDERERS
from vaultdeck.model.config import Config


def config_key(config: Config) -> str:
    """Return what tells the results of these settings and this program from those of others."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    digest.update(vaultdeck.__version__.encode())
    # Settings that only choose files and problems do not reach what is compiled.
    reaching = replace(config, ignore=(), scan=(), severities={}, origin="", pasted=False)
    digest.update(repr(reaching).encode("utf-8", "surrogatepass"))
    for name in RENDERERS:
        digest.update(f"{name} {_version(name)}\n".encode())
    for name in config.syntaxes:
        digest.update(version_of(name).encode())
    for path in _own_code():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _version(name: str) -> str:
    version = getattr(import_module(name), "__version__", None)
    if isinstance(version, str):
        return version
    from importlib.metadata import version as version_of

    return version_of(name.replace("_", "-"))


def _own_code() -> list[Path]:
    """Return the files of vaultdeck: while it is developed, its version says little."""
    found = Path(vaultdeck.__file__).parent.rglob("*")
    # What Python compiles is written beside under passing names.
    return sorted(
        path
        for path in found
        if path.suffix and path.parent.name != "__pycache__" and path.is_file()
    )
