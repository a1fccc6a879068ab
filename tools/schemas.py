"""Write the shipped JSON Schemas anew: `python -m tools.schemas`."""

from __future__ import annotations

from pathlib import Path

from vaultdeck.cli.schema import as_text
from vaultdeck.report.formats.plain import report_schema
from vaultdeck.settings.keys import settings_schema

SRC = Path(__file__).parent.parent / "src" / "vaultdeck"
SHIPPED = {
    SRC / "settings" / "schema.json": settings_schema,
    SRC / "report" / "formats" / "schema.json": report_schema,
}

if __name__ == "__main__":
    for path, make in SHIPPED.items():
        path.write_text(as_text(make()), encoding="utf-8", newline="\n")
