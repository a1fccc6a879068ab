"""The command `watch`: the package, the page or Anki rebuilt whenever a vault changes."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from vaultdeck.cli.options import (
    Shared,
    deck_option,
    flag,
    mathjax_option,
    open_option,
    output_option,
    shared_options,
    vault_argument,
)
from vaultdeck.cli.support import clear_errors, fail, find_target, say
from vaultdeck.cli.vaults import named_vault


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
