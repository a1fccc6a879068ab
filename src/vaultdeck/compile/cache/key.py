"""What compiled files depend on besides the vault: settings, and the code that compiles."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import vaultdeck
from vaultdeck.cards.syntaxes import version_of
from vaultdeck.compile.cache.folder import RENDERERS, own_files
from vaultdeck.model.config import Config


def config_key(config: Config) -> str:
    """Return what tells the results of these settings and this program from those of others."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    digest.update(vaultdeck.__version__.encode())
    # Settings that only choose files and problems do not reach what is compiled.
    reaching = replace(config, ignore=(), scan=(), severities={}, origin="", pasted=False)
    digest.update(repr(reaching).encode("utf-8", "surrogatepass"))
    for name in RENDERERS:
        # It takes long to import, and reads what is written in these settings and nothing else.
        if name != "regex" or config.regexps or config.spaced_repetition.ignore:
            digest.update(f"{name} {_version(name)}\n".encode())
    for name in config.syntaxes:
        digest.update(version_of(name).encode())
    # While vaultdeck is developed, its version says little.
    for path in sorted(entry.path for entry in own_files() if entry.is_file()):
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:16]


def _version(name: str) -> str:
    version = getattr(import_module(name), "__version__", None)
    if isinstance(version, str):
        return version
    from importlib.metadata import version as version_of

    return version_of(name.replace("_", "-"))
