"""What a run found, as text for people or JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from vaultdeck.diagnostics import ERROR, Diagnostic
from vaultdeck.engine import Build
from vaultdeck.model import Location

JSON_VERSION = 1


def text_lines(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield `path:line:column: severity code: message`, then the chain of embeds and the hint."""
    for problem in diagnostics:
        place = _place(problem.location)
        yield f"{place}: {problem.severity} {problem.code}: {problem.message}"
        for embed in reversed(problem.via):
            yield f"    embedded at {_place(embed)}"
        if problem.hint:
            yield f"    hint: {problem.hint}"


def summary(build: Build, cards: int, output: str) -> dict[str, Any]:
    """Return the figures of a build; `output` is the package's path, empty if none was written."""
    errors = sum(problem.severity == ERROR for problem in build.diagnostics)
    return {
        "notes": len(build.notes),
        "cards": cards,
        "decks": len({note.note.deck for note in build.notes}),
        "media": len({ref.name for note in build.notes for ref in note.note.media}),
        "errors": errors,
        "warnings": len(build.diagnostics) - errors,
        "output": output,
    }


def summary_line(figures: dict[str, Any]) -> str:
    """Return the figures in one line for a person."""
    counts = ", ".join(
        _count(figures[key + "s" if key != "media" else key], key)
        for key in ("note", "card", "deck", "media", "error", "warning")
    )
    return f"{figures['output'] or 'nothing written'}: {counts}"


def as_json(diagnostics: Sequence[Diagnostic], figures: dict[str, Any]) -> str:
    """Return one JSON object: `version`, `summary` and `diagnostics`."""
    problems = [
        {
            **_location(problem.location),
            "severity": problem.severity,
            "code": problem.code,
            "message": problem.message,
            "hint": problem.hint,
            "via": [_location(embed) for embed in problem.via],
        }
        for problem in diagnostics
    ]
    data = {"version": JSON_VERSION, "summary": figures, "diagnostics": problems}
    return json.dumps(data, ensure_ascii=False, indent=2)


def _location(location: Location) -> dict[str, Any]:
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
    }


def _place(location: Location) -> str:
    return f"{location.path}:{location.line}:{location.column}"


def _count(number: int, noun: str) -> str:
    if noun == "media":
        return f"{number} media {'file' if number == 1 else 'files'}"
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
