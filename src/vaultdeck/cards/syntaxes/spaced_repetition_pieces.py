"""Where a card of obsidian-spaced-repetition begins and ends.

    q1::a1           a card of its own, wherever it stands
    Two rivers       a card of several lines: from the empty line above its separator
    ?                to the next empty line, or to the end marker if the settings have one
    Seine, Loire
    A ==deletion==   a cloze card, within the same bounds

The plugin reads line by line and keeps what it has read so far: the last separator decides what kind of
card it is, and a line with an inline separator throws away the lines above it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from vaultdeck.cards.addresses import cover_addresses
from vaultdeck.cards.cloze_patterns import ClozePattern, PatternDeletion, read_cloze_pattern
from vaultdeck.cards.ids import BARE_ID, CARET_ID, ID_COMMENT, MALFORMED_ID
from vaultdeck.cards.lines import split_lines
from vaultdeck.cards.slots import end_of_cell, end_of_text
from vaultdeck.cards.syntaxes.make_card import BASIC, CLOZE, REVERSED
from vaultdeck.cards.syntaxes.paragraphs import Row
from vaultdeck.model import Span
from vaultdeck.model.config import SpacedRepetition
from vaultdeck.model.value import value
from vaultdeck.regexps import regexp

# When the plugin shows a card next, `<!--SR:!2024-08-16,51,230-->`, and the callout it may sit in.
SCHEDULE = regexp(r"<!--SR:(?:(?!-->|<!--).)*-->")
SCHEDULE_CALLOUT = regexp(r"[ \t]*>[ \t]*\[!sr\|card-metadata\][+-]?[ \t]*")


@value(frozen=True, slots=True)
class Rules:
    """The settings as the reader asks them; separators lead to the note type that they make."""

    inline: tuple[tuple[str, str], ...]
    multiline: Mapping[str, str]
    end: str
    clozes: tuple[ClozePattern, ...]

    @classmethod
    @functools.lru_cache(maxsize=16)
    def of(cls, config: SpacedRepetition) -> Rules:
        """Return the rules that settings make; a separator that is empty makes no card."""
        inline = [(config.inline, BASIC), (config.inline_reversed, REVERSED)]
        multiline = [(config.multiline_reversed, REVERSED), (config.multiline, BASIC)]
        return cls(
            inline=tuple(sorted((i for i in inline if i[0]), key=lambda item: -len(item[0]))),
            multiline={text.strip(): kind for text, kind in multiline if text.strip()},
            end=config.end.strip(),
            clozes=tuple(filter(None, map(read_cloze_pattern, config.clozes))),
        )

    def inline_in(self, seen: str) -> tuple[str, str] | None:
        """Return the separator of a line and its note type: of two, the longer one counts."""
        return next((item for item in self.inline if item[0] in seen), None)

    def deletions(self, seen: str) -> list[PatternDeletion]:
        """Return the deletions of a line in order; where patterns overlap, the first one."""
        seen = cover_addresses(seen)
        found = [deletion for pattern in self.clozes for deletion in pattern.find(seen)]
        deletions: list[PatternDeletion] = []
        for deletion in sorted(found, key=lambda item: item.span.start):
            if not deletions or deletions[-1].span.end <= deletion.span.start:
                deletions.append(deletion)
        return deletions


class PieceRow(NamedTuple):
    """A row without the comments at its end; `ids` are those that are IDs, last first."""

    row: Row
    ids: tuple[Span, ...] = ()
    is_meta: bool = False

    @property
    def is_text(self) -> bool:
        """Tell whether the row is text that may be, or divide, a card."""
        return not (self.row.is_code or self.is_meta or self.row.is_comment)


@dataclass(slots=True)
class Piece:
    """Rows that belong together: a card of the note type `kind`, or what stands between cards.

    `is_line` tells that the first row alone is question and answer; `is_cut` that the plugin throws
    the card away, because of the line below it.
    """

    rows: list[PieceRow] = field(default_factory=list)
    kind: str = ""
    is_line: bool = False
    is_cut: bool = False


def pieces(text: str, groups: Sequence[Sequence[Row]], rules: Rules) -> Iterator[Piece]:
    """Yield the pieces of a note, given its paragraphs."""
    piece = Piece()
    for group in groups:
        is_open = False
        gap = _blank_rows(text, piece.rows[-1].row.end, group[0].line.start) if piece.rows else []
        if rules.end and piece.kind and not piece.is_line and gap is not None:
            piece.rows += gap
        elif piece.rows:
            yield piece
            piece = Piece()
        for row in map(_strip_end, group):
            was_open, is_open = is_open, row.row.is_open
            if piece.is_line:
                if was_open or row.is_meta or is_id_line(row.row.line.text):
                    piece.rows.append(row)
                    continue
                yield piece
                piece = Piece()
            line = row.row.line.text.strip() if row.is_text and not was_open else ""
            if line and line == rules.end:
                while piece.rows and piece.rows[-1].row.line.is_blank:
                    piece.rows.pop()
                if piece.rows:
                    yield piece
                piece = Piece()
                continue
            inline = rules.inline_in(row.row.seen) if line.strip("-|: ") else None
            if inline:
                if piece.rows:
                    piece.is_cut = bool(piece.kind)
                    yield piece
                piece = Piece([row], inline[1], is_line=True)
                continue
            if line in rules.multiline:
                piece.kind = rules.multiline[line]
            elif not piece.kind and line and rules.deletions(row.row.seen):
                piece.kind = CLOZE
            piece.rows.append(row)
    if piece.rows:
        yield piece


def is_id_line(text: str) -> bool:
    """Tell whether a line is an ID that stands alone, also as flashcards-obsidian writes it."""
    return bool(BARE_ID.fullmatch(text) or CARET_ID.fullmatch(text))


def _blank_rows(text: str, start: int, end: int) -> list[PieceRow] | None:
    """Return the blank lines between two paragraphs; None if something else stands between them."""
    if text[start:end].strip():
        return None
    lines = list(split_lines(text, start, end))[1:]
    return [PieceRow(Row(line, line.text, False, line.end, False)) for line in lines]


def _strip_end(row: Row) -> PieceRow:
    """Return a row without a block ID, the comments that it ends with and an ID in its last cell."""
    ids: list[Span] = []
    if SCHEDULE_CALLOUT.fullmatch(row.line.text):
        return PieceRow(row, (), True)
    whole = len(row.line.text.rstrip())
    end = end_of_text(row.line.text, 0, whole)
    while comment := _comment_before(row, end):
        if not SCHEDULE.fullmatch(row.line.text, comment.start, comment.end):
            ids.append(comment)
        end = len(row.line.text[: comment.start].rstrip())
    cell = end_of_cell(row.line.text, 0, end)
    comment = _comment_before(row, cell) if cell < end else None
    if end == whole and not comment:
        return PieceRow(row)
    left = row.part(0, end)
    if comment:
        ids.append(comment)
        left = left.without(len(row.line.text[: comment.start].rstrip()), cell)
    ids = [Span(row.line.start + own.start, row.line.start + own.end) for own in ids]
    return PieceRow(left, tuple(ids), not left.line.text.strip(" \t>"))


def _comment_before(row: Row, end: int) -> Span | None:
    """Return where the comment stands that ends at a column, if it is an ID or a schedule."""
    text = row.line.text
    if not text.endswith(("-->", "%%"), 0, end):
        return None
    mark = "<!--" if text[end - 1] == ">" else "%%"
    start = text.rfind(mark, 0, end - 2)
    is_seen = start >= 0 and row.seen[start] == mark[0]
    kinds = (ID_COMMENT, MALFORMED_ID, SCHEDULE)
    is_known = is_seen and any(kind.fullmatch(text, start, end) for kind in kinds)
    return Span(start, end) if is_known else None
