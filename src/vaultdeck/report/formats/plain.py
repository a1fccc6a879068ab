"""What a build found as one JSON object; `schema.json` is its JSON Schema, made by `tools.schemas`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from vaultdeck.build.last_fields import NamedFields
from vaultdeck.model import Location, Note
from vaultdeck.report.field_diff import diff_lines
from vaultdeck.report.summary import note_title, notices, summary
from vaultdeck.report.text import as_json
from vaultdeck.report.told import Told

PLAIN_VERSION = 1


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
        notes = build.stamped.written({change.id for change in build.stamped.changes})
        data["changes"] = [
            {
                "id": None if change.id in build.provisional else change.id,
                "status": change.status,
                "deck": change.deck,
                "moved_from": change.moved_from,
                "title": note_title(notes.get(change.id)),
                **asdict(_place(told, notes.get(change.id))),
                **_diff(told.before.get(change.id), notes.get(change.id)),
            }
            for change in build.stamped.changes
        ]
    return data


def _place(told: Told, note: Note | None) -> Location:
    return told.place(note.location) if note else Location("")


def _diff(before: NamedFields | None, note: Note | None) -> dict[str, str]:
    if before is None or note is None:
        return {}
    return {"diff": "".join(f"{line}\n" for line in diff_lines(before, note))}
