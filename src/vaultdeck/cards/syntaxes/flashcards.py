"""Cards of flashcards-obsidian.

    ## What is a group? #card #algebra      (`#card-reverse`: both directions)
    A monoid with inverses.
    ^1769619800835

    Remember this #card-spaced              Capital of France :: Paris      (`:::`: both directions)

    A deletion: ==one==, {this} or {2:that}

The tag may be glued to the text, tag and separators are those of the settings. Lines without a tag count
only in files that the plugin's tag, deck property or ID shows to be its.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from vaultdeck.anki.decks import clean_deck
from vaultdeck.cards.context import headings_above
from vaultdeck.cards.fences import find_fences
from vaultdeck.cards.lines import Line
from vaultdeck.cards.opaque import Spans
from vaultdeck.cards.properties import EMPTY, read_properties
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.slots import caret_slots
from vaultdeck.cards.syntaxes._card import (
    BASIC,
    CLOZE,
    REVERSED,
    make_card,
    report_half,
)
from vaultdeck.cards.syntaxes._page import Row, paragraphs, trailing_tags
from vaultdeck.cards.tags import clean_tags
from vaultdeck.model import CardBlock, Field, Flashcards, Span

NAME = "flashcards-obsidian"
# `^1769619800835` at the end of a line, or as the whole of it.
ID = re.compile(r"\^(?P<id>[1-9][0-9]{12})[ \t]*$")
HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+")
# What may stand in front of an inline card: `- `, `3. `, `## `.
MARK = re.compile(r"[ \t]*(?:(?:[-+*]|[0-9]{1,9}[.)]|#{1,6})[ \t]+)?")
# Lines that set something for the file.
SETTING = re.compile(r"[ \t]*(?:cards-deck|cards-tags|tags)[ \t]*:", re.IGNORECASE)
# `==x==`, `{x}`, `{2:x}`; not `{{x}}`.
DELETION = re.compile(r"==(?![=\s])(?:[^=\n]|=(?!=))+(?<!\s)==|(?<!\{)\{[^{}\n]+\}(?!\})")
NUMBER = re.compile(r"(?P<number>[1-9]):(?=.)")
# What a line begins with that Markdown takes for more than text.
BLOCK_MARK = re.compile(r"[ \t]*(?:[-+*>|#]|[0-9]{1,9}[.)]|`{3}|~{3}|\$\$)")
ANSWER_HINT = "write the answer on the line below, or tag the card '#card-spaced'"


class _Row(NamedTuple):
    """A row without the ID at its end; `tag` is the match of its card tag, `tags` what follows it.

    `sides` are question and answer of an inline card, `kind` its note type.
    """

    row: Row
    found: tuple[int, Span] | None = None
    tag: re.Match[str] | None = None
    tags: tuple[str, ...] = ()
    sides: tuple[Row, Row] | None = None
    kind: str = ""

    @property
    def is_id(self) -> bool:
        """Tell whether the row is an ID and nothing else."""
        return self.found is not None and not self.row.line.text.strip()


@functools.lru_cache(maxsize=16)
def card_tag(tag: str) -> re.Pattern[str]:
    """Match `#card`, `#card-reverse`, `#card/spaced`; not `#cards`."""
    return re.compile(rf"#{re.escape(tag)}(?:[/-](?P<kind>reverse|spaced))?", re.IGNORECASE)


@functools.lru_cache(maxsize=16)
def _separator(config: Flashcards) -> re.Pattern[str]:
    """Match the separators of an inline card, the longer one first, other than in `{{c1::x}}`."""
    words = sorted({config.inline, config.inline_reversed} - {""}, key=len, reverse=True)
    pattern = "|".join(map(re.escape, words)) or "(?!)"
    return re.compile(rf"(?<!\{{\{{c[0-9])(?:{pattern})")


def may_hold_cards(text: str, config: Flashcards) -> bool:
    """Tell at a glance whether a note may hold cards with a tag."""
    return f"#{config.tag.lower()}" in text.lower()


def read_flashcards(reading: Reading) -> Iterator[CardBlock]:
    """Yield the cards of a note file; `half-card` reports a question without an answer."""
    config = reading.config.flashcards
    cards: Iterator[CardBlock] = _read_cards(reading)
    if config.context:
        cards = _with_context(reading, list(cards))
    for card in cards:
        yield replace(card, tags=tuple(dict.fromkeys([*card.tags, *config.tags])))


def _with_context(reading: Reading, cards: Sequence[CardBlock]) -> Iterator[CardBlock]:
    """Yield cards whose first field begins with the headings above."""
    text, config = reading.source.text, reading.config
    skipped = Spans(find_fences(text))
    for card, above in zip(
        cards, headings_above(text, [card.span.start for card in cards], skipped), strict=True
    ):
        first, separator = card.fields[0], config.flashcards.context_separator
        before = "".join(heading + separator for heading in above.chain)
        if before and BLOCK_MARK.match(first.text):
            at = first.origins[:1] or (card.span.start,)
            first = Field(first.name, f"{before}\n\n{first.text}", (*at, *at, *first.origins))
        elif before:
            first = replace(first, text=before + first.text)
        yield replace(card, fields=(first, *card.fields[1:]))


def _deck_of(reading: Reading, written: object) -> str | None:
    """Return the deck of a file's cards: its property, else its folder or the default of the settings."""
    config, folder = reading.config.flashcards, reading.source.path.rpartition("/")[0]
    if isinstance(written, str) and written.strip() not in EMPTY:
        return written.strip()
    if config.folder_decks and folder:
        return clean_deck(folder.replace("/", "::")) or None
    return clean_deck(config.deck) or None


