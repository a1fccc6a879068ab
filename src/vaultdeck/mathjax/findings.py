"""What has been found in a formula: each thing that Anki does not show as it is meant."""

from __future__ import annotations

from vaultdeck.model.value import value


@value(frozen=True, slots=True)
class TexProblem:
    """A problem at a part of the TeX; `hint` is an action that mends it, if one is known."""

    start: int
    end: int
    code: str
    message: str
    hint: str = ""


class TexFindings:
    """Collects problems: each unknown name once, and of errors the first, as MathJax stops there."""

    def __init__(self) -> None:
        self._problems: dict[tuple[str, str], TexProblem] = {}
        self.error: TexProblem | None = None

    def add(self, start: int, end: int, code: str, message: str, hint: str = "") -> None:
        """Note a problem, if the same has not been noted further left."""
        problem = TexProblem(start, end, code, message, hint)
        key = (code, message)
        if key not in self._problems or start < self._problems[key].start:
            self._problems[key] = problem

    def add_error(self, start: int, end: int, message: str, hint: str = "") -> None:
        """Note what makes the whole formula unreadable."""
        if self.error is None or start < self.error.start:
            self.error = TexProblem(start, end, "math-syntax", message, hint)

    def all(self) -> list[TexProblem]:
        """Return all problems in their order."""
        found = [*self._problems.values(), *([self.error] if self.error else [])]
        return sorted(found, key=lambda problem: (problem.start, problem.code, problem.message))
