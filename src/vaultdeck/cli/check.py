"""The command `check`: all that is wrong in a vault, without a package."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaultdeck.cli.bar import looking_on
from vaultdeck.cli.options import (
    FormatName,
    PathParam,
    Shared,
    flag,
    pasted_option,
    profile_option,
    shared_options,
    vault_option,
)
from vaultdeck.cli.support import as_text, clear_errors, remember
from vaultdeck.cli.telling import tell, told_of
from vaultdeck.cli.vaults import by_vault, names_in_vault, search_inputs

if TYPE_CHECKING:
    from vaultdeck.build.outcome import Build
    from vaultdeck.report import Told
    from vaultdeck.vault.progress import Progress


@click.command()
@click.argument("paths", nargs=-1, type=PathParam())
@vault_option
@click.option(
    "--format",
    "form",
    type=FormatName("auto"),
    default="auto",
    help="How to report. auto: annotations inside GitHub Actions, about a screen of text on a terminal, else "
    "all as text.",
)
@flag("--strict", "Exit with 1 for warnings, too.")
@pasted_option
@profile_option
@shared_options
def check(
    paths: tuple[Path, ...],
    vault: Path | None,
    form: str,
    strict: bool,
    is_pasted: bool,
    has_profile: bool,
    shared: Shared,
) -> None:
    """Say what is wrong in the cards of a vault, where, and how to mend it; write nothing.

    PATHS are note files or folders whose problems are told; without any, those of the whole vault.
    The vault is always read as a whole, so that embeds resolve. A problem in embedded text is told
    for the card's note and for the note it stands in; one of the settings in any case.

    \b
    Exit codes: 0 no errors, 1 errors (with --strict also warnings), 2 wrong call or settings.

    \b
    Examples:
      vaultdeck check ~/notes
      vaultdeck check "Biology/The cell.md" --strict
      vaultdeck check --format json > problems.json
    """
    from vaultdeck.build.replay import Said
    from vaultdeck.report import FORMATS

    is_brief = form == "auto" and sys.stdout.isatty()
    if form == "auto":
        form = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    here = Path(os.environ.get("GITHUB_WORKSPACE", "") if form == "github" else "").resolve()
    all_told: list[Told] = []
    progress = looking_on(has_profile)
    for root, chosen in by_vault(paths, vault, takes_all_files=vault is not None).items():
        result, is_usable = _check(root, chosen, shared, progress, is_pasted=is_pasted)
        seen = {"is_brief": is_brief, "is_colored": shared.is_colored(sys.stdout)}
        all_told.append(told_of(root, result, shared, here=here, is_usable=is_usable, **seen))
    if form == "text":
        for told in (told for told in all_told if not told.is_usable):
            tell(told.root, told.build, shared)
    problems = [told.build.has_problems if strict else told.build.has_errors for told in all_told]
    code = int(max(problems)) if all(told.is_usable for told in all_told) else 2
    is_data = FORMATS[form].is_data
    out = as_text(FORMATS[form].write(all_told), is_data=is_data)
    said = Said(out, as_text(progress.lines()), code, is_data)
    evidence = all_told[0].build.evidence
    if (
        len(all_told) == 1
        and evidence
        and not has_profile
        and not any(path.is_symlink() for path in paths)
    ):
        inputs = [*evidence.inputs, *search_inputs(paths, vault)]
        remember(shared.cache, all_told[0].root, None, evidence._replace(inputs=inputs), said)
    said.show()


def _check(
    root: Path, chosen: Sequence[Path], shared: Shared, progress: Progress, *, is_pasted: bool
) -> tuple[Build, bool]:
    """Return what is wrong in a vault, and whether its settings and its lock can be used."""
    from vaultdeck.build.build import build
    from vaultdeck.build.options import Mode, Options
    from vaultdeck.build.outcome import unusable
    from vaultdeck.model.diagnostics import UnusableError

    with clear_errors():
        names = names_in_vault(root, chosen)
        options = Options(Mode.CHECK, chosen=names, is_pasted=is_pasted, **shared.work)
        try:
            return build(root, int(time.time()), options, progress), True
        except UnusableError as error:
            return unusable(root, error.diagnostics), False
