"""Note text → card blocks, and what the note file sets for all of them.

file.py                  begin here: a note file → its cards, deck and tags
data_notes.py            notes that are a plugin's data, and have no cards
reading.py               what a syntax is given to read; syntaxes/: one file a syntax
opaque.py, fences.py     code and math, which no card begins in; spans.py: whether a place is in them
addresses.py             addresses, in which no deletion stands
markers.py, extents.py   marker lines → the extent of each block; quoted.py: in quotes and lists
conflicts.py             conflicts that git left
body.py, lines.py        the lines of a block → note type, fields, tags, ID; hidden.py: comments
ids.py, slots.py         IDs as they are written, and where a new one may stand
moved_ids.py             IDs that somebody moved to where no syntax looks for them
strays.py                what looks like a card and is none
directives.py            deck, tags and frozen fields of a file; properties.py, tags.py
context.py               the headings above a card
curly_clozes.py          clozes in single braces; cloze_patterns.py: those of obsidian-spaced-repetition
"""

from vaultdeck.cards.conflicts import find_conflicts
from vaultdeck.cards.data_notes import is_data
from vaultdeck.cards.file import blank, blank_blocks, parse_file, unshown_spans
from vaultdeck.cards.properties import read_aliases

__all__ = [
    "blank",
    "blank_blocks",
    "find_conflicts",
    "is_data",
    "parse_file",
    "read_aliases",
    "unshown_spans",
]
