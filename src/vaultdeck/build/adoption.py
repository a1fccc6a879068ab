"""The lock learns from an Anki collection or export which notes of the vault are in Anki already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from vaultdeck.anki.adopt import Adoption, adopt
from vaultdeck.anki.collection import CollectionError, read_collection
from vaultdeck.anki.lock_file import write_lock
from vaultdeck.build.check_across import keep_known
from vaultdeck.build.compiled import Compiled, compile_vault
from vaultdeck.build.exclusive import exclusive
from vaultdeck.build.ids import left_ids
from vaultdeck.build.session import open_vault
from vaultdeck.html import make_safe
from vaultdeck.vault.progress import UNSEEN, Progress

RIGHT_PROFILE = "is it of the right profile? (if no card is in Anki yet, use --none)"


def adopt_notes(
    root: Path,
    file: Path | None,
    progress: Progress = UNSEEN,
    *,
    cache: Path | None = None,
    jobs: int = 1,
) -> Adoption:
    """Record in the lock what the collection in `file` knows of the vault's notes; None: nothing.

    `cache`, `jobs` and `progress` are as in `compile_vault`. Raises OSError, LockError, ConfigError and
    CollectionError, this also if `file` knows none of the notes; the lock is then as it was.
    """
    with exclusive(root):
        session = open_vault(root)
        lock = session.lock
        if file is None:
            adoption = Adoption(replace(lock, is_adopted=True, undecided=0), (), ())
        else:
            compiled = compile_vault(session, progress, cache=cache, jobs=jobs)
            left = left_ids(compiled.files)
            notes, _ = keep_known(_with_ids(compiled, left).notes, lock)
            present = compiled.present
            adoption = adopt(notes, present, read_collection(file, present), lock, make_safe)
            if not adoption.matched:
                raise CollectionError(
                    f"'{file}' holds none of the {len(present)} IDs of this vault, so nothing was recorded: "
                    + (adoption.left or RIGHT_PROFILE)
                )
        write_lock(root, adoption.lock)
    return adoption


def _with_ids(compiled: Compiled, left: Mapping[str, Sequence[int]]) -> Compiled:
    """Return the notes with the IDs that other tools left of them, which the next build writes."""
    files = [
        replace(
            file, notes=tuple(replace(note, id=left[note.location.path][0]) for note in file.notes)
        )
        if file.source and file.source.path in left
        else file
        for file in compiled.files
    ]
    return replace(compiled, files=files)
