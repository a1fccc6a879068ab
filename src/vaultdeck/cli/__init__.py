"""The command line; the only user of click.

adopt.py, build.py, check.py, embed.py, explain.py, ids.py, init.py, preview.py, schema.py, stats.py, sync.py,
watch.py                the commands of these names
options.py, vaults.py   what commands are given; support.py, telling.py, bar.py: what they say
on_github.py            a build inside GitHub Actions; git.py: what git knows of a vault
watching.py             which changes are rebuilt; rebuild.py: what is rebuilt and told
syncing.py              what `sync` and `watch --sync` run

Exit codes: 0 no errors, 1 errors (cards were left out; for `ids`, also files changed), 2 a wrong call or
settings that cannot be used.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from importlib import import_module

import click

from vaultdeck import __version__

# What `--help` says of each command, without an import; its module has its name.
COMMANDS = {
    "adopt": "Learn from FILE which cards of VAULT are in Anki already, so that builds update them in place.",
    "build": "Build the cards of VAULT into an Anki package.",
    "check": "Say what is wrong in the cards of a vault, where, and how to mend it; write nothing.",
    "explain": "Say what the code of a problem means, show an example, and say what to do.",
    "embed": "Replace sections of notes that were pasted into the cards of VAULT by embeds of them.",
    "ids": "Write IDs into the cards that have none; with --lock bring vaultdeck.lock up to date as well.",
    "init": "Write a commented vaultdeck.yaml for VAULT; say what was found and what to do.",
    "preview": "Show the cards of VAULT, as Anki shows them, in one HTML page.",
    "schema": "Print the JSON Schema of vaultdeck.yaml, or of what `--format json` prints.",
    "stats": "Count what is in VAULT: cards, decks, note types, tags, embeds, media, problems.",
    "sync": "Bring Anki to what VAULT says, and keep every review.",
    "watch": "Rebuild VAULT whenever it changes, until Ctrl-C.",
}


class _Ended(SystemExit):
    """A signal asked the process to end."""


def _end(number: int, _: object) -> None:
    """Leave by an exception, so that no temporary file stays behind."""
    raise _Ended(128 + number)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"vaultdeck.cli.{cmd_name}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what is interrupted says what it has done, and ends as a shell expects."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, _Ended) as end:
            from vaultdeck.cli.bar import progress

            progress.say_interrupted()
            sys.exit(end.code if isinstance(end, _Ended) else 130)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, as click does but for the imports."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word names; for one that there is not, the nearest is told."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from vaultdeck.spelling import did_you_mean

            ctx.fail(f"no command '{args[0]}': {did_you_mean(args[0], sorted(COMMANDS))}")
        options = itertools.takewhile(lambda word: word != "--", args[1:])
        for word in options:
            # A hook hands on the names of all files of a commit, which may be a stranger's.
            if len(word) > 1 and word.startswith("-") and os.path.lexists(word):
                ctx.fail(f"{word!a} is a file as well as an option: put '--' before names of files")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="vaultdeck")
def main() -> None:
    """Turn the card blocks of an Obsidian vault into an Anki package."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)


__all__ = ["main"]
