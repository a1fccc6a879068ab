"""The commands to look at cards: `preview` and `watch`."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from vaultdeck.cli.bar import progress
from vaultdeck.cli.options import (
    FolderParam,
    Shared,
    deck_option,
    flag,
    output_option,
    pasted_option,
    shared_options,
    vault_argument,
)
from vaultdeck.cli.support import clear_errors, fail, find_target, say
from vaultdeck.cli.telling import clear_problems, tell
from vaultdeck.cli.vaults import by_vault, find_vault, named_vault, names_in_vault

mathjax_option = click.option(
    "--mathjax",
    type=click.Path(path_type=Path),
    help="MathJax 3 to put into the page, for use offline: tex-chtml-full.js or its folder.",
)
open_option = flag("--open", "Open the page in the browser.", "is_opened")


@click.command()
@click.argument("paths", nargs=-1, metavar="[VAULT] [PATHS]...", type=FolderParam())
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


@click.command()
@vault_argument
@output_option("The package to write, with --preview the page.")
@deck_option
@flag(
    "--preview",
    "Show the cards in the browser instead, and write nothing into the vault.",
    "is_preview",
)
@flag(
    "--sync",
    "Bring Anki to what VAULT says instead, as `sync` does; write no package.",
    "is_sync",
)
@mathjax_option
@open_option
@shared_options
def watch(
    vault: Path | None,
    output: Path | None,
    deck: str | None,
    is_preview: bool,
    is_sync: bool,
    mathjax: Path | None,
    is_opened: bool,
    shared: Shared,
) -> None:
    """Rebuild VAULT whenever it changes, until Ctrl-C.

    Without VAULT it is the vault that this folder is in. Each rebuild is one line; problems are told when
    they are new. With --preview the page stands at an address of this machine and reloads by itself.

    \b
    Examples:
      vaultdeck watch ~/notes
      vaultdeck watch ~/notes --preview --open
      vaultdeck watch ~/notes --sync
    """
    import tempfile
    import webbrowser

    from vaultdeck.build.options import Options
    from vaultdeck.cli.rebuild import package_rebuild, preview_rebuild
    from vaultdeck.cli.watching import watch as run
    from vaultdeck.report.preview.page_files import files_folder
    from vaultdeck.report.preview.server import LiveServer

    root = named_vault(vault)
    options = Options(deck=deck, **shared.work)
    if not is_preview:
        if mathjax or is_opened:
            fail("--mathjax and --open are for --preview")
        if is_sync:
            from vaultdeck.cli.rebuild import sync_rebuild
            from vaultdeck.cli.syncing import Syncing

            if output:
                fail("--sync writes no package, so -o has nothing to name")
            run(root, sync_rebuild(Syncing(root=root, shared=shared, deck=deck)), say=say)
            return
        target = find_target(output, root, ".apkg")
        run(root, package_rebuild(root, target, options, shared), outputs=[target], say=say)
        return
    if is_sync:
        fail("--preview writes nothing, so it cannot be combined with --sync")
    page = output and find_target(output, root, ".html")
    with ExitStack() as stack:
        if page is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vaultdeck-"))
            page = Path(folder) / "preview.html"
        with clear_errors():
            server = stack.enter_context(LiveServer(page))
        say(f"{server.url}  (Ctrl-C ends)")
        rebuild = preview_rebuild(root, page, options, mathjax, server, shared)
        if is_opened:
            webbrowser.open(server.url)
        run(root, rebuild, outputs=[page, files_folder(page)], say=say)


def _vault_of(paths: tuple[Path, ...]) -> tuple[Path, tuple[Path, ...]]:
    """Return the vault, which the first of the paths may name, and the paths in it."""
    if not paths:
        return named_vault(None), ()
    first = paths[0]
    if not first.exists() or (first.is_dir() and find_vault(first) == first.resolve()):
        return named_vault(first), paths[1:]
    return named_vault(find_vault(first)), paths
