"""The command `build`: options in, a report and an exit code out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vaultdeck.cli.bar import looking_on
from vaultdeck.cli.options import (
    FormatName,
    Shared,
    deck_option,
    flag,
    output_option,
    profile_option,
    shared_options,
    vault_argument,
)
from vaultdeck.cli.support import as_text, fail, find_target, reason, remember
from vaultdeck.cli.telling import ToldBefore, clear_problems, told_of
from vaultdeck.cli.vaults import named_vault, search_inputs

if TYPE_CHECKING:
    from vaultdeck.build.last_fields import NamedFields
    from vaultdeck.build.outcome import Build
    from vaultdeck.build.replay import Said
    from vaultdeck.model.diagnostics import Diagnostic
    from vaultdeck.report import Told


@click.command()
@vault_argument
@output_option("The package to write.")
@deck_option
@flag(
    "--locked",
    "For CI: write nothing but the package; fail if an ID or vaultdeck.lock is out of date.",
    "is_locked",
)
@flag("--dry-run", "Write nothing; show what would change, note by note.", "is_dry_run")
@flag(
    "--diff",
    "With --dry-run: show what differs in the fields of each changed note from the package of the last "
    "build.",
    "has_diff",
)
@flag("--resync", "Let this package win over all edits made in Anki.", "is_resync")
@flag(
    "--tombstones",
    "Send notes that were removed once more, tagged vaultdeck::removed, to delete them in Anki.",
    "with_tombstones",
)
@flag("--strict", "Write nothing if there is any problem.", "is_strict")
@click.option(
    "--format",
    "form",
    type=FormatName(),
    default="text",
    help="How to report. text: problems on stderr, the rest on stdout; github: the outputs and the summary "
    "of a job of GitHub Actions.",
)
@profile_option
@shared_options
def build(
    vault: Path | None,
    output: Path | None,
    is_locked: bool,
    has_diff: bool,
    has_profile: bool,
    form: str,
    shared: Shared,
    **asked: Any,
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
      vaultdeck build ~/notes --dry-run --diff
      vaultdeck build ~/notes --locked
    """
    from vaultdeck.build.build import build as build_vault
    from vaultdeck.build.options import Mode, Options
    from vaultdeck.cli import on_github
    from vaultdeck.model.diagnostics import UnusableError

    root = named_vault(vault)
    checkout = on_github.workspace() if form == "github" else None
    target = find_target(output, root, ".apkg", checkout)
    mode = Mode.LOCKED if is_locked else Mode.BUILD
    # The other options are named as the fields of `Options`.
    options = Options(mode, output=target, **shared.work, **asked)
    if is_locked and (options.is_resync or options.with_tombstones):
        fail(
            "--locked takes all times from the lock: build once without it for --resync or --tombstones"
        )
    if has_diff and not options.is_dry_run:
        fail("--diff is for --dry-run")
    is_new = output is None and not target.exists()
    progress = looking_on(has_profile)
    with clear_problems(root, shared):
        try:
            result = build_vault(root, int(time.time()), options, progress)
        except UnusableError:
            if form == "github":
                on_github.write_nothing_built(root)
            raise
    if is_new and result.is_written and target.resolve().is_relative_to(root.resolve()):
        from vaultdeck.report.advice import IN_VAULT

        result.notices.append(IN_VAULT)
    is_colored = shared.is_colored(sys.stderr)
    last = _last_fields(result, target) if has_diff else {}
    told = told_of(
        root,
        result,
        shared,
        has_changes=options.is_dry_run,
        before=last,
        is_colored=is_colored,
    )
    before = ToldBefore(shared.cache if options.writes_vault else None, root)
    said = _report(told, form, before.has)
    if result.is_written and form == "text":
        before.keep(result.diagnostics)
    evidence = result.evidence
    if (
        evidence is not None
        and not has_profile
        and form != "github"
        and not (output and output.is_symlink())
    ):
        again = replace(told, build=result.repeated() if options.writes_vault else result)
        searched = [] if vault else search_inputs([], None)
        evidence = evidence._replace(inputs=[*evidence.inputs, *searched])
        remember(shared.cache, root, target, evidence, _report(again, form, before.has))
    if form == "github":
        lines = on_github.write_job(result, root)
        said = said._replace(out=as_text(lines), err="")
    err = said.err + as_text(progress.lines())
    if result.failure is not None:
        err += as_text([f"vaultdeck: {_what_was_written(result)}: {reason(result.failure)}"])
        said = said._replace(code=2)
    said._replace(err=err).show()


def _last_fields(result: Build, package: Path) -> Mapping[int, NamedFields]:
    """Return what changed notes hold in the package of the last build."""
    from vaultdeck.anki.collection import CollectionError
    from vaultdeck.build.last_fields import read_named_fields

    changed = [change.id for change in result.stamped.changes if change.status == "changed"]
    if not changed:
        return {}
    try:
        last = read_named_fields(package, changed)
    except CollectionError as error:
        fail(f"{error}: name the last build's package with -o")
    return last or fail(
        f"'{package}' holds none of the changed notes: name the last build's package with -o"
    )


def _what_was_written(result: Build) -> str:
    """Return what is there where a build ended because something could not be written."""
    if result.is_written:
        return f"'{result.output}' was written, but not vaultdeck.lock"
    done = " and ".join(result.also_written)
    return f"no package was written, only {done}" if done else "nothing was written"


def _report(told: Told, form: str, was_told: Callable[[Diagnostic], bool]) -> Said:
    """Return what a build has to say; warnings that `was_told` knows are only counted."""
    from vaultdeck import report
    from vaultdeck.build.replay import Said

    result = told.build
    code = 1 if result.has_errors or result.is_refused else 0
    if form != "text":
        written = report.FORMATS[form]
        out = as_text(written.write([told]), is_data=written.is_data)
        return Said(out, "", code, written.is_data)
    lines = [*report.change_lines(told)] if told.has_changes else []
    lines += report.summary_lines(result)
    lines += [f"note: {told.command(notice)}" for notice in report.notices(result)]
    if told.is_quiet:
        lines = []
    errors = report.screen_lines(told, was_told, around=lines)
    return Said(as_text(lines), as_text(errors), code)
