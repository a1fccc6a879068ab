"""What the commands share: which vault a call is about."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vaultdeck.cli.support import clear_errors, fail
from vaultdeck.vault.folder import FOLDER_MARKS, LOCK_NAME

if TYPE_CHECKING:
    from vaultdeck.vault.observed import Input

# The marks of a vault; a lock is one that the first build leaves.
VAULT_MARKS = (*FOLDER_MARKS, LOCK_NAME)
# What cards are made from: notes and settings.
TEXT_SUFFIXES = (".md", ".json", ".yaml")
# How deep, and in how many folders, vaults are looked for in a folder that bears no mark.
MAX_VAULT_DEPTH = 3
MAX_FOLDERS = 2000


def named_vault(vault: Path | None) -> Path:
    """Return the vault that a call is about: without a name the one that the current folder is in."""
    if vault is None:
        with clear_errors():
            vault = _found(Path())
            if not is_vault(vault):
                fail("no vault here: name its folder")
    check_vault(vault)
    return vault


def _found(path: Path) -> Path:
    """Return the vault of a path, named as the path is."""
    vault = find_vault(path)
    return vault if path.is_absolute() else Path(os.path.relpath(vault, Path().resolve()))


def find_vault(path: Path) -> Path:
    """Return the vault of a path: the nearest folder above with one of its marks, else the folder.

    A file below the current folder without any mark belongs to the current folder, where a hook runs.
    """
    start = path.resolve()
    folder = start if start.is_dir() else start.parent
    for parent in [folder, *folder.parents]:
        if is_vault(parent):
            return parent
    if start.is_dir():
        return start
    here = Path().resolve()
    return here if folder.is_relative_to(here) else folder


def is_vault(folder: Path) -> bool:
    """Tell whether a folder bears the mark of a vault."""
    return any((folder / mark).exists() for mark in VAULT_MARKS)


def by_vault(
    paths: Iterable[Path], vault: Path | None, *, takes_all_files: bool = False
) -> dict[Path, list[Path]]:
    """Return the paths by the vault that they belong to; without any, the vault alone.

    A file that can hold neither cards nor settings is refused, unless the call is a hook's, which is
    given every file of a commit.
    """
    groups: dict[Path, list[Path]] = {}
    with clear_errors():
        for path in paths:
            if not path.exists():
                fail(f"no file or folder named '{path}'")
            if not (takes_all_files or path.is_dir() or path.name.lower().endswith(TEXT_SUFFIXES)):
                fail(f"'{path}' is no note: name a file that ends in .md, or a folder")
            root = vault or _found(path)
            if not path.resolve().is_relative_to(root.resolve()):
                fail(f"'{path}' is not in the vault '{root}'")
            groups.setdefault(root, []).append(path)
        groups = groups or {vault or _found(Path()): []}
        for root in groups:
            check_vault(root)
    return groups


def names_in_vault(vault: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    """Return paths of a vault as diagnostics write them, also those that are not valid Unicode."""
    names = [path.resolve().relative_to(vault.resolve()).as_posix() for path in paths]
    return tuple(name.encode("utf-8", "backslashreplace").decode() for name in names)


def check_vault(vault: Path) -> None:
    """Exit with 2 if a folder is none, or one that nobody means as one vault."""
    with clear_errors():
        if not vault.is_dir():
            fail(f"'{vault}' is not a folder" if vault.exists() else f"no folder named '{vault}'")
        if is_vault(vault):
            return
        real = vault.resolve()
        mark = f"name a folder in it, or put an empty {FOLDER_MARKS[-1]} into it to have it read as a whole"
        if real in (Path.home().resolve(), Path(real.anchor)):
            fail(f"'{vault}' is a whole home folder or disk, and no vault: {mark}")
        if real.name == "node_modules" or (vault / "node_modules").is_dir():
            fail(
                f"'{vault}' holds the packages of a program (node_modules), and is no vault: {mark}"
            )
        inner = [folder.as_posix() for folder in _vaults_in(vault)]
        if len(inner) > 1:
            listed = [f"    {folder}" for folder in sorted(inner)]
            fail(f"'{vault}' is no vault, and several are in it: {mark}", *listed)


def _vaults_in(folder: Path) -> Iterator[Path]:
    """Yield the vaults in a folder, as far as a short look shows them."""
    pending, seen = [(folder, 0)], 0
    while pending and seen < MAX_FOLDERS:
        folder, depth = pending.pop(0)
        seen += 1
        try:
            inner = [f for f in folder.iterdir() if f.name[0] != "." and f.is_dir()]
        except OSError:
            continue
        for child in inner:
            if is_vault(child):
                yield child
            elif depth < MAX_VAULT_DEPTH and not child.is_symlink():
                pending.append((child, depth + 1))


def seen_from(here: Path, vault: Path) -> str:
    """Return a vault's folder as it is seen from `here`, which is absolute; else as it was named.

    It is seen where one of them lies in the other.
    """
    real = vault.resolve()
    if real.is_relative_to(here) or here.is_relative_to(real):
        vault = Path(os.path.relpath(real, here))
    return vault.as_posix().encode("utf-8", "backslashreplace").decode()


def search_inputs(paths: Iterable[Path], vault: Path | None) -> list[Input]:
    """Return what decided which vault a call with PATHS is about, for `remember`."""
    from vaultdeck.vault.observed import Observed

    seen = Observed(Path())
    for path in [*paths] or ([] if vault else [Path()]):
        seen.exists(str(path.absolute()))
        start = path.resolve()
        for folder in [] if vault else [start, *start.parents]:
            for mark in VAULT_MARKS:
                seen.exists(str(folder / mark))
    return seen.inputs
