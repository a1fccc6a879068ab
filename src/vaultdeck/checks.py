"""Which problems of a vault a call asks about."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import Location

# What is wrong with the settings or the lock matters to every note.
OF_ALL_NOTES = ("bad-config", "bad-lock", "bad-plugin-settings", "bad-regexp", "unknown-setting")


def choose_problems(problems: Iterable[Diagnostic], chosen: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield the problems of the files and folders `chosen`: in them, or in what they embed.

    All, if none is chosen. This comes before equal problems are made one: of those in a section that
    many notes embed, each has another chain.
    """
    names = [unicodedata.normalize("NFC", name) for name in chosen]

    def is_chosen(place: Location) -> bool:
        path = unicodedata.normalize("NFC", place.path)
        return any(name in (".", path) or path.startswith(f"{name}/") for name in names)

    for problem in problems:
        places = (problem.location, *problem.via)
        if not names or problem.code in OF_ALL_NOTES or any(map(is_chosen, places)):
            yield problem
