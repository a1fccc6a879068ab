"""The pipeline: a vault's folder in, a package out.

    open the vault → compile each note file → give IDs → plan → IDs into the notes → lock → package

The plan is worked out before anything is written. Files are then written in this order, each in one
step, so that whenever the process is killed the next build gives the same identities: an ID stands
in the note before anything else knows of it, and the lock knows a time before Anki can.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from vaultdeck.anki.identity import is_minted
from vaultdeck.anki.lock import Lock
from vaultdeck.anki.lock_file import write_lock
from vaultdeck.anki.package import write_package
from vaultdeck.anki.package_name import default_name
from vaultdeck.anki.removed import bury
from vaultdeck.anki.stamp import Linked, find_outdated, link, removed_ids
from vaultdeck.build.check_across import check_across
from vaultdeck.build.compiled import Compiled, compile_vault
from vaultdeck.build.exclusive import exclusive
from vaultdeck.build.ids import GivenIds, give_ids, write_given
from vaultdeck.build.last_fields import read_last_fields, with_last_fields
from vaultdeck.build.options import Mode, Options
from vaultdeck.build.outcome import Build
from vaultdeck.build.replay import Evidence
from vaultdeck.build.session import Session, open_vault
from vaultdeck.cards.syntaxes import version_of
from vaultdeck.diagnostics import ERROR, Diagnostic, counted, weigh
from vaultdeck.html.lock_code import find_lock_code
from vaultdeck.model import Location, Note
from vaultdeck.progress import UNSEEN, Progress
from vaultdeck.settings.select import choose_problems, chooser
from vaultdeck.vault.folder import LOCK_NAME
from vaultdeck.vault.observed import hash_file
from vaultdeck.vault.write import clear_leftovers, inside, try_writing

NO_LOCK = Diagnostic(
    "lock-outdated",
    Location(LOCK_NAME),
    f"this vault has no {LOCK_NAME}, from which a locked build takes all times",
    "run `vaultdeck build` and commit the note files and vaultdeck.lock",
)
NO_CARDS = Diagnostic(
    "no-cards",
    Location("."),
    "no card was built from this vault",
    "a card is a block between the lines START and END; `vaultdeck init` tells of other syntaxes in use",
)


def build(root: Path, now: int, options: Options, progress: Progress = UNSEEN) -> Build:
    """Build the vault in folder `root`: IDs, lock and package, as far as the options' mode goes.

    `now` is in seconds. Raises OSError if the folder cannot be read, LockError and ConfigError if the
    lock or the settings cannot be used. Builds of one vault at the same time wait for each other.
    """
    with exclusive(root) if options.writes_vault else nullcontext():
        session = open_vault(root, options.deck)
        is_pasted = options.is_pasted or session.config.pasted
        is_pasted = is_pasted and options.mode is Mode.CHECK
        session.config = replace(session.config, pasted=is_pasted)
        if options.writes_vault:
            clear_leftovers(root / path for path in session.vault.walked.leftovers)
        compiled = compile_vault(session, progress, cache=options.cache, jobs=options.jobs)
        given = give_ids(compiled.files, session.lock, now, is_random=options.writes_vault)
        plan = _make_plan(session, compiled, given, now, options, progress)
        if options.writes_vault and not plan.result.is_refused:
            failure = _try_writing(plan, session, options) if given.fresh else None
            if failure is not None:
                plan.result.failure = failure
                return plan.result
            changed = len(given.fresh)
            given, unwritten = write_given(compiled.vault, given, progress)
            if unwritten:
                compiled = replace(compiled, problems=[*compiled.problems, *unwritten])
                plan = _make_plan(session, compiled, given, now, options, progress)
                changed -= len(unwritten)
            plan.result.provisional = frozenset()
            if changed:
                plan.result.also_written.append(f"new IDs in {counted(changed, 'note')}")
        # When the last card was deleted, the lock still has to be written.
        is_known = bool(plan.result.linked.notes or session.lock.entries)
        if is_known and not plan.result.is_refused:
            _carry_out(plan, session, compiled, options, progress)
        return plan.result


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a build has to say and to write.

    `lock` is written before the package, `final` after it, when removed notes have been sent once
    more. `evidence` is what the next build must compare to repeat this one, None if it has to build.
    """

    result: Build
    lock: Lock
    final: Lock
    evidence: Evidence | None


