"""IDs in a note's text, in every form that is read.

    <!--ID: 1769619800835-->
    %%ID: 1769619800835%%
    ID: 1769619800835            (only on a line of its own)

Obsidian_to_Anki writes the comment directly above the end marker. Vaults hold it indented, glued to
text, without the space, and broken over lines; all of these are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from vaultdeck.cards.lines import Line
from vaultdeck.cards.markers import inline_spans
from vaultdeck.cards.opaque import find_code
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.model import MAX_ID, Span
from vaultdeck.model.config import Markers
from vaultdeck.model.diagnostics import shorten

# `<!--ID: 123-->`, up to the end of the line if it is not closed, as the plugin reads it; `%%ID: 123%%`.
ID_COMMENT = re.compile(
    r"(?:<!--(?P<html>)|%%)\s*ID:\s*(?P<id>[0-9]+)(?!\w)"
    r"(?(html)(?:\s*-->|[^\n]*?-->|[^\n]*)|[ \t]*%%)"
)
# An ID comment whose number is missing or no number: `<!--ID: 12x4-->`.
MALFORMED_ID = re.compile(r"<!--\s*ID:(?!\s*[0-9]+(?!\w))[^\n]*?(?:-->|$)", re.MULTILINE)
# `ID: 123` alone on a line, perhaps in a list or quote.
BARE_ID = re.compile(r"[\s>*+-]*ID:\s*(?P<id>[0-9]+)\s*")
# The same, indented, quoted or in a list, to be found in a text.
BARE_LINE = re.compile(
    r"^(?:[ \t>]+|[ \t>]*[-*+][ \t]+(?=ID:[ \t]*[0-9]{10}))(?P<id_mark>ID:[ \t]*[0-9]+)[ \t]*\r?$",
    re.MULTILINE,
)
# What may stand before an ID that has a line to itself.
LINE_PREFIX = re.compile(r"[\s>*+-]*")
NOWHERE = Spans(())
MEND_ID = "restore the 13-digit number, or remove the ID if the card was never in Anki"


def find_ids(
    text: str, start: int, end: int, words: Markers, beside: Spans = NOWHERE
) -> list[re.Match[str]]:
    """Return the ID comments in `text[start:end]` that belong to it, malformed ones included.

    Those in code, in an inline note, or `beside` it do not.
    """
    found = [*ID_COMMENT.finditer(text, start, end), *MALFORMED_ID.finditer(text, start, end)]
    found = [match for match in found if not beside.meet(match.start(), match.start())]
    if not found:
        return []
    code = [Span(span.start + start, span.end + start) for span in find_code(text[start:end])]
    others = Spans([*code, *inline_spans(text, words, start, end)])
    own = (match for match in found if not others.meet(match.start(), match.start()))
    return sorted(own, key=lambda match: match.start())


def read_id(reading: Reading, digits: str, span: Span) -> int | None:
    """Return the ID that stands at `span`, or report that the number cannot be one."""
    if len(digits) > 19 or not 0 < int(digits) <= MAX_ID:
        message = f"{shorten(digits)} cannot be an ID: the card is left out"
        reading.report("malformed-id", span.start, span.end, message, MEND_ID)
        return None
    return int(digits)


def report_misplaced_id(reading: Reading, number: int | None, span: Span, place: str) -> None:
    """Report an ID that stands amid the text of its card."""
    message = f"ID {number} stands amid the card's text"
    reading.report(
        "misplaced-id", span.start, span.end, message, f"move the ID to the line {place}"
    )


def unseen_spans(text: str, words: Markers, blocks: Spans) -> Iterator[Span]:
    """Yield what of the IDs outside blocks a reader does not see: with the white space before them."""
    if "ID:" not in text:
        return
    for match in find_ids(text, 0, len(text), words, blocks):
        start, end = match.span()
        is_last = end == len(text) or text[end].isspace()
        while is_last and start and text[start - 1] in " \t":
            start -= 1
        yield Span(start, end)


def cut_spans(lines: Iterable[Line], spans: Sequence[Span]) -> list[Line]:
    """Remove `spans`, sorted, from the lines.

    A line of which nothing but a list or quote mark stays goes as a whole.
    """
    kept: list[Line] = []
    first = 0
    for line in lines:
        while first < len(spans) and spans[first].end <= line.start:
            first += 1
        left, start = "", line.start
        done = line.start
        number = first
        while number < len(spans) and spans[number].start < line.end:
            left += line.text[done - line.start : max(spans[number].start - line.start, 0)]
            done = spans[number].end
            start = start if left else done
            number += 1
        if number == first:
            kept.append(line)
            continue
        left += line.text[done - line.start :] if done < line.end else ""
        if not LINE_PREFIX.fullmatch(left):
            kept.append(Line(left, start))
    return kept
