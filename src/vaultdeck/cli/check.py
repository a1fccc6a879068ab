"""The command `check`: all that is wrong in a vault, without a package."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaultdeck.cli.support import (
    by_vault,
    cache_folder,
    cache_options,
    clear_errors,
    jobs_option,
    names_in_vault,
    progress,
    remember,
    search_inputs,
    vault_option,
)

if TYPE_CHECKING:
    from vaultdeck.build.outcome import Build


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@vault_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", "text", "json", "github"]),
    default="auto",
    help="How to report. auto: annotations inside GitHub Actions, else text.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@jobs_option
@cache_options
def check(
    paths: tuple[Path, ...],
    vault: Path | None,
    form: str,
    strict: bool,
    jobs: int | None,
    cache_dir: Path | None,
    no_cache: bool,
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
    from vaultdeck import report
    from vaultdeck.build.replay import Said

    if form == "auto":
        form = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    builds: dict[str, Build] = {}
    out: list[str] = []
    errors: list[str] = []
    codes: list[int] = []
    groups = by_vault(paths, vault)
    folder = cache_folder(cache_dir, no_cache)
    for root, chosen in groups.items():
        result, is_usable = _check(root, chosen, folder, jobs or 0)
        builds[str(root)] = result
        code = int(result.has_errors or (strict and bool(result.diagnostics)))
        codes.append(code if is_usable else 2)
        shown, more = report.without_most_missing_ids(result.diagnostics)
        if form == "github":
            out += [*report.github_lines(shown, _folder(root)), *more]
        elif form == "text":
            lines = out if is_usable else errors
            lines += [f"in {root}:"] if len(groups) > 1 and result.diagnostics else []
            lines += report.text_lines(shown, functools.partial(_read, root))
            lines += more
            lines += [f"note: {notice}" for notice in report.lock_types(result)]
        if form != "json":
            counted = ("cards",) if is_usable else ()
            out.append(f"{root}: {report.counts(result, *counted, 'errors', 'warnings')}")
    if form == "json":
        (first, *others) = builds.values()
        out.append(report.several_as_json(builds) if others else report.as_json(first))
    said = Said(_joined(out), _joined(errors), max(codes), form == "json")
    evidence = result.evidence
    if len(builds) == 1 and evidence is not None and not any(path.is_symlink() for path in paths):
        inputs = [*evidence.inputs, *search_inputs(paths, vault)]
        remember(folder, root, None, evidence._replace(inputs=inputs), said)
    said.show()


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _check(root: Path, chosen: Sequence[Path], cache: Path | None, jobs: int) -> tuple[Build, bool]:
    """Return what is wrong in a vault, and whether its settings and its lock can be used."""
    import time

    from vaultdeck.anki.lock import LockError
    from vaultdeck.build.build import build
    from vaultdeck.build.options import Mode, Options
    from vaultdeck.build.outcome import unusable
    from vaultdeck.build.session import ConfigError

    with clear_errors():
        names = names_in_vault(root, chosen)
        options = Options(Mode.CHECK, chosen=names, cache=cache, jobs=jobs)
        try:
            return build(root, int(time.time()), options, progress), True
        except ConfigError as error:
            return unusable(root, error.diagnostics), False
        except LockError as error:
            return unusable(root, [error.diagnostic]), False


def _folder(root: Path) -> str:
    """Return the vault's folder as GitHub's file names begin, empty for the workspace itself."""
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    folder = Path(os.path.relpath(root.resolve(), workspace)).as_posix()
    return "" if folder == "." else folder


def _read(root: Path, path: str) -> str | None:
    """Return the text of a file of the vault, for the lines that are shown."""
    from vaultdeck.vault.folder import read_inside

    try:
        data = read_inside(root, path)
    except OSError:
        return None
    return None if data is None else data.decode("utf-8", "replace").removeprefix("\ufeff")
