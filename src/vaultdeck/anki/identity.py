"""Who a note is: from the ID in the note file to Anki's note id and GUID.

Anki matches notes on import by GUID alone, so the GUID is a fixed function of the ID, for ever,
unless the lock holds the one that the note already has in Anki.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from vaultdeck.model import MediaRef, Note, NoteType
from vaultdeck.regexps import regexp

# New IDs look like creation times of the last four months, in milliseconds, as the plugin's do. Those of
# one run follow each other from a random point on: Anki, which sorts by them, shows the cards in the
# order of the vault, and two people who build on two branches hardly ever come upon the same ones.
SPREAD = 10**10
# The IDs of 13 digits that new ones lie between.
FIRST_ID, LAST_ID = 10**12 + SPREAD, 9 * 10**12
# Anki keeps modification times in 32 bits in places; the year 2106.
MAX_MTIME = 2**32 - 1
# Behind each ID there is room for the ids of a hundred cards. Where exactly an ID stands in its step
# follows from the step, by which one that vaultdeck made is known.
ID_STEP = 200
CHECK = 97
DAY = 24 * 60 * 60
# The tag of every note that vaultdeck makes, to find them in Anki's browser.
OUR_TAG = "vaultdeck"
# The first letter of the hash of a note that could not be read in full.
PARTIAL = "?"
# What stands round an embed, and any such element.
FRAME = '<div class="vd-embed">'
DIV = regexp(r"(<div(?:[^\">]|\"[^\"]*\")*>|</div>)")
# Writes JSON in one line that no reader of lines splits.
ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def guid_of(note_id: int) -> str:
    """Return the GUID of the note with an ID."""
    return f"vaultdeck-{note_id}"


def later(now: int, before: int) -> int:
    """Return the time of a note that changes `now` (seconds), later than the one `before` if it can be."""
    return min(max(now, before + 1), MAX_MTIME)


def mint_ids(taken: Container[int], now: int, pick: Callable[[int], int]) -> Iterator[int]:
    """Yield new 13-digit IDs in ascending order that are not `taken`.

    `now` is in seconds, by a clock that may be wrong; `pick(n)` chooses a number below n.
    """
    step = (min(max((now - DAY) * 1000, FIRST_ID), LAST_ID) - pick(SPREAD)) // ID_STEP
    while True:
        if _number_of(step) not in taken:
            yield _number_of(step)
        step += 1


def is_minted(number: int) -> bool:
    """Tell whether `mint_ids` made an ID.

    Of those that another program made, one in two hundred seems to be.
    """
    return number == _number_of(number // ID_STEP)


def _number_of(step: int) -> int:
    return step * ID_STEP + step % CHECK


def digest_of(note: Note) -> str:
    """Return the hash of all that an import would change in Anki: fields, tags, type, media bytes."""
    return note.digest or content_digest(note.note_type, note.fields, note.tags, note.media)


def changed(note: Note, **changes: Any) -> Note:
    """Return a note with other fields, tags, type or media, which has another hash."""
    return replace(note, digest="", **changes)


def without_frames(note: Note) -> Note:
    """Return a note with what its embeds show, and not the elements round it."""
    return changed(note, fields=tuple(map(_without_frames, note.fields)))


def _without_frames(html: str) -> str:
    """Return HTML without the elements round embeds, each on a line of its own: they show nothing."""
    if FRAME not in html:
        return html
    # For each open `<div>`, whether it is a frame.
    frames: list[bool] = []
    kept = []
    for part in DIV.split(html):
        if part == "</div>":
            is_frame = frames.pop() if frames else False
        else:
            is_frame = part == FRAME
            frames += [is_frame] if part.startswith("<div") else []
        if is_frame:
            kept.append(FRAME)
        else:
            kept.append(part.removeprefix("\n") if kept[-1:] == [FRAME] else part)
    return "".join(part for part in kept if part != FRAME).rstrip("\n")


def content_digest(
    note_type: NoteType, fields: Sequence[str], tags: Iterable[str], media: Sequence[MediaRef]
) -> str:
    """Return the hash of a note that is made of these."""
    content = [
        note_type.id,
        fields,
        sorted([tag for tag in tags if tag != OUR_TAG]),
        sorted([(ref.name, ref.digest) for ref in media]),
    ]
    found = hashlib.sha256(ENCODER.encode(content).encode()).hexdigest()[:20]
    return found if all(ref.name for ref in media) else PARTIAL + found[1:]
