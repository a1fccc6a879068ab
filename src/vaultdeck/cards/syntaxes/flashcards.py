"""Cards of flashcards-obsidian.

    ## What is a group? #card #algebra      (`#card-reverse`: both directions)
    A monoid with inverses.
    ^1769619800835

    Remember this #card-spaced              Capital of France :: Paris      (`:::`: both directions)

    A deletion: ==one==, {this} or {2:that}

Version 2 of the plugin leaves a block ID (`^q-k3wd`) and keeps the ID in the properties (`cards.ids`).

The tag may be glued to the text, tag and separators are those of the settings. Lines without a tag count
only in files that the plugin's tag, deck property or ID shows to be its.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from vaultdeck.anki.decks import clean_deck, deck_of_path
from vaultdeck.cards.ids import LEFT_BLOCK_ID, LEFT_ID, ids_by_block_id
from vaultdeck.cards.properties import EMPTY, end_of_properties, read_properties, texts_of
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.slots import caret_slots
from vaultdeck.cards.syntaxes.flashcards_context import put_headings_in_front
from vaultdeck.cards.syntaxes.flashcards_rows import (
    CardRow,
    card_tag,
    end_of_answer,
    next_tagged,
    read_row,
    split_row,
    start_of_question,
    take_id_below,
)
from vaultdeck.cards.syntaxes.make_card import BASIC, CLOZE, REVERSED, make_card, report_half
from vaultdeck.cards.syntaxes.paragraphs import HEADING_MARK, paragraphs
from vaultdeck.cards.tags import clean_tags
from vaultdeck.model import CardBlock, Span
from vaultdeck.regexps import regexp

NAME = "flashcards-obsidian"
# The property with the deck of a note's cards.
DECK_PROPERTY = "cards-deck"
# A tag as flashcards-obsidian reads it, and a line that names nothing but tags for the whole note.
FILE_TAG = regexp(r"\[\[([^\]\n]+)\]\]|#([\w:/-]+)")
FILE_TAGS = regexp(
    rf"^(?:cards-)?tags:(?P<tags>(?:[ \t,]*(?:{FILE_TAG.pattern}))+)[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
# What a tagged card may lack, and what to do then.
HALVES = (
    ("question", "write the question in front of the tag"),
    ("answer", "write the answer on the line below, or tag the card '#card-spaced'"),
)


def read_flashcards(reading: Reading) -> Iterator[CardBlock]:
    """Yield the cards of a note file.

    Diagnostics: `half-card` for a question without an answer, `bad-properties` where they name a deck.
    """
    config = reading.config.flashcards
    properties, problems = read_properties(reading.source)
    reading.problems += problems if DECK_PROPERTY in reading.source.text.lower() else ()
    cards: Iterator[CardBlock] = _read_cards(reading, properties)
    if config.context:
        cards = put_headings_in_front(reading, list(cards))
    tags = _file_tags(reading, properties)
    for card in cards:
        yield replace(card, tags=tuple(dict.fromkeys([*card.tags, *tags, *config.tags])))


def may_hold_cards(reading: Reading) -> bool:
    """Tell at a glance whether a note may hold cards: whether it has the tag's word, a deck or an ID."""
    text = reading.source.text.lower()
    words = (f"#{reading.config.flashcards.tag.lower()}", DECK_PROPERTY)
    ids = (LEFT_ID, LEFT_BLOCK_ID)
    return any(word in text for word in words) or any(each.search(text) for each in ids)


def _file_tags(reading: Reading, properties: Mapping[str, object]) -> list[str]:
    """Return the tags that a note sets for its cards other than by Obsidian's property."""
    text = reading.source.text
    line = FILE_TAGS.search(text, end_of_properties(text))
    names = [match[1] or match[2] for match in FILE_TAG.finditer(line["tags"])] if line else []
    names = [*texts_of(properties.get("cards-tags")), *names]
    return clean_tags(["-".join(name.split()) for name in names])


def _deck_of(reading: Reading, written: object) -> str | None:
    """Return the deck of a file's cards: its property, else its folder or the default of the settings."""
    config, folder = reading.config.flashcards, reading.source.path.rpartition("/")[0]
    if isinstance(written, str) and written.strip() not in EMPTY:
        return written.strip()
    if config.folder_decks and folder:
        return deck_of_path(folder) or None
    return clean_deck(config.deck) or None


