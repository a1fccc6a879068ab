"""Who looks on while long work is done: a command with a bar or a clock, or, as here, nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

BUILDING = "Building cards"
READING = "Reading notes"
LOOKING = "Looking for pasted text"
WRITING_IDS = "Writing IDs"

# The stages of a build that `--profile` tells of; those from READ on are of each note file, too.
OPEN, READ, PARSE, RESOLVE, RENDER = "open", "read", "parse", "resolve", "render"
CHECK, IDENTITY, PACKAGE, CACHE, REST = "check", "identity", "package", "cache", "rest"


class Progress:
    """Is told how far work is and what was written; subclasses show it.

    `measures` asks that note files are compiled with a clock.
    """

    measures = False

    def over(self, paths: Sequence[str], work: str) -> Iterable[str]:
        """Hand on the paths of the note files that are worked on, each when the one before is done."""
        return paths

    def wrote(self, path: str) -> None:
        """Take note that a file of the vault, or a package, is written."""

    def begins(self, stage: str) -> None:
        """Take note that the stage before has ended, and another one begins."""

    def compiled(self, path: str, seconds: Mapping[str, float]) -> None:
        """Take note of what the stages of a note file took, in whatever process."""

    def recalled(self, hits: int, misses: int) -> None:
        """Take note of how many note files were in the cache, and how many were not."""

    def lines(self) -> Iterable[str]:
        """Return what there is to tell at the end."""
        return ()


UNSEEN = Progress()
