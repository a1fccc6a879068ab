"""The command line; the only user of click."""

from vaultdeck.cli.commands import main
from vaultdeck.cli.look import preview, watch

main.add_command(preview)
main.add_command(watch)

__all__ = ["main"]
