"""How many elements of a drawing stand on the screen, as `<use>`, patterns and markers repeat others.

<g id="a">…</g> <g id="b"><use href="#a"/><use href="#a"/></g> <use href="#b"/>    each step doubles
"""

from __future__ import annotations

import re

from vaultdeck.regexps import regexp

MAX_DRAWN = 1_000_000
REFERENCE = regexp(r"(?:^\s*|url\(\s*[\"']?)#([^\s\"')]+)", re.IGNORECASE)


class Uses:
    """Which elements show which others, by `href` and `url(#…)`: nested uses multiply."""

    def __init__(self) -> None:
        # For each named element those that it shows, and how many elements it has itself.
        self._shows: dict[str, list[str]] = {"": []}
        self._sizes: dict[str, int] = {"": 0}
        self._open: list[str | None] = []
        self._named: list[str] = [""]

    def open(self, attributes: dict[str, str]) -> None:
        """Enter an element."""
        name = attributes.get("id")
        if name is not None and name not in self._sizes:
            self._shows[self._named[-1]].append(name)
            self._named.append(name)
            self._shows[name], self._sizes[name] = [], 0
        else:
            name = None
        self._open.append(name)
        inner = self._named[-1]
        self._sizes[inner] += 1
        for value in attributes.values():
            if "#" in value:
                self._shows[inner] += REFERENCE.findall(value)

    def close(self) -> None:
        """Leave an element."""
        if self._open.pop() is not None:
            self._named.pop()

    def are_too_many(self) -> bool:
        """Tell whether more elements are drawn than `MAX_DRAWN`."""
        totals: dict[str, int] = {}
        # Each name twice: once to look at what it shows, once to add that up. What shows itself is not
        # drawn by browsers.
        stack = [("", False)]
        while stack:
            name, is_done = stack.pop()
            if is_done:
                total = self._sizes[name] + sum(totals.get(n, 0) for n in self._shows[name])
                totals[name] = min(total, MAX_DRAWN + 1)
            elif name not in totals:
                totals[name] = 0
                stack.append((name, True))
                stack += [(n, False) for n in set(self._shows[name]) if n in self._sizes]
        return totals[""] > MAX_DRAWN
