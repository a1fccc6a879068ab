"""How far definitions expand: `\\def\\a{\\sqrt{\\b}\\sqrt{\\b}} \\def\\b{…}` doubles with each step.

MathJax bounds what it expands in one text, but reads each argument as a text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vaultdeck.mathjax.tables import load_tables

# Expansions of one formula.
MAX_COST = 10_000
# How often a macro shows an argument if it is not known what it does.
UNKNOWN_COPIES = 3
EXPANDED_PART = re.compile(r"\\([A-Za-z]+|.)|([{}])|#([1-9])|\S", re.DOTALL)


class Definition(NamedTuple):
    """A macro without its backslash, or an environment: how many arguments it takes, and its body."""

    name: str
    arity: int
    body: str


def is_endless(
    tex: str, own: Iterable[Definition], others: Mapping[str, tuple[Definition, ...]]
) -> bool:
    """Tell whether TeX, with its own definitions and those of the card, expands beyond all measure."""
    own = tuple(own)
    table: dict[str, list[Definition]] = {}
    for definition in (*own, *(each for several in others.values() for each in several)):
        table.setdefault(definition.name, []).append(definition)
    costs: dict[str, float] = {}
    return _cost(tex, table, costs, ()) > MAX_COST or any(
        _cost_of(definition.name, table, costs, ()) > MAX_COST for definition in own
    )


def _cost_of(
    name: str,
    table: Mapping[str, list[Definition]],
    costs: dict[str, float],
    above: tuple[str, ...],
) -> float:
    if name not in table:
        return 1
    if name in above or len(above) > 50:
        return float("inf")
    if name not in costs:
        costs[name] = 1 + max(_cost(d.body, table, costs, (*above, name)) for d in table[name])
    return costs[name]


def _copies(name: str, table: Mapping[str, list[Definition]]) -> int:
    """Return how often a macro shows the argument that it shows most."""
    if name not in table:
        return 1 if name in load_tables().macros else UNKNOWN_COPIES
    counts = [d.body.count(f"#{number}") for d in table[name] for number in range(1, d.arity + 1)]
    return max(counts, default=1)


def _cost(
    tex: str, table: Mapping[str, list[Definition]], costs: dict[str, float], above: tuple[str, ...]
) -> float:
    """Return how many expansions TeX takes; an argument counts as often as it is shown."""
    total = 0.0
    weight, copies = 1.0, 1
    outer: list[float] = []
    for match in EXPANDED_PART.finditer(tex):
        name, brace, _ = match.groups()
        if name:
            if name in table or weight > 1:
                total += weight * _cost_of(name, table, costs, above)
            copies = _copies(name, table)
        elif brace == "{":
            outer.append(weight)
            weight *= max(copies, 1)
        elif brace and outer:
            weight = outer.pop()
        elif not brace:
            copies = 1
        if total > MAX_COST:
            return float("inf")
    return total