def _read_cards(reading: Reading) -> Iterator[CardBlock]:
    properties, _ = read_properties(reading.source)
    pattern = card_tag(reading.config.flashcards.tag)
    config = reading.config.flashcards
    groups = [[_read_row(row, pattern, config) for row in group] for group in paragraphs(reading)]
    rows = (row for group in groups for row in group)
    if "cards-deck" not in properties and not any(row.tag or row.found for row in rows):
        return
    deck = _deck_of(reading, properties.get("cards-deck"))
    for number, group in enumerate(groups):  # `_take_answer` shortens the groups to come
        begin = 0
        while (at := _next_tagged(group, begin)) < len(group):
            first = _start_of_question(group, begin, at)
            yield from _read_lines(reading, group, begin, first, deck)
            begin, answer = _take_answer(reading, groups, number, at)
            card = _read_tagged(reading, group[first : at + 1], answer, deck)
            if card is not None:
                yield card
        yield from _read_lines(reading, group, begin, len(group), deck)


def _read_row(row: Row, pattern: re.Pattern[str], config: Flashcards) -> _Row:
    if row.is_code or row.is_comment:
        return _Row(row)
    match, found = ID.search(row.seen), None
    if match:
        start = row.line.start + match.start()
        found = int(match["id"]), Span(start, start + 1 + len(match["id"]))
        row = row.part(0, match.start())
    tag, tags = _find_tag(row.seen, pattern)
    sides, kind = _split_line(row, config) if not (tag or SETTING.match(row.seen)) else (None, "")
    return _Row(row, found, tag, tags, sides, kind)


def _find_tag(seen: str, pattern: re.Pattern[str]) -> tuple[re.Match[str] | None, tuple[str, ...]]:
    """Return the card tag among the tags that end a line, and the tags behind it."""
    words = trailing_tags(seen, is_glued=True)
    for number, word in enumerate(words):
        match = pattern.fullmatch(seen, word.start(), word.end())
        if match:
            return match, tuple(tag[0] for tag in words[number + 1 :])
    return None, ()


def _next_tagged(group: Sequence[_Row], begin: int) -> int:
    return next((n for n in range(begin, len(group)) if group[n].tag), len(group))


def _start_of_question(group: Sequence[_Row], begin: int, at: int) -> int:
    """Return where the question begins that a tag ends: below the last ID, inline card or heading.

    A heading is the question itself where the tag has the line below it to itself.
    """
    tagged = group[at]
    if HEADING.match(tagged.row.seen):
        return at
    for number in range(at - 1, begin - 1, -1):
        row = group[number]
        if HEADING.match(row.row.seen):
            is_alone = tagged.tag and not tagged.row.seen[: tagged.tag.start()].strip()
            return number if is_alone and number == at - 1 else number + 1
        if row.found or row.sides:
            return number + 1
    return begin


def _take_answer(
    reading: Reading, groups: list[list[_Row]], number: int, at: int
) -> tuple[int, list[_Row]]:
    """Return the rows of a card below its tag, and where the rows behind them begin.

    They end with the first ID. Blank lines may stand between tag and answer; but what holds the tag
    of another card is no answer then.
    """
    group, below = groups[number], groups[number + 1] if number + 1 < len(groups) else []
    at += 1
    if group[at - 1].found:
        return at, []
    if _kind(group[at - 1]) == "spaced":
        end = at + 1 if at < len(group) and group[at].is_id else at
        return end, group[at:end]
    if at < len(group):
        end = _end_of_answer(group, at)
        return end, group[at:end]
    end = _end_of_answer(below, 0)
    gap = reading.source.text[group[-1].row.end : below[0].row.line.start] if below else "-"
    if gap.strip():
        return at, []
    if any(row.tag for row in below[:end]):
        # What stands above that card's question would be this one's answer as soon as an ID ends it.
        groups[number + 1] = below[_start_of_question(below, 0, _next_tagged(below, 0)) :]
        return at, []
    groups[number + 1] = below[end:]
    return at, below[:end]


