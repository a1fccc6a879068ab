"""The steps of a sync, whichever way leads into Anki."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vaultdeck.anki.lock import Lock
from vaultdeck.anki.lock_file import read_lock, write_lock
from vaultdeck.anki.package import write_package
from vaultdeck.build.build import build
from vaultdeck.build.compiled import Progress
from vaultdeck.build.exclusive import exclusive
from vaultdeck.build.options import Options
from vaultdeck.build.outcome import Build
from vaultdeck.model import StampedNote
from vaultdeck.sync.errors import InUseError, SyncError
from vaultdeck.sync.plan import RETYPED, Plan, Vault, Wishes, make_plan
from vaultdeck.sync.profiles import Profile
from vaultdeck.sync.remember import remember
from vaultdeck.sync.running import Anki, look
from vaultdeck.vault.names import scan

WAYS = ("auto", "direct", "server", "ankiconnect", "open")
KEY = "VAULTDECK_SYNC_KEY"
NO_PACKAGE = "this needs Anki's own package: pip install 'vaultdeck[sync]'"


@dataclass(frozen=True, slots=True)
class Synced:
    """The outcome: the build, the plan (None if the build was refused), and the backup if one was made."""

    build: Build
    plan: Plan | None = None
    backup: Path | None = None


def choose_way(wanted: str, collection: Path, environment: Mapping[str, str]) -> str:
    """Return why the way `direct` is taken; raises SyncError where another one would be needed."""
    if wanted in ("server", "ankiconnect", "open"):
        raise SyncError(f"--to {wanted} cannot be done yet: close Anki and use --to direct")
    if wanted == "auto" and environment.get("CI") and environment.get(KEY):
        raise SyncError("sync with a server cannot be done yet")
    state = look(collection)
    if wanted == "auto" and state in (Anki.RUNNING, Anki.CONNECTED):
        raise InUseError(f"{state.value}, and only a closed one can be synced yet: close it")
    return state.value


def sync(
    root: Path,
    now: int,
    options: Options,
    profile: Profile,
    wishes: Wishes,
    agree: Callable[[Plan], None],
    progress: Progress = iter,
) -> Synced:
    """Build the vault in `root` and bring the collection of `profile` to what it says.

    `options` say whether this is a dry run. `agree` is asked before much is deleted; it raises SyncError
    to refuse. Raises as `build` does, and SyncError.
    """
    try:
        from vaultdeck.sync import direct
    except ImportError:
        raise SyncError(NO_PACKAGE) from None
    before = read_lock(root) or Lock()
    result = build(root, now, options, progress)
    if result.is_refused or result.failure is not None:
        return Synced(result)
    lock = result.linked.lock
    unknown = lock.entries.keys() - before.entries.keys()
    vault = Vault(result.linked.notes, lock, result.config.note_types, unknown)
    seen = direct.look_into(profile, vault.guids)
    told = result.config.sync
    wishes = replace(
        wishes,
        removed=wishes.removed or told.removed,
        moves=told.moved == "move",
        retypes=told.retype,
    )
    plan = make_plan(vault, seen, wishes)
    _settle_type_changes(result, plan)
    if options.is_dry_run:
        return Synced(result, plan)
    if plan.is_empty:
        _keep(root, vault, remember(vault, plan, seen))
        return Synced(result, plan)
    if plan.asks:
        agree(plan)
    with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
        files, _ = scan(root)

        def pack(notes: Sequence[StampedNote]) -> Path:
            path = Path(folder) / "sync.apkg"
            write_package(path, notes, files.open)
            return path

        backup, after = direct.change(profile, plan, seen, vault.guids, pack)
    _keep(root, vault, remember(vault, plan, after))
    return Synced(result, plan, backup)


def _settle_type_changes(result: Build, plan: Plan) -> None:
    """Take back the warning of a note type that Anki keeps, where it does not."""
    retyped = {step.location for step in plan.of(RETYPED)}
    result.diagnostics = [
        problem
        for problem in result.diagnostics
        if problem.code != "note-type-changed" or problem.location not in retyped
    ]


def _keep(root: Path, vault: Vault, lock: Lock) -> None:
    """Write what a sync learned, but for notes that another build has changed meanwhile."""
    with exclusive(root):
        current = read_lock(root)
        if current is None:
            return
        learned = {
            number: entry
            for number, entry in lock.entries.items()
            if current.entries.get(number) == vault.lock.entries[number]
        }
        write_lock(root, replace(current, entries={**current.entries, **learned}))
