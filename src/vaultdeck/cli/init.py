"""The command `init`: a commented vaultdeck.yaml, what is in a vault, and what to do next."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vaultdeck.cli.bar import progress
from vaultdeck.cli.options import Shared, shared_options, vault_argument
from vaultdeck.cli.support import echo_all, say
from vaultdeck.cli.telling import clear_problems, tell_problems
from vaultdeck.cli.vaults import named_vault


@click.command()
@vault_argument
@shared_options
def init(vault: Path | None, shared: Shared) -> None:
    """Write a commented vaultdeck.yaml for VAULT; say what was found and what to do.

    Without VAULT it is the vault that this folder is in. The file has the settings that a build uses now:
    those of the Obsidian_to_Anki plugin if the vault has them, else the defaults, and those of other
    flashcard plugins, whose syntaxes are switched on where they find cards. Then follow the cards
    that a build will pack, by note type and syntax, the IDs that it will write, settings that may be
    wanted, and the commands to run next. No note is changed.

    A vaultdeck.yaml that is there already is never overwritten: init then exits with 2, and tells what
    it found all the same.

    \b
    Examples:
      vaultdeck init ~/notes
      vaultdeck init .
    """
    from vaultdeck.build.compiled import compile_vault
    from vaultdeck.build.session import open_vault
    from vaultdeck.report import advice
    from vaultdeck.report.survey import find_unused, survey, switch_on
    from vaultdeck.settings.keys import SETTINGS_NAME
    from vaultdeck.settings.write import starter_config
    from vaultdeck.vault.write import replace_bytes

    root = named_vault(vault)
    target = root / SETTINGS_NAME
    with clear_problems(root, shared):
        is_there = target.exists() or target.is_symlink()
        if is_there:
            say(f"vaultdeck: '{target}' is there already: it is not overwritten", err=True)
        first = session = open_vault(root)
        unused = find_unused(session)
        if not is_there:
            # The cards of other plugins are switched on with the file that says how.
            config = switch_on(session.config, unused)
            replace_bytes(target, starter_config(config).encode())
            progress.wrote(str(target))
            say(f"{target}: written")
            # A build reads that file, too.
            session = open_vault(root)
        compiled = compile_vault(session, progress, **shared.work)
        left = {name: n for name, n in unused.items() if is_there or not n}
        found = survey(session, compiled, left)
    tell_problems(root, first.problems, shared)
    echo_all(f"note: {notice}" for notice in first.notices)
    echo_all(advice.finding_lines(found, session.config))
    real = root.resolve()
    is_inside = Path.cwd().resolve().is_relative_to(real)
    echo_all(
        advice.next_lines(found, session.config, str(vault or root), real.name, is_inside=is_inside)
    )
    sys.exit(2 if is_there else 0)
