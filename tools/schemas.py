"""Write the shipped JSON Schemas anew: `python -m tools.schemas`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from vaultdeck.build.outcome import unusable
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import CODES, ERROR, NOTICE, WARNING
from vaultdeck.report.formats.plain import PLAIN_VERSION
from vaultdeck.report.summary import STATUSES, summary
from vaultdeck.settings.keys import SETTING_KEYS, SETTINGS_NAME, SETTINGS_SCHEMA, SOURCE
from vaultdeck.settings.kinds import table_of

SRC = Path(__file__).parent.parent / "src" / "vaultdeck"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
REPORT_SCHEMA = f"{SOURCE}/report/formats/schema.json"
TEXT, NUMBER_SCHEMA = {"type": "string"}, {"type": "integer"}
TEXT_ARRAY = {"type": "array", "items": TEXT}
PLAIN: Mapping[object, Any] = {str: TEXT, int: NUMBER_SCHEMA, list: TEXT_ARRAY}


def settings_schema() -> dict[str, Any]:
    """Return the schema of vaultdeck.yaml, which may be empty."""
    table = {**table_of(SETTING_KEYS.values()), "type": ["object", "null"]}
    return {"$schema": DIALECT, "$id": SETTINGS_SCHEMA, "title": SETTINGS_NAME, **table}


def report_schema() -> dict[str, Any]:
    """Return the schema of a report: that of one vault, or of several in a list `vaults`."""
    figures = {name: PLAIN[type(value)] for name, value in summary(unusable(Path(), ())).items()}
    place = _object({name: PLAIN[kind] for name, kind in get_type_hints(Location).items()})
    problem = _object(
        {
            **place["properties"],
            "severity": {"enum": [ERROR, WARNING, NOTICE]},
            "code": {"enum": list(CODES)},
            "message": TEXT,
            "hint": TEXT,
            "count": NUMBER_SCHEMA,
            "via": {"type": "array", "items": place},
            "others": {"type": "array", "items": place},
            "diff": TEXT,
        },
        optional="diff",
    )
    change = _object(
        {
            "id": {"type": ["integer", "null"]},
            "status": {"enum": list(STATUSES)},
            "deck": TEXT,
            "moved_from": TEXT,
            "title": TEXT,
            **place["properties"],
            "diff": TEXT,
        },
        optional="diff",
    )
    found = {
        "vault": TEXT,
        "summary": _object(figures),
        "diagnostics": {"type": "array", "items": problem},
        "notices": TEXT_ARRAY,
        "changes": {"type": "array", "items": change},
    }
    version = {"version": {"const": PLAIN_VERSION}}
    vaults = {"vaults": {"type": "array", "items": _object(found, optional="changes")}}
    return {
        "$schema": DIALECT,
        "$id": REPORT_SCHEMA,
        "title": "vaultdeck --format json",
        "oneOf": [
            _object({**version, **found}, optional="changes"),
            _object({**version, **vaults}),
        ],
    }


def _object(rows: Mapping[str, Any], optional: str = "") -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in rows if name != optional],
        "properties": dict(rows),
    }


def as_text(schema: object) -> str:
    """Return a schema as a file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


SHIPPED = {
    SRC / "settings" / "schema.json": settings_schema,
    SRC / "report" / "formats" / "schema.json": report_schema,
}

if __name__ == "__main__":
    for path, make in SHIPPED.items():
        path.write_text(as_text(make()), encoding="utf-8", newline="\n")
