"""What the commands share: arguments, clear errors, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from vaultdeck.anki.package_name import default_name, replaces_collection
from vaultdeck.vault.folder import MARKS

if TYPE_CHECKING:
    from vaultdeck.build.replay import Evidence, Said
    from vaultdeck.vault.observed import Input

F = TypeVar("F", bound=Callable[..., Any])
# Vaults with fewer notes are built before a progress bar could be read.
LONG_WORK = 200
# The marks of a vault; a lock is one that the first build leaves.
VAULT_MARKS = (*MARKS, "vaultdeck.lock")
# What the names of files end in that are written, and who goes by that.
SUFFIXES = {".apkg": (".apkg",), ".html": (".html", ".htm")}
READERS = {".apkg": "Anki knows a package", ".html": "a browser knows a page"}


def cache_options(command: F) -> F:
    """Give a command the options of the cache, to be passed to `cache_folder`."""
    no_cache = click.option("--no-cache", is_flag=True, help="Keep nothing between runs.")
    folder = click.option(
        "--cache-dir",
        type=click.Path(path_type=Path),
        help="Keep compiled notes here.  [default: vaultdeck's folder in the user's cache folder]",
    )
    return no_cache(folder(command))


def vault_option(command: F) -> F:
    """Give a command that takes PATHS the option `--vault`."""
    return click.option(
        "--vault",
        type=Folder(),
        help="The vault.  [default: the nearest folder above with .obsidian, vaultdeck.yaml or "
        "vaultdeck.lock, else the current folder]",
    )(command)


def vault_argument(command: F) -> F:
    """Give a command the argument VAULT, to be passed to `named_vault`."""
    return click.argument("vault", type=Folder(), required=False)(command)


def named_vault(vault: Path | None) -> Path:
    """Return the vault that a call is about: without a name the one that the current folder is in."""
    if vault is None:
        with clear_errors():
            vault = find_vault(Path())
            if not is_vault(vault):
                fail("no vault here: name its folder")
    check_vault(vault)
    return vault


def deck_option(command: F) -> F:
    """Give a command the option `--deck`."""
    return click.option(
        "--deck", help="Deck of cards whose note names none.  [default: the vault's name]"
    )(command)


def jobs_option(command: F) -> F:
    """Give a command the option `--jobs`."""
    return click.option(
        "--jobs",
        type=click.IntRange(1),
        help="How many processes work.  [default: as many as pay]",
    )(command)


def cache_folder(cache_dir: Path | None, no_cache: bool) -> Path | None:
    """Return the folder of caches, None for no cache; an empty name is no folder."""
    from vaultdeck.compile.cache.folder import default_folder

    if cache_dir is not None and no_cache:
        fail("--no-cache keeps nothing, so it cannot be combined with --cache-dir")
    if cache_dir is not None and cache_dir.exists() and not cache_dir.is_dir():
        fail(f"'{cache_dir}' is not a folder")
    try:
        return None if no_cache else cache_dir or default_folder()
    except RuntimeError:
        # Nobody's home.
        return None


class Folder(click.Path):
    """A path that is not empty: an unset variable of a script must not mean the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the name is empty", param, ctx)
        return super().convert(value, param, ctx)


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


def by_vault(paths: Iterable[Path], vault: Path | None) -> dict[Path, list[Path]]:
    """Return the paths by the vault that they belong to; without any, the vault alone."""
    groups: dict[Path, list[Path]] = {}
    with clear_errors():
        for path in paths:
            if not path.exists():
                fail(f"no file or folder named '{path}'")
            root = vault or find_vault(path)
            if not path.resolve().is_relative_to(root.resolve()):
                fail(f"'{path}' is not in the vault '{root}'")
            groups.setdefault(root, []).append(path)
        groups = groups or {vault or find_vault(Path()): []}
        for root in groups:
            check_vault(root)
    return groups


