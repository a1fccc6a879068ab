"""Parsed fields → fields with links bound, embeds spliced in, and media collected.

resolver.py    begin here: the tokens of one field, resolved
lookup.py      what resolving asks of a vault, and what it keeps of one text
targets.py     the file or heading that a link leads to, and what is wrong where there is none
headings.py    which heading of a note a link means
document.py    a note as embeds see it: where its sections and blocks begin and end
chunks.py      its parts, each parsed when it is needed
limits.py      depth, size, and sections that embed themselves
splice.py      blocks where an inline token stood; tokens.py: those that stand for a link or an embed
files.py       pictures, sounds and videos; raw_media.py: in raw HTML
footnotes.py   the footnotes of one field
formulas.py    what is wrong with its formulas
"""

from vaultdeck.embeds.limits import ExpansionTooLargeError
from vaultdeck.embeds.lookup import CardState, Footnote, Lookup
from vaultdeck.embeds.resolver import UNNEST, resolve

__all__ = ["UNNEST", "CardState", "ExpansionTooLargeError", "Footnote", "Lookup", "resolve"]
