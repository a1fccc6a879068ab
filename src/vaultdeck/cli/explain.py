"""The command `explain`: what a code means."""

from __future__ import annotations

import click

from vaultdeck.cli.support import fail


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Say what the code of a problem means, and what happens to the card.

    \b
    Example:
      vaultdeck explain heading-not-found
    """
    from vaultdeck.diagnostics import CODES, ERROR, WARNING
    from vaultdeck.suggest import did_you_mean, nearest

    known = CODES.get(code)
    if known is None:
        near = nearest(code, CODES)
        fail(f"no code '{code}': {did_you_mean(code, [near] if near else CODES)}")
    is_error = known.severity == ERROR
    click.echo(f"{code}: {known.meaning}")
    click.echo(f"It is {'an error' if is_error else 'a warning'}; in vaultdeck.yaml:")
    click.echo(f"    severities: {{{code}: {WARNING if is_error else 'off'}}}")
    if known.hides_cards:
        click.echo("While it lasts no card is called removed: not every card could be seen.")
    if known.hides_ids:
        click.echo("While it lasts no ID of the note is called stray.")
