"""A note file → its cards, deck and tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from vaultdeck.cards.conflicts import without_conflicts
from vaultdeck.cards.context import headings_above
from vaultdeck.cards.data_notes import blocks_in_data, is_data
from vaultdeck.cards.directives import (
    directive_spans,
    frozen_spans,
    read_file_settings,
    read_frozen,
)
from vaultdeck.cards.extents import find_extents
from vaultdeck.cards.fences import find_fences
from vaultdeck.cards.ids import find_deleted, unseen_spans
from vaultdeck.cards.markers import inline_spans
from vaultdeck.cards.moved_ids import read_moved
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.cards.quoted import find_quoted
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.cards.strays import find_stray_ids, find_stray_schedules, without_strays
from vaultdeck.cards.syntaxes import syntax_named
from vaultdeck.model import NEWLINE, CardBlock, Field, ParsedFile, SourceFile, Span
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic


def parse_file(
    source: SourceFile, config: Config, spent: dict[str, float] | None = None
) -> tuple[ParsedFile, tuple[Diagnostic, ...]]:
    """Return what a note file says about cards, and everything that is wrong with it.

    Deck, tags and properties are looked at only in files that have a card; data of a plugin
    has none. `spent` is shared by all files of a build: a regexp that wastes too much time is given up.
    """
    if is_data(source):
        return ParsedFile(source), blocks_in_data(source, config.markers)
    reading = Reading(source, config, spent={} if spent is None else spent)
    frozen, blocks, syntaxes = _read_cards(reading)
    found = find_deleted(source.text, config.markers)
    deleted = frozenset(found.values())
    blocks = read_moved(reading, blocks, found, _read_named)
    blocks = sorted(
        (block for block in blocks if block.id not in deleted), key=lambda block: block.span.start
    )
    blocks = without_conflicts(reading, blocks)
    problems = without_strays(reading, blocks) + find_stray_ids(reading, blocks, deleted)
    problems += find_stray_schedules(reading, blocks)
    if not blocks:
        return ParsedFile(source, deleted=deleted), tuple(problems)
    starts = [block.span.start for block in blocks]
    skipped = Spans([*reading.blocks, *reading.fences])
    headings = headings_above(source.text, starts, skipped)
    settings = read_file_settings(source, config)
    blocks = [
        replace(
            block,
            context=above.chain,
            heading=above.nearest,
            syntax=syntaxes.get(id(block), block.syntax),
            deck=block.deck or settings.deck_at(block.span.start, config.deck_scope),
        )
        for block, above in zip(blocks, headings, strict=True)
    ]
    if settings.has_bad_deck:
        blocks = [block for block in blocks if block.deck]
    parsed = ParsedFile(source, tuple(blocks), settings.tags, frozen, deleted)
    return parsed, (*problems, *settings.problems)


def _read_cards(
    reading: Reading,
) -> tuple[Mapping[str, tuple[Field, ...]], list[CardBlock], Mapping[int, str]]:
    """Return the frozen fields of a note file, its cards, and by `id` the syntax that found each."""
    frozen = read_frozen(reading)
    blocks: list[CardBlock] = []
    syntaxes: dict[int, str] = {}
    for name in reading.config.syntaxes:
        read = [*syntax_named(name)(reading)]
        blocks += read
        syntaxes.update((id(block), name) for block in read)
    return frozen, _without_empty(blocks, reading.empty), syntaxes


def _read_named(reading: Reading) -> list[CardBlock]:
    """Return the cards of a note file, each with the name of its syntax."""
    _, blocks, syntaxes = _read_cards(reading)
    return [replace(block, syntax=syntaxes[id(block)]) for block in blocks]


def _without_empty(blocks: list[CardBlock], empty: Sequence[CardBlock]) -> list[CardBlock]:
    """Return the cards without those of `empty`, which have no question, in whose lines others are."""
    if not empty:
        return blocks
    lost = set(map(id, empty))
    others = Spans(block.span for block in blocks if id(block) not in lost)
    return [b for b in blocks if id(b) not in lost or not others.meet(b.span.start, b.span.end)]


def blank_blocks(source: SourceFile, config: Config) -> str:
    """Return the text of a note file as embeds show it, line for line."""
    return blank(source.text, unshown_spans(source, config))


def blank(text: str, spans: Iterable[Span]) -> str:
    """Return a text without some spans, in order; lines stay, so that their numbers stay true."""
    pieces, done = [], 0
    for span in spans:
        pieces.append(text[done : span.start])
        pieces.append("\n" * len(NEWLINE.findall(text, span.start, span.end)))
        done = span.end
    return "".join([*pieces, text[done:]])


def unshown_spans(source: SourceFile, config: Config) -> list[Span]:
    """Return what embeds do not show of a note file, in order.

    That is properties, card blocks, inline notes, directives, frozen fields, IDs and delete markers.
    """
    text, words = source.text, config.markers
    cards = [extent.span for extent in find_extents(source, words)[0]]
    fences = find_fences(text)
    quoted, _ = find_quoted(source, words, config.note_types, Spans(cards), Spans(fences))
    code = Spans(fences)
    # Code with a card in it holds nothing else.
    met = ((card, code.last_met(card.start, card.end)) for card in cards)
    wrapped = [span for card, span in met if span and span.start < card.start < card.end < span.end]
    wrapped += [extent.span for extent in quoted]
    # The marks of quotes and items before it go, too.
    cards += [Span(text.rfind("\n", 0, span.start) + 1, span.end) for span in wrapped]
    parts = [Span(0, end_of_properties(text)), *cards, *frozen_spans(text, words)]
    parts += [*unseen_spans(text, words, Spans(cards)), *find_deleted(text, words)]
    parts += [*inline_spans(text, words), *directive_spans(text, words)]
    # A newline of two characters goes or stays as a whole.
    spans = sorted(
        (part.start, part.end - text.startswith("\r\n", part.end - 1)) for part in parts if part.end
    )
    found, done = [], 0
    for start, end in spans:
        if end > done:
            found.append(Span(max(start, done), end))
            done = end
    return found
