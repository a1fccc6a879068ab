"""Globs as minimatch has them, which the plugins use.

Old/**      **/*.excalidraw.md      {a,b}/*.md
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

from vaultdeck.spelling import with_plain_spaces

# How many globs the braces of one may stand for.
MAX_ALTERNATIVES = 256
# Seconds for one path: a glob comes from a stranger, and stars can multiply.
GLOB_SECONDS = 0.05


class GlobError(ValueError):
    """A glob cannot be used; `glob` is its text."""

    def __init__(self, glob: str) -> None:
        super().__init__(glob)
        self.glob = glob


def matches(path: str, glob: str) -> bool:
    """Tell whether a path, with plain spaces, fits a glob: `*` within a name, `**` across folders.

    Raises GlobError if the glob stands for too many others, or takes too long on the path.
    """
    wanted, unwanted = _compile(glob)
    try:
        if not any(pattern.fullmatch(path, timeout=GLOB_SECONDS) for pattern in wanted):
            return False
        return not any(pattern.fullmatch(path, timeout=GLOB_SECONDS) for pattern in unwanted)
    except TimeoutError:
        raise GlobError(glob) from None


def is_within(path: str, globs: Iterable[str]) -> bool:
    """Tell whether a path begins with one of `globs`, or fits it (as in obsidian-spaced-repetition).

    A glob that cannot be used fits nothing.
    """
    name = with_plain_spaces(path)
    return any(name.startswith(with_plain_spaces(glob)) or _may_match(name, glob) for glob in globs)


def _may_match(path: str, glob: str) -> bool:
    try:
        return matches(path, glob)
    except GlobError:
        return False


@functools.lru_cache(maxsize=256)
def _compile(glob: str) -> tuple[list[regex.Pattern[str]], list[regex.Pattern[str]]]:
    """Return the patterns of which a path must match one, and those of which it must match none."""
    import regex
    from wcmatch import _wcparse
    from wcmatch import glob as globs

    flags = globs.GLOBSTAR | globs.BRACE | globs.EXTGLOB | globs.FORCEUNIX | globs.DOTGLOB
    try:
        wanted, unwanted = globs.translate(
            with_plain_spaces(glob), flags=flags, limit=MAX_ALTERNATIVES
        )
        return [*map(regex.compile, wanted)], [*map(regex.compile, unwanted)]
    except (_wcparse.PatternLimitException, regex.error, RecursionError):
        raise GlobError(glob) from None
