"""Problems as SARIF 2.1.0, which GitHub's code scanning and many editors show.

{"version": "2.1.0", "runs": [{"tool": …, "results": [{"ruleId": "unclosed-block", "level": "error", …}]}]}

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/. Columns count characters, the end is exclusive.
In a message `[x](y)` is a link and `{0}` a placeholder (3.11.5, 3.11.6): what a note says is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from vaultdeck import __version__
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import CODES, ERROR, NOTICE, WARNING
from vaultdeck.regexps import regexp
from vaultdeck.report.text import as_json
from vaultdeck.report.told import Told

SARIF_LEVELS = {ERROR: "error", WARNING: "warning", NOTICE: "note"}
# What a message would act upon.
IN_MESSAGE = regexp(r"\\+[\[\]]?|[\[\]{}]")
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(all_told: Sequence[Told]) -> Iterator[str]:
    """Yield one object with a result for each place, and a rule for each code that one has."""
    problems = [problem for told in all_told for problem in told.places]
    codes = sorted({problem.code for problem in problems})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES[code].meaning},
            "defaultConfiguration": {"level": SARIF_LEVELS[CODES[code].severity]},
        }
        for code in codes
    ]
    results = [
        {
            "ruleId": problem.code,
            "ruleIndex": codes.index(problem.code),
            "level": SARIF_LEVELS[problem.severity],
            "message": {"text": _plain(". ".join(filter(None, (problem.message, problem.hint))))},
            "locations": [_location(problem.location)],
            "relatedLocations": [
                _location(embed) | {"message": {"text": "embedded here"}}
                for embed in reversed(problem.via)
            ],
        }
        for problem in problems
    ]
    driver = {"name": "vaultdeck", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    yield as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _plain(text: str) -> str:
    return IN_MESSAGE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    mark = found[0][-1]
    if mark == "\\":
        return found[0]
    return mark * 2 if mark in "{}" else found[0][:-1] * 2 + "\\" + mark


def _location(place: Location) -> dict[str, Any]:
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    address = {"uri": quote(place.path)}
    return {"physicalLocation": {"artifactLocation": address, "region": region}}
