"""Did you mean: the name nearest to one that does not exist.

Names count as near if they are the same but for letter case, accents, spaces and punctuation, or if
one letter is missing, added, wrong or swapped with its neighbour. An index of every name with each
letter left out finds them at once, where comparing with ten thousand names would take a second.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator


class NearNames:
    """The names that something could have been meant to be; the index is made when first asked."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names
        self._index: dict[str, str] = {}

    def nearest(self, wanted: str) -> str | None:
        """Return the name nearest to `wanted`, None if none is near."""
        if not self._index:
            for name in sorted(self._names, reverse=True):
                for key in _keys(name):
                    self._index[key] = name
        return next((self._index[key] for key in _keys(wanted) if key in self._index), None)


def _keys(name: str) -> Iterator[str]:
    """Yield what a name is compared by: its letters and digits, and these with each one left out."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    key = "".join(char for char in plain if char.isalnum())
    if key:
        yield key
    # A letter more or less of three could be anything.
    if len(key) > 3:
        yield from (key[:index] + key[index + 1 :] for index in range(min(len(key), 60)))
