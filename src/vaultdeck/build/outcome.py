"""What a build has seen, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vaultdeck.anki.decks import unify_letter_case
from vaultdeck.anki.lock import Entry, Lock
from vaultdeck.anki.stamp import Linked
from vaultdeck.build.replay import Evidence
from vaultdeck.compile.note_file import CompiledFile
from vaultdeck.config import Config
from vaultdeck.diagnostics import ERROR, NOTICE, Diagnostic, weigh
from vaultdeck.model import Note
from vaultdeck.vault.names import Vault


@dataclass(frozen=True, slots=True)
class Compiled:
    """All notes of a vault, before identity; `racy` is as in `Evidence`, None if it is not known."""

    config: Config
    vault: Vault
    files: list[CompiledFile]
    problems: list[Diagnostic]
    racy: dict[str, str] | None = None

    @property
    def notes(self) -> list[Note]:
        """Return the notes in vault order, decks made one that differ only in letter case."""
        return unify_letter_case([note for file in self.files for note in file.notes])

    @property
    def present(self) -> set[int]:
        """Return all IDs that stand anywhere in the vault, built or not."""
        return {number for file in self.files for number in file.ids}

    @property
    def is_whole(self) -> bool:
        """Tell whether every card could be seen."""
        return not any(problem.traits.hides_cards for problem in self.problems)


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
    linked: Linked
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


def unusable(root: Path, problems: Sequence[Diagnostic]) -> Build:
    """Return the outcome where the settings or the lock cannot be used: only that is known."""
    name = root.resolve().name
    diagnostics = weigh(problems, {})
    return Build(Config(name, name), Path(), Linked(Lock()), diagnostics=diagnostics)
