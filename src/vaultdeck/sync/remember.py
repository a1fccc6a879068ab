"""What the lock learns from a sync: what Anki now holds of each note."""

from __future__ import annotations

from dataclasses import replace

from vaultdeck.anki.identity import MAX_MTIME, guid_of
from vaultdeck.anki.lock import Lock
from vaultdeck.sync.found import InAnki, digest_in_anki
from vaultdeck.sync.judge import NEVER
from vaultdeck.sync.plan import DELETED, LEFT, Plan, VaultSide

# Why a note's text is not what the vault says.
TEXT_CAUSES = ("edited", "type", "twice")


def remember(vault: VaultSide, plan: Plan, after: InAnki) -> Lock:
    """Return the lock after a sync: `after` is what Anki holds once `plan` was carried out.

    A note that was left because of its text stays as the lock knew it, or as edited if it knew nothing.
    """
    entries = dict(vault.lock.entries)
    causes = {step.id: step.cause for step in plan.of(LEFT) if step.cause in TEXT_CAUSES}
    for stamped in vault.notes:
        in_anki = after.notes.get(stamped.guid)
        if in_anki is None or stamped.note.is_partial:
            continue
        entry = entries[stamped.id]
        if stamped.id not in causes and in_anki.type_id == stamped.note.note_type.id:
            mtime = in_anki.mtime if stamped.id in plan.sent else entry.mtime
            entries[stamped.id] = replace(
                entry,
                mtime=min(max(entry.mtime, mtime), MAX_MTIME),
                note_type=stamped.note.kind,
                times=(),
                sent=digest_in_anki(in_anki),
                given=entry.digest,
            )
        elif causes.get(stamped.id) == "edited" and not entry.sent:
            entries[stamped.id] = replace(entry, sent=NEVER, given=entry.digest, times=())
    for step in plan.of(DELETED):
        entry = entries[step.id]
        if (entry.guid or guid_of(entry.id)) not in after.notes:
            # As if it had been sent once more: it must not come back that way.
            entries[step.id] = replace(entry, is_buried=True, last=(), times=(), sent="", given="")
    return replace(vault.lock, entries=entries, collection=after.collection)
