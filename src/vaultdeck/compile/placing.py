"""Which place for a new ID leaves a note as it was.

Writing an ID changes nothing of what a note says: neither its cards, decks, tags and problems, nor what
Obsidian shows of it and other notes embed. Each card syntax offers places (`cards.slots`); which of
them do no harm is found out by reading the note with the IDs in it. Mostly the first ones all do. Where
none does, an ID may divide a paragraph, as the plugin's do, but nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from vaultdeck.cards import blank_blocks, parse_file
from vaultdeck.diagnostics import Diagnostic
from vaultdeck.markdown import shared_markdown
from vaultdeck.model import CardBlock, Config, Edit, ParsedFile, SourceFile
from vaultdeck.vault.edits import apply_edits, id_edit

# A new ID has 13 digits; these are below any that is minted.
FIRST = 1_000_000_000_001
# How often a note is read, and the characters of that, while a place is looked for.
READINGS, CHARACTERS = 8, 3_000_000
# A new ID where it is shown.
NEW_ID = re.compile(r"\^10000[0-9]{8}\b|ID: 10000[0-9]{8}\b")
GAP = re.compile(r"\n{2,}")
ATX_HEADING = re.compile(r"^[ \t>]*#{1,6}[ \t][^\n]*", re.MULTILINE)
Read = tuple[ParsedFile, Sequence[Diagnostic]]


def place_ids(
    parsed: ParsedFile, problems: Sequence[Diagnostic], config: Config, cards: Sequence[CardBlock]
) -> tuple[list[CardBlock], list[Diagnostic]]:
    """Return the cards without an ID, each with the one place that is safe to write it to.

    `cards` are among those of `parsed`, in order; `problems` are those of reading it. Reports
    `no-place-for-id` for each card that has no such place.
    """
    if not cards:
        return [], []
    work = _Placing(parsed, problems, config)
    if any(problem.code == "slow-regexp" for problem in problems):
        # Nobody knows which cards the note has.
        return [replace(card, slots=card.slots[:1]) for card in cards], []
    for is_strict in (True, False):
        left = [card for card in cards if card.span not in work.placed]
        if left:
            work.settle(left, is_strict=is_strict)
    placed = [work.placed[card.span] for card in cards if card.span in work.placed]
    refused = [_refuse(parsed.source, card) for card in cards if card.span not in work.placed]
    return placed, refused


def _take(card: CardBlock, choice: int) -> CardBlock:
    """Return a card with the place of that number, or its last one."""
    return replace(card, slots=(card.slots[min(choice, len(card.slots) - 1)],))


def _refuse(source: SourceFile, card: CardBlock) -> Diagnostic:
    location = source.locate(card.span.start, card.span.end)
    message = "an ID below or in this card would change what the note says: the card is left out"
    hint = "put an empty line below the card, or write it as a block between START and END"
    return Diagnostic("no-place-for-id", location, message, hint)


class _Placing:
    """What a note says without new IDs, and the cards that have a safe place by now, by their span."""

    def __init__(self, parsed: ParsedFile, problems: Sequence[Diagnostic], config: Config) -> None:
        self.placed: dict[object, CardBlock] = {}
        self._source = parsed.source
        self._config = config
        self._said = list(_sayings((parsed, problems), ()))
        self._ids = [block.id for block in parsed.blocks]
        self._starts = [block.span.start for block in parsed.blocks]
        self._shape = list(_shape(parsed.source, config))
        self._left = READINGS + CHARACTERS // (len(parsed.source.text) + 1)

    def settle(self, cards: Sequence[CardBlock], *, is_strict: bool) -> None:
        """Find a place for as many cards as possible, beside those of `placed`."""
        # The other places are tried for one card at a time: most cards need none.
        for choice in range(len(cards[0].slots) if len(cards) == 1 else 1):
            chosen = [_take(card, choice) for card in cards]
            if self.is_safe([*self.placed.values(), *chosen], is_strict=is_strict):
                self.placed |= {card.span: card for card in chosen}
                return
        if len(cards) > 1:
            half = len(cards) // 2
            self.settle(cards[:half], is_strict=is_strict)
            self.settle(cards[half:], is_strict=is_strict)

    def is_safe(self, cards: Sequence[CardBlock], *, is_strict: bool) -> bool:
        """Tell whether the note with IDs for these cards, each in its first place, says the same."""
        if self._left <= 0:
            return False
        self._left -= 1
        numbers = {card.span.start: FIRST + number for number, card in enumerate(cards)}
        edits = [id_edit(card, numbers[card.span.start]) for card in cards]
        source = replace(self._source, text=apply_edits(self._source.text, edits))
        read = parse_file(source, self._config)
        wanted = [
            numbers.get(start, own) for start, own in zip(self._starts, self._ids, strict=True)
        ]
        if [block.id for block in read[0].blocks] != wanted:
            return False
        if list(_sayings(read, edits)) != self._said:
            return False
        shape = list(_shape(source, self._config))
        return shape == self._shape or (not is_strict and _outline(shape) == _outline(self._shape))


def _sayings(read: Read, edits: Sequence[Edit]) -> Iterator[object]:
    """Yield what a note says of cards, with its places as they are without the edits."""
    parsed, problems = read
    source = parsed.source
    ordered = sorted(edits, key=lambda edit: edit.start)
    shifts, shift = [0], 0
    starts: list[int] = []
    for edit in ordered:
        # Where the edit begins in the text with the earlier ones.
        starts.append(edit.start + shift)
        shift += len(edit.text)
        shifts.append(shift)

    def moved(offset: int) -> int:
        return offset - shifts[bisect_right(starts, offset - 1)]

    for block in parsed.blocks:
        texts = tuple(field.text for field in block.fields)
        start = moved(block.span.start)
        yield start, block.note_type, texts, block.tags, block.deck, block.context
    for kind, fields in parsed.frozen.items():
        yield kind, tuple((field.name, field.text) for field in fields)
    yield parsed.tags, parsed.deleted
    for problem in problems:
        place = problem.location
        yield problem.code, moved(source.offset(place.line, place.column))


def _shape(source: SourceFile, config: Config) -> Iterator[Sequence[object]]:
    """Yield what Obsidian makes of a note but for its IDs: headings, and the blocks that embeds show."""
    for heading in ATX_HEADING.finditer(source.text):
        yield (heading[0],)
    tokens, _ = shared_markdown().parse_blocks(blank_blocks(source, config))
    for token in tokens:
        content = " ".join(token.content.split()) if token.type == "inline" else token.content
        yield token.type, token.tag, token.level, token.info, token.hidden, content


def _outline(shape: Iterable[Sequence[object]]) -> list[Sequence[object]]:
    """Return a shape in which an ID may divide, or stand in, a paragraph."""
    found: list[Sequence[object]] = []
    for kind, *rest in shape:
        if kind in ("paragraph_open", "paragraph_close"):
            continue
        if kind == "inline":
            content = " ".join(NEW_ID.sub(" ", str(rest[-1])).split())
            if found and found[-1][0] == "inline":
                content = f"{found.pop()[-1]} {content}".strip()
            rest = [content]
        if kind in ("html_block", "fence"):
            # In what nothing closes, a block is as many empty lines as it has.
            rest = [GAP.sub("\n\n", NEW_ID.sub("", str(rest[-1])))]
        found.append((kind, *rest))
    return found