def _end_of_answer(group: Sequence[_Row], begin: int) -> int:
    return next((n + 1 for n in range(begin, len(group)) if group[n].found), len(group))


def _kind(row: _Row) -> str:
    return (row.tag["kind"] or "").lower() if row.tag else ""


def _read_tagged(
    reading: Reading, question: Sequence[_Row], answer: Sequence[_Row], deck: str | None
) -> CardBlock | None:
    tagged = question[-1]
    assert tagged.tag is not None
    asked = [*(row.row for row in question[:-1]), tagged.row.part(0, tagged.tag.start())]
    if heading := HEADING.match(asked[0].seen):
        asked[0] = asked[0].part(heading.end())
    front = [row.line for row in asked if not row.is_comment]
    back = [row.row.line for row in answer if not (row.row.is_comment or row.is_id)]
    last = answer[-1] if answer else tagged
    span = Span(question[0].row.line.start, last.row.end)
    kind = _kind(tagged)
    needed = [(front, "question")] if kind == "spaced" else [(front, "question"), (back, "answer")]
    for side, missing in needed:
        if all(line.is_blank for line in side):
            reading.taken.append(span)
            hint = ANSWER_HINT if side is back else "write the question in front of the tag"
            report_half(reading, question[0].row, tagged.row, missing, hint)
            return None
    note_type = REVERSED if kind == "reverse" else BASIC
    slots = caret_slots(reading, span.start, span.end)
    tags = clean_tags(tagged.tags)
    return make_card(reading, note_type, [front, back], span, slots, last.found, deck, tags)


def _read_lines(
    reading: Reading, group: Sequence[_Row], begin: int, end: int, deck: str | None
) -> Iterator[CardBlock]:
    """Yield the cards that are one line each: with `::`, or with a deletion.

    Display math that begins in the line belongs to the card as a whole.
    """
    after = begin
    while (number := after) < end:
        found, after = group[number], number + 1
        row, kind, sides, tags = found.row, CLOZE, list[list[Line]](), list[str]()
        if found.sides:
            back, tags = _cut_tags(found.sides[1])
            kind, sides = found.kind, [[found.sides[0].line], [back.line]]
        elif DELETION.search(row.seen) and not (
            row.is_code or row.is_comment or SETTING.match(row.seen)
        ):
            sides = [[row.rewrite(DELETION, _write_deletion)]]
        while sides and group[after - 1].row.is_open and after < end:
            sides[-1].append(group[after].row.line)
            after += 1
        last = group[after - 1]
        if not sides or last.row.is_open:
            continue
        if last.found is None and after < end and group[after].is_id:
            last = group[after]
        span = Span(row.line.start, last.row.end)
        slots = caret_slots(reading, span.start, span.end)
        card = make_card(reading, kind, sides, span, slots, last.found, deck, clean_tags(tags))
        if card is not None:
            yield card


def _split_line(row: Row, config: Flashcards) -> tuple[tuple[Row, Row] | None, str]:
    """Return the sides of an inline card and its note type, None if the line is none."""
    mark = MARK.match(row.seen)
    separator = _separator(config).search(row.seen, mark.end() if mark else 0)
    if mark and separator:
        front = row.part(mark.end(), separator.start()).strip()
        back = row.part(separator.end()).strip()
        if front.seen and back.seen:
            return (front, back), REVERSED if separator[0] == config.inline_reversed else BASIC
    return None, ""


def _cut_tags(row: Row) -> tuple[Row, list[str]]:
    """Take the tags off the end of a row, unless it is nothing but tags."""
    words = trailing_tags(row.seen)
    if not words or not row.seen[: words[0].start()].strip():
        return row, []
    return row.part(0, words[0].start()).strip(), [word[0] for word in words]


def _write_deletion(match: re.Match[str], text: str) -> str:
    """Return Anki's form of a deletion; a highlight is always the first."""
    width = 2 if text.startswith("=") else 1
    inner = text[width:-width]
    number = NUMBER.match(inner) if width == 1 else None
    inner = inner[number.end() :] if number else inner
    return f"{{{{c{number['number'] if number else 1}::{inner}}}}}"
