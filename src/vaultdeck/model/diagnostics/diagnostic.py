"""One problem at one place, as a value; as JSON and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from vaultdeck.model import Location
from vaultdeck.model.decode import decode
from vaultdeck.model.diagnostics.codes import CODES, ERROR, NOTICE, WARNING, Code
from vaultdeck.model.diagnostics.words import CONTROL
from vaultdeck.model.value import value


@value(frozen=True, slots=True)
class Diagnostic:
    """One problem at one place.

    `hint` is an action that mends it; `via` is the chain of embeds that led to the place, outermost
    first, when the problem stands in embedded text, and `count` tells how many embeds lead there.
    `override` is the severity that this call or the settings give to the code, if they do. `others` are
    further places where the same is wrong (of a `count` of one: the other card that the message is about),
    and `diff` is a unified diff of two texts that should be one.
    """

    code: str
    location: Location
    message: str
    hint: str = ""
    via: tuple[Location, ...] = ()
    override: str = ""
    count: int = 1
    others: tuple[Location, ...] = ()
    diff: str = ""

    @property
    def severity(self) -> str:
        """Return `error`, `warning` or `notice`: what the settings say for this code, else the table."""
        return self.override or CODES[self.code].severity

    @property
    def gist(self) -> tuple[str, str, str]:
        """Return what stays the same when lines move: file (none for a missing target), code, message."""
        return "" if self.traits.of_target else self.location.path, self.code, self.message

    @property
    def spelt_out(self) -> Diagnostic:
        """Return the diagnostic with the other card's place in its message, as a person is told it."""
        if self.count > 1 or not self.others:
            return self
        other = self.others[0]
        return replace(self, message=f"{self.message}, at {other.path}:{other.line}", others=())

    def moved(self, place: Callable[[Location], Location]) -> Diagnostic:
        """Return the diagnostic with each of its places as `place` gives it."""
        return replace(
            self,
            location=place(self.location),
            via=tuple(map(place, self.via)),
            others=tuple(map(place, self.others)),
        )

    @property
    def traits(self) -> Code:
        """Return what all diagnostics of this code have in common."""
        return CODES[self.code]

    def as_dict(self) -> dict[str, Any]:
        """Return the diagnostic as a plain value, its place first, from which `from_dict` makes it again."""
        return {
            **asdict(self.location),
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "count": self.count,
            "via": [asdict(embed) for embed in self.via],
            "others": [asdict(other) for other in self.others],
            **({"diff": self.diff} if self.diff else {}),
        }

    @classmethod
    def from_dict(cls, data: object) -> Diagnostic:
        """Return the diagnostic of a plain value; raises ValueError."""
        if type(data) is not dict:
            raise ValueError(data)
        place = [data.get(each.name) for each in fields(Location)]
        problem = decode(cls, {**data, "location": place, "override": data.get("severity")})
        if problem.code not in CODES or problem.override not in (ERROR, WARNING, NOTICE):
            raise ValueError(problem.code)
        places = (problem.location, *problem.via, *problem.others)
        if CONTROL.search(problem.message + problem.hint) or not all(map(_is_location, places)):
            raise ValueError(problem.code)
        is_usual = problem.override == CODES[problem.code].severity
        return replace(problem, override="") if is_usual else problem


class UnusableError(Exception):
    """The settings or the lock cannot be used, so nothing is built; `diagnostics` say why."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(problem.message for problem in diagnostics))
        self.diagnostics = diagnostics


def _is_location(place: Location) -> bool:
    """Tell whether lines and columns are such as `SourceFile.locate` gives."""
    return min(place.line, place.column, place.end_line, place.end_column) > 0
