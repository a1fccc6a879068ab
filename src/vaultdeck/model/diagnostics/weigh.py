"""Many problems: weighed by the settings, merged where they are one, gathered for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from vaultdeck.model import Location
from vaultdeck.model.diagnostics.codes import CODES, ERROR, OFF
from vaultdeck.model.diagnostics.diagnostic import Diagnostic
from vaultdeck.model.diagnostics.words import counted
from vaultdeck.spelling import path_order


def weigh(problems: Iterable[Diagnostic], severities: Mapping[str, str]) -> list[Diagnostic]:
    """Return the diagnostics in the order of their places, with the severities of the settings.

    A code that is `off` is left out. Equal problems at one place are merged and counted, as when many
    cards embed a section. A card that is left out because of what it embeds stays a problem of its own.
    """
    merged: dict[tuple[str, Location, str, tuple[Location, ...]], Diagnostic] = {}
    for problem in tell_once(problems):
        override = problem.override or severities.get(problem.code, "")
        if override == OFF:
            continue
        card = problem.via[:1] if CODES[problem.code].severity == ERROR else ()
        key = (problem.code, problem.location, problem.message, card)
        first = merged.get(key)
        if first is not None:
            merged[key] = replace(first, override=override, count=first.count + problem.count)
        elif override != problem.override:
            merged[key] = replace(problem, override=override)
        else:
            merged[key] = problem
    return in_order(merged.values())


def in_order(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics by their places: files as the vault sorts them, then lines, then codes."""
    return sorted(problems, key=lambda p: (path_order(p.location.path), p.location, p.code))


def tell_once(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the problems with the first one alone of each cause that is told once, and how many are."""
    told: list[Diagnostic] = []
    once: dict[str, list[Diagnostic]] = {}
    for problem in problems:
        group = once.setdefault(problem.message, []) if CODES[problem.code].told_once else told
        group.append(problem)
    for first, *others in once.values():
        verb = "is" if len(others) == 1 else "are"
        more = f"; so {verb} {counted(len(others), 'other file')}" if others else ""
        told.append(replace(first, message=first.message + more))
    return told


def gather(problems: Iterable[Diagnostic], *, of_file: bool = False) -> list[Diagnostic]:
    """Return weighed diagnostics as a person is told them: a missing target once.

    The first place of a target stands for all, with `of_file` for those in its file; `others` are the
    rest, and `count` has them all.
    """
    gathered: dict[object, list[Diagnostic]] = {}
    for problem in problems:
        path = problem.location.path if of_file else ""
        key = (path, problem.code, problem.message) if problem.traits.of_target else problem
        gathered.setdefault(key, []).append(problem)
    return [
        replace(
            first,
            count=first.count + sum(problem.count for problem in rest),
            others=(*first.others, *(problem.location for problem in rest)),
        )
        if rest
        else first
        for first, *rest in gathered.values()
    ]
