"""Which note files are built: the scan folders less the ignore globs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from vaultdeck.model import Config
from vaultdeck.vault.globs import matches


def select_notes(paths: Iterable[str], config: Config) -> Iterator[str]:
    """Yield the paths that the settings let through.

    A later glob wins, and one with `!` takes files in again.
    """
    folders = tuple(folder.strip("/") + "/" for folder in config.scan if folder.strip("/"))
    for path in paths:
        name = unicodedata.normalize("NFC", path)
        if folders and not name.startswith(folders):
            continue
        if not config.ignore or not _is_ignored(name, config.ignore):
            yield path


def _is_ignored(path: str, globs: tuple[str, ...]) -> bool:
    ignored = False
    for pattern in globs:
        negated = pattern.startswith("!")
        if ignored == negated and matches(path, pattern.removeprefix("!")):
            ignored = not negated
    return ignored
