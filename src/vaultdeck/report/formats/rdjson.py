"""Problems in reviewdog's format, which some editors read as well.

{"source": {"name": "vaultdeck"}, "diagnostics": [{"message": …, "location": …, "severity": "ERROR"}]}

Source: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf, where a column counts bytes of UTF-8
from 1 and the end is exclusive.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

from vaultdeck.model import Location
from vaultdeck.model.diagnostics import ERROR, NOTICE, WARNING
from vaultdeck.report.text import as_json
from vaultdeck.report.told import Told

TOOL_NAME = "vaultdeck"
RDJSON_SEVERITIES = {ERROR: "ERROR", WARNING: "WARNING", NOTICE: "INFO"}


def rdjson(all_told: Sequence[Told]) -> Iterator[str]:
    """Yield one object with a diagnostic for each place."""
    found = [entry for told in all_told for entry in _entries(told)]
    data = {"source": {"name": TOOL_NAME}, "diagnostics": found}
    yield as_json(data)


def _entries(told: Told) -> Iterator[dict[str, Any]]:
    # A note may have thousands of problems.
    lines_of = functools.lru_cache(maxsize=16)(partial(_lines_of, told))
    for problem in told.places:
        yield {
            "message": problem.message,
            "location": _location(problem.location, lines_of),
            "severity": RDJSON_SEVERITIES[problem.severity],
            "source": {"name": TOOL_NAME},
            "code": {"value": problem.code},
            "relatedLocations": [
                {"message": "embedded here", "location": _location(embed, lines_of)}
                for embed in reversed(problem.via)
            ],
        }


def _lines_of(told: Told, path: str) -> list[str]:
    return (told.read(path) or "").split("\n")


def _location(place: Location, lines_of: Callable[[str], list[str]]) -> dict[str, Any]:
    lines = lines_of(place.path)
    ends = ((place.line, place.column), (place.end_line, place.end_column))
    start, end = ({"line": line, "column": _bytes(lines, line, column)} for line, column in ends)
    return {"path": place.path, "range": {"start": start, "end": end}}


def _bytes(lines: Sequence[str], line: int, column: int) -> int:
    """Return a column that counts bytes for one that counts characters."""
    columns = _byte_columns(lines[line - 1]) if line <= len(lines) else [1]
    return max(column, columns[min(column, len(columns)) - 1])


@functools.lru_cache(maxsize=16)
def _byte_columns(line: str) -> Sequence[int]:
    """Return the column in bytes of each character of a line, and of its end."""
    return [*accumulate((len(char.encode("utf-8", "replace")) for char in line), initial=1)]
