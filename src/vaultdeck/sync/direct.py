"""The way into a collection whose Anki is closed: guard, back up, compare again, carry out.

The backup is the undo: Anki forgets its undo steps when a collection is closed.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from vaultdeck.sync.carry import carry_out
from vaultdeck.sync.collection import CollectionHands, back_up, open_collection
from vaultdeck.sync.copied import LocalWay
from vaultdeck.sync.errors import InUseError
from vaultdeck.sync.found import InAnki
from vaultdeck.sync.plan import Pack, Plan
from vaultdeck.sync.running import Anki, check_closed, wal_of
from vaultdeck.sync.way import Changed


class Direct(LocalWay):
    """A closed collection on this computer."""

    kind = "direct"
    why = Anki.CLOSED.value

    def look(self, guids: Collection[str]) -> InAnki:
        """Return what the collection holds; raises InUseError if it is open."""
        check_closed(self.profile.collection)
        return super().look(guids)

    def change(self, plan: Plan, seen: InAnki, guids: Collection[str], pack: Pack) -> Changed:
        """Carry a plan out after a backup.

        The collection is closed after the backup, which costs the lock on the file, and opened anew.
        """
        path = self.profile.collection
        check_closed(path)
        with open_collection(path) as collection:
            self.backup = back_up(collection, self.profile.backups)
        check_closed(path)
        with open_collection(path) as collection:
            hands = CollectionHands(collection, guids)
            after = carry_out(hands, plan, seen, pack)
        if os.path.lexists(log := wal_of(path)):
            # What closing could not move into the collection stays in its log, for Anki to do.
            raise InUseError(
                f"the changes lie in '{log}' (full disk?): start Anki once and close it"
            )
        return Changed(after)
