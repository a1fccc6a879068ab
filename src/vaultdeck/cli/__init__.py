"""The command line: options in, exit code out.

Exit codes: 0 no errors, 1 errors (cards were left out), 2 wrong usage, settings or lock.
"""

from vaultdeck.cli.commands import main

__all__ = ["main"]
