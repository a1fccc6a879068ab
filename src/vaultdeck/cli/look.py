"""The commands to look at cards: `preview` and `watch`."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click

from vaultdeck.cli.support import (
    Folder,
    by_vault,
    cache_folder,
    cache_options,
    clear_errors,
    deck_option,
    echo_all,
    fail,
    find_target,
    jobs_option,
    named_vault,
    names_in_vault,
    progress,
    vault_argument,
)

mathjax_option = click.option(
    "--mathjax",
    type=click.Path(path_type=Path),
    help="MathJax 3 to put into the page, for use offline: tex-chtml-full.js or its folder.",
)
open_option = click.option(
    "--open", "is_opened", is_flag=True, help="Open the page in the browser."
)


@click.command()
@click.argument("vault", type=Folder())
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The page to write.  [default: named after VAULT's folder]",
)
@deck_option
@mathjax_option
@open_option
@jobs_option
@cache_options
def preview(
    vault: Path,
    paths: tuple[Path, ...],
    output: Path | None,
    deck: str | None,
    mathjax: Path | None,
    is_opened: bool,
    jobs: int | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> None:
    """Show the cards of VAULT, as Anki shows them, in one HTML page.

    PATHS are note files or folders of the vault whose cards are shown; without any, all. Nothing is
    written but the page, and beside it a folder for media that are too large to go into it.

    \b
    Examples:
      vaultdeck preview ~/notes --open
      vaultdeck preview ~/notes ~/notes/Biology -o biology.html
      vaultdeck preview ~/notes --mathjax ~/mathjax/es5
    """
    import webbrowser

    from vaultdeck import report
    from vaultdeck.build.build import build
    from vaultdeck.build.options import Options as BuildOptions
    from vaultdeck.diagnostics import counted
    from vaultdeck.preview import Options, write_preview

    page = find_target(output, vault, ".html")
    (paths_in_vault,) = by_vault(paths, vault).values()
    chosen = names_in_vault(vault, paths_in_vault)
    with clear_errors():
        cache = cache_folder(cache_dir, no_cache)
        options = BuildOptions(
            deck=deck, is_dry_run=True, chosen=chosen, cache=cache, jobs=jobs or 0
        )
        result = build(vault, int(time.time()), options, progress)
        written = write_preview(result, vault, page, Options(mathjax=mathjax, chosen=chosen))
    echo_all(report.text_lines(result.diagnostics), err=True)
    click.echo(f"{page}: {counted(written.cards, 'card')}")
    if is_opened:
        webbrowser.open(page.resolve().as_uri())
    sys.exit(1 if result.has_errors else 0)


@click.command()
@vault_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The package to write, with --preview the page.  [default: named after VAULT's folder]",
)
@deck_option
@click.option(
    "--preview",
    "is_preview",
    is_flag=True,
    help="Show the cards in the browser instead, and write nothing into the vault.",
)
@mathjax_option
@open_option
@jobs_option
@cache_options
def watch(
    vault: Path | None,
    output: Path | None,
    deck: str | None,
    is_preview: bool,
    mathjax: Path | None,
    is_opened: bool,
    jobs: int | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> None:
    """Rebuild VAULT whenever it changes, until Ctrl-C.

    Without VAULT it is the vault that this folder is in. Each rebuild is one line; problems are told when
    they are new. With --preview the page stands at an address of this machine and reloads by itself.

    \b
    Examples:
      vaultdeck watch ~/notes
      vaultdeck watch ~/notes --preview --open
    """
    import tempfile
    import webbrowser

    from vaultdeck.build.options import Options
    from vaultdeck.cli.rebuild import package_rebuild, preview_rebuild
    from vaultdeck.cli.watching import watch as run
    from vaultdeck.preview.media import files_folder
    from vaultdeck.preview.server import LiveServer

    root = named_vault(vault)
    options = Options(deck=deck, cache=cache_folder(cache_dir, no_cache), jobs=jobs or 0)
    if not is_preview:
        if mathjax or is_opened:
            fail("--mathjax and --open are for --preview")
        target = find_target(output, root, ".apkg")
        run(root, package_rebuild(root, target, options), outputs=[target], say=click.echo)
        return
    page = output and find_target(output, root, ".html")
    with ExitStack() as stack:
        if page is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vaultdeck-"))
            page = Path(folder) / "preview.html"
        with clear_errors():
            server = stack.enter_context(LiveServer(page))
        click.echo(f"{server.url}  (Ctrl-C ends)")
        rebuild = preview_rebuild(root, page, options, mathjax, server)
        if is_opened:
            webbrowser.open(server.url)
        run(root, rebuild, outputs=[page, files_folder(page)], say=click.echo)
