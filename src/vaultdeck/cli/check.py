"""The command `check`: all that is wrong in a vault, without a package."""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

import click

from vaultdeck.cli.support import Folder, by_vault, clear_errors, echo_all, progress


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--vault",
    type=Folder(),
    help="The vault.  [default: the nearest folder above with .obsidian or vaultdeck.yaml]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", "text", "json", "github"]),
    default="auto",
    help="How to report. auto: annotations inside GitHub Actions, else text.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
def check(paths: tuple[Path, ...], vault: Path | None, form: str, strict: bool) -> None:
    """Say what is wrong in the cards of a vault, where, and how to mend it; write nothing.

    PATHS are note files or folders whose problems are told; without any, those of the whole vault.
    The vault is always read as a whole, so that embeds resolve. A problem in embedded text is told
    for the card's note and for the note it stands in.

    \b
    Exit codes: 0 no errors, 1 errors (with --strict also warnings), 2 wrong call or settings.

    \b
    Examples:
      vaultdeck check ~/notes
      vaultdeck check "Biology/The cell.md" --strict
      vaultdeck check --format json > problems.json
    """
    import time

    from vaultdeck import engine, report
    from vaultdeck.checks import select_problems

    if form == "auto":
        form = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    code = 0
    for root, chosen in by_vault(paths, vault).items():
        with clear_errors():
            result = engine.build(root, int(time.time()), engine.Options(is_check=True), progress)
            select_problems(result, root, chosen)
        if form == "json":
            sys.stdout.buffer.write(report.as_json(result).encode() + b"\n")
        elif form == "github":
            folder = Path(os.path.relpath(root.resolve(), _workspace())).as_posix()
            echo_all(report.github_lines(result.diagnostics, "" if folder == "." else folder))
        else:
            echo_all(report.text_lines(result.diagnostics, functools.partial(_read, root)))
        if form != "json":
            click.echo(f"{root}: {report.counts(result, 'cards', 'errors', 'warnings')}")
        if result.has_errors or (strict and result.diagnostics):
            code = 1
    sys.exit(code)


def _workspace() -> str:
    """Return the folder that GitHub's file names are relative to."""
    return os.environ.get("GITHUB_WORKSPACE") or str(Path.cwd())


def _read(root: Path, path: str) -> str | None:
    """Return the text of a file of the vault, for the lines that are shown."""
    from vaultdeck.walk import read_inside

    try:
        data = read_inside(root, path)
    except OSError:
        return None
    return None if data is None else data.decode("utf-8", "replace").removeprefix("\ufeff")
