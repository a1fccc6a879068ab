"""IDs in a note's text, in every form that is read.

    <!--ID: 1769619800835-->
    %%ID: 1769619800835%%
    ID: 1769619800835            (only on a line of its own)

Obsidian_to_Anki writes the comment directly above the end marker. Vaults hold it indented, glued to
text, without the space, and broken over lines; all of these are read. `DELETE` right before one is its
author's wish that the note goes:

    DELETE
    <!--ID: 1769619800835-->

The plugin reads the word glued to other text, but not with a space behind it. It is read with one where the
word has the line to itself, perhaps in a list or quote: `press DELETE <!--ID: 1-->` is text.

Other tools left IDs, Anki's note ids, in a note's properties:

    noteId: 1769619800835                        Yanki: the whole note file is one card
    flashcards:                                  flashcards-obsidian 2: cards by their block IDs
      q-k3wd: { nid: 1769619800835, hash: 5d41 }
      q-9bxa: 1769619800836
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vaultdeck.cards.lines import Line
from vaultdeck.cards.markers import inline_spans
from vaultdeck.cards.opaque import find_code
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.model import MAX_ID, Span
from vaultdeck.model.config import Markers
from vaultdeck.model.diagnostics import shorten
from vaultdeck.regexps import regexp

# `<!--ID: 123-->`, up to the end of the line if it is not closed, as the plugin reads it; `%%ID: 123%%`.
ID_COMMENT = regexp(
    r"(?:<!--(?P<html>)|%%)\s*ID:\s*(?P<id>[0-9]+)(?!\w)"
    r"(?(html)(?:\s*-->|[^\n]*?-->|[^\n]*)|[ \t]*%%)"
)
# An ID comment whose number is missing or no number: `<!--ID: 12x4-->`.
MALFORMED_ID = regexp(r"<!--\s*ID:(?!\s*[0-9]+(?!\w))[^\n]*?(?:-->|$)", re.MULTILINE)
# `ID: 123` alone on a line, perhaps in a list or quote.
BARE_ID = regexp(r"[\s>*+-]*ID:\s*(?P<id>[0-9]+)\s*")
# The same, indented, quoted or in a list, to be found in a text.
BARE_LINE = regexp(
    r"^(?:[ \t>]+|[ \t>]*[-*+][ \t]+(?=ID:[ \t]*[0-9]{10}))(?P<id_mark>ID:[ \t]*[0-9]+)[ \t]*\r?$",
    re.MULTILINE,
)
# What may stand before an ID that has a line to itself.
LINE_PREFIX = regexp(r"[\s>*+-]*")
MEND_ID = "restore the 13-digit number, or remove the ID if the card was never in Anki"
# An ID is Anki's note id: a time in milliseconds.
NOTE_ID = regexp(r"[1-9][0-9]{12}")
# `^1769619800835`, as version 1 of flashcards-obsidian writes it, anywhere and at the end of a line.
CARET = r"\^(?P<id>[1-9][0-9]{12})"
LEFT_ID = regexp(rf"{CARET}(?![0-9])")
CARET_ID = regexp(rf"{CARET}[ \t]*$")
# `^q-k3wd` in the same places, as version 2 writes it: the properties tell the ID.
LEFT_BLOCK_ID = regexp(r"\^(q-[a-z0-9]{4})(?![\w-])")
CARET_BLOCK_ID = regexp(r"\^(?P<name>q-[a-z0-9]{4})[ \t]*$")
LEFT_BY_BLOCK_ID = regexp(
    r"^[ \t]+(q-[a-z0-9]{4}):[^\n]*?(?<![0-9])([1-9][0-9]{12})(?![0-9])", re.MULTILINE
)
LEFT_BY_YANKI = regexp(
    r"^noteid:[ \t]*[\"']?([1-9][0-9]{12})(?![0-9])", re.MULTILINE | re.IGNORECASE
)
# Whatever looks like the ID of a card.
ANY_ID = regexp(r"ID:\s*([0-9]{1,19})")


def find_ids(
    text: str, start: int, end: int, words: Markers, beside: Spans | None = None
) -> list[re.Match[str]]:
    """Return the ID comments in `text[start:end]` that belong to it, malformed ones included.

    Those in code, in an inline note, or `beside` it do not.
    """
    found = [*find_comments(ID_COMMENT, text, start, end)]
    if text.count("ID:", start, end) > len(found):
        found += find_comments(MALFORMED_ID, text, start, end)
        found.sort(key=lambda match: match.start())
    if beside is not None:
        found = [match for match in found if not beside.meet(match.start(), match.start())]
    if not found:
        return []
    others = [*inline_spans(text, words, start, end)]
    # The code that an ID stands in ends behind it.
    if any(text.find(mark, found[0].end(), end) >= 0 for mark in ("`", "~~~")):
        others += (Span(s.start + start, s.end + start) for s in find_code(text[start:end]))
    if not others:
        return found
    hidden = Spans(others)
    return [match for match in found if not hidden.meet(match.start(), match.start())]


def find_comments(
    pattern: re.Pattern[str], text: str, start: int = 0, end: int | None = None
) -> Iterator[re.Match[str]]:
    """Yield what a pattern of a comment with `ID:` finds in `text[start:end]`.

    It is tried where there is an `ID:`, which takes a tenth of the time of trying it everywhere.
    """
    end = len(text) if end is None else end
    while (at := text.find("ID:", start, end)) >= 0:
        begin = max(text.rfind("<!--", start, at), text.rfind("%%", start, at))
        match = pattern.match(text, begin, end) if begin >= 0 else None
        if match:
            yield match
        start = match.end() if match else at + 3


def as_id(digits: str) -> int | None:
    """Return the ID that digits are, None if Anki can have no such one."""
    number = int(digits) if len(digits) <= len(str(MAX_ID)) else 0
    return number if 0 < number <= MAX_ID else None


def read_id(reading: Reading, digits: str, span: Span) -> int | None:
    """Return the ID that stands at `span`, or report that the number cannot be one."""
    number = as_id(digits)
    if number is None:
        message = f"{shorten(digits)} cannot be an ID: the card is left out"
        reading.report("malformed-id", span.start, span.end, message, MEND_ID)
    return number


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
        if first == len(spans) or line.end <= spans[first].start:
            kept.append(line)
            continue
        left, start = "", line.start
        done = line.start
        number = first
        while number < len(spans) and spans[number].start < line.end:
            left += line.text[done - line.start : max(spans[number].start - line.start, 0)]
            done = spans[number].end
            start = start if left else done
            number += 1
        left += line.text[done - line.start :] if done < line.end else ""
        if not LINE_PREFIX.fullmatch(left):
            kept.append(Line(left, start))
    return kept


@functools.lru_cache(maxsize=8)
def _delete_pattern(word: str) -> re.Pattern[str]:
    """Match the word and the ID behind it or on the next line; a word without ID is text."""
    glued = rf"{re.escape(word)}(?:\r?\n[ \t]*)?(?:<!--\s*)?"
    alone = rf"^[ \t>*+-]*{re.escape(word)}[ \t]*(?:\r?\n[ \t>]*)?(?:(?:<!--|%%)\s*)?"
    return re.compile(rf"(?:{alone}|{glued})ID:\s*(?P<id>[0-9]{{1,19}})", re.MULTILINE)


def is_deleted_at(text: str, offset: int, words: Markers) -> bool:
    """Tell whether the delete marker and an ID stand right behind an offset, or on the next line."""
    start = offset + len(text[offset : offset + 2]) - len(text[offset : offset + 2].lstrip("\r\n"))
    return _delete_pattern(words.delete).match(text, start) is not None


def find_deleted(text: str, words: Markers) -> dict[Span, int]:
    """Return the IDs that stand behind the delete marker, each by where it stands with its beginning."""
    if words.delete not in text:
        return {}
    found = _delete_pattern(words.delete).finditer(text)
    return {Span(*match.span()): int(match["id"]) for match in found}


def possible_ids(text: str) -> frozenset[int]:
    """Return what may be the ID of a card: as long as it stands there, that card is not gone.

    The IDs of block IDs that are gone are none.
    """
    found = ANY_ID.findall(text) if "ID:" in text else []
    found += LEFT_ID.findall(text)
    if "noteid:" in text.lower():
        found += LEFT_BY_YANKI.findall(text)
    if "flashcards:" in text:
        there = set(LEFT_BLOCK_ID.findall(text))
        found += [number for name, number in LEFT_BY_BLOCK_ID.findall(text) if name in there]
    return frozenset(map(int, found))


def id_of_file(properties: Mapping[str, object]) -> int | None:
    """Return the ID of the only card of a note file, as Yanki left it; names are in lower case."""
    return _number(properties.get("noteid"))


def ids_by_block_id(properties: Mapping[str, object]) -> dict[str, int]:
    """Return the IDs of cards by their block IDs, as version 2 of flashcards-obsidian left them."""
    cards = properties.get("flashcards")
    found = {}
    for name, value in cards.items() if isinstance(cards, dict) else ():
        number = _number(value.get("nid") if isinstance(value, dict) else value)
        if number is not None:
            found[str(name)] = number
    return found


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, str) and NOTE_ID.fullmatch(value) else None