def _read_cards(reading: Reading, properties: Mapping[str, object]) -> Iterator[CardBlock]:
    pattern = card_tag(reading.config.flashcards.tag)
    config = reading.config.flashcards
    ids = ids_by_block_id(properties)
    groups = [
        [read_row(row, pattern, config, ids) for row in group] for group in paragraphs(reading)
    ]
    rows = (row for group in groups for row in group)
    # An ID in another form is that of a card of another syntax.
    text = reading.source.text
    if DECK_PROPERTY not in properties and not any(
        row.tag or (row.found and text.startswith("^", row.found[1].start)) for row in rows
    ):
        return
    deck = _deck_of(reading, properties.get(DECK_PROPERTY))
    for number, group in enumerate(groups):  # `_take_answer` shortens the groups to come
        begin = 0
        while (at := next_tagged(group, begin)) < len(group):
            first = start_of_question(group, begin, at)
            yield from _read_lines(reading, group, begin, first, deck)
            begin, answer = _take_answer(reading, groups, number, at)
            answer += take_id_below(reading.source.text, answer, groups[number + 1 : number + 3])
            card = _read_tagged(reading, group[first : at + 1], answer, deck)
            if card is not None:
                yield card
        yield from _read_lines(reading, group, begin, len(group), deck)


def _take_answer(
    reading: Reading, groups: list[list[CardRow]], number: int, at: int
) -> tuple[int, list[CardRow]]:
    """Return the rows of a card below its tag, and where the rows behind them begin.

    They end with the first ID. Blank lines may stand between tag and answer; but what holds the tag
    of another card is no answer then.
    """
    group, below = groups[number], groups[number + 1] if number + 1 < len(groups) else []
    at += 1
    if group[at - 1].found:
        return at, []
    if group[at - 1].tag_kind == "spaced":
        end = at + 1 if at < len(group) and group[at].is_id else at
        return end, group[at:end]
    if at < len(group):
        end = end_of_answer(group, at)
        return end, group[at:end]
    end = end_of_answer(below, 0)
    gap = reading.source.text[group[-1].row.end : below[0].row.line.start] if below else "-"
    if gap.strip():
        return at, []
    if any(row.tag for row in below[:end]):
        # What stands above that card's question would be this one's answer as soon as an ID ends it.
        groups[number + 1] = below[start_of_question(below, 0, next_tagged(below, 0)) :]
        return at, []
    groups[number + 1] = below[end:]
    return at, below[:end]


def _read_tagged(
    reading: Reading, question: Sequence[CardRow], answer: Sequence[CardRow], deck: str | None
) -> CardBlock | None:
    tagged = question[-1]
    assert tagged.tag is not None
    asked = [*(row.row for row in question[:-1]), tagged.row.part(0, tagged.tag.start())]
    if heading := HEADING_MARK.match(asked[0].seen):
        asked[0] = asked[0].part(heading.end())
    front = [row.line for row in asked if not row.is_comment]
    back = [row.row.line for row in answer if not (row.row.is_comment or row.is_id)]
    last = answer[-1] if answer else tagged
    span = Span(question[0].row.line.start, last.row.end)
    sides = [front] if tagged.tag_kind == "spaced" else [front, back]
    note_type, cloze, _ = split_row(tagged._replace(row=asked[-1]))
    is_cloze = note_type == CLOZE and len(asked) == 1 and not tagged.tag_kind
    if is_cloze and all(line.is_blank for line in back):
        sides = cloze
    else:
        note_type = REVERSED if tagged.tag_kind == "reverse" else BASIC
    for side, (missing, hint) in zip(sides, HALVES, strict=False):
        if all(line.is_blank for line in side):
            reading.taken.append(span)
            report_half(reading, question[0].row, tagged.row, missing, hint)
            return None
    for row in (row.row for row in answer if row.tag):
        hint = "put one there: else it is text of the answer above"
        report_half(reading, row, row, "empty line above it", hint)
    slots = caret_slots(reading, span.start, span.end)
    tags = clean_tags(tagged.tags)
    return make_card(reading, note_type, sides, span, slots, last.found, deck, tags)


def _read_lines(
    reading: Reading, group: Sequence[CardRow], begin: int, end: int, deck: str | None
) -> Iterator[CardBlock]:
    """Yield the cards that are one line each: with `::`, or with a deletion.

    Display math that begins in the line belongs to the card as a whole.
    """
    after = begin
    while (number := after) < end:
        found, after = group[number], number + 1
        row, (kind, sides, tags) = found.row, split_row(found)
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
