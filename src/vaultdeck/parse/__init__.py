"""Note text → card blocks, and what the note file sets for all of them."""

from vaultdeck.parse.file import blank_blocks, parse_file

__all__ = ["blank_blocks", "parse_file"]
