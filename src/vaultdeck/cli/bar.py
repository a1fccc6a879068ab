"""How far a command is: a bar on the terminal, and what was written when somebody interrupts it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import click

from vaultdeck.cli.support import say
from vaultdeck.model.diagnostics import counted
from vaultdeck.vault.progress import Progress

# Work on fewer notes is done before a bar could be read.
LONG_WORK = 200


class _Bar(Progress):
    """Shows a bar for each work that is long, if somebody looks."""

    def __init__(self) -> None:
        self._written: dict[str, None] = {}

    def over(self, paths: Sequence[str], work: str) -> Iterator[str]:
        if len(paths) < LONG_WORK or not sys.stderr.isatty():
            yield from paths
            return
        with click.progressbar(paths, label=work, file=sys.stderr) as bar:
            yield from bar

    def wrote(self, path: str) -> None:
        self._written[path] = None

    def say_interrupted(self) -> None:
        """Say what is there of what the command was to write."""
        notes = [path for path in self._written if path.endswith(".md")]
        done = [path for path in self._written if path not in notes]
        if notes:
            done.insert(0, counted(len(notes), "note"))
        what = f"written: {', '.join(done)}; the same command goes on from there" if done else ""
        click.echo(err=True)
        say(f"vaultdeck: interrupted; {what or 'nothing was written'}", err=True)


progress = _Bar()


def looking_on(has_profile: bool) -> Progress:
    """Return who looks on while a command works: the bar, and for `--profile` a clock with it."""
    if not has_profile:
        return progress
    from vaultdeck.report.profile import Profile

    return Profile(progress)
