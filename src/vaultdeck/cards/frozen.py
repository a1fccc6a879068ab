"""Frozen fields: text that is appended to every note of a type in the file.

FROZEN - Basic:
See also [[Algebra]].
Back: from lecture 3
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from vaultdeck.cards.body import find_note_type, parse_lines
from vaultdeck.cards.lines import INVISIBLE, split_lines
from vaultdeck.cards.reading import Reading
from vaultdeck.model import Field, Span
from vaultdeck.model.config import Markers


@functools.lru_cache(maxsize=8)
def _pattern(word: str) -> re.Pattern[str]:
    """Match the line that names the type, and the lines below up to the first empty one."""
    return re.compile(
        rf"^{re.escape(word)} - (?P<type>[^\n]*?):[ \t]*\r?\n(?P<body>(?:[^\n]*[^\n\r][^\n]*(?:\n|\Z))*)",
        re.MULTILINE,
    )


def _find(text: str, words: Markers) -> Iterator[tuple[re.Match[str], Span]]:
    """Yield the lines that name a type, each with the span of what is frozen: no block is part of it."""
    if words.frozen not in text:
        return
    for match in _pattern(words.frozen).finditer(text):
        start, end = match.span("body")
        markers = (
            line.start
            for line in split_lines(text, start, end)
            if line.text.strip(INVISIBLE) in (words.begin, words.end)
        )
        yield match, Span(start, next(markers, end))


def frozen_spans(text: str, words: Markers) -> list[Span]:
    """Return where frozen fields stand, with the lines that name their types."""
    return [Span(match.start(), body.end) for match, body in _find(text, words)]


def read_frozen(reading: Reading) -> dict[str, tuple[Field, ...]]:
    """Return the frozen fields by note type; of two for one type the last counts.

    Diagnostics: `unknown-note-type`.
    """
    found: dict[str, tuple[Field, ...]] = {}
    for match, body in _find(reading.source.text, reading.config.markers):
        reading.taken.append(Span(match.start(), body.start))
        written = match["type"].strip()
        name = unicodedata.normalize("NFC", written)
        start = match.start("type") + match["type"].index(written)
        note_type = find_note_type(reading, name, start, start + len(written))
        if note_type is not None:
            found[name] = parse_lines(reading, body, note_type)
    return found
