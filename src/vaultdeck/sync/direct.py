"""The way into a collection whose Anki is closed: guard, back up, plan again, carry out.

The backup is the undo: Anki forgets its undo steps when a collection is closed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from vaultdeck.sync.collection import Pack, back_up, carry_out, open_collection, read
from vaultdeck.sync.errors import InUseError
from vaultdeck.sync.found import Found
from vaultdeck.sync.plan import Plan
from vaultdeck.sync.profiles import Profile
from vaultdeck.sync.running import check_closed


def look_into(profile: Profile, guids: Collection[str]) -> Found:
    """Return what a closed collection holds, read from a copy; raises SyncError and OSError."""
    check_closed(profile.collection)
    with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
        copy = Path(folder) / profile.collection.name
        shutil.copyfile(profile.collection, copy)
        with open_collection(copy) as collection:
            return read(collection, guids)


def change(
    profile: Profile, plan: Plan, seen: Found, guids: Collection[str], pack: Pack
) -> tuple[Path, Found]:
    """Carry a plan out; return the backup's path and what the collection then holds.

    `seen` is what the plan was made of: nothing is changed if the collection holds something else. It
    is closed after the backup, which costs the lock on the file, and opened anew.

    Raises SyncError and OSError.
    """
    check_closed(profile.collection)
    with open_collection(profile.collection) as collection:
        backup = back_up(collection, profile.backups)
    check_closed(profile.collection)
    with open_collection(profile.collection) as collection:
        if read(collection, guids) != seen:
            raise InUseError(
                "Anki changed the collection meanwhile, so nothing was written: try again"
            )
        carry_out(collection, plan, pack)
        return backup, read(collection, guids)
