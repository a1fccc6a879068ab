"""The command line: options in, exit code out.

Exit codes: 0 no errors, 1 errors (cards were left out), 2 usage.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from vaultdeck import __version__

# Vaults with fewer notes are built before a progress bar could be read.
LONG_WORK = 200


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="vaultdeck")
def main() -> None:
    """Turn the card blocks of an Obsidian vault into an Anki package."""


@main.command()
@click.argument("vault", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The package to write.  [default: <vault name>.apkg in this folder]",
)
@click.option("--deck", help="Deck of cards whose note names none.  [default: the vault's name]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to report: text on stderr, or one JSON object on stdout.",
)
def build(vault: Path, output: Path | None, deck: str | None, form: str) -> None:
    """Build the cards of VAULT into an Anki package.

    Every good card is packed; each problem is reported at its file, line and column. Import the
    package with Anki's File > Import; importing a rebuilt one updates the cards and keeps all
    reviews.

    \b
    Examples:
      vaultdeck build ~/notes
      vaultdeck build ~/notes -o notes.apkg --deck Studies
    """
    import time

    from vaultdeck import engine, report
    from vaultdeck.package import write_package

    if not vault.is_dir():
        _fail(f"'{vault}' is not a folder" if vault.exists() else f"no folder named '{vault}'")
    target = output or Path(f"{vault.resolve().name or 'vault'}.apkg")
    if target.is_dir():
        _fail(f"'{target}' is a folder: name a file, as in '{target / 'notes.apkg'}'")
    if not target.parent.is_dir():
        _fail(f"no folder named '{target.parent}' to write '{target.name}' into")
    try:
        result = engine.build(vault, int(time.time()), deck, _progress)
    except OSError as error:
        _fail(f"cannot read '{vault}': {error.strerror or error}")
    cards = 0
    if result.notes:
        try:
            cards = write_package(target, result.notes, result.read_media)
        except OSError as error:
            _fail(f"cannot write '{target}': {error.strerror or error}")
    figures = report.summary(result, cards, str(target) if result.notes else "")
    if form == "json":
        click.echo(report.as_json(result.diagnostics, figures))
    else:
        for line in report.text_lines(result.diagnostics):
            click.echo(line, err=True)
        click.echo(report.summary_line(figures))
    sys.exit(1 if result.has_errors else 0)


def _fail(message: str) -> Any:
    """Say in one line what is wrong with the call, and exit with 2."""
    click.echo(f"vaultdeck: {message}", err=True)
    sys.exit(2)


def _progress(paths: Iterable[str]) -> Iterator[str]:
    """Hand on the paths, with a progress bar if the work is long and somebody looks."""
    paths = list(paths)
    if len(paths) < LONG_WORK or not sys.stderr.isatty():
        yield from paths
        return
    with click.progressbar(paths, label="Building cards", file=sys.stderr) as bar:
        yield from bar
