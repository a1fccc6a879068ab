"""Who looks on while long work is done: a command with a bar, or, as here, nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

BUILDING = "Building cards"
READING = "Reading notes"
LOOKING = "Looking for pasted text"
WRITING_IDS = "Writing IDs"


class Progress:
    """Is told how far work is and what was written; subclasses show it."""

    def over(self, paths: Sequence[str], work: str) -> Iterable[str]:
        """Hand on the paths of the note files that are worked on, each when the one before is done."""
        return paths

    def wrote(self, path: str) -> None:
        """Take note that a file of the vault, or a package, is written."""


UNSEEN = Progress()
