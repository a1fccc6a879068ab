"""What a build is asked for."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from vaultdeck.model.value import value


class Mode(Enum):
    """What a build is for, and so what it may write."""

    # IDs into the notes, the lock, the package.
    BUILD = "build"
    # The package only; all times come from the lock, and an ID or lock out of date is an error.
    LOCKED = "locked"
    # Nothing; a card without an ID is a problem.
    CHECK = "check"
    # IDs and the lock.
    IDS = "ids"


@value(frozen=True, slots=True)
class Options:
    """What a build is asked for.

    `output` is the package to write (None: in the current folder, named after the vault).
    `is_dry_run` builds and writes nothing; with `is_strict` any problem means that nothing is written.
    `is_resync` moves the time of every note to now; `with_tombstones` sends removed notes once more.

    `chosen` are the files and folders of the vault whose problems are told; all, if it is empty.

    With `is_pasted`, as with the setting `pasted`, a check and a dry run tell of pasted sections, too.

    `cache` is the folder of compiled files that are kept between runs (None: nothing is kept); `jobs`
    is how many processes compile, 0 for as many as pay.
    """

    mode: Mode = Mode.BUILD
    deck: str | None = None
    output: Path | None = None
    is_dry_run: bool = False
    is_resync: bool = False
    with_tombstones: bool = False
    is_strict: bool = False
    chosen: tuple[str, ...] = ()
    is_pasted: bool = False
    cache: Path | None = None
    jobs: int = 1

    @property
    def writes_vault(self) -> bool:
        """Tell whether IDs and the lock are written."""
        return self.mode in (Mode.BUILD, Mode.IDS) and not self.is_dry_run

    @property
    def writes_package(self) -> bool:
        """Tell whether the package is written."""
        return self.mode in (Mode.BUILD, Mode.LOCKED) and not self.is_dry_run
