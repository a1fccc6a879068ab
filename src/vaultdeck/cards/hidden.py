"""Comments: those that hide a block's markers from readers and nothing else, and those of several lines.

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
from vaultdeck.cards.opaque import find_code
from vaultdeck.cards.spans import Spans
from vaultdeck.markdown.multiline import OTHER_BLOCK
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


def closed_comments(text: str, skipped: Spans) -> Spans:
    """Return where Obsidian's comments of several lines stand, other than in `skipped`.

    What begins in a heading, list or quote does not go on behind it; behind a backslash nothing begins.
    """
    marks = [match.start() for match in re.finditer("%%", text)]
    if len(marks) < 2:
        return Spans([])
    hidden = (skipped, Spans(find_code(text)))
    marks = [at for at in marks if not any(each.meet(at, at) for each in hidden)]
    found: list[Span] = []
    number = 1
    while number < len(marks):
        opened, closed = marks[number - 1], marks[number]
        is_long = "\n" in text[opened:closed]
        if text.endswith("\\", 0, opened) or (is_long and _is_in_block(text, opened)):
            number += 1
            continue
        found += [Span(opened, closed)] if is_long else []
        number += 2
    return Spans(found)


def _is_in_block(text: str, at: int) -> bool:
    """Tell whether a place is in a line that holds, or is, another block than a paragraph."""
    line = text.rfind("\n", 0, at) + 1
    return OTHER_BLOCK.match(text[line:at].lstrip(" ")) is not None
