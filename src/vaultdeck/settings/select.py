"""Which note files are built: the scan folders less the ignore globs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from vaultdeck.model import Config


def select_notes(paths: Iterable[str], config: Config) -> Iterator[str]:
    """Yield the paths that the settings let through.

    Globs are those of minimatch, which the plugin uses: `*` within a folder name, `**` across folders,
    `{a,b}`; a later glob wins, and one with `!` takes files in again.
    """
    folders = tuple(folder.strip("/") + "/" for folder in config.scan if folder.strip("/"))
    for path in paths:
        name = unicodedata.normalize("NFC", path)
        if folders and not name.startswith(folders):
            continue
        if not config.ignore or not _is_ignored(name, config.ignore):
            yield path


def _is_ignored(path: str, globs: tuple[str, ...]) -> bool:
    from wcmatch import glob

    flags = glob.GLOBSTAR | glob.BRACE | glob.EXTGLOB | glob.FORCEUNIX | glob.DOTGLOB
    ignored = False
    for pattern in globs:
        negated = pattern.startswith("!")
        if ignored == negated and glob.globmatch(path, pattern.removeprefix("!"), flags=flags):
            ignored = not negated
    return ignored
