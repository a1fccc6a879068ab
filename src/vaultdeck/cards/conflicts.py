"""Conflicts that git left in a note: cards in them are left out.

<<<<<<< HEAD
Back: a monoid
=======
Back: a monoid with inverses
>>>>>>> other
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vaultdeck.cards.directives import directive_spans
from vaultdeck.cards.fences import find_fences
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.model import CardBlock, Span
from vaultdeck.regexps import regexp

# The line in the middle alone would be the underline of a heading, the last one a quote.
MARKER = regexp(r"^(?:(?P<begin><{7})|(?P<end>>{7}))(?=[ \r\n]|\Z)[^\n]*", re.MULTILINE)
# One side, or both, begin with the properties.
CONFLICT_ABOUT_HEAD = regexp(r"\A<{7}[^\n]*\n---[ \t]*\r?\n")
MEND_CONFLICT = "keep one of the two sides and remove the lines '<<<<<<<', '=======' and '>>>>>>>'"


def without_conflicts(reading: Reading, blocks: Sequence[CardBlock]) -> list[CardBlock]:
    """Return the cards that no conflict reaches into; report the others (`conflict-marker`).

    A conflict in the properties, or in a line that names deck or tags, is one of all cards.
    """
    conflicts = find_conflicts(reading.source.text, reading.fences)
    if not conflicts:
        return list(blocks)
    of_all = _conflict_of_all(reading, conflicts) if blocks else None
    if of_all is not None:
        message = "a conflict that git left stands in what all these cards have: they are left out"
        reading.report("conflict-marker", of_all.start, of_all.end, message, MEND_CONFLICT)
        return []
    all_ = Spans(conflicts)
    kept: list[CardBlock] = []
    for block in blocks:
        if not all_.meet(block.span.start, block.span.end):
            kept.append(block)
            continue
        message = "a conflict that git left stands in this card: the card is left out"
        reading.report("conflict-marker", block.span.start, block.span.end, message, MEND_CONFLICT)
    return kept


def _conflict_of_all(reading: Reading, conflicts: Sequence[Span]) -> Span | None:
    """Return the first conflict in the properties, or in a line that names deck or tags."""
    source, config = reading.source, reading.config
    if CONFLICT_ABOUT_HEAD.match(source.text):
        return conflicts[0]
    head = Span(0, end_of_properties(source.text))
    directives = directive_spans(source.text, config.markers, config.deck_scope)
    settings = Spans([*directives, *([head] if head.end else [])])
    return next((span for span in conflicts if settings.meet(span.start, span.end)), None)


def find_conflicts(text: str, fences: Sequence[Span] | None = None) -> list[Span]:
    """Return the conflicts outside of code, each from its first line to its last, or that alone.

    `fences` are those of the text, if they are known already.
    """
    if "<<<<<<<" not in text:
        return []
    code = Spans(find_fences(text) if fences is None else fences)
    found: list[Span] = []
    is_open = False
    for match in MARKER.finditer(text):
        if code.meet(match.start(), match.start()):
            continue
        if match["begin"]:
            found.append(Span(*match.span()))
        elif is_open:
            found.append(Span(found.pop().start, match.end()))
        is_open = bool(match["begin"])
    return found
