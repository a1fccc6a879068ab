"""What a build is asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vaultdeck.anki.decks import unify_letter_case
from vaultdeck.anki.lock import Entry
from vaultdeck.anki.stamp import Linked
from vaultdeck.build.replay import Evidence
from vaultdeck.compile.note_file import CompiledFile
from vaultdeck.diagnostics import ERROR, Diagnostic
from vaultdeck.model import Config, Note
from vaultdeck.vault.names import Vault

# Problems that hide cards: while there is one, nobody knows which cards are gone for good.
HIDING = ("unreadable-file", "not-utf8", "link-outside-vault", "malformed-id")


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked for.

    `output` is the package to write (None: in the current folder, named after the vault); `is_locked`
    writes nothing but the package and takes all times from the lock; `is_dry_run` writes nothing, nor
    does `is_check`, which reports cards without an ID as well; `is_lock_only` writes IDs and the lock
    and no package, and `had_ids` tells it how many cards had an ID before it was called. With
    `is_strict` any problem means that nothing is written.

    `chosen` are the files and folders of the vault whose problems are told; all, if it is empty.

    `cache` is the folder of compiled files that are kept between runs (None: nothing is kept); `jobs`
    is how many processes compile, 0 for as many as pay.
    """

    deck: str | None = None
    output: Path | None = None
    is_locked: bool = False
    is_dry_run: bool = False
    is_resync: bool = False
    with_tombstones: bool = False
    is_check: bool = False
    is_strict: bool = False
    is_lock_only: bool = False
    had_ids: int | None = None
    chosen: tuple[str, ...] = ()
    cache: Path | None = None
    jobs: int = 1

    @property
    def writes_vault(self) -> bool:
        """Tell whether IDs and the lock are written."""
        return not (self.is_locked or self.is_dry_run or self.is_check)


@dataclass(slots=True)
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
        return not any(problem.code in HIDING for problem in self.problems)


@dataclass(slots=True)
class Build:
    """The outcome of a build: what changes in Anki, what is wrong, what was written.

    `provisional` are the IDs that serve only this run, as none was written; `unsure` are those that
    seem gone while something hides cards; `buried` and `unburied` are removed notes sent once more and
    those that cannot be. `failure` is why nothing could be written. `evidence` is what `repeated` rests
    on; None if the next build may well have other news.
    """

    config: Config
    output: Path
    linked: Linked
    notices: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    is_written: bool = False
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
