"""How names compare: which are one name, which comes first, and in what two that look alike differ."""

from __future__ import annotations

import re
import unicodedata

# What looks like a space: macOS writes U+202F into the names of screenshots, web pages hold U+00A0.
WIDE_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
DIGIT_RUN = re.compile(r"([0-9]+)")
# Parts of a name in turn text and number.
NameOrder = tuple[str | tuple[int, str], ...]


def name_key(name: str) -> str:
    """Return the form in which names and paths are compared: NFC, case folded, every space a plain one."""
    if name.isascii():
        return name.lower()
    return WIDE_SPACES.sub(" ", unicodedata.normalize("NFC", name)).casefold()


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
