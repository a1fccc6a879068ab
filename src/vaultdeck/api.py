"""What a Python program asks of a vault: to build it, to check it, to give its cards.

    from vaultdeck import api
    api.build("notes", "notes.apkg").has_errors

The functions do not stand in `vaultdeck` itself, whose `build` is the room of that name. Every function
raises OSError if the folder cannot be read, ConfigError and LockError if its vaultdeck.yaml or
vaultdeck.lock cannot be used; both have `diagnostics`. What is wrong in a card is never raised: it is in
`Build.diagnostics`. Folders are named as text or as paths.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vaultdeck.anki.lock import LockError
from vaultdeck.build.build import build as build_vault
from vaultdeck.build.compiled import compile_vault
from vaultdeck.build.options import Mode, Options
from vaultdeck.build.outcome import Build
from vaultdeck.build.session import ConfigError, open_vault
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.vault.progress import UNSEEN, Progress

__all__ = ["Build", "Card", "ConfigError", "Diagnostic", "LockError", "build", "cards", "check"]

Folder = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Card:
    """One card as written in a note file, which is one note in Anki.

    `fields` are in HTML, by the names of the note type and in its order; `id` is None until one is
    written into the note file.
    """

    place: Location
    note_type: str
    deck: str
    tags: tuple[str, ...]
    fields: Mapping[str, str]
    id: int | None = None


def build(
    vault: Folder,
    output: Folder | None = None,
    *,
    deck: str | None = None,
    is_locked: bool = False,
    is_dry_run: bool = False,
    is_resync: bool = False,
    is_strict: bool = False,
    with_tombstones: bool = False,
    cache: Path | None = None,
    jobs: int = 1,
    progress: Progress = UNSEEN,
) -> Build:
    """Build a vault as `vaultdeck build` does: IDs, lock and package.

    Without `output` the package is in the current folder and named after the vault. `cache` is a folder
    for compiled files, without which nothing is kept; `jobs` is how many processes work, 0 for as many as
    pay. `progress` is told how far the work is.
    """
    options = Options(
        Mode.LOCKED if is_locked else Mode.BUILD,
        deck=deck,
        output=None if output is None else Path(output),
        is_dry_run=is_dry_run,
        is_resync=is_resync,
        is_strict=is_strict,
        with_tombstones=with_tombstones,
        cache=cache,
        jobs=jobs,
    )
    return build_vault(Path(vault), int(time.time()), options, progress)


def check(
    vault: Folder,
    paths: Sequence[str] = (),
    *,
    is_pasted: bool = False,
    cache: Path | None = None,
    jobs: int = 1,
    progress: Progress = UNSEEN,
) -> Build:
    """Find what is wrong in a vault as `vaultdeck check` does; nothing is written.

    `paths` are files and folders, relative to the vault, whose problems are wanted; all, if it is empty.
    With `is_pasted` sections that were pasted into cards are problems, too.
    """
    options = Options(Mode.CHECK, chosen=tuple(paths), is_pasted=is_pasted, cache=cache, jobs=jobs)
    return build_vault(Path(vault), int(time.time()), options, progress)


def cards(vault: Folder, *, deck: str | None = None, cache: Path | None = None) -> Iterator[Card]:
    """Yield the cards of a vault in the order of its files; those with errors are left out."""
    session = open_vault(Path(vault), deck)
    for note in compile_vault(session, cache=cache).notes:
        yield Card(note.location, note.kind, note.deck, note.tags, note.named, note.id)
