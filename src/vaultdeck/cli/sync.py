"""The command `sync`; options in, exit code out."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from vaultdeck.cli.options import Shared, deck_option, shared_options, vault_argument
from vaultdeck.cli.support import echo_all, fail, progress, reason
from vaultdeck.cli.telling import clear_problems, tell
from vaultdeck.cli.vaults import named_vault
from vaultdeck.diagnostics import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from vaultdeck.sync.plan import Plan
    from vaultdeck.sync.sync import Synced


@click.command()
@vault_argument
@click.option(
    "--to",
    "way",
    type=click.Choice(["auto", "direct", "server", "ankiconnect", "open"]),
    default="auto",
    help="The way into Anki. direct: a collection whose Anki is closed; server: AnkiWeb, or a server of "
    "one's own; auto: direct, in CI with a key server.",
)
@click.option("--profile", help="Anki's profile.  [default: the one used last]")
@click.option(
    "--collection",
    type=click.Path(path_type=Path),
    help="The collection itself (collection.anki2), instead of a profile's.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
@click.option(
    "--removed",
    type=click.Choice(["report", "delete", "suspend"]),
    help="What to do with notes that are gone from the vault.  [default: the setting, else report]",
)
@click.option("--resync", is_flag=True, help="Let the vault win over edits made in Anki.")
@click.option("--restore", is_flag=True, help="Bring back notes that were deleted in Anki.")
@click.option(
    "--force",
    is_flag=True,
    help="Delete also notes that you edited, moved, flagged or marked in Anki, and cards with reviews "
    "that a new note type has not.",
)
@click.option(
    "--locked", is_flag=True, help="For CI: write nothing into the vault; fail if an ID is missing."
)
@click.option("--first-upload", is_flag=True, help="Let an empty account be filled.")
@click.option(
    "--login", is_flag=True, help="Ask for name and password, print the key of the account."
)
@click.option("--yes", is_flag=True, help="Do not ask before many notes are deleted.")
@click.option(
    "--strict",
    is_flag=True,
    help="Write nothing if the vault has any problem; 1 if a note is left.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@deck_option
@shared_options
def sync(
    vault: Path | None,
    way: str,
    profile: str | None,
    collection: Path | None,
    dry_run: bool,
    removed: str | None,
    resync: bool,
    restore: bool,
    force: bool,
    locked: bool,
    first_upload: bool,
    login: bool,
    yes: bool,
    strict: bool,
    form: str,
    deck: str | None,
    shared: Shared,
) -> None:
    """Bring Anki to what VAULT says, and keep every review.

    Builds VAULT, compares it with what Anki holds, and adds, updates and moves cards; notes that are gone
    from the vault are deleted only when you say so. What you edited, moved or deleted in Anki stays as it
    is and is named. Anki has to be closed; a backup is made first. This needs `pip install
    'vaultdeck[sync]'`.

    Exit codes: 0 done, 1 errors in the vault, 2 a wrong call, 3 Anki is in use: nothing was written there,
    try again, 4 one side would have to be replaced as a whole.

    \b
    Examples:
      vaultdeck sync ~/notes --dry-run
      vaultdeck sync ~/notes
      vaultdeck sync ~/notes --removed delete
      vaultdeck sync ~/notes --to server --locked
    """
    from vaultdeck.build.options import Mode, Options
    from vaultdeck.sync import sync as run
    from vaultdeck.sync.errors import SyncError
    from vaultdeck.sync.plan import Wishes
    from vaultdeck.sync.profiles import find_profile

    if login:
        _log_in()
    root = named_vault(vault)
    with clear_problems(root, shared):
        try:
            name = run.choose_way(way, os.environ)
            # IDs that CI writes into its checkout are lost: every run would make new notes.
            locked = locked or (name == "server" and bool(os.environ.get("CI")))
            options = Options(
                Mode.LOCKED if locked else Mode.IDS,
                deck=deck,
                is_dry_run=dry_run or locked,
                is_strict=strict,
                cache=shared.cache,
                jobs=shared.jobs,
            )
            if name == "server":
                cache = shared.cache or fail("a server needs a folder of caches (--cache-dir)")
                door = run.open_server(os.environ, cache, may_upload=first_upload)
            else:
                door = run.open_direct(find_profile(profile or "", collection))
            wishes = Wishes(removed or "", vault_wins=resync, restores=restore, forces=force)
            done = run.sync(
                root,
                int(time.time()),
                options,
                door,
                wishes,
                _agree_to(yes),
                progress,
                is_dry_run=dry_run,
            )
        except SyncError as error:
            click.echo(f"vaultdeck: {error}", err=True)
            sys.exit(error.code)
    if done.build.failure is not None:
        fail(f"Anki was left alone: {reason(done.build.failure)}")
    build, plan = done.build, done.plan
    is_left = plan is None or bool(plan.of("left"))
    code = 1 if build.has_errors or build.is_refused or (strict and is_left) else 0
    if form == "json":
        _show_json(done, door.name, name, is_dry_run=dry_run, code=code)
    else:
        tell(root, build, shared)
        if not shared.is_quiet:
            _show(done, f"Anki: {door.name}, {name} ({door.why})", is_dry_run=dry_run)
    sys.exit(code)


def _log_in() -> NoReturn:
    """Ask for name and password and print the key, which is all that is kept; exit."""
    from vaultdeck.sync import sync as run
    from vaultdeck.sync.errors import SyncError

    name = click.prompt("Name", err=True)
    password = click.prompt("Password", hide_input=True, err=True)
    try:
        click.echo(run.log_in(name, password, os.environ))
    except SyncError as error:
        click.echo(f"vaultdeck: {error}", err=True)
        sys.exit(error.code)
    click.echo(f"keep it secret; sync reads it from the variable {run.KEY}", err=True)
    sys.exit(0)


def _agree_to(is_agreed: bool) -> Callable[[Plan], None]:
    """Return what asks the user whether much may be deleted; nobody there to ask means no."""

    def agree(plan: Plan) -> None:
        from vaultdeck.sync.errors import SyncError
        from vaultdeck.sync.text import plan_lines

        if is_agreed:
            return
        if not sys.stdin.isatty():
            number = counted(len(plan.of("deleted", "suspended")), "note")
            raise SyncError(
                f"{number} of {plan.notes_in_anki} would be deleted or suspended in Anki: look with "
                "--dry-run, then run with --yes"
            )
        echo_all(plan_lines(plan, is_dry_run=False, backup=None))
        if not click.confirm("Go on?"):
            raise SyncError("nothing was changed in Anki")

    return agree


def _show(done: Synced, head: str, *, is_dry_run: bool) -> None:
    from vaultdeck.sync import text

    click.echo(head)
    if done.plan is None:
        click.echo("nothing written: the vault has problems")
    else:
        echo_all(text.plan_lines(done.plan, is_dry_run=is_dry_run, backup=done.backup))


def _show_json(done: Synced, name: str, way: str, *, is_dry_run: bool, code: int) -> None:
    from vaultdeck.sync import text

    data = {
        "anki": name,
        "way": way,
        "is_dry_run": is_dry_run,
        "exit_code": code,
        "backup": str(done.backup) if done.backup else None,
        "problems": [problem.as_dict() for problem in done.build.diagnostics],
    }
    click.echo(text.as_json(data | (text.plan_data(done.plan) if done.plan else {})))
