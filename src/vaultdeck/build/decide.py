"""What a build has to say and to write, decided before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vaultdeck.anki.identity import is_minted
from vaultdeck.anki.lock import Lock
from vaultdeck.anki.package_name import default_name
from vaultdeck.anki.removed import bury
from vaultdeck.anki.stamp import Stamped, find_outdated, removed_ids, stamp
from vaultdeck.anki.stamped_notes import list_contents
from vaultdeck.build.check_across import check_across
from vaultdeck.build.compiled import Compiled
from vaultdeck.build.ids import GivenIds
from vaultdeck.build.last_fields import read_last_fields, with_last_fields
from vaultdeck.build.options import Mode, Options
from vaultdeck.build.outcome import Build
from vaultdeck.build.replay import Evidence
from vaultdeck.build.session import Session
from vaultdeck.cards.syntaxes import version_of
from vaultdeck.html.lock_code import find_lock_code
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import ERROR, Diagnostic, weigh
from vaultdeck.model.value import value
from vaultdeck.settings.select import choose_problems, chooser
from vaultdeck.vault.folder import LOCK_NAME
from vaultdeck.vault.progress import CHECK, IDENTITY, Progress

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


@value(frozen=True, slots=True)
class BuildPlan:
    """What a build has to say and to write.

    The lock of `result` is written before the package, `final` after it, when removed notes have been
    sent once more. `evidence` is what the next build must compare to repeat this one, None if it has to
    build.
    """

    result: Build
    final: Lock
    evidence: Evidence | None


def decide(
    session: Session,
    compiled: Compiled,
    given: GivenIds,
    now: int,
    options: Options,
    progress: Progress,
) -> BuildPlan:
    """Decide what to write; `given` are the notes of `compiled`, each with an ID."""
    output = options.output or Path(default_name(compiled.config.vault_name))
    progress.begins(CHECK)
    notes, lock, problems = check_across(replace(compiled, files=given.files).notes, session.lock)
    gone = removed_ids(notes, compiled.present, lock)
    removed, unsure = (gone, []) if compiled.is_whole else ([], gone)
    progress.begins(IDENTITY)
    last = {} if options.mode is Mode.LOCKED else read_last_fields(output, removed, lock)
    last_fields = {number: last.get(number, ()) for number in removed}
    stamped = stamp(notes, lock, now, is_resync=options.is_resync, removed=last_fields)
    stamped.lock = final = replace(
        with_last_fields(stamped.lock, last),
        vault_name=compiled.config.vault_name,
        undecided=_undecided(compiled) if session.is_first else lock.undecided,
    )
    result = Build(compiled.config, output, stamped, list(session.notices))
    result.provisional, result.unsure = given.numbers, unsure
    if options.with_tombstones:
        final, tombstones, result.unburied = bury(stamped.lock, compiled.config.note_types, now)
        stamped.notes = [*stamped.notes, *tombstones]
        result.buried = [final.entries[tombstone.id] for tombstone in tombstones]
    stamped.contents = list_contents(stamped.notes, stamped.lock.entries)
    progress.begins(CHECK)
    problems += _problems_of_mode(session, compiled, given, stamped, options, progress)
    problems = [*compiled.problems, *problems]
    told = choose_problems([*problems, *stamped.problems], options.chosen)
    result.diagnostics = weigh(told, compiled.config.severities)
    # A card that is left out is one that was found.
    if not (stamped.notes or lock.entries or result.has_errors):
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
    is_settled = final is stamped.lock and final.types == lock.types and not given.missing
    if options.writes_vault and not is_settled:
        evidence = None
    return BuildPlan(result, final, evidence)


def _problems_of_mode(
    session: Session,
    compiled: Compiled,
    given: GivenIds,
    stamped: Stamped,
    options: Options,
    progress: Progress,
) -> list[Diagnostic]:
    """Return what is a problem in this mode only: a missing ID, a lock that is out of date."""
    problems: list[Diagnostic] = []
    if session.config.pasted:
        paths = filter(chooser(options.chosen), session.paths)
        # Few ask for it, and it takes long to import.
        from vaultdeck.pasted.check import find_pasted

        problems += find_pasted(session.vault, session.config, paths, progress, compiled.parsed)
    if options.mode is Mode.CHECK:
        # Before the first build no card has to have one.
        missing = [] if session.is_first else given.missing
        return [*problems, *missing, *find_lock_code(session.lock)]
    if options.mode is not Mode.LOCKED:
        return problems
    if given.missing:
        return [replace(p, override=ERROR, hint=NO_LOCK.hint) for p in given.missing]
    return [NO_LOCK] if session.is_first else find_outdated(stamped, session.lock)


def _undecided(compiled: Compiled) -> int:
    """Return how many cards had an ID before vaultdeck built the vault."""
    numbers = (note.id for file in compiled.files for note in file.notes)
    return sum(number is not None and not is_minted(number) for number in numbers)


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
