"""Which files are built, and which of them and their problems a call is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.spelling import with_plain_spaces
from vaultdeck.vault.globs import Globs, is_glob


def select_notes(paths: Iterable[str], config: Config) -> Iterator[str]:
    """Yield the paths that the settings let through; raises GlobError.

    A later glob wins, and one with `!` takes files in again. `Old/` is all that is in the folder.
    """
    scanned = (with_plain_spaces(folder.strip("/")) for folder in config.scan)
    folders = tuple(f"{folder}/" for folder in scanned if folder)
    names = {path: with_plain_spaces(path) for path in paths}
    ignored: set[str] = set()
    globs = Globs(config.ignore)
    for pattern in config.ignore:
        negated = pattern.startswith("!")
        glob = pattern.removeprefix("!")
        glob = f"{glob.lstrip('/')}**" if glob.endswith("/") else glob
        asked = (name for name in names.values() if (name in ignored) == negated)
        ignored ^= globs.matching(glob, asked)
    for path, name in names.items():
        if name not in ignored and (not folders or name.startswith(folders)):
            yield path


def check_globs(paths: Iterable[str], globs: Sequence[str]) -> None:
    """Raise GlobError if globs that fit nothing where they are none take too long on the notes."""
    names, tried = [*map(with_plain_spaces, paths)], Globs(globs)
    for glob in filter(is_glob, globs):
        tried.matching(glob, names)


def chooser(chosen: Sequence[str]) -> Callable[[str], bool]:
    """Return what tells whether a path is one of, or in one of, the files and folders `chosen`.

    Every path is, if none is chosen.
    """
    names = [*map(with_plain_spaces, chosen)]

    def is_chosen(path: str) -> bool:
        path = with_plain_spaces(path)
        return any(name in (".", path) or path.startswith(f"{name}/") for name in names)

    return is_chosen if names else lambda path: True


def choose_problems(problems: Iterable[Diagnostic], chosen: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield the problems of the files and folders `chosen`: in them, or in what they embed.

    All, if none is chosen. This comes before equal problems are made one: of those in a section that
    many notes embed, each has another chain.
    """
    is_chosen = chooser(chosen)
    for problem in problems:
        paths = (place.path for place in (problem.location, *problem.via))
        if problem.traits.of_all_notes or any(map(is_chosen, paths)):
            yield problem
