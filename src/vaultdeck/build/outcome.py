"""What came of a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vaultdeck.anki.lock import Entry, Lock
from vaultdeck.anki.stamp import Stamped
from vaultdeck.build.replay import Evidence
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import ERROR, NOTICE, Diagnostic, weigh


@dataclass(slots=True)
class Build:
    """The outcome of a build: what changes in Anki, what is wrong, what was written.

    `provisional`: IDs invented for this run and not written into notes. `unsure`: IDs that are missing
    from the vault while some file could not be read, so they are not called removed. `buried` and
    `unburied`: removed notes sent once more, and those that cannot be. `failure`: why something could
    not be written; `also_written`: what was, besides the package. `evidence`: what the next run must
    compare to print the same report without building; None if it has to build.
    """

    config: Config
    output: Path
    stamped: Stamped
    notices: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    is_written: bool = False
    also_written: list[str] = field(default_factory=list)
    is_refused: bool = False
    failure: OSError | None = None
    provisional: frozenset[int] = frozenset()
    unsure: Sequence[int] = ()
    buried: Sequence[Entry] = ()
    unburied: Sequence[Entry] = ()
    evidence: Evidence | None = None

    @property
    def has_errors(self) -> bool:
        """Tell whether a card was left out."""
        return any(problem.severity == ERROR for problem in self.diagnostics)

    @property
    def has_problems(self) -> bool:
        """Tell whether something is wrong; a notice is no problem."""
        return any(problem.severity != NOTICE for problem in self.diagnostics)

    def repeated(self) -> Build:
        """Return the outcome of the next build if nothing changes until then.

        Nothing is new, changed, moved or removed any more: the lock knows it by then.
        """
        changes = [
            replace(change, status="unchanged", moved_from="")
            if change.status != "unchanged" or change.moved_from
            else change
            for change in self.stamped.changes
            if change.status != "removed"
        ]
        problems = [problem for problem in self.diagnostics if problem.code != "cloze-removed"]
        return replace(self, stamped=replace(self.stamped, changes=changes), diagnostics=problems)


def unusable(root: Path, problems: Sequence[Diagnostic]) -> Build:
    """Return the outcome where the settings or the lock cannot be used: only that is known."""
    name = root.resolve().name
    diagnostics = weigh(problems, {})
    return Build(Config(name, name), Path(), Stamped(Lock()), diagnostics=diagnostics)
