"""The command `sync`; options in, exit code out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from vaultdeck.cli.bar import progress
from vaultdeck.cli.options import Shared, deck_option, flag, shared_options, vault_argument
from vaultdeck.cli.support import echo_all, reason, say, show_status
from vaultdeck.cli.telling import clear_problems, places_of, tell, told_of
from vaultdeck.cli.vaults import named_vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from vaultdeck.model import Location
    from vaultdeck.report import Told
    from vaultdeck.sync.plan import Plan
    from vaultdeck.sync.sync import Synced
    from vaultdeck.sync.way import Changed, Way


@click.command()
@vault_argument
@click.option(
    "--to",
    "wanted",
    type=click.Choice(["auto", "direct", "ankiconnect", "open", "server"]),
    default="auto",
    help="The way into Anki. direct: a closed one; ankiconnect: one that runs, with that add-on; open: the "
    "import dialog of one that runs; server: AnkiWeb, or a server of one's own; auto: in CI with a key "
    "server, else what fits.",
)
@click.option("--profile", default="", help="Anki's profile.  [default: the one used last]")
@click.option(
    "--collection",
    type=click.Path(path_type=Path),
    help="The collection itself (collection.anki2), instead of a profile's.",
)
@flag("--dry-run", "Write nothing; say what would be done.", "is_dry_run")
@click.option(
    "--removed",
    type=click.Choice(["report", "delete", "suspend"]),
    help="What to do with notes that are gone from the vault.  [default: the setting, else report]",
)
@flag("--resync", "Let the vault win over edits made in Anki.", "vault_wins")
@flag("--restore", "Bring back notes that were deleted in Anki.", "restores")
@flag(
    "--force",
    "Delete also notes that you edited, moved, flagged or marked in Anki, and cards with reviews "
    "that a new note type has not.",
    "forces",
)
@flag("--locked", "For CI: write nothing into the vault; fail if an ID is missing.", "is_locked")
@flag("--first-upload", "Let an empty account be filled.", "may_upload")
@flag("--login", "Ask for name and password, print the key of the account.")
@flag("--yes", "Do not ask before many notes are deleted.")
@flag("--strict", "Write nothing if the vault has any problem; 1 if a note is left.", "is_strict")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@deck_option
@shared_options
def sync(
    vault: Path | None, form: str, login: bool, yes: bool, shared: Shared, **said: Any
) -> None:
    """Bring Anki to what VAULT says, and keep every review.

    Builds VAULT, compares it with what Anki holds, and adds, updates and moves cards; notes that are gone
    from the vault are deleted only when you say so. What you edited, moved or deleted in Anki stays as it
    is and is named. A backup is made first. This needs the extra `vaultdeck[sync]`.

    Exit codes: 0 done, 1 errors in the vault, 2 a wrong call, 3 Anki is in use or a disk full, so not all
    was done: try again, 4 one side would have to be replaced as a whole.

    \b
    Examples:
      vaultdeck sync ~/notes --dry-run
      vaultdeck sync ~/notes
      vaultdeck sync ~/notes --removed delete
      vaultdeck sync ~/notes --to server --locked
    """
    from vaultdeck.cli.syncing import Syncing
    from vaultdeck.sync.errors import InUseError, SyncError
    from vaultdeck.sync.plan import Wishes

    if login:
        _log_in()
    root = named_vault(vault)
    # The other options are named as what they set.
    asked = {name: said.pop(name) for name in ("removed", "vault_wins", "restores", "forces")}
    wishes = Wishes(**{name: value for name, value in asked.items() if value})
    syncing = Syncing(root=root, shared=shared, **said)
    place = places_of(root, shared).place
    with clear_problems(root, shared):
        try:
            way = syncing.open_way()
            done = syncing.run(way, wishes, _agree_to(yes, place), progress)
            if done.build.failure is not None:
                raise InUseError(f"Anki was left alone: {reason(done.build.failure)}")
        except (SyncError, OSError) as error:
            # A disk that is full, or gone, is no wrong call.
            ended = error if isinstance(error, SyncError) else InUseError(reason(error))
            show_status("")
            say(f"vaultdeck: {ended}", err=True)
            sys.exit(ended.code)
    code = _code(done, is_strict=syncing.is_strict)
    plan = done.plan and done.plan.seen(place)
    if form == "json":
        told = told_of(root, done.build, shared)
        _show_json(told, done.changed, plan, way, is_dry_run=syncing.is_dry_run, code=code)
    else:
        if not shared.is_quiet:
            _show(done.changed, plan, way, is_dry_run=syncing.is_dry_run)
        tell(root, done.build, shared)
    sys.exit(code)


def _code(done: Synced, *, is_strict: bool) -> int:
    left = done.plan.of("left") if done.plan else []
    if done.build.has_errors or done.plan is None or (is_strict and left):
        return 1
    return 3 if done.changed.handed or any(step.cause == "way" for step in left) else 0


def _log_in() -> NoReturn:
    """Ask for name and password and print the key, which is all that is kept; exit."""
    from vaultdeck.sync import ways
    from vaultdeck.sync.errors import SyncError

    name = click.prompt("Name", err=True)
    password = click.prompt("Password", hide_input=True, err=True)
    try:
        say(ways.log_in(name, password, os.environ))
    except SyncError as error:
        say(f"vaultdeck: {error}", err=True)
        sys.exit(error.code)
    say(f"keep it secret; sync reads it from the variable {ways.SYNC_KEY}", err=True)
    sys.exit(0)


def _agree_to(is_agreed: bool, place: Callable[[Location], Location]) -> Callable[[Plan], None]:
    """Return what asks the user whether much may be deleted; nobody there to ask means no."""

    def agree(plan: Plan) -> None:
        from vaultdeck.cli.syncing import refuse_many
        from vaultdeck.sync.errors import SyncError
        from vaultdeck.sync.text import plan_lines

        if is_agreed:
            return
        if not sys.stdin.isatty():
            refuse_many(plan)
        echo_all(plan_lines(plan.seen(place)))
        if not click.confirm("Go on?"):
            raise SyncError("nothing was changed in Anki")

    return agree


def _show(changed: Changed, plan: Plan | None, way: Way, *, is_dry_run: bool) -> None:
    from vaultdeck.sync import text

    say(f"Anki: {way.name}, {way.kind} ({way.why})")
    if plan is None:
        say("nothing written: the vault has problems")
        return
    echo_all(text.plan_lines(plan))
    if is_dry_run:
        say("nothing written; run without --dry-run")
    echo_all(text.changed_lines(changed, way))


def _show_json(
    told: Told, changed: Changed, plan: Plan | None, way: Way, *, is_dry_run: bool, code: int
) -> None:
    from vaultdeck.report.text import as_json
    from vaultdeck.sync import text

    backup, handed = (str(path) if path else None for path in (way.backup, changed.handed))
    data: dict[str, Any] = {
        "vault": told.vault,
        "anki": way.name,
        "way": way.kind,
        "is_dry_run": is_dry_run,
        "exit_code": code,
        "backup": backup,
        "handed": handed,
        "problems": [problem.as_dict() for problem in told.places],
    }
    data |= text.plan_data(plan) if plan else {}
    sys.stdout.write(f"{as_json(data)}\n")
