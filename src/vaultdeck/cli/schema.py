"""The command `schema`: the JSON Schemas of what vaultdeck reads and prints."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.argument("name", type=click.Choice(["settings", "report"]))
def schema(name: str) -> None:
    """Print the JSON Schema of vaultdeck.yaml, or of what `--format json` prints.

    \b
    Example:
      vaultdeck schema settings > vaultdeck.schema.json
    """
    if name == "settings":
        from vaultdeck.settings.keys import settings_schema as made
    else:
        from vaultdeck.report.formats.plain import report_schema as made
    sys.stdout.buffer.write(as_text(made()).encode())


def as_text(schema: object) -> str:
    """Return a schema as a file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
