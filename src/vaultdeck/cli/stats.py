"""The command `stats`: the figures of a vault."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vaultdeck.cli.bar import progress
from vaultdeck.cli.options import Shared, deck_option, shared_options, vault_argument
from vaultdeck.cli.support import echo_all
from vaultdeck.cli.telling import clear_problems
from vaultdeck.cli.vaults import named_vault


@click.command()
@vault_argument
@deck_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="A table, whose long lists are cut, or one JSON object with everything.",
)
@shared_options
def stats(vault: Path | None, deck: str | None, form: str, shared: Shared) -> None:
    """Count what is in VAULT: cards, decks, note types, tags, embeds, media, problems.

    Without VAULT it is the vault that this folder is in. It is compiled as for a build, and nothing is
    written. Exits with 0 also where cards have errors, which are counted here and told by `vaultdeck
    check VAULT`.

    \b
    Examples:
      vaultdeck stats ~/notes
      vaultdeck stats ~/notes --format json > stats.json
    """
    from vaultdeck.build.compiled import compile_vault
    from vaultdeck.build.session import open_vault
    from vaultdeck.report import stats_text as stats_report
    from vaultdeck.report.stats import measure

    root = named_vault(vault)

    def size_of(path: str) -> int:
        try:
            return (root / path).stat().st_size
        except OSError:
            return 0

    with clear_problems(root, shared):
        session = open_vault(root, deck)
        compiled = compile_vault(session, progress, **shared.work)
    figures = measure(compiled, session.lock, size_of)
    if form == "json":
        text = stats_report.stats_as_json(figures, session.notices)
        sys.stdout.buffer.write(text.encode() + b"\n")
    else:
        echo_all(stats_report.stats_lines(figures))
        echo_all(f"note: {notice}" for notice in session.notices)
