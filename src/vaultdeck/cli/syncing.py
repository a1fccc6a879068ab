"""What `sync` and `watch --sync` run: the way into Anki and the options of the build."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vaultdeck.build.options import Mode, Options
from vaultdeck.cli.options import Shared
from vaultdeck.cli.support import echo_all, show_status
from vaultdeck.model.diagnostics import counted
from vaultdeck.sync import sync, ways
from vaultdeck.sync.errors import SyncError
from vaultdeck.sync.plan import DELETED, SUSPENDED, Plan, Wishes
from vaultdeck.sync.text import backup_lines
from vaultdeck.sync.way import Way
from vaultdeck.vault.progress import UNSEEN, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Syncing:
    """A vault, where its notes go, and what the user said about both."""

    root: Path
    shared: Shared
    wanted: str = "auto"
    profile: str = ""
    collection: Path | None = None
    may_upload: bool = False
    deck: str | None = None
    is_locked: bool = False
    is_dry_run: bool = False
    is_strict: bool = False

    def open_way(self) -> Way:
        """Open the way into Anki; raises SyncError."""
        return ways.open_way(
            self.wanted,
            os.environ,
            profile=self.profile,
            collection=self.collection,
            cache=self.shared.cache,
            may_upload=self.may_upload,
            say=show_status,
        )

    def run(
        self, way: Way, wishes: Wishes, agree: Callable[[Plan], None], progress: Progress = UNSEEN
    ) -> sync.Synced:
        """Sync once; `agree` is asked before much is deleted. Raises as `sync` does.

        On a server's way in CI nothing is written into the vault: IDs that CI writes into its checkout are
        lost, and every run would make new notes.
        """
        is_locked = self.is_locked or (way.kind == "server" and bool(os.environ.get("CI")))
        options = Options(
            Mode.LOCKED if is_locked else Mode.IDS,
            deck=self.deck,
            is_dry_run=self.is_dry_run or is_locked,
            is_strict=self.is_strict,
            **self.shared.work,
        )
        try:
            return sync.sync(
                self.root,
                int(time.time()),
                options,
                way,
                wishes,
                agree,
                progress,
                say=show_status,
                is_dry_run=self.is_dry_run,
            )
        except BaseException:
            # One that was interrupted as well.
            show_status("")
            echo_all(backup_lines(way), err=True)
            raise


def refuse_many(plan: Plan) -> None:
    """Refuse to delete much where nobody can be asked; raises SyncError."""
    number = counted(len(plan.of(DELETED, SUSPENDED)), "note")
    raise SyncError(
        f"{number} of {plan.notes_in_anki} would be deleted or suspended in Anki: see which with --dry-run, "
        "agree with --yes"
    )
