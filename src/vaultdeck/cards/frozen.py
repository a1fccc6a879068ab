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
from vaultdeck.config import Markers
from vaultdeck.model import Field, Span


@functools.lru_cache(maxsize=8)
def _pattern(word: str) -> re.Pattern[str]:
    """Match the line that names the type, and the lines below up to the first empty one."""
    return re.compile(
        rf"^{re.escape(word)} - (?P<type>[^\n]*?):[ \t]*\r?\n(?P<body>(?:[^\n]*[^\n\r][^\n]*(?:\n|\Z))*)",
        re.MULTILINE,
    )


def _find_markers(text: str, body: Span, words: Markers) -> Iterator[int]:
    """Yield where a block begins or ends in the lines, which ends them."""
    for line in split_lines(text, body.start, body.end):
        if line.text.strip(INVISIBLE) in (words.begin, words.end):
            yield line.start


def read_frozen(reading: Reading) -> dict[str, tuple[Field, ...]]:
    """Return the frozen fields by note type; of two for one type the last counts.

    Diagnostics: `unknown-note-type`.
    """
    text, word = reading.source.text, reading.config.markers.frozen
    found: dict[str, tuple[Field, ...]] = {}
    if word not in text:
        return found
    for match in _pattern(word).finditer(text):
        reading.taken.append(Span(match.start(), match.start("body")))
        written = match["type"].strip()
        name = unicodedata.normalize("NFC", written)
        start = match.start("type") + match["type"].index(written)
        note_type = find_note_type(reading, name, start, start + len(written))
        if note_type is not None:
            body = Span(*match.span("body"))
            marker = next(_find_markers(text, body, reading.config.markers), body.end)
            found[name] = parse_lines(reading, Span(body.start, marker), note_type)
    return found
