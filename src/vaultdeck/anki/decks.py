"""Deck names as Anki keeps them.

    Mathematics :: Algebra   →   Mathematics::Algebra

Anki trims white space and colons from the parts of a name, drops control characters and calls an empty
part "blank"; two names that differ only in letter case become two decks, one of them with an underscore
behind its name.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable

from vaultdeck.model.diagnostics import CONTROL

# What Anki trims from both ends of a part: colons and all white space.
TRIMMED = (
    ":\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


@functools.lru_cache(maxsize=1024)
def clean_deck(name: str) -> str:
    """Return a deck's name in Anki's form; empty if nothing is left of it. Remembered, as few differ."""
    name = unicodedata.normalize("NFC", CONTROL.sub(" ", name))
    return "::".join(filter(None, (part.strip(TRIMMED) for part in name.split("::"))))


def deck_key(name: str) -> str:
    """Return the form in which Anki compares the names of decks."""
    return unicodedata.normalize("NFC", name).casefold()


def deck_of_path(path: str) -> str:
    """Return the deck that a path of folders, or of an Obsidian tag, names."""
    return clean_deck(path.replace("/", "::"))


def unify_letter_case(names: Iterable[str]) -> dict[str, str]:
    """Return the decks that differ from one before only in letter case, each with the name of both.

    Parts of names are compared by themselves.
    """
    seen: dict[str, str] = {}

    def unify(deck: str) -> str:
        key = done = ""
        for part in deck.split("::"):
            key = f"{key}::{part.casefold()}"
            done = seen.setdefault(key, f"{done}::{part}" if done else part)
        return done

    unified = {name: unify(name) for name in dict.fromkeys(names)}
    return {name: done for name, done in unified.items() if name != done}
