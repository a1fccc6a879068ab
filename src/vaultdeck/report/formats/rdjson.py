"""Problems in reviewdog's format, which some editors read as well.

{"source": {"name": "vaultdeck"}, "diagnostics": [{"message": …, "location": …, "severity": "ERROR"}]}

Source: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf, where a column counts bytes of UTF-8
from 1 and the end is exclusive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vaultdeck.model import Location
from vaultdeck.model.diagnostics import ERROR, NOTICE, WARNING
from vaultdeck.report.text import as_json
from vaultdeck.report.told import Told

TOOL_NAME = "vaultdeck"
RDJSON_SEVERITIES = {ERROR: "ERROR", WARNING: "WARNING", NOTICE: "INFO"}


def rdjson(all_told: Sequence[Told]) -> Iterator[str]:
    """Yield one object with a diagnostic for each place."""
    found = [
        {
            "message": problem.message,
            "location": _location(problem.location, told),
            "severity": RDJSON_SEVERITIES[problem.severity],
            "source": {"name": TOOL_NAME},
            "code": {"value": problem.code},
            "relatedLocations": [
                {"message": "embedded here", "location": _location(embed, told)}
                for embed in reversed(problem.via)
            ],
        }
        for told in all_told
        for problem in told.places
    ]
    data = {"source": {"name": TOOL_NAME}, "diagnostics": found}
    yield as_json(data)


def _location(place: Location, told: Told) -> dict[str, Any]:
    lines = (told.read(place.path) or "").split("\n")
    ends = ((place.line, place.column), (place.end_line, place.end_column))
    start, end = ({"line": line, "column": _bytes(lines, line, column)} for line, column in ends)
    return {"path": place.path, "range": {"start": start, "end": end}}


def _bytes(lines: Sequence[str], line: int, column: int) -> int:
    """Return a column that counts bytes for one that counts characters."""
    before = lines[line - 1][: column - 1] if line <= len(lines) else ""
    return max(column, len(before.encode("utf-8", "replace")) + 1)
