"""The command line: options in, exit code out.

Exit codes: 0 no errors, 1 errors (cards were left out), 2 usage.
"""

from __future__ import annotations

import io
import signal
import sys
from pathlib import Path

import click

from vaultdeck import __version__
from vaultdeck.cli.support import (
    Folder,
    by_vault,
    check_target,
    check_vault,
    clear_errors,
    echo_all,
    fail,
    progress,
    reason,
)


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
@click.argument("vault", type=Folder())
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

    check_vault(vault)
    if locked and (resync or tombstones):
        fail(
            "--locked takes all times from the lock: build once without it for --resync or --tombstones"
        )
    target = output or Path(f"{vault.resolve().name or 'vault'}.apkg")
    check_target(target)
    options = engine.Options(
        deck=deck,
        output=target,
        is_locked=locked,
        is_dry_run=dry_run,
        is_resync=resync,
        with_tombstones=tombstones,
    )
    with clear_errors():
        result = engine.build(vault, int(time.time()), options, progress)
    if form == "json":
        text = report.as_json(result, with_changes=dry_run)
        sys.stdout.buffer.write(text.encode() + b"\n")
    else:
        echo_all(report.text_lines(result.diagnostics), err=True)
        if dry_run:
            echo_all(report.change_lines(result.linked.changes))
        echo_all(report.summary_lines(result))
        echo_all(f"note: {notice}" for notice in report.notices(result))
    if result.failure is not None:
        fail(f"nothing was written: {reason(result.failure)}")
    sys.exit(1 if result.has_errors or result.is_refused else 0)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--vault",
    type=Folder(),
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

    groups = by_vault(paths, vault)
    code = 0
    for root, chosen in groups.items():
        with clear_errors():
            result = newids.write_ids(
                root, chosen, int(time.time()), is_check=check, fixes_duplicates=fix_duplicates
            )
        echo_all(report.text_lines(result.diagnostics), err=True)
        for path, count in result.written.items():
            click.echo(f"{path}: {count} {'ID' if count == 1 else 'IDs'} written")
        code = 1 if result.written or result.diagnostics else code
    sys.exit(code)


@main.command()
@click.argument("vault", type=Folder())
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

    check_vault(vault)
    if none == (file is not None):
        fail("name either the file to adopt from, or --none")
    with clear_errors():
        result = engine.adopt_notes(vault, file, progress)
    for number in result.missing if file is not None else ():
        click.echo(f"ID {number} is not in '{file}'")
    matched = f"{len(result.matched)} {'note' if len(result.matched) == 1 else 'notes'} adopted"
    counts = f"{matched}, {len(result.missing)} not in Anki"
    click.echo(counts if file is not None else "recorded: nothing to adopt")


@main.command()
@click.argument("vault", type=Folder())
def init(vault: Path) -> None:
    """Write a commented vaultdeck.yaml for VAULT, with the settings that a build uses now.

    They are those of the Obsidian_to_Anki plugin if the vault has them. An existing file is never
    overwritten.

    \b
    Example:
      vaultdeck init ~/notes
    """
    from vaultdeck.files import replace_bytes
    from vaultdeck.session import open_vault
    from vaultdeck.settings import NAME
    from vaultdeck.starter import starter_config

    check_vault(vault)
    target = vault / NAME
    with clear_errors():
        if target.exists() or target.is_symlink():
            fail(f"'{target}' is there already")
        session = open_vault(vault)
        replace_bytes(target, starter_config(session.config).encode())
    echo_all(f"note: {notice}" for notice in session.notices)
    click.echo(f"{target}: written")
