"""The steps of a sync, whichever way leads into Anki."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

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
from vaultdeck.sync.found import Found
from vaultdeck.sync.plan import RETYPED, Pack, Plan, Vault, Wishes, make_plan
from vaultdeck.sync.profiles import Profile
from vaultdeck.sync.remember import remember
from vaultdeck.sync.running import Anki, look
from vaultdeck.vault.names import scan

KEY, ADDRESS = "VAULTDECK_SYNC_KEY", "VAULTDECK_SYNC_URL"
NO_PACKAGE = "this needs Anki's own package: pip install 'vaultdeck[sync]'"


@dataclass(frozen=True, slots=True)
class Synced:
    """The outcome: the build, the plan (None if the build was refused), and the backup if one was made."""

    build: Build
    plan: Plan | None = None
    backup: Path | None = None


class Way(Protocol):
    """A way into Anki.

    `name` says what is reached and `why` in which state; with `only_waiting` cards that are due are not
    moved. Both methods raise SyncError.
    """

    @property
    def name(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def only_waiting(self) -> bool: ...
    def look(self, guids: Collection[str]) -> Found:
        """Return what Anki holds of the notes with these GUIDs."""

    def change(
        self, plan: Plan, seen: Found, guids: Collection[str], pack: Pack
    ) -> tuple[Path, Found]:
        """Carry out a plan made of what was `seen`; return the backup and what Anki then holds."""


def choose_way(wanted: str, environment: Mapping[str, str]) -> str:
    """Return `direct` or `server`: a server only if asked for, or in CI with a key; raises SyncError."""
    if wanted in ("ankiconnect", "open"):
        raise SyncError(f"--to {wanted} cannot be done yet: close Anki and use --to direct")
    if wanted != "auto":
        return wanted
    return "server" if environment.get("CI") and environment.get(KEY) else "direct"


def open_direct(profile: Profile) -> Way:
    """Return the way into a collection on this computer; raises SyncError if Anki runs."""
    state = look(profile.collection)
    if state in (Anki.RUNNING, Anki.CONNECTED):
        raise InUseError(f"{state.value}, and only a closed one can be synced yet: close it")
    try:
        from vaultdeck.sync.direct import Direct
    except ImportError:
        raise SyncError(NO_PACKAGE) from None
    return Direct(profile)


def open_server(environment: Mapping[str, str], cache: Path, *, may_upload: bool) -> Way:
    """Return the way through the server that the environment names; raises SyncError."""
    key = environment.get(KEY, "")
    if not key:
        raise SyncError(
            f"no key: run `vaultdeck sync --login` once and put what it prints in {KEY}"
        )
    try:
        from vaultdeck.sync.server import Server
    except ImportError:
        raise SyncError(NO_PACKAGE) from None
    return Server(key, environment.get(ADDRESS, ""), cache, may_upload=may_upload)


def log_in(name: str, password: str, environment: Mapping[str, str]) -> str:
    """Return the key of an account; raises SyncError."""
    try:
        from vaultdeck.sync import server
    except ImportError:
        raise SyncError(NO_PACKAGE) from None
    with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
        return server.log_in(name, password, environment.get(ADDRESS, ""), Path(folder))


def sync(
    root: Path,
    now: int,
    options: Options,
    way: Way,
    wishes: Wishes,
    agree: Callable[[Plan], None],
    progress: Progress = iter,
    *,
    is_dry_run: bool = False,
) -> Synced:
    """Build the vault in `root` and bring Anki to what it says.

    `agree` is asked before much is deleted; it raises SyncError to refuse. What was learned goes into the
    lock if the options let the build write one. Raises as `build` does, and SyncError.
    """
    before = read_lock(root) or Lock()
    result = build(root, now, options, progress)
    if result.is_refused or result.failure is not None:
        return Synced(result)
    lock = result.linked.lock
    unknown = lock.entries.keys() - before.entries.keys()
    vault = Vault(result.linked.notes, lock, result.config.note_types, unknown)
    seen = way.look(vault.guids)
    told = result.config.sync
    wishes = replace(
        wishes,
        removed=wishes.removed or told.removed,
        moves=told.moved == "move",
        retypes=told.retype,
        only_waiting=way.only_waiting,
    )
    plan = make_plan(vault, seen, wishes)
    _settle_type_changes(result, plan)
    if is_dry_run:
        return Synced(result, plan)
    backup, after = None, seen
    if not plan.is_empty:
        if plan.asks:
            agree(plan)
        with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
            files, _ = scan(root)

            def pack(notes: Sequence[StampedNote]) -> Path:
                path = Path(folder) / "sync.apkg"
                write_package(path, notes, files.open)
                return path

            backup, after = way.change(plan, seen, vault.guids, pack)
    if options.writes_vault:
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
