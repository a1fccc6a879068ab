"""A way into Anki, as the steps of a sync see it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple, Protocol

from vaultdeck.sync.found import InAnki
from vaultdeck.sync.plan import Pack, Plan, Step


class Changed(NamedTuple):
    """What came of a plan: what Anki then holds.

    Where the user has to finish in Anki, `handed` is the package that was handed over, and what Anki will
    hold is not known.
    """

    after: InAnki | None = None
    handed: Path | None = None


class Way(Protocol):
    """A way into Anki; its methods raise SyncError and OSError.

    `kind` is one of those that `--to` takes, `name` says what is reached and `why` in which state; with
    `only_waiting` cards that are due are not moved. `told_after` is said when something was changed.
    `backup` is there as soon as one was made, and `way_back` tells what to do with it.
    """

    kind: str
    name: str
    why: str
    only_waiting: bool = False
    told_after: str = ""
    backup: Path | None = None
    way_back: str = "File > Switch Profile > Open Backup"

    def look(self, guids: Collection[str]) -> InAnki:
        """Return what Anki holds of the notes with these GUIDs."""

    def cannot(self, step: Step, plan: Plan, seen: InAnki) -> str:
        """Return why this way cannot do a step, and what can; empty if it can."""
        return ""

    def change(self, plan: Plan, seen: InAnki, guids: Collection[str], pack: Pack) -> Changed:
        """Carry out a plan made of what was `seen`; nothing is done if Anki holds something else now."""
