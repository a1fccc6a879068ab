"""Comments that hide a block's markers from readers, and nothing else.

%%
START
Basic
%%
shown question
Back: shown answer
%%
END
%%
"""

from __future__ import annotations

import functools
import re

from vaultdeck.cards.lines import Line
from vaultdeck.cards.spans import Spans
from vaultdeck.model import Span
from vaultdeck.regexps import regexp

# A comment of several lines, which the end of an ID comment would end.
LONG_COMMENT = regexp(r"\n[ ]{0,3}<!--(?:(?!-->)[^\n])*\n(?:(?!-->).)*", re.DOTALL)


def drop_hiding_comments(lines: list[Line], text: str, start: int) -> list[Line]:
    """Drop the lines `%%` of comments that hide nothing but the block's markers.

    A comment that is open where the block starts ends at a line `%%` by the note type, and one that
    begins at the last line goes on behind the end marker.
    """
    if not lines or text.find("%%", start, lines[-1].end) < 0:
        return lines
    shown = [line for line in lines if not line.is_blank]
    if not any(line.text.strip() == "%%" for line in [*shown[:2], *shown[-1:]]):
        return lines
    if text.count("%%", 0, start) % 2 == 0:
        return lines
    dropped = [line for line in shown[:2] if line.text.strip() == "%%"][:1]
    left = sum(line.text.count("%%") for line in lines) - len(dropped)
    if left % 2 and shown[-1].text.strip() == "%%":
        dropped.append(shown[-1])
    return [line for line in lines if line not in dropped]


@functools.lru_cache(maxsize=2)
def long_comments(text: str) -> Spans:
    """Return where HTML comments of several lines stand: the ID of a card in one is no comment.

    They are remembered, as several ask for those of a note.
    """
    found = LONG_COMMENT.finditer(f"\n{text}") if "-->" in text else ()
    spans = (Span(match.start(), match.end() - 1) for match in found)
    return Spans(span for span in spans if span.end < len(text))
