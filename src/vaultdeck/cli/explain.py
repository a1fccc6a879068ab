"""The command `explain`: what a code means, with an example and what to do."""

from __future__ import annotations

from pathlib import Path

import click

from vaultdeck.cli.support import fail

# The page of problems lies in the installed package; in a checkout it is found in the documentation.
PAGES = (
    Path(__file__).parents[1] / "report" / "problems.md",
    Path(__file__).parents[3] / "docs" / "problems.md",
)


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Say what the code of a problem means, show an example, and say what to do.

    It is the section of the code in docs/problems.md.

    \b
    Example:
      vaultdeck explain heading-not-found
    """
    from vaultdeck.model.diagnostics import CODES, ERROR, OFF, WARNING
    from vaultdeck.spelling import meant, nearest

    known = CODES.get(code)
    if known is None:
        near = nearest(code, CODES)
        said = (
            meant(near, code)
            if near
            else "check says one in each line: `warning link-not-found: …`"
        )
        fail(f"no code '{code}': {said}")
    page = next(path for path in PAGES if path.is_file()).read_text(encoding="utf-8")
    section = page.partition(f"\n## {code}\n")[2].partition("\n## ")[0]
    click.echo(f"{code}\n\n{section.strip()}\n")
    if known.hides_cards:
        click.echo("While it lasts no card is called removed: not every card could be seen.")
    if known.hides_ids:
        click.echo("While it lasts no ID of the note is called stray.")
    other = WARNING if known.severity == ERROR else OFF
    click.echo(f"To have it otherwise, in vaultdeck.yaml: severities: {{{code}: {other}}}")
