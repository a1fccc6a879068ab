"""Anki's note ids that other tools left in a note's properties.

---
noteId: 1769619800835                        Yanki: the whole note file is one card
flashcards:                                  flashcards-obsidian 2: cards by their block IDs
  q-k3wd: { nid: 1769619800835, hash: 5d41 }
  q-9bxa: 1769619800836
---
A question #card
An answer ^q-k3wd
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# An ID is Anki's note id: a time in milliseconds.
NOTE_ID = re.compile(r"[1-9][0-9]{12}")
# `^1769619800835`, as version 1 of flashcards-obsidian writes it; Yanki's; version 2 of the former.
LEFT_ID = re.compile(r"\^([1-9][0-9]{12})(?![0-9])")
LEFT_BY_YANKI = re.compile(
    r"^noteid:[ \t]*[\"']?([1-9][0-9]{12})(?![0-9])", re.MULTILINE | re.IGNORECASE
)
LEFT_BLOCK_ID = re.compile(r"\^(q-[a-z0-9]{4})(?![\w-])")
LEFT_BY_BLOCK_ID = re.compile(
    r"^[ \t]+(q-[a-z0-9]{4}):[^\n]*?(?<![0-9])([1-9][0-9]{12})(?![0-9])", re.MULTILINE
)


def find_left_ids(text: str) -> list[int]:
    """Return what may be IDs in the text of a note; those of block IDs that are gone are none."""
    found = LEFT_ID.findall(text)
    if "noteid:" in text.lower():
        found += LEFT_BY_YANKI.findall(text)
    if "flashcards:" in text:
        there = set(LEFT_BLOCK_ID.findall(text))
        found += [number for name, number in LEFT_BY_BLOCK_ID.findall(text) if name in there]
    return list(map(int, found))


def id_of_file(properties: Mapping[str, object]) -> int | None:
    """Return the ID of the only card of a note file, as Yanki left it; names are in lower case."""
    return _number(properties.get("noteid"))


def ids_by_block_id(properties: Mapping[str, object]) -> dict[str, int]:
    """Return the IDs of cards by their block IDs, as version 2 of flashcards-obsidian left them."""
    cards = properties.get("flashcards")
    found = {}
    for name, value in cards.items() if isinstance(cards, dict) else ():
        number = _number(value.get("nid") if isinstance(value, dict) else value)
        if number is not None:
            found[str(name)] = number
    return found


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, str) and NOTE_ID.fullmatch(value) else None
