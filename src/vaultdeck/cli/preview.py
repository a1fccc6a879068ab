"""The command `preview`: one HTML page with the cards of a vault."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import click

from vaultdeck.cli.bar import progress
from vaultdeck.cli.options import (
    PathParam,
    Shared,
    deck_option,
    mathjax_option,
    open_option,
    output_option,
    pasted_option,
    shared_options,
)
from vaultdeck.cli.support import find_target, say
from vaultdeck.cli.telling import clear_problems, tell
from vaultdeck.cli.vaults import by_vault, find_vault, named_vault, names_in_vault


@click.command()
@click.argument("paths", nargs=-1, metavar="[VAULT] [PATHS]...", type=PathParam())
@output_option("The page to write.")
@deck_option
@mathjax_option
@open_option
@pasted_option
@shared_options
def preview(
    paths: tuple[Path, ...],
    output: Path | None,
    mathjax: Path | None,
    is_opened: bool,
    shared: Shared,
    **asked: Any,
) -> None:
    """Show the cards of VAULT, as Anki shows them, in one HTML page.

    PATHS are note files or folders of the vault whose cards are shown; without any, all. Without VAULT it
    is the vault that they, or this folder, are in. Nothing is written but the page, and beside it a folder
    for media that are too large to go into it. With --pasted old copies of sections stand beside what the
    notes say.

    \b
    Examples:
      vaultdeck preview ~/notes --open
      vaultdeck preview ~/notes ~/notes/Biology -o biology.html
      vaultdeck preview ~/notes --mathjax ~/mathjax/es5
      vaultdeck preview ~/notes --pasted --open
    """
    import webbrowser

    from vaultdeck.build.build import build
    from vaultdeck.build.options import Options
    from vaultdeck.model.diagnostics import counted
    from vaultdeck.report.preview import PreviewOptions, write_preview

    vault, paths = _vault_of(paths)
    page = find_target(output, vault, ".html")
    (paths_in_vault,) = by_vault(paths, vault).values()
    chosen = names_in_vault(vault, paths_in_vault)
    with clear_problems(vault, shared):
        options = Options(is_dry_run=True, chosen=chosen, **shared.work, **asked)
        result = build(vault, int(time.time()), options, progress)
        written = write_preview(result, vault, page, PreviewOptions(mathjax=mathjax, chosen=chosen))
    tell(vault, result, shared)
    say(f"{page}: {counted(written.cards, 'card')}")
    if is_opened:
        webbrowser.open(page.resolve().as_uri())
    sys.exit(1 if result.has_errors else 0)


def _vault_of(paths: tuple[Path, ...]) -> tuple[Path, tuple[Path, ...]]:
    """Return the vault, which the first of the paths may name, and the paths in it."""
    if not paths:
        return named_vault(None), ()
    first = paths[0]
    if not first.exists() or (first.is_dir() and find_vault(first) == first.resolve()):
        return named_vault(first), paths[1:]
    return named_vault(find_vault(first)), paths
