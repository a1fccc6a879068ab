"""The command `adopt`: which cards are in Anki already."""

from __future__ import annotations

from pathlib import Path

import click

from vaultdeck.cli.bar import progress
from vaultdeck.cli.options import PathParam, Shared, flag, shared_options
from vaultdeck.cli.support import fail, say
from vaultdeck.cli.telling import clear_problems, places_of
from vaultdeck.cli.vaults import named_vault

# How many cards are named that are not in Anki.
MAX_MISSING = 20


@click.command()
@click.argument("paths", nargs=-1, metavar="[VAULT] [FILE]", type=PathParam())
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
