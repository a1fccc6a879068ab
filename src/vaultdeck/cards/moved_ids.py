"""IDs that somebody moved to where no syntax looks for them.

    ## What is a group?             q                                   question #flashcard <!--ID: 17…-->
    <!--ID: 1769619800835-->        <!--ID: 1769619800836-->            answer
    A monoid with inverses.         ---
                                    a

The note is read a second time, without the IDs that are no card's. A card that is found then has the one that
stands in its lines, if it is the only one, and if the lines were not those of other cards before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from vaultdeck.cards.ids import CARET, ID_COMMENT, as_id, find_comments, report_misplaced_id
from vaultdeck.cards.opaque import ITEM_PREFIX, find_code
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.cards.syntaxes.flashcards import NAME as FLASHCARDS
from vaultdeck.model import CardBlock, Edit, Location, Rewritten, SourceFile, Span
from vaultdeck.regexps import regexp

# `ID: 1769619800835` on a line of its own, as Anki numbers notes, and `^1769619800835` behind a text.
LONE_ID = regexp(r"^[ \t>]*(?P<mark>ID:[ \t]*(?P<id>[1-9][0-9]{12}))[ \t]*\r?$", re.MULTILINE)
LAST_CARET = regexp(rf"(?<=[^\s>])[ \t]+(?P<mark>{CARET})[ \t]*\r?$", re.MULTILINE)
# From the end of a card to what stands below it.
TO_BELOW = regexp(r"[\s>]*")
# What stands behind an ID: white space, up to the next line if nothing else does.
BEHIND = regexp(r"[ \t]*(?P<newline>\r?\n|\Z)?")


def read_moved(
    reading: Reading,
    cards: list[CardBlock],
    deleted: Iterable[Span],
    read: Callable[[Reading], list[CardBlock]],
) -> list[CardBlock]:
    """Return the cards of a note, with those whose ID was moved; `read` finds the cards of a reading.

    Diagnostics: `misplaced-id`, and what is wrong with such a card.
    """
    source = reading.source
    marks = sorted(_loose_ids(reading, cards, deleted), key=_start)
    if not marks or any(problem.traits.hides_ids for problem in reading.problems):
        return cards
    written = Rewritten(source.text, (_removal(source.text, span) for span, _ in marks))
    again = Reading(replace(source, text=written.text), reading.config, spent=reading.spent)
    before = {card.span.start: card for card in cards}
    held = Spans(card.span for card in cards)
    moved: dict[int, CardBlock] = {}
    for card in read(again):
        span = _origin(source.text, written, card.span)
        below = TO_BELOW.match(source.text, span.end)
        assert below is not None
        first, last = (bisect_left(marks, at, key=_start) for at in (span.start, below.end() + 1))
        own = before.get(span.start)
        met = held.last_met(span.start, span.end)
        is_free = met is None or (own is not None and own.id is None and met == own.span)
        if card.id is not None or last - first != 1 or not is_free:
            continue
        mark, number = marks[first]
        if mark.start >= span.end:
            continue
        moved[span.start] = replace(
            card,
            span=span,
            fields=tuple(
                replace(field, origins=tuple(map(written.origin, field.origins)))
                for field in card.fields
            ),
            slots=(),
            id=number,
            id_span=mark,
        )
    _tell(reading, again, written, moved.values())
    reading.taken += (card.span for card in moved.values())
    return [*(card for card in cards if card.span.start not in moved), *moved.values()]


def _start(mark: tuple[Span, int]) -> int:
    return mark[0].start


def _loose_ids(
    reading: Reading, cards: Iterable[CardBlock], deleted: Iterable[Span]
) -> Iterator[tuple[Span, int]]:
    """Yield the IDs that are no card's, nor deleted, nor in code or properties, each with its place."""
    text = reading.source.text
    found = [(Span(*match.span()), match["id"]) for match in find_comments(ID_COMMENT, text)]
    for pattern, is_used in (
        (LONE_ID, "ID:" in text),
        (LAST_CARET, FLASHCARDS in reading.config.syntaxes),
    ):
        others = pattern.finditer(text) if is_used else ()
        found += [(Span(*match.span("mark")), match["id"]) for match in others]
    owned = Spans([*(card.id_span for card in cards if card.id_span), *deleted])
    found = [(span, digits) for span, digits in found if not owned.meet(span.start, span.end)]
    # Mostly each is a card's: a note is not looked through once more.
    passed = Spans([Span(0, end_of_properties(text)), *find_code(text)] if found else [])
    for span, digits in found:
        number = as_id(digits)
        if number is not None and not passed.meet(span.start, span.end):
            yield span, number


def _removal(text: str, mark: Span) -> Edit:
    """Return the edit that takes an ID out: with its line, or with the white space on one side."""
    line = text.rfind("\n", 0, mark.start) + 1
    behind = BEHIND.match(text, mark.end)
    assert behind is not None
    if behind["newline"] is None:
        return Edit(mark.start, behind.end(), "")
    if ITEM_PREFIX.fullmatch(text, line, mark.start):
        return Edit(line, behind.end(), "")
    return Edit(line + len(text[line : mark.start].rstrip(" \t")), mark.end, "")


def _origin(text: str, written: Rewritten, span: Span) -> Span:
    """Return where a card stood before IDs were taken out; one on the line that it begins is in it."""
    start, end = written.origin(span.start, is_end=False), written.origin(span.end)
    is_line = span.start == 0 or written.text.startswith("\n", span.start - 1)
    return Span(text.rfind("\n", 0, start) + 1 if is_line else start, end)


def _tell(
    reading: Reading, again: Reading, written: Rewritten, moved: Collection[CardBlock]
) -> None:
    """Report what is wrong with cards whose ID was moved, in place of what was found in their lines."""
    source, lines = reading.source, Spans(card.span for card in moved)
    problems = [p for p in reading.problems if not lines.meet(*_ends(source, p.location))]
    for problem in again.problems:
        start, end = (written.origin(at) for at in _ends(again.source, problem.location))
        if lines.meet(start, end):
            problems.append(replace(problem, location=source.locate(start, end)))
    reading.problems[:] = problems
    for card in moved:
        assert card.id_span is not None
        place = "above the end marker" if card.syntax == "block" else "below the card"
        report_misplaced_id(reading, card.id, card.id_span, place)


def _ends(source: SourceFile, place: Location) -> tuple[int, int]:
    if place.path != source.path:
        return len(source.text), len(source.text)
    span = source.span(place)
    return span.start, span.end