def names_in_vault(vault: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    """Return paths of a vault as diagnostics write them, also those that are not valid Unicode."""
    names = [path.resolve().relative_to(vault.resolve()).as_posix() for path in paths]
    return tuple(name.encode("utf-8", "backslashreplace").decode() for name in names)


def check_vault(vault: Path) -> None:
    with clear_errors():
        if not vault.is_dir():
            fail(f"'{vault}' is not a folder" if vault.exists() else f"no folder named '{vault}'")


def find_target(
    output: Path | None, vault: Path, suffix: str, checkout: Path | None = None
) -> Path:
    """Return the file to write: the one that the user named, else one in the current folder.

    A link that the user named is followed; one that happens to lie there is not written through. Names
    are of the folder `checkout` if it is given; as that is a stranger's, no link in it is followed.
    """
    target = output or Path(default_name(vault.resolve().name, suffix))
    with clear_errors():
        if checkout is not None and not target.is_absolute():
            target = checkout / target
            if not target.parent.resolve().is_relative_to(checkout.resolve()):
                fail(f"'{target}' leads out of '{checkout}'")
            target.parent.mkdir(parents=True, exist_ok=True)
        elif output is not None and output.is_symlink():
            target = Path(os.path.realpath(output))
        if target.is_symlink():
            fail(f"'{target}' is a symbolic link: name it with -o to write what it leads to")
        if target.is_dir():
            fail(f"'{target}' is a folder: name a file, as in '{target / f'notes{suffix}'}'")
        if target.suffix.lower() not in SUFFIXES[suffix]:
            fail(f"'{target}' must end in {suffix}, by which {READERS[suffix]}")
        if replaces_collection(target.name):
            fail(
                f"Anki takes a file named '{target.name}' for a whole collection and replaces the "
                f"user's by it: choose another name, as '{default_name(target.stem, suffix)}'"
            )
        if target.exists() and not target.is_file():
            fail(f"'{target}' is no file that could be replaced")
        if not target.parent.is_dir():
            fail(f"no folder named '{target.parent}' to write '{target.name}' into")
    return target


def search_inputs(paths: Iterable[Path], vault: Path | None) -> list[Input]:
    """Return what decided which vault a call with PATHS is about, for `remember`."""
    from vaultdeck.vault.observed import exists, noting_inputs

    with noting_inputs() as noted:
        for path in [*paths] or ([] if vault else [Path()]):
            exists(Path(), str(path.absolute()))
            start = path.resolve()
            for folder in [] if vault else [start, *start.parents]:
                for mark in VAULT_MARKS:
                    exists(folder, str(folder / mark))
    return noted


def remember(
    cache: Path | None, vault: Path, output: Path | None, evidence: Evidence, said: Said
) -> None:
    """Let the same command line say this as long as nothing changes; `output` is what it wrote."""
    from vaultdeck.build.replay import Call

    call = click.get_current_context().find_object(Call)
    if call is not None and cache is not None:
        call.keep(cache, vault, output, evidence, said)


def echo_all(lines: Iterable[str], err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what stops the whole run into one clear line and exit code 2."""
    try:
        yield
    except OSError as error:
        fail(reason(error))
    except Exception as error:
        _explain(error)
        raise


def _explain(error: Exception) -> None:
    """Exit with 2 if an error is one of ours; only then it takes time to import what tells."""
    from vaultdeck import report
    from vaultdeck.anki.collection import CollectionError
    from vaultdeck.anki.lock import LockError
    from vaultdeck.build.session import ConfigError

    if isinstance(error, ConfigError):
        echo_all(report.text_lines(error.diagnostics), err=True)
        sys.exit(2)
    if isinstance(error, LockError):
        echo_all(report.text_lines([error.diagnostic]), err=True)
        sys.exit(2)
    if isinstance(error, CollectionError):
        fail(str(error))


def reason(error: OSError) -> str:
    why = error.strerror or str(error)
    return f"{why}: '{error.filename}'" if error.filename else why


def fail(message: str) -> NoReturn:
    """Say in one line what is wrong with the call, and exit with 2."""
    click.echo(f"vaultdeck: {message}", err=True)
    sys.exit(2)


def progress(paths: Iterable[str]) -> Iterator[str]:
    """Hand on the paths, with a progress bar if the work is long and somebody looks."""
    paths = list(paths)
    if len(paths) < LONG_WORK or not sys.stderr.isatty():
        yield from paths
        return
    with click.progressbar(paths, label="Building cards", file=sys.stderr) as bar:
        yield from bar
