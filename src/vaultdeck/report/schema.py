"""The JSON Schema of what `--format json` prints, from the nouns; `formats/schema.json` is what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from vaultdeck.build.outcome import unusable
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import CODES, ERROR, NOTICE, WARNING, PlainDiagnostic
from vaultdeck.report.formats.plain import PLAIN_VERSION
from vaultdeck.report.summary import STATUSES, summary
from vaultdeck.settings.keys import DIALECT, SOURCE

REPORT_SCHEMA = f"{SOURCE}/report/formats/schema.json"
TEXT, NUMBER_SCHEMA = {"type": "string"}, {"type": "integer"}
TEXT_ARRAY = {"type": "array", "items": TEXT}
PLAIN: Mapping[object, Any] = {str: TEXT, int: NUMBER_SCHEMA, list: TEXT_ARRAY}


def report_schema() -> dict[str, Any]:
    """Return the schema of a report: that of one vault, or of several in a list `vaults`."""
    figures = {name: PLAIN[type(value)] for name, value in summary(unusable(Path(), ())).items()}
    problem = _of_class(PlainDiagnostic)
    problem["properties"]["code"] = {"enum": list(CODES)}
    problem["properties"]["severity"] = {"enum": [ERROR, WARNING, NOTICE]}
    change = _object(
        {
            "id": {"type": ["integer", "null"]},
            "status": {"enum": list(STATUSES)},
            "deck": TEXT,
            "moved_from": TEXT,
            "title": TEXT,
            **_of_class(Location)["properties"],
            "diff": TEXT,
        }
    )
    change["required"].remove("diff")
    found = {
        "vault": TEXT,
        "summary": _object(figures),
        "diagnostics": {"type": "array", "items": problem},
        "notices": TEXT_ARRAY,
        "changes": {"type": "array", "items": change},
    }
    needed = [name for name in found if name != "changes"]
    version = {"version": {"const": PLAIN_VERSION}}
    vaults = {"vaults": {"type": "array", "items": _object(found, needed)}}
    return {
        "$schema": DIALECT,
        "$id": REPORT_SCHEMA,
        "title": "vaultdeck --format json",
        "oneOf": [
            _object({**version, **found}, ["version", *needed]),
            _object({**version, **vaults}),
        ],
    }


def _object(rows: Mapping[str, Any], needed: list[str] | None = None) -> dict[str, Any]:
    required = [*rows] if needed is None else needed
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": dict(rows),
    }


def _of_class(cls: type[Any]) -> dict[str, Any]:
    """Return the schema of a dataclass of texts, numbers, and tuples of such dataclasses."""
    hints = get_type_hints(cls)
    rows: dict[str, Any] = {}
    for name, hint in hints.items():
        inner = get_args(hint)
        rows[name] = {"type": "array", "items": _of_class(inner[0])} if inner else PLAIN[hint]
    always = cls is Location
    return _object(rows, [f.name for f in fields(cls) if always or f.default is MISSING])
