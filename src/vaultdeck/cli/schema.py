"""The command `schema`: the JSON Schemas of what vaultdeck reads and prints, which `tools.schemas` makes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

SCHEMAS = {"settings": "settings/schema.json", "report": "report/formats/schema.json"}


@click.command()
@click.argument("name", type=click.Choice(list(SCHEMAS)))
def schema(name: str) -> None:
    """Print the JSON Schema of vaultdeck.yaml, or of what `--format json` prints.

    \b
    Example:
      vaultdeck schema settings > vaultdeck.schema.json
    """
    text = (Path(__file__).parents[1] / SCHEMAS[name]).read_text(encoding="utf-8")
    sys.stdout.buffer.write(text.encode())
