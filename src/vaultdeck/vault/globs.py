"""Globs as minimatch has them, which the plugins use.

Old/**      **/*.excalidraw.md      {a,b}/*.md
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def matches(path: str, glob: str) -> bool:
    """Tell whether a path of the vault, in NFC, fits a glob: `*` within a name, `**` across folders."""
    from wcmatch import glob as globs

    flags = globs.GLOBSTAR | globs.BRACE | globs.EXTGLOB | globs.FORCEUNIX | globs.DOTGLOB
    return globs.globmatch(path, glob, flags=flags)


def is_within(path: str, globs: Iterable[str]) -> bool:
    """Tell whether a path begins with one of `globs`, or fits it (as in obsidian-spaced-repetition)."""
    name = unicodedata.normalize("NFC", path)
    return any(name.startswith(glob) or matches(name, glob) for glob in globs)
