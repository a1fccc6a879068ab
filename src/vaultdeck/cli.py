"""The command line: options in, exit code out.

Exit codes: 0 no errors, 1 errors (cards were left out), 2 usage.
"""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from vaultdeck import __version__

# Vaults with fewer notes are built before a progress bar could be read.
LONG_WORK = 200
# What a vault's own folder holds.
VAULT_MARKS = ("vaultdeck.yaml", ".obsidian", "vaultdeck.lock")


class _Folder(click.Path):
    """A path that is not empty: an unset variable of a script must not mean the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the name is empty", param, ctx)
        return super().convert(value, param, ctx)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="vaultdeck")
def main() -> None:
    """Turn the card blocks of an Obsidian vault into an Anki package."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            # Leave by an exception, so that no temporary file stays behind.
            signal.signal(getattr(signal, name), lambda number, _: sys.exit(128 + number))


@main.command()
@click.argument("vault", type=_Folder())
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The package to write.  [default: <vault name>.apkg in this folder]",
)
@click.option("--deck", help="Deck of cards whose note names none.  [default: the vault's name]")
@click.option(
    "--locked",
    is_flag=True,
    help="For CI: write nothing but the package; fail if an ID or vaultdeck.lock is out of date.",
)
@click.option(
    "--dry-run", is_flag=True, help="Write nothing; show what would change, note by note."
)
@click.option("--resync", is_flag=True, help="Let this package win over all edits made in Anki.")
@click.option(
    "--tombstones",
    is_flag=True,
    help="Send notes that were removed once more, tagged vaultdeck::removed, to delete them in Anki.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to report: text on stderr, or one JSON object on stdout.",
)
def build(
    vault: Path,
    output: Path | None,
    deck: str | None,
    locked: bool,
    dry_run: bool,
    resync: bool,
    tombstones: bool,
    form: str,
) -> None:
    """Build the cards of VAULT into an Anki package.

    Every new card gets an ID, which is written into its note, and vaultdeck.lock remembers what is in
    Anki; commit both. Every good card is packed; each problem is reported at its file, line and
    column. Import the package with Anki's File > Import; importing a rebuilt one updates the cards
    and keeps all reviews.

    \b
    Examples:
      vaultdeck build ~/notes
      vaultdeck build ~/notes -o notes.apkg --deck Studies
      vaultdeck build ~/notes --dry-run
      vaultdeck build ~/notes --locked
    """
    import time

    from vaultdeck import engine, report

    _check_vault(vault)
    if locked and (resync or tombstones):
        _fail(
            "--locked takes all times from the lock: build once without it for --resync or --tombstones"
        )
    target = output or Path(f"{vault.resolve().name or 'vault'}.apkg")
    _check_target(target)
    options = engine.Options(
        deck=deck,
        output=target,
        is_locked=locked,
        is_dry_run=dry_run,
        is_resync=resync,
        with_tombstones=tombstones,
    )
    with _clear_errors():
        result = engine.build(vault, int(time.time()), options, _progress)
    if form == "json":
        text = report.as_json(result, with_changes=dry_run)
        sys.stdout.buffer.write(text.encode() + b"\n")
    else:
        _echo_all(report.text_lines(result.diagnostics), err=True)
        if dry_run:
            _echo_all(report.change_lines(result.linked.changes))
        _echo_all(report.summary_lines(result))
        _echo_all(f"note: {notice}" for notice in report.notices(result))
    if result.failure is not None:
        _fail(f"nothing was written: {_reason(result.failure)}")
    sys.exit(1 if result.has_errors or result.is_refused else 0)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--vault",
    type=_Folder(),
    help="The vault.  [default: the nearest folder above with .obsidian or vaultdeck.lock]",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a card has no ID.")
@click.option(
    "--fix-duplicates", is_flag=True, help="Give a card whose ID is taken one of its own."
)
def ids(paths: tuple[Path, ...], vault: Path | None, check: bool, fix_duplicates: bool) -> None:
    """Write IDs into the cards that have none, and nothing else.

    PATHS are note files or folders of one vault; without any, the whole vault. Exits with 1 if a file
    was changed (as hooks that fix do) or, with --check, if an ID is missing.

    \b
    Examples:
      vaultdeck ids --vault ~/notes
      vaultdeck ids "Biology/The cell.md"
      vaultdeck ids --check
    """
    import time

    from vaultdeck import newids, report

    groups = _by_vault(paths, vault)
    code = 0
    for root, chosen in groups.items():
        with _clear_errors():
            result = newids.write_ids(
                root, chosen, int(time.time()), is_check=check, fixes_duplicates=fix_duplicates
            )
        _echo_all(report.text_lines(result.diagnostics), err=True)
        for path, count in result.written.items():
            click.echo(f"{path}: {count} {'ID' if count == 1 else 'IDs'} written")
        code = 1 if result.written or result.diagnostics else code
    sys.exit(code)


