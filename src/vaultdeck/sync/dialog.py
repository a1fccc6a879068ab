"""The way into a running Anki without AnkiConnect: its import dialog is given the package.

The user looks at the options there and clicks. What an import cannot do is left, and said.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

from vaultdeck.sync.copied import LocalWay
from vaultdeck.sync.errors import InUseError
from vaultdeck.sync.found import InAnki
from vaultdeck.sync.plan import DELETED, MOVED, RETYPED, SUSPENDED, Pack, Plan, Step
from vaultdeck.sync.profiles import Profile
from vaultdeck.sync.way import Changed

# Seconds after which a program that was given the package has taken it.
ANSWER_PATIENCE = 5.0
BY_HAND = {
    MOVED: "an import moves no card: search nid:{note} and Change Deck to '{target}', or close Anki",
    RETYPED: "an import changes no note type: Notes > Change Note Type to '{target}', or close Anki",
    DELETED: "an import deletes nothing: search nid:{note} and delete it, or close Anki",
    SUSPENDED: "an import suspends nothing: search nid:{note} and suspend it, or close Anki",
}


class Dialog(LocalWay):
    """The import dialog of Anki on this computer."""

    kind = "open"

    def __init__(self, profile: Profile, why: str, folder: Path | None) -> None:
        """Keep the package in `folder`, if there is one: Anki reads it after this program has ended."""
        super().__init__(profile)
        self.why = why
        self._folder = folder

    def cannot(self, step: Step, plan: Plan, seen: InAnki) -> str:
        """Return what the user has to do by hand."""
        return BY_HAND.get(step.what, "").format(note=step.note, target=step.target)

    def change(self, plan: Plan, seen: InAnki, guids: Collection[str], pack: Pack) -> Changed:
        """Hand the package to Anki."""
        folder = self._folder or Path(tempfile.mkdtemp(prefix="vaultdeck-"))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        package = folder / "vaultdeck.apkg"
        shutil.copyfile(pack([*plan.sent.values()]), package)
        _hand_over(package.resolve())
        return Changed(handed=package)


def _hand_over(package: Path) -> None:
    """Open a package with Anki; a second Anki gives it to the one that runs."""
    if sys.platform == "win32":
        os.startfile(package)
        return
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    for name in ("anki", opener):
        program = shutil.which(name)
        if program and _takes([program, str(package)]):
            return
    raise InUseError(f"nothing here opens packages: in Anki, File > Import '{package}'")


def _takes(command: list[str]) -> bool:
    """Run a command that may go on running; tell whether it has not failed."""
    quiet = subprocess.DEVNULL
    try:
        started = subprocess.Popen(
            command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        return started.wait(ANSWER_PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False
