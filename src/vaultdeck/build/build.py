"""The pipeline: a vault's folder in, a package out.

    open the vault → compile each note file → give IDs → plan → IDs into the notes → lock → package

The plan is decided before anything is written. Files are then written in this order, each in one
step, so that whenever the process is killed the next build gives the same identities: an ID stands
in the note before anything else knows of it, and the lock knows a time before Anki can.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from vaultdeck.anki.lock_file import write_lock
from vaultdeck.build.compiled import Compiled, compile_vault
from vaultdeck.build.decide import BuildPlan, decide
from vaultdeck.build.exclusive import exclusive
from vaultdeck.build.ids import give_ids, write_given
from vaultdeck.build.options import Mode, Options
from vaultdeck.build.outcome import Build
from vaultdeck.build.session import Session, open_vault
from vaultdeck.model.diagnostics import counted
from vaultdeck.vault.folder import LOCK_NAME
from vaultdeck.vault.inside import read_inside
from vaultdeck.vault.observed import hash_file
from vaultdeck.vault.progress import IDENTITY, OPEN, PACKAGE, REST, UNSEEN, Progress
from vaultdeck.vault.write import clear_leftovers, inside, try_writing


def build(root: Path, now: int, options: Options, progress: Progress = UNSEEN) -> Build:
    """Build the vault in folder `root`: IDs, lock and package, as far as the options' mode goes.

    `now` is in seconds. Raises OSError if the folder cannot be read, LockError and ConfigError if the
    lock or the settings cannot be used. Builds of one vault at the same time wait for each other.
    """
    with exclusive(root) if options.writes_vault else nullcontext():
        progress.begins(OPEN)
        session = open_vault(root, options.deck)
        is_pasted = options.is_pasted or session.config.pasted
        is_pasted = is_pasted and (options.mode is Mode.CHECK or options.is_dry_run)
        session.config = replace(session.config, pasted=is_pasted)
        if options.writes_vault:
            clear_leftovers(root / path for path in session.vault.walked.leftovers)
        compiled = compile_vault(session, progress, cache=options.cache, jobs=options.jobs)
        progress.begins(IDENTITY)
        given = give_ids(compiled, session.lock, now, is_random=options.writes_vault)
        plan = decide(session, compiled, given, now, options, progress)
        if options.writes_vault and not plan.result.is_refused:
            failure = _try_writing(plan, session, options) if given.fresh else None
            if failure is not None:
                plan.result.failure = failure
                return plan.result
            changed = len(given.fresh)
            progress.begins(IDENTITY)
            given, unwritten, place = write_given(compiled.vault, given, progress)
            if unwritten:
                compiled = replace(compiled, problems=[*compiled.problems, *unwritten])
                plan = decide(session, compiled, given, now, options, progress)
                changed -= len(unwritten)
            plan.result.diagnostics = [p.moved(place) for p in plan.result.diagnostics]
            plan.result.provisional = frozenset()
            if changed:
                plan.result.also_written.append(f"new IDs in {counted(changed, 'note')}")
        # When the last card was deleted, the lock still has to be written.
        is_known = bool(plan.result.stamped.notes or session.lock.entries)
        if is_known and not plan.result.is_refused:
            _carry_out(plan, session, compiled, options, progress)
        progress.begins(REST)
        return plan.result


def _try_writing(plan: BuildPlan, session: Session, options: Options) -> OSError | None:
    """Return why the lock or the package could not be written after the IDs, None if they can."""
    try:
        try_writing(inside(session.root, LOCK_NAME))
        if options.writes_package:
            try_writing(plan.result.output)
    except OSError as error:
        return error
    return None


def _carry_out(
    plan: BuildPlan, session: Session, compiled: Compiled, options: Options, progress: Progress
) -> None:
    """Write the lock and the package; the result says whether that went well."""
    result, lock, evidence = plan.result, plan.result.stamped.lock, plan.evidence
    try:
        progress.begins(IDENTITY)
        if options.writes_vault:
            written = write_lock(session.root, lock, session.lock)
            progress.wrote(LOCK_NAME)
            if session.is_first or lock != session.lock:
                result.also_written.append(LOCK_NAME)
            inputs = [i for i in session.inputs if i[1] != LOCK_NAME]
            inputs.append(("file", LOCK_NAME, hash_file(written)))
            evidence = evidence and evidence._replace(inputs=inputs)
        if options.writes_package:
            # It imports genanki, for which nobody waits who only checks.
            from vaultdeck.anki.package import write_package

            progress.begins(PACKAGE)
            write_package(result.output, result.stamped.packed, compiled.vault.open)
            result.evidence = evidence
            result.is_written = True
            progress.wrote(str(result.output))
        if options.writes_vault and plan.final is not lock:
            write_lock(session.root, plan.final)
    except OSError as error:
        result.failure = error


def update_lock(root: Path, now: int) -> bool:
    """Bring the lock up to date with the notes, as a build would; tell whether it changed.

    Raises as `build` does, and OSError if the lock cannot be written.
    """
    before = read_inside(root, LOCK_NAME)
    result = build(root, now, Options(Mode.IDS))
    if result.failure is not None:
        raise result.failure
    return read_inside(root, LOCK_NAME) != before