@main.command()
@click.argument("vault", type=_Folder())
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--none", is_flag=True, help="Record that no card of the vault is in Anki yet.")
def adopt(vault: Path, file: Path | None, none: bool) -> None:
    """Learn from FILE which cards of VAULT are in Anki already, so that builds update them in place.

    FILE is a package or backup exported from Anki (.apkg, .colpkg) or the collection itself
    (collection.anki2, with Anki closed). vaultdeck.lock then holds, for every ID of the vault that is
    in Anki, what an update needs: your own note types, templates, tags and fields stay as they are.

    \b
    Examples:
      vaultdeck adopt ~/notes ~/Downloads/export.apkg
      vaultdeck adopt ~/notes "~/.local/share/Anki2/User 1/collection.anki2"
      vaultdeck adopt ~/notes --none
    """
    from vaultdeck import engine

    _check_vault(vault)
    if none == (file is not None):
        _fail("name either the file to adopt from, or --none")
    with _clear_errors():
        result = engine.adopt_notes(vault, file, _progress)
    for number in result.missing if file is not None else ():
        click.echo(f"ID {number} is not in '{file}'")
    matched = f"{len(result.matched)} {'note' if len(result.matched) == 1 else 'notes'} adopted"
    counts = f"{matched}, {len(result.missing)} not in Anki"
    click.echo(counts if file is not None else "recorded: nothing to adopt")


@main.command()
@click.argument("vault", type=_Folder())
def init(vault: Path) -> None:
    """Write a commented vaultdeck.yaml for VAULT, with the settings that a build uses now.

    They are those of the Obsidian_to_Anki plugin if the vault has them. An existing file is never
    overwritten.

    \b
    Example:
      vaultdeck init ~/notes
    """
    from vaultdeck.config import NAME
    from vaultdeck.files import replace_bytes
    from vaultdeck.session import open_vault
    from vaultdeck.starter import starter_config

    _check_vault(vault)
    target = vault / NAME
    with _clear_errors():
        if target.exists() or target.is_symlink():
            _fail(f"'{target}' is there already")
        session = open_vault(vault)
        replace_bytes(target, starter_config(session.config).encode())
    _echo_all(f"note: {notice}" for notice in session.notices)
    click.echo(f"{target}: written")


def find_vault(path: Path) -> Path:
    """Return the vault of a path: the nearest folder above with one of its marks, else the folder.

    A path below the current folder without any mark belongs to the current folder.
    """
    start = path.resolve()
    folder = start if start.is_dir() else start.parent
    for parent in [folder, *folder.parents]:
        if any((parent / mark).exists() for mark in VAULT_MARKS):
            return parent
    here = Path().resolve()
    return here if folder.is_relative_to(here) else folder


def _by_vault(paths: Iterable[Path], vault: Path | None) -> dict[Path, list[Path]]:
    """Return the paths by the vault that they belong to; without any, the vault alone."""
    groups: dict[Path, list[Path]] = {}
    with _clear_errors():
        for path in paths:
            if not path.exists():
                _fail(f"no file or folder named '{path}'")
            root = vault or find_vault(path)
            if not path.resolve().is_relative_to(root.resolve()):
                _fail(f"'{path}' is not in the vault '{root}'")
            groups.setdefault(root, []).append(path)
        groups = groups or {vault or find_vault(Path()): []}
        for root in groups:
            _check_vault(root)
    return groups


def _check_vault(vault: Path) -> None:
    with _clear_errors():
        if not vault.is_dir():
            _fail(f"'{vault}' is not a folder" if vault.exists() else f"no folder named '{vault}'")


def _check_target(target: Path) -> None:
    with _clear_errors():
        if target.is_dir():
            _fail(f"'{target}' is a folder: name a file, as in '{target / 'notes.apkg'}'")
        if target.suffix.lower() != ".apkg":
            _fail(f"'{target}' must end in .apkg, by which Anki knows a package")
        if target.exists() and not target.is_file():
            _fail(f"'{target}' is no file that could be replaced")
        if not target.parent.is_dir():
            _fail(f"no folder named '{target.parent}' to write '{target.name}' into")


def _echo_all(lines: Iterable[str], err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Turn what stops the whole run into one clear line and exit code 2."""
    from vaultdeck import report
    from vaultdeck.collection import CollectionError
    from vaultdeck.lock import LockError
    from vaultdeck.session import ConfigError

    try:
        yield
    except ConfigError as error:
        _echo_all(report.text_lines(error.diagnostics), err=True)
        sys.exit(2)
    except LockError as error:
        _echo_all(report.text_lines([error.diagnostic]), err=True)
        sys.exit(2)
    except CollectionError as error:
        _fail(str(error))
    except OSError as error:
        _fail(_reason(error))


def _reason(error: OSError) -> str:
    return f"{error.strerror or error}: '{error.filename}'" if error.filename else str(error)


def _fail(message: str) -> NoReturn:
    """Say in one line what is wrong with the call, and exit with 2."""
    click.echo(f"vaultdeck: {message}", err=True)
    sys.exit(2)


def _progress(paths: Iterable[str]) -> Iterator[str]:
    """Hand on the paths, with a progress bar if the work is long and somebody looks."""
    paths = list(paths)
    if len(paths) < LONG_WORK or not sys.stderr.isatty():
        yield from paths
        return
    with click.progressbar(paths, label="Building cards", file=sys.stderr) as bar:
        yield from bar
