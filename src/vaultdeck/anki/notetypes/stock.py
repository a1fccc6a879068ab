"""What Anki calls its stock note types in each of its languages.

Anki makes its first note types in the language of the person, and fields can be called anything: a type of
one of these names asks what the stock type asks. stock.txt has the names, those of Anki's translations:

    Basic (and reversed card)
        Einfach (und die umgekehrte Richtung)
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping
from pathlib import Path


def stock_name(name: str) -> str:
    """Return the English name of a stock type that is no cloze type; empty if it is none."""
    return _load_names().get(_key(name), "")


def is_plain(name: str) -> bool:
    """Tell whether a name is that of Anki's first note type, with one card."""
    return stock_name(name) == "Basic"


@functools.cache
def _load_names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    kind = ""
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        kind = kind if line[0] == " " else line
        names[_key(line)] = kind
    return names


def _key(name: str) -> str:
    """Return the form in which names compare; Anki puts a `+` behind one that is taken."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()).rstrip("+")
