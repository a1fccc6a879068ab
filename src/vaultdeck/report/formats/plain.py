"""What a build found as one JSON object, and the JSON Schema of that; `schema.json` is what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_type_hints

from vaultdeck.build.last_fields import NamedFields
from vaultdeck.build.outcome import unusable
from vaultdeck.model import Location, Note
from vaultdeck.model.diagnostics import CODES, ERROR, NOTICE, WARNING
from vaultdeck.report.field_diff import diff_lines
from vaultdeck.report.summary import STATUSES, note_title, notices, summary
from vaultdeck.report.text import as_json
from vaultdeck.report.told import Told
from vaultdeck.settings.keys import DIALECT, SOURCE

PLAIN_VERSION = 1
REPORT_SCHEMA = f"{SOURCE}/report/formats/schema.json"
TEXT, NUMBER_SCHEMA = {"type": "string"}, {"type": "integer"}
TEXT_ARRAY = {"type": "array", "items": TEXT}
PLAIN: Mapping[object, Any] = {str: TEXT, int: NUMBER_SCHEMA, list: TEXT_ARRAY}


def plain(all_told: Sequence[Told]) -> Iterator[str]:
    """Yield one object of one vault, of several one whose `vaults` are these."""
    found = [_findings(told) for told in all_told]
    data = found[0] if len(found) == 1 else {"vaults": found}
    yield as_json({"version": PLAIN_VERSION, **data})


def _findings(told: Told) -> dict[str, Any]:
    build = told.build
    data: dict[str, Any] = {
        "vault": told.vault,
        "summary": summary(build),
        "diagnostics": [problem.as_dict() for problem in told.problems],
        "notices": list(map(told.command, notices(build))),
    }
    if told.has_changes:
        notes = {stamped.id: stamped.note for stamped in build.stamped.notes}
        data["changes"] = [
            {
                "id": None if change.id in build.provisional else change.id,
                "status": change.status,
                "deck": change.deck,
                "moved_from": change.moved_from,
                "title": note_title(change),
                **asdict(told.place(change.location) if change.location else Location("")),
                **_diff(told.before.get(change.id), notes.get(change.id)),
            }
            for change in build.stamped.changes
        ]
    return data


def _diff(before: NamedFields | None, note: Note | None) -> dict[str, str]:
    if before is None or note is None:
        return {}
    return {"diff": "".join(f"{line}\n" for line in diff_lines(before, note))}


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
