"""Note text → card blocks, and what the note file sets for all of them."""

from vaultdeck.cards.data_notes import is_data
from vaultdeck.cards.file import blank_blocks, parse_file

__all__ = ["blank_blocks", "is_data", "parse_file"]
