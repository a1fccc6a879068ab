"""The command `ids`: IDs for the cards that have none."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from vaultdeck.cli.bar import progress
from vaultdeck.cli.options import PathParam, Shared, flag, told_options, vault_option
from vaultdeck.cli.support import fail, say
from vaultdeck.cli.telling import clear_problems, tell_problems
from vaultdeck.cli.vaults import by_vault, is_vault, names_in_vault
from vaultdeck.vault.folder import LOCK_NAME


@click.command()
@click.argument("paths", nargs=-1, type=PathParam())
@vault_option
@flag("--check", "Write nothing; exit with 1 if a card has no ID.")
@flag("--fix-duplicates", "Give a card whose ID is taken one of its own.")
@flag("--lock", "Bring vaultdeck.lock up to date as well.", "with_lock")
@told_options
def ids(
    paths: tuple[Path, ...],
    vault: Path | None,
    check: bool,
    fix_duplicates: bool,
    with_lock: bool,
    shared: Shared,
) -> None:
    """Write IDs into the cards that have none; with --lock bring vaultdeck.lock up to date as well.

    PATHS are note files or folders in which IDs are written; without any, those of the whole vault.
    Nothing else in a note changes. Exits with 1 if a file was changed (as hooks that fix do) or, with
    --check, if an ID is missing.

    \b
    Examples:
      vaultdeck ids --vault ~/notes
      vaultdeck ids "Biology/The cell.md"
      vaultdeck ids --check
      vaultdeck ids --lock
    """
    from vaultdeck.build.build import update_lock
    from vaultdeck.build.write_ids import write_ids
    from vaultdeck.model.diagnostics import counted

    if check and with_lock:
        fail("--check writes nothing, so it cannot be combined with --lock")
    groups = by_vault(paths, vault, takes_all_files=True)
    named = {path.resolve() for path in paths}
    if (
        not check
        and vault is None
        and not all(is_vault(root) or root.resolve() in named for root in groups)
    ):
        fail("no vault here: name it with --vault")
    code = 0
    for root, chosen in groups.items():
        with clear_problems(root, shared):
            result = write_ids(
                root,
                names_in_vault(root, chosen),
                int(time.time()),
                progress,
                is_check=check,
                fixes_duplicates=fix_duplicates,
            )
        told = tell_problems(root, result.diagnostics, shared)
        if not shared.is_quiet:
            for path, count in result.written.items():
                say(f"{told.path(path)}: {counted(count, 'ID')} written")
        if with_lock:
            with clear_problems(root, shared):
                if update_lock(root, int(time.time())):
                    say(f"{told.path(LOCK_NAME)}: brought up to date")
                    code = 1
        code = 1 if result.written or result.diagnostics else code
    sys.exit(code)
