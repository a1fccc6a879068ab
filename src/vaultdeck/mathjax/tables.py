"""The table of what MathJax knows, read once from `mathjax.txt`.

Each of its lines has a head and names. `macros mm: frac` says that `\\frac` takes two arguments:

    m math   t text   o anything else   B [math]   b [anything]   * an optional star
    d delimiter   D delimiter, also in braces   n length   A opens a table   ? unknown
"""

from __future__ import annotations

import functools
from collections import defaultdict
from pathlib import Path

from vaultdeck.model.value import value

ANYTHING = "?"


@value(frozen=True, slots=True)
class Tables:
    """What is known: names without backslash, but with it among the names of `physics`.

    `macros` and `environments` map to what is taken; `symbols` are macros that show one character,
    `defining` those that make new ones, `tables` the environments with `&`.
    """

    macros: dict[str, str]
    symbols: frozenset[str]
    defining: frozenset[str]
    environments: dict[str, str]
    tables: frozenset[str]
    delimiters: frozenset[str]
    packages: frozenset[str]
    physics: frozenset[str]


@functools.lru_cache(maxsize=1)
def load_tables() -> Tables:
    """Return the table; the file is read when the first formula needs it."""
    text = Path(__file__).with_name("mathjax.txt").read_text(encoding="utf-8")
    names: defaultdict[str, list[str]] = defaultdict(list)
    macros: dict[str, str] = {}
    environments: dict[str, str] = {}
    for line in text.splitlines():
        head, colon, rest = line.partition(": ")
        if not colon or line.startswith("#"):
            continue
        kind, _, taken = head.partition(" ")
        words = [" " if word == "SPACE" else word for word in rest.split()]
        names[kind] += words
        if kind in ("macros", "symbols"):
            macros.update(dict.fromkeys(words, taken.strip("-")))
        elif kind in ("environments", "tables"):
            environments.update(dict.fromkeys(words, taken.strip("-")))
    return Tables(
        macros=macros,
        symbols=frozenset(names["symbols"]),
        defining=frozenset(names["defining"]),
        environments=environments,
        tables=frozenset(names["tables"]),
        delimiters=frozenset(names["delimiters"]),
        packages=frozenset(names["packages"]),
        physics=frozenset(names["physics"]),
    )
