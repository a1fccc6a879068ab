"""Which place for a new ID leaves a note as it was.

Writing an ID changes nothing of what a note says: neither its cards, decks, tags and problems, nor what
Obsidian shows of it and other notes embed. Each card syntax offers places (`cards.slots`); which of
them do no harm is found out by reading the note with the IDs in it. Mostly the first ones all do. Where
none does, an ID does as little harm as it can (`Harm`): the note may look other in Obsidian, as with the
plugin, but its cards are the same. A card is left out only if it would be lost or changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from vaultdeck.cards import parse_file
from vaultdeck.compile.looks import Harm, Look
from vaultdeck.model import CardBlock, ParsedFile, Rewritten, Span
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.vault.note_edits import id_edit

# A new ID has 13 digits; these are below any that is minted.
FIRST = 1_000_000_000_001
# How often a note is read while places are looked for; a short one more often, until so many characters
# are read. A card takes as long as so many, however short it is.
READINGS, CHARACTERS, PER_CARD = 12, 300_000, 100
# So many cards alike, none of which has a place, stand for all of them.
ENOUGH = 4
# How often cards that are not read as they were are left out, until the others are.
ROUNDS = 4
ReadCards = tuple[ParsedFile, Sequence[Diagnostic]]
UNWRITTEN = Rewritten("", ())
# What stands round a new ID in each place of a card: cards of one shape mostly have the same good place.
_Shape = tuple[tuple[str, str], ...]
# Where a card begins, its ID, and what it says.
_Card = tuple[int, int | None, tuple[object, ...]]


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
        # Without that regexp it is not known which cards the note has.
        return [replace(card, slots=card.slots[:1]) for card in cards], []
    for allowed in (Harm.NONE, Harm.DIVIDES, Harm.LOOKS, Harm.HEADINGS):
        left = [card for card in cards if card.span not in work.placed]
        if left:
            work.settle(left, allowed)
    work.place_unproven([card for card in cards if card.span not in work.placed])
    placed = [work.placed[card.span] for card in cards if card.span in work.placed]
    unplaced = [card for card in cards if card.span not in work.placed]
    return placed, [*_refuse(parsed, problems, unplaced)]


def _shape(card: CardBlock) -> _Shape:
    return tuple((slot.before, slot.after) for slot in card.slots)


def _take(cards: Iterable[CardBlock], choice: int) -> dict[Span, CardBlock]:
    """Return the cards by their spans, each with the place of that number, or its last one."""
    return {
        card.span: replace(card, slots=(card.slots[min(choice, len(card.slots) - 1)],))
        for card in cards
    }


def _refuse(
    parsed: ParsedFile, problems: Sequence[Diagnostic], cards: Iterable[CardBlock]
) -> Iterator[Diagnostic]:
    """Yield what is told of cards that have no place for an ID."""
    unclosed = {p.location.line: p for p in problems if p.code == "unclosed-block"}
    blocks = (block.span.start for block in parsed.blocks if block.syntax == "block")
    begins = sorted([0, *unclosed, *(parsed.source.locate(start).line for start in blocks)])
    for card in cards:
        location = parsed.source.place(card.span)
        message = (
            "an ID below or in this card would change what the note says: the card is left out"
        )
        hint = "put an empty line below the card, or write it as a block between START and END"
        above = unclosed.get(begins[bisect_left(begins, location.line) - 1])
        if above:
            message = "its ID would be that of the unclosed block above it: the card is left out"
            hint = above.hint
        yield Diagnostic("no-place-for-id", location, message, hint)


class _Placing:
    """What a note says without new IDs, and the cards that have a safe place by now, by their span."""

    def __init__(self, parsed: ParsedFile, problems: Sequence[Diagnostic], config: Config) -> None:
        self.placed: dict[Span, CardBlock] = {}
        self._source = parsed.source
        self._config = config
        self._cards = list(_cards(parsed, UNWRITTEN))
        self._rest = list(_rest((parsed, problems), UNWRITTEN))
        self._look = Look(parsed.source, config)
        length = max(len(parsed.source.text), PER_CARD * len(parsed.blocks))
        self._left = READINGS + CHARACTERS // (length + 1)
        # By how many are placed, the first card of a group, how many it has, and the number of the place.
        self._harms: dict[tuple[int, Span, int, int], Harm] = {}
        # By shape: the number of the place that one card took, and how often none was good enough.
        self._taken: dict[_Shape, int] = {}
        self._refused: Counter[tuple[_Shape, Harm]] = Counter()

    def settle(self, cards: Sequence[CardBlock], allowed: Harm) -> None:
        """Find a place for as many cards as possible, beside those of `placed`."""
        shapes = {_shape(card) for card in cards}
        shape = shapes.pop() if len(shapes) == 1 else None
        choices: Sequence[int] = range(len(cards[0].slots))
        if len(cards) > 1:
            # The other places are tried for one card at a time, but for cards like it: most need none.
            choices = sorted({0, self._taken.get(shape, 0) if shape else 0})
        for choice in choices:
            chosen = _take(cards, choice)
            tried = (len(self.placed), cards[0].span, len(cards), choice)
            if tried not in self._harms and self._left > 0:
                self._left -= 1
                self._harms[tried] = self._harm(chosen)
            if self._harms.get(tried, Harm.CARDS) <= allowed:
                self.placed |= chosen
                if shape:
                    self._taken[shape] = choice
                return
        if len(cards) == 1:
            self._refused[_shape(cards[0]), allowed] += 1
        elif not shape or shape in self._taken or self._refused[shape, allowed] < ENOUGH:
            half = len(cards) // 2
            self.settle(cards[:half], allowed)
            self.settle(cards[half:], allowed)

    def place_unproven(self, cards: Sequence[CardBlock]) -> None:
        """Take places for as many cards as are read there as they were, if no other card is lost."""
        for choice in range(max((len(card.slots) for card in cards), default=0)):
            self._place_read(cards, choice)
            cards = [card for card in cards if card.span not in self.placed]

    def _place_read(self, cards: Sequence[CardBlock], choice: int) -> None:
        for _ in range(ROUNDS if cards else 0):
            chosen = _take(cards, choice)
            wanted, read, written = self._write(chosen)
            found = set(_cards(read[0], written))
            lost: set[object] = {card[0] for card in wanted if card not in found}
            rest = list(_rest(read, written))
            if len(found) == len(wanted) and rest == self._rest and not lost:
                self.placed |= chosen
            # A problem of a new ID stands where that ID does.
            lost.update(at for _, at in {*rest}.difference(self._rest))
            cards = [
                c for c in cards if lost.isdisjoint((c.span.start, chosen[c.span].slots[0].at))
            ]
            if not cards or len(cards) == len(chosen):
                return

    def _write(self, chosen: Mapping[Span, CardBlock]) -> tuple[list[_Card], ReadCards, Rewritten]:
        """Return the cards as they should be read with new IDs, and the note as it is read."""
        cards = [*self.placed.values(), *chosen.values()]
        numbers = {card.span.start: FIRST + number for number, card in enumerate(cards)}
        edits = [id_edit(card, numbers[card.span.start]) for card in cards]
        written = Rewritten(self._source.text, edits)
        source = replace(self._source, text=written.text)
        wanted = [(card[0], numbers.get(card[0], card[1]), card[2]) for card in self._cards]
        return wanted, parse_file(source, self._config), written

    def _harm(self, chosen: Mapping[Span, CardBlock]) -> Harm:
        """Return what the IDs of these cards, each in its first place, change of the note."""
        wanted, read, written = self._write(chosen)
        if list(_cards(read[0], written)) != wanted or list(_rest(read, written)) != self._rest:
            return Harm.CARDS
        return self._look.harm_of(Look(read[0].source, self._config))


def _cards(parsed: ParsedFile, written: Rewritten) -> Iterator[_Card]:
    """Yield the cards that a note has, with their places as they were before it was written."""
    for block in parsed.blocks:
        texts = tuple(field.text for field in block.fields)
        said = (block.note_type, texts, block.tags, block.deck, block.context)
        yield written.origin(block.span.start, is_end=False), block.id, said


def _rest(read: ReadCards, written: Rewritten) -> Iterator[tuple[object, object]]:
    """Yield what a note says beside its cards: what it sets for all of them, and its problems."""
    parsed, problems = read
    for kind, fields in parsed.frozen.items():
        yield kind, tuple((field.name, field.text) for field in fields)
    yield parsed.tags, parsed.deleted
    for problem in problems:
        place = problem.location
        at = parsed.source.offset(place.line, place.column)
        yield problem.code, written.origin(at, is_end=False)
