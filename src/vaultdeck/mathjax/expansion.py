"""How far definitions expand: `\\def\\a{\\sqrt{\\b}\\sqrt{\\b}} \\def\\b{…}` doubles with each step.

MathJax bounds what it expands in one text, but reads each argument as a text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from vaultdeck.mathjax.tables import load_tables
from vaultdeck.regexps import regexp

# Expansions of one macro, and of one formula beside one for each of its characters. MathJax takes about
# five seconds for so many.
MAX_COST = 1_000
# Definitions that use each other.
MAX_CHAIN = 50
# How often a macro shows an argument if it is not known what it does.
UNKNOWN_COPIES = 3
EXPANDED_PART = regexp(r"\\([A-Za-z]+|.)|([{}])|#([1-9])|\S", re.DOTALL)


class Definition(NamedTuple):
    """A macro without its backslash, or an environment: how many arguments it takes, and its body."""

    name: str
    arity: int
    body: str


class Expansions:
    """Definitions that may all be known at once; where several define a name, any of them may count."""

    def __init__(self, definitions: Iterable[Definition] = ()) -> None:
        self._bodies: dict[str, dict[Definition, None]] = {}
        self._costs: dict[str, float] = {}
        self._copies: dict[str, int] = {}
        for definition in definitions:
            self._bodies.setdefault(definition.name, {})[definition] = None

    def __bool__(self) -> bool:
        return bool(self._bodies)

    def joined(self, definitions: Iterable[Definition]) -> Expansions:
        """Return these definitions and more."""
        definitions = tuple(definitions)
        if all(each in self._bodies.get(each.name, ()) for each in definitions):
            return self
        known = (each for bodies in self._bodies.values() for each in bodies)
        return Expansions((*known, *definitions))

    def is_endless(self, tex: str) -> bool:
        """Tell whether TeX expands beyond all measure."""
        most = MAX_COST + len(tex)
        return self._cost(tex, (), most) > most

    def has_endless(self, names: Iterable[str]) -> bool:
        """Tell whether one of these macros expands beyond all measure."""
        return any(self._cost_of(name, ()) > MAX_COST for name in names)

    def names(self) -> Iterable[str]:
        """Return what is defined."""
        return self._bodies

    def _cost_of(self, name: str, above: tuple[str, ...]) -> float:
        if name not in self._bodies:
            return 1
        if name in above or len(above) > MAX_CHAIN:
            return float("inf")
        if name not in self._costs:
            costs = (self._cost(each.body, (*above, name)) for each in self._bodies[name])
            self._costs[name] = 1 + max(costs)
        return self._costs[name]

    def _count_copies(self, name: str) -> int:
        """Return how often a macro shows the argument that it shows most."""
        if name not in self._bodies:
            return 1 if name in load_tables().macros else UNKNOWN_COPIES
        if name not in self._copies:
            numbers = ((d.body, f"#{n}") for d in self._bodies[name] for n in range(1, d.arity + 1))
            counts = (body.count(number) for body, number in numbers)
            self._copies[name] = max(counts, default=1)
        return self._copies[name]

    def _cost(self, tex: str, above: tuple[str, ...], most: int = MAX_COST) -> float:
        """Return how many expansions TeX takes; an argument counts as often as it is shown."""
        total = 0.0
        weight, copies = 1.0, 1
        outer: list[float] = []
        for match in EXPANDED_PART.finditer(tex):
            name, brace, _ = match.groups()
            if name:
                if name in self._bodies or weight > 1:
                    total += weight * self._cost_of(name, above)
                copies = self._count_copies(name)
            elif brace == "{":
                outer.append(weight)
                weight *= max(copies, 1)
            elif brace and outer:
                weight = outer.pop()
            elif not brace:
                copies = 1
            if total > most:
                return float("inf")
        return total
