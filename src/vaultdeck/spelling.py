"""How names compare: which are one, which comes first, which one was meant where none fits.

Of the few names that settings or formulas know, `nearest` compares each. The notes of a vault can be ten
thousand, with which comparing would take a second: `NearNames` looks up an index.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator

from vaultdeck.regexps import regexp

# What looks like a space: macOS writes U+202F into the names of screenshots, web pages hold U+00A0.
WIDE_SPACES = regexp(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
DIGIT_RUN = regexp(r"([0-9]+)")
# A name that is longer is no slip of the pen.
MAX_NAME_LENGTH = 80
# Parts of a name in turn text and number.
NameOrder = tuple[str | tuple[int, str], ...]


def with_plain_spaces(name: str) -> str:
    """Return a name or path in NFC, every space a plain one: what settings say of folders compares so."""
    return name if name.isascii() else WIDE_SPACES.sub(" ", unicodedata.normalize("NFC", name))


def name_key(name: str) -> str:
    """Return the form in which names and paths are compared: as above, and case folded."""
    return with_plain_spaces(name).casefold()


def name_order(name: str) -> NameOrder:
    """Return what names are sorted by, as Obsidian's file list does: `Chapter 2` before `Chapter 10`."""
    parts = DIGIT_RUN.split(name_key(name))
    return tuple(
        (len(part.lstrip("0")), part.lstrip("0")) if index % 2 else part
        for index, part in enumerate(parts)
    )


def path_order(path: str) -> tuple[tuple[NameOrder, ...], str]:
    """Return what paths are sorted by: as a file tree shows, folder by folder and without extension."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return tuple(map(name_order, f"{folder}{slash}{stem}".split("/"))), path


def unseen_difference(one: str, other: str) -> str:
    """Return the characters in which two names differ though they look the same, as `U+200B`."""
    common, different = {*one} & {*other}, {*one} ^ {*other}
    scripts = {*map(_script, common)}
    unseen = [
        char
        for char in sorted(different)
        if unicodedata.category(char) in ("Cf", "Cc", "Zs")
        or (char.isalpha() and not char.isascii() and _script(char) not in scripts)
    ]
    return ", ".join(f"U+{ord(char):04X}" for char in unseen if char != " ")


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0] if char.isalpha() else ""


def nearest(wanted: str, names: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the one of `names` that is nearest to `wanted`, whatever its letter case; empty if none is.

    `cutoff` is the share of letters that two names must have in common.
    """
    by_key: dict[str, list[str]] = {}
    for name in names:
        by_key.setdefault(name.casefold(), []).append(name)
    key = wanted.casefold() if len(wanted) <= MAX_NAME_LENGTH else ""
    found = difflib.get_close_matches(key, filter(None, by_key), n=1, cutoff=cutoff)
    same = by_key[found[0]] if found else [""]
    return max(same, key=lambda name: sum(map(str.__eq__, name, wanted)))


def did_you_mean(wanted: str, names: Iterable[str], known: str = "known") -> str:
    """Return the hint for an unknown name: the nearest one, or all, which `known` calls by a noun."""
    names = list(names)
    near = nearest(wanted, names)
    listed = ", ".join(f"'{name}'" for name in names)
    return meant(near, wanted) if near else f"{known}: {listed}"


def meant(near: str, wanted: str) -> str:
    """Return the hint that a name was meant, and in what it differs if both look the same."""
    unseen = unseen_difference(near, wanted)
    return f"did you mean '{near}'?{f' The two differ in {unseen}' if unseen else ''}"


class NearNames:
    """The names that something could have been meant to be; the index is made when first asked.

    Names count as near if they are the same but for letter case, accents, spaces and punctuation, or if
    one letter is missing, added, wrong or swapped with its neighbour.
    """

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
