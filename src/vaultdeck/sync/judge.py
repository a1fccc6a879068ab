"""The rules for one note: whether somebody edited it in Anki, whether Anki's text is out of date.

After a sync the lock has a hash of what Anki then held. Any other text is somebody's edit, unless it bears
one of the modification times that builds gave the note, since packages may be imported by hand as well:
Anki keeps a package's time (since 25.02; older versions write the time of the import), and sets another
one when somebody edits.
"""

from __future__ import annotations

from vaultdeck.anki.decks import deck_key
from vaultdeck.anki.identity import OUR_TAG, guid_of
from vaultdeck.anki.lock import Entry, Lock
from vaultdeck.model import AnkiCard, AnkiNote, StampedNote
from vaultdeck.sync.found import MARKED, InAnki, digest_as_found, digest_in_anki

# What the lock holds as `sent` of a note that somebody edited before the first sync: the hash of nothing.
NEVER = "edited"


def is_edited(stamped: StampedNote, entry: Entry, found: AnkiNote, is_unknown: bool) -> bool:
    """Tell whether a note's text in Anki is somebody's: neither the vault's nor one that we sent.

    Nothing is known of a note that only this build wrote into the lock (`is_unknown`).
    """
    if digest_in_anki(found) == digest_as_found(stamped.note):
        return False
    return is_unknown or is_foreign(entry, found)


def is_foreign(entry: Entry, found: AnkiNote) -> bool:
    """Tell whether a note's text in Anki was not sent by us, as far as the lock knows."""
    first, *later = sorted({entry.mtime, *entry.times})
    if entry.sent:
        # The first time is that of the sync, at which Anki held what was sent.
        return digest_in_anki(found) != entry.sent and found.mtime not in later
    return found.mtime > first and found.mtime not in later


def who_edited(entry: Entry) -> str:
    """Return whose a text in Anki may be; before the first sync an old import looks like an edit.

    Anki 24.11 and older give what they import the time of the import, and later skip an older package.
    """
    is_known = entry.sent and entry.sent != NEVER
    return "edited in Anki" + ("" if is_known else " (or imported by Anki 24.11 or older)")


def is_stale(stamped: StampedNote, entry: Entry, found: AnkiNote) -> bool:
    """Tell whether the vault has something that Anki's note has not."""
    if entry.sent and entry.given == entry.digest:
        return digest_in_anki(found) != entry.sent and not is_foreign(entry, found)
    if digest_in_anki(found) == digest_as_found(stamped.note):
        # The pictures may be others. A mark or a renamed field in Anki makes a note newer than the build that
        # changed the picture, so the times tell nothing but that this very build was imported.
        may_differ = bool(stamped.note.media) and bool(entry.sent or found.mtime != stamped.mtime)
        return may_differ or found.mtime < stamped.mtime
    return bool(entry.sent) or found.mtime != stamped.mtime


def is_in(card: AnkiCard, deck: str) -> bool:
    """Tell whether a card's home is a deck, as Anki compares names."""
    return deck_key(card.deck) == deck_key(deck)


def was_ours(card: AnkiCard, entry: Entry) -> bool:
    """Tell whether a card is in a deck that the vault gave its note."""
    return any(is_in(card, deck) for deck in (entry.deck, *entry.was))


def is_ours(found: AnkiNote) -> bool:
    """Tell whether a note may be deleted at all: a lock can come with a stranger's vault, and name any."""
    return OUR_TAG in found.tags


def why_kept(entry: Entry, found: AnkiNote) -> str:
    """Return why a note that is gone from the vault is better kept in Anki; empty if it may go."""
    moved = next((card.deck for card in found.cards if not was_ours(card, entry)), "")
    filtered = next((card.filtered for card in found.cards if card.filtered), "")
    reasons = {
        "not tagged 'vaultdeck' in Anki": not is_ours(found),
        "edited in Anki": is_foreign(entry, found),
        f"moved in Anki to '{moved}'": moved,
        f"in the filtered deck '{filtered}'": filtered,
        "flagged": any(card.is_flagged for card in found.cards),
        "marked": MARKED in map(str.casefold, found.tags),
    }
    return ", ".join(reason for reason, holds in reasons.items() if holds)


def never_buried(stamped: StampedNote, found: InAnki) -> int:
    """Return an id in Anki for a note that is new there: its own, if nothing with it was ever deleted.

    Anki tells other devices of an id's first deletion alone: where a note came back under its id and is
    deleted again, the next sync fails, and Anki asks for a one-way sync.
    """
    number, width = stamped.id, max(stamped.cards, default=1)
    graves = found.graves if found.was_synced else frozenset[int]()
    while not graves.isdisjoint(range(number, number + width)):
        number += 1
    return number


def is_known(lock: Lock, found: InAnki) -> bool:
    """Tell whether what the lock knows as sent was sent to this collection.

    Another user's collection, or another profile, never had it, even one that began on the same day: such
    a one neither holds nor buried any of these notes.
    """
    sent = [entry for entry in lock.entries.values() if entry.sent]
    has_any = any((entry.guid or guid_of(entry.id)) in found.notes for entry in sent)
    is_same_day = lock.collection in ("", found.collection)
    return is_same_day and (has_any or not found.graves.isdisjoint(entry.id for entry in sent))
