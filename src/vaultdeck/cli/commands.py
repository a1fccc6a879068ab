"""The commands that write: `build`, `ids` and `adopt`; options in, exit code out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaultdeck.cli.support import (
    Folder,
    by_vault,
    cache_folder,
    cache_options,
    check_vault,
    clear_errors,
    deck_option,
    echo_all,
    fail,
    find_target,
    is_vault,
    jobs_option,
    named_vault,
    progress,
    reason,
    remember,
    search_inputs,
    vault_argument,
    vault_option,
)

if TYPE_CHECKING:
    from vaultdeck.build.outcome import Build
    from vaultdeck.build.replay import Said


# How many cards `adopt` names that are not in Anki.
MAX_MISSING = 20


@click.command()
@vault_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The package to write.  [default: named after VAULT's folder]",
)
@deck_option
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
@click.option("--strict", is_flag=True, help="Write nothing if there is any problem.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How to report: text (problems on stderr, the rest on stdout), one JSON object, or the outputs "
    "and the summary of a job of GitHub Actions.",
)
@jobs_option
@cache_options
def build(
    vault: Path | None,
    output: Path | None,
    deck: str | None,
    locked: bool,
    dry_run: bool,
    resync: bool,
    tombstones: bool,
    strict: bool,
    form: str,
    jobs: int | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> None:
    """Build the cards of VAULT into an Anki package.

    Without VAULT it is the vault that this folder is in. Every new card gets an ID, which is written into
    its note, and vaultdeck.lock remembers what is in Anki; commit both. Every good card is packed; each
    problem is reported at its file, line and column. Import the package with Anki's File > Import;
    importing a rebuilt one updates the cards and keeps all reviews.

    \b
    Examples:
      vaultdeck build ~/notes
      vaultdeck build ~/notes -o notes.apkg --deck Studies
      vaultdeck build ~/notes --dry-run
      vaultdeck build ~/notes --locked
    """
    import time

    from vaultdeck.anki.lock import LockError
    from vaultdeck.build import build as pipeline
    from vaultdeck.build.options import Mode, Options
    from vaultdeck.build.replay import repeated
    from vaultdeck.build.session import ConfigError
    from vaultdeck.cli import on_github

    root = named_vault(vault)
    if locked and (resync or tombstones):
        fail(
            "--locked takes all times from the lock: build once without it for --resync or --tombstones"
        )
    checkout = on_github.workspace() if form == "github" else None
    target = find_target(output, root, ".apkg", checkout)
    cache = cache_folder(cache_dir, no_cache)
    options = Options(
        Mode.LOCKED if locked else Mode.BUILD,
        deck=deck,
        output=target,
        is_dry_run=dry_run,
        is_resync=resync,
        with_tombstones=tombstones,
        is_strict=strict,
        cache=cache,
        jobs=jobs or 0,
    )
    with clear_errors():
        try:
            result = pipeline.build(root, int(time.time()), options, progress)
        except (ConfigError, LockError):
            if form == "github":
                on_github.write_nothing_built(root)
            raise
    evidence = result.evidence
    is_told_again = form != "github" and not (output and output.is_symlink())
    if evidence is not None and is_told_again:
        again = repeated(result) if options.writes_vault else result
        searched = [] if vault else search_inputs([], None)
        evidence = evidence._replace(inputs=[*evidence.inputs, *searched])
        remember(cache, root, target, evidence, _report(again, form))
    said = _report(result, form, is_dry_run=dry_run)
    if form == "github":
        lines = on_github.write_job(result, root)
        said = said._replace(out="".join(f"{line}\n" for line in lines), err="")
    if result.failure is not None:
        why = f"{_what_was_written(result)}: {reason(result.failure)}"
        said = said._replace(err=f"{said.err}vaultdeck: {why}\n", code=2)
    said.show()


def _what_was_written(result: Build) -> str:
    """Return what is there where a build ended because something could not be written."""
    if result.is_written:
        return f"'{result.output}' was written, but not vaultdeck.lock"
    done = " and ".join(result.also_written)
    return f"no package was written, only {done}" if done else "nothing was written"


def _report(result: Build, form: str, *, is_dry_run: bool = False) -> Said:
    """Return what a build has to say."""
    from vaultdeck import report
    from vaultdeck.build.replay import Said

    code = 1 if result.has_errors or result.is_refused else 0
    if form == "json":
        return Said(report.as_json(result, with_changes=is_dry_run) + "\n", "", code, True)
    shown, more = report.limited(result.diagnostics)
    lines = [*report.change_lines(result)] if is_dry_run else []
    lines += report.summary_lines(result)
    lines += [f"note: {notice}" for notice in report.notices(result)]
    errors = [*report.text_lines(shown), *more]
    return Said("".join(f"{line}\n" for line in lines), "".join(f"{e}\n" for e in errors), code)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@vault_option
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a card has no ID.")
@click.option(
    "--fix-duplicates", is_flag=True, help="Give a card whose ID is taken one of its own."
)
@click.option("--lock", "with_lock", is_flag=True, help="Bring vaultdeck.lock up to date as well.")
def ids(
    paths: tuple[Path, ...],
    vault: Path | None,
    check: bool,
    fix_duplicates: bool,
    with_lock: bool,
) -> None:
    """Write IDs into the cards that have none; with --lock bring vaultdeck.lock up to date as well.

    PATHS are note files or folders in which IDs are written; without any, those of the whole vault.
    Nothing else in a note changes. Exits with 1 if a file was changed (as hooks that fix do) or, with
    --check, if an ID is missing.

    \b
    Examples:
      vaultdeck ids --vault ~/notes
      vaultdeck ids "Biology/The cell.md"
      vaultdeck ids --check
      vaultdeck ids --lock
    """
    import time

    from vaultdeck import report
    from vaultdeck.build import ids as newids
    from vaultdeck.build.build import update_lock
    from vaultdeck.diagnostics import counted

    if check and with_lock:
        fail("--check writes nothing, so it cannot be combined with --lock")
    groups = by_vault(paths, vault)
    if not check and vault is None and not all(map(is_vault, groups)):
        fail("no vault here: name it with --vault")
    code = 0
    for root, chosen in groups.items():
        with clear_errors():
            result = newids.write_ids(
                root, chosen, int(time.time()), is_check=check, fixes_duplicates=fix_duplicates
            )
        echo_all(report.text_lines(result.diagnostics), err=True)
        for path, count in result.written.items():
            click.echo(f"{path}: {counted(count, 'ID')} written")
        if with_lock:
            with clear_errors():
                if update_lock(root, int(time.time()), result.had_ids):
                    click.echo("vaultdeck.lock: brought up to date")
                    code = 1
        code = 1 if result.written or result.diagnostics else code
    sys.exit(code)


@click.command()
@click.argument("vault", type=Folder())
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--none", is_flag=True, help="Record that no card of the vault is in Anki yet.")
@jobs_option
@cache_options
def adopt(
    vault: Path,
    file: Path | None,
    none: bool,
    jobs: int | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> None:
    """Learn from FILE which cards of VAULT are in Anki already, so that builds update them in place.

    FILE is a package or backup exported from Anki (.apkg, .colpkg) or the collection itself
    (collection.anki2, with Anki closed). vaultdeck.lock then holds, for every ID of the vault that is
    in Anki, what an update needs: your own note types, templates, tags and fields stay as they are.

    \b
    Examples:
      vaultdeck adopt ~/notes ~/Downloads/export.apkg
      vaultdeck adopt ~/notes ~/".local/share/Anki2/User 1/collection.anki2"
      vaultdeck adopt ~/notes --none
    """
    from vaultdeck import report
    from vaultdeck.build.adoption import adopt_notes
    from vaultdeck.diagnostics import counted

    check_vault(vault)
    if none == (file is not None):
        fail("name either the file to adopt from, or --none")
    with clear_errors():
        cache = cache_folder(cache_dir, no_cache)
        result = adopt_notes(vault, file, progress, cache=cache, jobs=jobs or 0)
    for note in result.missing[:MAX_MISSING]:
        click.echo(f"{report.place_of(note.location)}: ID {note.id} is not in '{file}'")
    if len(result.missing) > MAX_MISSING:
        click.echo(f"… and {len(result.missing) - MAX_MISSING} more")
    matched = counted(len(result.matched), "note")
    counts = f"{matched} adopted, {len(result.missing)} not in Anki"
    click.echo(counts if file is not None else "recorded: nothing to adopt")
