"""Note text → card blocks, and what the note file sets for all of them."""

from vaultdeck.cards.file import blank_blocks, parse_file

__all__ = ["blank_blocks", "parse_file"]
