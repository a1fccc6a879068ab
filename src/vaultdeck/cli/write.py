"""The commands that write into notes or the lock, and no package: `ids` and `adopt`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vaultdeck.cli.bar import progress
from vaultdeck.cli.options import (
    FolderParam,
    Shared,
    flag,
    shared_options,
    told_options,
    vault_option,
)
from vaultdeck.cli.support import fail, say
from vaultdeck.cli.telling import clear_problems, places_of, tell_problems
from vaultdeck.cli.vaults import by_vault, is_vault, named_vault, names_in_vault
from vaultdeck.vault.folder import LOCK_NAME

# How many cards `adopt` names that are not in Anki.
MAX_MISSING = 20


@click.command()
@click.argument("paths", nargs=-1, type=FolderParam())
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
    import time

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


@click.command()
@click.argument("paths", nargs=-1, metavar="[VAULT] [FILE]", type=FolderParam())
@flag("--none", "Record that no card of the vault is in Anki yet.")
@shared_options
def adopt(paths: tuple[Path, ...], none: bool, shared: Shared) -> None:
    """Learn from FILE which cards of VAULT are in Anki already, so that builds update them in place.

    FILE is a package or backup exported from Anki (.apkg, .colpkg) or the collection itself
    (collection.anki2, with Anki closed). vaultdeck.lock then holds, for every ID of the vault that is
    in Anki, what an update needs: your own note types, templates, tags and fields stay as they are.

    \b
    Examples:
      vaultdeck adopt ~/notes ~/Downloads/export.apkg
      vaultdeck adopt ~/notes ~/".local/share/Anki2/User 1/collection.anki2"
      vaultdeck adopt ~/notes --none
    """
    from vaultdeck import report
    from vaultdeck.build.adoption import adopt_notes
    from vaultdeck.model.diagnostics import counted

    # A file alone is what to learn from, a folder alone the vault.
    files = [] if none else [path for path in paths[-1:] if not path.is_dir()]
    folders = paths[: len(paths) - len(files)]
    if len(folders) > 1:
        fail(
            "name one vault" if none else f"'{folders[-1]}' is a folder, and no file to adopt from"
        )
    if files and not files[0].exists():
        fail(f"no file named '{files[0]}'")
    root = named_vault(folders[0] if folders else None)
    if none == bool(files):
        fail("name either the file to adopt from, or --none")
    file = files[0] if files else None
    with clear_problems(root, shared):
        result = adopt_notes(root, file, progress, **shared.work)
    told = places_of(root, shared)
    for note in result.missing[:MAX_MISSING]:
        place = report.place_of(told.place(note.location))
        say(f"{place}: ID {note.id} is not in '{file}'")
    if len(result.missing) > MAX_MISSING:
        say(f"… and {len(result.missing) - MAX_MISSING} more")
    matched = counted(len(result.matched), "note")
    counts = f"{matched} adopted, {len(result.missing)} not in Anki"
    say(counts if file is not None else "recorded: nothing to adopt")
    if result.left:
        say(f"note: {result.left}", err=True)