def _make_plan(
    session: Session,
    compiled: Compiled,
    given: GivenIds,
    now: int,
    options: Options,
    progress: Progress,
) -> _Plan:
    """Decide what to write; `given` are the notes of `compiled`, each with an ID."""
    lock = session.lock
    output = options.output or Path(default_name(compiled.config.vault_name))
    notes, problems = check_across(replace(compiled, files=given.files).notes, lock)
    gone = removed_ids(notes, compiled.present, lock)
    linked = _link(
        session, compiled, notes, gone if compiled.is_whole else [], output, now, options
    )
    result = Build(compiled.config, output, linked, list(session.notices))
    result.provisional = given.numbers
    result.unsure = [] if compiled.is_whole else gone
    final = linked.lock
    if options.with_tombstones:
        final, tombstones, result.unburied = bury(linked.lock, compiled.config.note_types, now)
        linked.notes += tombstones
        result.buried = [final.entries[tombstone.id] for tombstone in tombstones]
    problems += _problems_of_mode(session, compiled, given, linked, options, progress)
    problems = [*compiled.problems, *problems]
    told = choose_problems([*problems, *linked.problems], options.chosen)
    result.diagnostics = weigh(told, compiled.config.severities)
    # A card that is left out is one that was found.
    if not (linked.notes or lock.entries or result.has_errors):
        told = choose_problems([NO_CARDS], options.chosen)
        result.diagnostics[:0] = weigh(told, compiled.config.severities)
    if options.is_strict:
        result.is_refused = bool(result.diagnostics)
    elif options.mode is Mode.LOCKED:
        result.is_refused = result.has_errors or bool(given.missing)
    else:
        # Which cards there are would depend on how fast this machine is.
        result.is_refused = any(problem.code == "slow-regexp" for problem in problems)
    evidence = _evidence(session, compiled, options, problems)
    if options.mode is Mode.CHECK:
        result.evidence = evidence
    # The next build begins with the lock that this one writes.
    is_settled = final is linked.lock and final.types == lock.types and not given.missing
    if options.writes_vault and not is_settled:
        evidence = None
    return _Plan(result, linked.lock, final, evidence)


def _problems_of_mode(
    session: Session,
    compiled: Compiled,
    given: GivenIds,
    linked: Linked,
    options: Options,
    progress: Progress,
) -> list[Diagnostic]:
    """Return what is a problem in this mode only: a missing ID, a lock that is out of date."""
    if options.mode is Mode.CHECK:
        # Before the first build no card has to have one.
        missing = [] if session.is_first else given.missing
        problems = [*missing, *find_lock_code(session.lock)]
        if session.config.pasted:
            paths = filter(chooser(options.chosen), session.paths)
            # Few ask for it, and it takes long to import.
            from vaultdeck.pasted.check import find_pasted

            problems += find_pasted(session.vault, session.config, paths, progress, compiled.parsed)
        return problems
    if options.mode is not Mode.LOCKED:
        return []
    if given.missing:
        return [replace(p, override=ERROR, hint=NO_LOCK.hint) for p in given.missing]
    return [NO_LOCK] if session.is_first else find_outdated(linked, session.lock)


def _link(
    session: Session,
    compiled: Compiled,
    notes: Sequence[Note],
    removed: Sequence[int],
    output: Path,
    now: int,
    options: Options,
) -> Linked:
    """Link the notes with the lock; removed ones keep the fields that they had in `output`."""
    lock = session.lock
    last = {} if options.mode is Mode.LOCKED else read_last_fields(output, removed, lock)
    linked = link(
        notes,
        lock,
        now,
        is_resync=options.is_resync,
        removed={number: last.get(number, ()) for number in removed},
    )
    undecided = lock.undecided
    if session.is_first:
        numbers = (note.id for file in compiled.files for note in file.notes)
        undecided = sum(n is not None and not is_minted(n) for n in numbers)
    linked.lock = replace(
        with_last_fields(linked.lock, last),
        vault_name=compiled.config.vault_name,
        undecided=undecided,
    )
    return linked


def _try_writing(plan: _Plan, session: Session, options: Options) -> OSError | None:
    """Return why the lock or the package could not be written after the IDs, None if they can."""
    try:
        try_writing(inside(session.root, LOCK_NAME))
        if options.writes_package:
            try_writing(plan.result.output)
    except OSError as error:
        return error
    return None


def _carry_out(
    plan: _Plan, session: Session, compiled: Compiled, options: Options, progress: Progress
) -> None:
    """Write the lock and the package; the result says whether that went well."""
    result, evidence = plan.result, plan.evidence
    try:
        if options.writes_vault:
            written = write_lock(session.root, plan.lock)
            progress.wrote(LOCK_NAME)
            if session.is_first or plan.lock != session.lock:
                result.also_written.append(LOCK_NAME)
            inputs = [i for i in session.inputs if i[1] != LOCK_NAME]
            inputs.append(("file", LOCK_NAME, hash_file(written)))
            evidence = evidence and evidence._replace(inputs=inputs)
        if options.writes_package:
            write_package(result.output, result.linked.packed, compiled.vault.open)
            result.evidence = evidence
            result.is_written = True
            progress.wrote(str(result.output))
        if options.writes_vault and plan.final is not plan.lock:
            write_lock(session.root, plan.final)
    except OSError as error:
        result.failure = error


def _evidence(
    session: Session, compiled: Compiled, options: Options, problems: Sequence[Diagnostic]
) -> Evidence | None:
    """Return what a build has seen, from which the next one follows, if it does."""
    is_passing = any(problem.traits.passes for problem in problems)
    # The code of an installed package may change without a trace.
    is_passing |= any(map(version_of, compiled.config.syntaxes))
    if compiled.racy is None or is_passing or options.is_resync or options.with_tombstones:
        return None
    return Evidence(session.vault.walked, session.inputs, compiled.racy)


def update_lock(root: Path, now: int) -> bool:
    """Bring the lock up to date with the notes, as a build would; tell whether it changed.

    Raises as `build` does, and OSError if the lock cannot be written.
    """
    path = root / LOCK_NAME
    before = path.read_bytes() if path.is_file() else b""
    result = build(root, now, Options(Mode.IDS))
    if result.failure is not None:
        raise result.failure
    return path.is_file() and path.read_bytes() != before
