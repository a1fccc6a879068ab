"""The command `embed`: embeds in the place of sections that were pasted into cards."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaultdeck.cli.bar import progress
from vaultdeck.cli.options import PathParam, Shared, flag, told_options
from vaultdeck.cli.support import echo_all, fail, say
from vaultdeck.cli.telling import clear_problems, places_of, tell_problems
from vaultdeck.cli.vaults import by_vault, check_vault, names_in_vault

if TYPE_CHECKING:
    from vaultdeck.model import Location, SourceFile
    from vaultdeck.pasted.searched import Run
    from vaultdeck.report import Told


@click.command()
@click.argument("vault", type=PathParam())
@click.argument("paths", nargs=-1, type=PathParam())
@flag("--all", "Replace without asking.", "takes_all")
@flag(
    "--stale", "Replace old copies and such without their heading, too: cards show the notes' text."
)
@flag("--dry-run", "Write nothing; print a diff for `git apply`.")
@told_options
def embed(
    vault: Path,
    paths: tuple[Path, ...],
    takes_all: bool,
    stale: bool,
    dry_run: bool,
    shared: Shared,
) -> None:
    """Replace sections of notes that were pasted into the cards of VAULT by embeds of them.

    PATHS are note files or folders whose cards change; without any, those of the whole vault. On a
    terminal each card is asked for: y yes, n no, a yes for every card with these sections, q quit.
    Elsewhere, without --all, a diff is printed and nothing is written. A card keeps its ID, and shows
    the same as before, but with --stale.

    \b
    Examples:
      vaultdeck embed ~/notes
      vaultdeck embed ~/notes "~/notes/Critical points.md" --all
      vaultdeck embed ~/notes --dry-run --stale > embeds.diff
    """
    from vaultdeck.build.exclusive import exclusive
    from vaultdeck.build.session import open_vault
    from vaultdeck.model import Edit
    from vaultdeck.model.diagnostics import counted
    from vaultdeck.pasted.patch import patch
    from vaultdeck.pasted.replace import replace_pasted
    from vaultdeck.report import place_of
    from vaultdeck.settings.select import chooser
    from vaultdeck.vault.note_edits import write_edits

    check_vault(vault)
    if dry_run and takes_all:
        fail("--dry-run writes nothing, so it cannot be combined with --all")
    by_vault(paths, vault)
    is_asking = not dry_run and not takes_all and sys.stdin.isatty() and sys.stdout.isatty()
    is_writing = takes_all or is_asking
    written, problems, has_found = 0, [], False
    with clear_problems(vault, shared):
        told = places_of(vault, shared)
        asked = _Asked(told) if is_asking else None
        session = open_vault(vault)
        chosen = filter(chooser(names_in_vault(vault, paths)), session.paths)
        found = replace_pasted(
            session.vault,
            session.config,
            [*chosen],
            asked.choose if asked else lambda *_: True,
            progress,
            with_stale=stale,
        )
        for done in found:
            has_found = True
            path = done.source.path
            for place, why in done.left.items():
                say(f"{place_of(told.place(place))}: left as it is: {why}", err=True)
            if done.embeds and not is_writing:
                seen = _for_git(told, path)
                diff = patch(seen, done.source.text, done.text)
                if sys.stdout.isatty():
                    echo_all(diff.split("\n"))
                else:
                    click.echo(diff.encode(), nl=False)
            elif done.embeds:
                edit = Edit(0, len(done.source.text), done.text)
                with exclusive(vault):
                    problem = write_edits(
                        session.vault,
                        done.source,
                        [edit],
                        progress,
                        what="embeds",
                        hint="run again when it can be written",
                    )
                if problem is not None:
                    problems.append(problem)
                    continue
                written += 1
                if not shared.is_quiet:
                    say(f"{told.path(path)}: {counted(done.embeds, 'embed')} written")
    tell_problems(vault, problems, shared)
    if not has_found and not shared.is_quiet:
        say("no pasted sections found", err=True)
    elif is_writing and not shared.is_quiet and not written:
        say("nothing replaced")
    sys.exit(int(bool(problems)))


def _for_git(told: Told, path: str) -> str:
    """Return a note's path for a diff: git takes none that leads upwards, so that is one in the vault."""
    seen = told.path(path)
    return path if seen.startswith(("/", "../")) else seen


class _Asked:
    """What was answered: sections that are wanted in every card, and whether the rest is to stay."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._wanted: set[tuple[str, str, bool]] = set()
        self._is_over = False

    def choose(self, source: SourceFile, place: Location, runs: Sequence[Run]) -> bool:
        """Ask for a card, unless that is settled."""
        from vaultdeck.model import Rewritten
        from vaultdeck.pasted.patch import patch
        from vaultdeck.report.text import printable

        # `![[#Proof]]` is another section in each note; old copies are asked for by themselves.
        sections = {
            (source.path if embed.startswith("![[#") else "", embed, bool(run.changed))
            for run in runs
            for embed in run.embeds[:1]
        }
        if self._is_over or sections <= self._wanted:
            return not self._is_over
        path = self._told.path(source.path)
        after = Rewritten(source.text, [run.edit for run in runs]).text
        echo_all(patch(path, source.text, after).split("\n"))
        try:
            answer = click.prompt(
                printable(f"{path}:{place.line}: embed"),
                type=click.Choice(["y", "n", "a", "q"]),
                default="n",
            )
        except click.Abort:
            answer = "q"
        self._is_over = answer == "q"
        if answer == "a":
            self._wanted |= sections
        return answer in "ya"
