"""Globs as minimatch has them, which the plugins use.

Old/**      **/*.excalidraw.md      {a,b}/*.md
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

from vaultdeck.model.diagnostics import shorten
from vaultdeck.spelling import with_plain_spaces

# How many globs the braces of one may stand for, how long one is, and all for which it stands as regexps, and
# how many a setting may hold. A list of 256 folders with long names takes an eighth of that.
MAX_ALTERNATIVES = 256
MAX_GLOB_LENGTH = 8000
MAX_PATTERNS_LENGTH = 200_000
MAX_GLOBS = 2000
# Seconds for one path, and for all globs of a setting, of this program alone, however busy the computer is:
# they come from a stranger, and stars can multiply.
GLOB_SECONDS = 0.05
GLOBS_SECONDS = 20.0


class GlobError(ValueError):
    """A glob, or so many of them, cannot be used; the message says why."""


class Globs:
    """The globs of a setting while they are tried on all paths of a vault; raises GlobError."""

    def __init__(self, globs: Sequence[str], seconds: float = GLOBS_SECONDS) -> None:
        if len(globs) > MAX_GLOBS:
            raise GlobError(f"there are {len(globs)} globs, more than {MAX_GLOBS}")
        self._end = time.process_time() + seconds

    def matching(self, glob: str, paths: Iterable[str]) -> set[str]:
        """Return the paths, with plain spaces, that fit one of the globs."""
        found = set()
        for path in paths:
            if matches(path, glob):
                found.add(path)
            if time.process_time() > self._end:
                raise _unusable(glob)
        return found


def matches(path: str, glob: str) -> bool:
    """Tell whether a path, with plain spaces, fits a glob: `*` within a name, `**` across folders.

    Raises GlobError if the glob is too long or stands for too many others, or takes too long on the path.
    """
    wanted, unwanted = _compile(glob)
    try:
        if not any(pattern.fullmatch(path, timeout=GLOB_SECONDS) for pattern in wanted):
            return False
        return not any(pattern.fullmatch(path, timeout=GLOB_SECONDS) for pattern in unwanted)
    except TimeoutError:
        raise _unusable(glob) from None


def is_within(path: str, globs: Iterable[str]) -> bool:
    """Tell whether a path begins with one of `globs`, or fits it (as in obsidian-spaced-repetition).

    A glob that cannot be used fits nothing.
    """
    name = with_plain_spaces(path)
    return any(name.startswith(with_plain_spaces(glob)) or _may_match(name, glob) for glob in globs)


def is_glob(glob: str) -> bool:
    """Tell whether a glob can be used at all."""
    try:
        _compile(glob)
    except GlobError:
        return False
    return True


def _may_match(path: str, glob: str) -> bool:
    try:
        return matches(path, glob)
    except GlobError:
        return False


def _unusable(glob: str) -> GlobError:
    return GlobError(
        f"the glob '{shorten(glob)}' is too long, takes too long, or stands for too many others"
    )


@functools.lru_cache(maxsize=MAX_GLOBS)
def _compile(glob: str) -> tuple[list[regex.Pattern[str]], list[regex.Pattern[str]]]:
    """Return the patterns of which a path must match one, and those of which it must match none."""
    import regex
    from wcmatch import _wcparse
    from wcmatch import glob as globs

    if len(glob) > MAX_GLOB_LENGTH:
        raise _unusable(glob)
    flags = globs.GLOBSTAR | globs.BRACE | globs.EXTGLOB | globs.FORCEUNIX | globs.DOTGLOB
    try:
        wanted, unwanted = globs.translate(
            with_plain_spaces(glob), flags=flags, limit=MAX_ALTERNATIVES
        )
        if sum(map(len, [*wanted, *unwanted])) > MAX_PATTERNS_LENGTH:
            raise _unusable(glob)
        return [*map(regex.compile, wanted)], [*map(regex.compile, unwanted)]
    except (_wcparse.PatternLimitException, regex.error, RecursionError):
        raise _unusable(glob) from None
