"""The steps of a sync, whichever way leads into Anki."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from vaultdeck.anki.lock import Lock
from vaultdeck.anki.lock_file import read_lock, write_lock
from vaultdeck.anki.package import write_package
from vaultdeck.build.build import build
from vaultdeck.build.exclusive import exclusive
from vaultdeck.build.options import Options
from vaultdeck.build.outcome import Build
from vaultdeck.model import StampedNote
from vaultdeck.model.diagnostics import counted
from vaultdeck.model.value import value
from vaultdeck.sync.compare import make_plan
from vaultdeck.sync.found import InAnki
from vaultdeck.sync.plan import LEFT, NEW, RETYPED, UPDATED, Plan, VaultSide, Wishes
from vaultdeck.sync.remember import remember
from vaultdeck.sync.way import Changed, Way
from vaultdeck.vault.names import scan
from vaultdeck.vault.progress import UNSEEN, Progress

NOTHING = Changed()


@value(frozen=True, slots=True)
class Synced:
    """The outcome: the build, the plan (None if the build was refused), and what came of it."""

    build: Build
    plan: Plan | None = None
    changed: Changed = NOTHING


def sync(
    root: Path,
    now: int,
    options: Options,
    way: Way,
    wishes: Wishes,
    agree: Callable[[Plan], None],
    progress: Progress = UNSEEN,
    *,
    say: Callable[[str], None] = lambda text: None,
    is_dry_run: bool = False,
) -> Synced:
    """Build the vault in `root` and bring Anki to what it says.

    `agree` is asked before much is deleted; it raises SyncError to refuse. `say` is told what goes on, and an
    empty text when that has ended. What was learned goes into the lock if the options let the build write
    one. Raises as `build` does, and SyncError.
    """
    before = read_lock(root) or Lock()
    result = build(root, now, options, progress)
    if result.is_refused or result.failure is not None:
        return Synced(result)
    lock = result.stamped.lock
    unknown = lock.entries.keys() - before.entries.keys()
    vault = VaultSide(result.stamped.notes, lock, result.config.note_types, unknown)
    say("reading what Anki holds")
    seen = way.look(vault.guids)
    say("")
    told = result.config.sync
    wishes = replace(
        wishes,
        removed=wishes.removed or told.removed,
        moves=told.moved == "move",
        retypes=told.retype,
        only_waiting=way.only_waiting,
    )
    plan = _as_far_as(way, make_plan(vault, seen, wishes), seen)
    _settle_type_changes(result, plan)
    if is_dry_run:
        return Synced(result, plan)
    changed = Changed(after=seen)
    if not plan.is_empty:
        if plan.asks:
            agree(plan)
        with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
            files, _ = scan(root)

            def pack(notes: Sequence[StampedNote]) -> Path:
                path = Path(folder) / "sync.apkg"
                write_package(path, notes, files.open)
                return path

            say(f"changing Anki: {counted(len(plan.steps), 'step')}")
            changed = way.change(plan, seen, vault.guids, pack)
            say("")
    if options.writes_vault and changed.after is not None:
        _keep(root, vault, remember(vault, plan, changed.after))
    return Synced(result, plan, changed)


def _as_far_as(way: Way, plan: Plan, seen: InAnki) -> Plan:
    """Return a plan in which that is left which a way cannot do."""
    reasons = [way.cannot(step, plan, seen) for step in plan.steps]
    steps = [
        step._replace(what=LEFT, cause="way", why=why) if why and step.what != LEFT else step
        for step, why in zip(plan.steps, reasons, strict=True)
    ]
    changed = {step.id for step in steps if step.what in (NEW, UPDATED, RETYPED)}
    sent = {number: note for number, note in plan.sent.items() if number in changed}
    return replace(plan, steps=tuple(steps), sent=sent)


def _settle_type_changes(result: Build, plan: Plan) -> None:
    """Take back the warning of a note type that Anki keeps, where it does not."""
    retyped = {step.location for step in plan.of(RETYPED)}
    result.diagnostics = [
        problem
        for problem in result.diagnostics
        if problem.code != "note-type-changed" or problem.location not in retyped
    ]


def _keep(root: Path, vault: VaultSide, lock: Lock) -> None:
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
        entries = {**current.entries, **learned}
        write_lock(root, replace(current, entries=entries, collection=lock.collection))
