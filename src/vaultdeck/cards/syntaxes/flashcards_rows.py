"""The lines of a note as flashcards-obsidian sees them: what ends them, and which are cards by themselves.

a question #card-reverse #tag       Capital of France :: Paris #tag
an answer ^1769619800835            A deletion: ==one==, {this} or {2:that} #tag
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vaultdeck.cards.addresses import cover_addresses
from vaultdeck.cards.ids import CARET_BLOCK_ID, CARET_ID, ID_COMMENT
from vaultdeck.cards.lines import Line
from vaultdeck.cards.syntaxes.make_card import BASIC, CLOZE, REVERSED
from vaultdeck.cards.syntaxes.paragraphs import HEADING_MARK, Row, trailing_tags
from vaultdeck.model import Span
from vaultdeck.model.config import Flashcards
from vaultdeck.regexps import regexp

# The IDs of Obsidian_to_Anki and of other syntaxes, at the end of a line and in a table's last cell.
OTHER_ID = regexp(
    rf"(?=(?:<!--|%%)\s*ID:\s*[0-9]{{1,16}}(?![0-9]))(?:{ID_COMMENT.pattern})(?=[ \t|]*$)"
)
# What may stand in front of an inline card: `- `, `3. `, `## `.
ROW_MARK = regexp(r"[ \t]*(?:(?:[-+*]|[0-9]{1,9}[.)]|#{1,6})[ \t]+)?")
# Lines that set something for the file.
SETTING = regexp(r"[ \t]*(?:cards-deck|cards-tags|tags)[ \t]*:", re.IGNORECASE)
# `==x==`, `{x}`, `{2:x}`; not `{{x}}`, nor `\{x\}`.
DELETION = regexp(r"==(?!\s*==)(?:[^=\n]|=(?!=))+==|(?<![{\\])\{[^{}\n]+(?<!\\)\}(?!\})")
CURLY_NUMBER = regexp(r"(?P<number>[1-9]):(?=.)")


class CardRow(NamedTuple):
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
    def tag_kind(self) -> str:
        """Return what stands behind the name of the card tag: `reverse`, `spaced` or nothing."""
        return (self.tag["kind"] or "").lower() if self.tag else ""

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


def read_row(
    row: Row, pattern: re.Pattern[str], config: Flashcards, ids: Mapping[str, int]
) -> CardRow:
    """Read a row; `ids` are those of cards by their block IDs."""
    match = None if row.is_code else CARET_ID.search(row.seen) or OTHER_ID.search(row.seen)
    number = int(match["id"]) if match else None
    if match is None and ids and not row.is_code and (named := CARET_BLOCK_ID.search(row.seen)):
        match, number = named, ids.get(named["name"])
        match = match if number is not None else None
    if row.is_code or (row.is_comment and not match):
        return CardRow(row)
    found = None
    if match and number is not None:
        at = row.line.start
        found = (
            number,
            Span(at + match.start(), at + len(match[0].rstrip()) + match.start()),
        )
        row = row.without(len(row.seen[: match.start()].rstrip()), match.end())
    tag, tags = _find_tag(row.seen, pattern)
    sides, kind = _split_line(row, config) if not (tag or SETTING.match(row.seen)) else (None, "")
    return CardRow(row, found, tag, tags, sides, kind)


def _find_tag(seen: str, pattern: re.Pattern[str]) -> tuple[re.Match[str] | None, tuple[str, ...]]:
    """Return the card tag among the tags that end a line, and the tags behind it."""
    words = trailing_tags(seen, is_glued=True)
    for number, word in enumerate(words):
        match = pattern.fullmatch(seen, word.start(), word.end())
        if match:
            return match, tuple(tag[0] for tag in words[number + 1 :])
    return None, ()


def split_row(found: CardRow) -> tuple[str, list[list[Line]], list[str]]:
    """Return note type, fields and tags of a card that is one line; no fields if the line is no card."""
    row = found.row
    if found.sides:
        back, tags = _cut_tags(found.sides[1])
        return found.kind, [[found.sides[0].line], [back.line]], tags
    is_text = not (row.is_code or row.is_comment or SETTING.match(row.seen))
    row = row._replace(seen=cover_addresses(row.seen))
    if is_text and DELETION.search(row.seen):
        row, tags = _cut_tags(row)
        return CLOZE, [[row.rewrite(DELETION, _write_deletion)]], tags
    return "", [], []


def next_tagged(group: Sequence[CardRow], begin: int) -> int:
    """Return the row that the next card tag stands in, the number of rows if there is none."""
    return next((n for n in range(begin, len(group)) if group[n].tag), len(group))


def start_of_question(group: Sequence[CardRow], begin: int, at: int) -> int:
    """Return where the question begins that a tag ends: below the last ID, inline card or heading.

    A heading is the question itself where the tag has the line below it to itself.
    """
    tagged = group[at]
    if HEADING_MARK.match(tagged.row.seen):
        return at
    for number in range(at - 1, begin - 1, -1):
        row = group[number]
        if HEADING_MARK.match(row.row.seen):
            is_alone = tagged.tag and not tagged.row.seen[: tagged.tag.start()].strip()
            return number if is_alone and number == at - 1 else number + 1
        if row.found or row.sides:
            return number + 1
    return begin


def end_of_answer(group: Sequence[CardRow], begin: int) -> int:
    """Return where an answer ends: below the first ID, or with the paragraph."""
    return next((n + 1 for n in range(begin, len(group)) if group[n].found), len(group))


def take_id_below(
    text: str, answer: Sequence[CardRow], groups: Sequence[list[CardRow]]
) -> list[CardRow]:
    """Take the row of an ID off the paragraphs below an answer that has none, if nothing parts the two."""
    rows = next(filter(None, groups), None)
    if not (rows and rows[0].is_id and answer and answer[-1].found is None):
        return []
    gap = text[answer[-1].row.end : rows[0].row.line.start]
    return [] if gap.strip() else [rows.pop(0)]


def _split_line(row: Row, config: Flashcards) -> tuple[tuple[Row, Row] | None, str]:
    """Return the sides of an inline card and its note type, None if the line is no such card."""
    mark = ROW_MARK.match(row.seen)
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
    number = CURLY_NUMBER.match(inner) if width == 1 else None
    inner = inner[number.end() :] if number else inner
    return f"{{{{c{number['number'] if number else 1}::{inner}}}}}"
