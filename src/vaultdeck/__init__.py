"""Turn the card blocks of an Obsidian vault into an Anki package."""

__version__ = "0.1.0"
