"""Which problems of a vault a call asks about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vaultdeck.engine import Build
from vaultdeck.lock import NAME as LOCK
from vaultdeck.model import Location
from vaultdeck.settings import NAME as SETTINGS


def select_problems(build: Build, root: Path, paths: Sequence[Path]) -> None:
    """Keep the problems of the files and folders `paths`: in them, or in what they embed.

    Without paths all stay. What is wrong with the settings or the lock stays in any case.
    """
    if not paths:
        return
    base = root.resolve()
    chosen = [path.resolve().relative_to(base).as_posix() for path in paths]

    def is_chosen(place: Location) -> bool:
        return any(
            name == "." or place.path == name or place.path.startswith(f"{name}/")
            for name in chosen
        )

    build.diagnostics = [
        problem
        for problem in build.diagnostics
        if is_chosen(problem.location)
        or any(map(is_chosen, problem.via))
        or problem.location.path in (SETTINGS, LOCK)
    ]
