"""The way into a collection whose Anki is closed: guard, back up, plan again, carry out.

The backup is the undo: Anki forgets its undo steps when a collection is closed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from vaultdeck.sync.collection import back_up, carry_out, open_collection, read
from vaultdeck.sync.errors import InUseError
from vaultdeck.sync.found import Found
from vaultdeck.sync.plan import Pack, Plan
from vaultdeck.sync.profiles import Profile
from vaultdeck.sync.running import Anki, check_closed


class Direct:
    """A closed collection on this computer; every method raises SyncError and OSError."""

    only_waiting = False

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self.name = profile.name
        self.why = Anki.CLOSED.value

    def look(self, guids: Collection[str]) -> Found:
        """Return what the collection holds, read from a copy."""
        path = self._profile.collection
        check_closed(path)
        with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
            copy = Path(folder) / path.name
            shutil.copyfile(path, copy)
            with open_collection(copy) as collection:
                return read(collection, guids)

    def change(
        self, plan: Plan, seen: Found, guids: Collection[str], pack: Pack
    ) -> tuple[Path, Found]:
        """Carry a plan out; return the backup's path and what the collection then holds.

        `seen` is what the plan was made of: nothing is changed if the collection holds something else.
        It is closed after the backup, which costs the lock on the file, and opened anew.
        """
        path = self._profile.collection
        check_closed(path)
        with open_collection(path) as collection:
            backup = back_up(collection, self._profile.backups)
        check_closed(path)
        with open_collection(path) as collection:
            if read(collection, guids) != seen:
                raise InUseError(
                    "Anki changed the collection meanwhile, so nothing was done: try again"
                )
            carry_out(collection, plan, pack)
            return backup, read(collection, guids)
