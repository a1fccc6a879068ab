"""What a note of obsidian-spaced-repetition is about while it is read: deck and heading.

    #flashcards/geography
    ## Rivers

The first flashcard tag of a line that is no card names the deck of the cards below it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from vaultdeck.anki.decks import deck_of_path
from vaultdeck.cards.lines import Line
from vaultdeck.cards.properties import read_properties, texts_of
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.syntaxes.paragraphs import HEADING_MARK, Row, trailing_tags
from vaultdeck.regexps import regexp

# A tag that a card begins with, of whatever name.
FIRST_TAG = regexp(r"#(?=[^\s#]*[^\W\d])(?P<name>(?:[\w/-]|[^\x00-\x7f])+)(?=\s|$)")


@functools.lru_cache(maxsize=16)
def tag_pattern(tags: Sequence[str]) -> re.Pattern[str]:
    """Match one of `tags` or a tag below it: `#flashcards/maths`, not `#flashcardset` or `#Flashcards`.

    The plugin compares tags letter by letter.
    """
    names = "|".join(map(re.escape, sorted(tags, key=len, reverse=True)))
    path = r"(?P<path>(?:/[^\s\0/#,.;:!?'\"()\[\]{}|]+)*)/?"
    return re.compile(rf"(?<!\S)#(?P<name>{names}){path}(?![\w-])")


class Topics:
    """The tags of a note while it is read: `deck` is that of the last one above, None if there is none.

    With folders as decks it is that of the note's folder, and the tags only make a note one with cards.
    `heading` is the last heading above, without its tags.
    """

    def __init__(self, reading: Reading, groups: Sequence[Sequence[Row]], folder: str) -> None:
        config = reading.config.spaced_repetition
        self._tags = config.tags
        self._folder = deck_of_path(folder) if config.folder_decks else None
        self.pattern = tag_pattern(config.tags)
        properties, self.problems = read_properties(reading.source)
        written = [
            f"#{tag.strip().lstrip('#')}"
            for key in ("tags", "tag")
            for tag in texts_of(properties.get(key))
        ]
        rows = [row.seen for group in groups for row in group if "#" in row.seen]
        own = (match for tag in written if (match := self.pattern.fullmatch(tag)))
        # As in the plugin, a card above the first tag of the text goes by that one.
        first = (match for seen in rows if (match := self.pattern.search(seen)))
        tag = next(own, None) or next(first, None)
        self.deck = self.deck_of(tag) if tag else self._folder or None
        self.heading: Line | None = None
        ignored = tag_pattern(config.ignored_tags)
        self.is_ignored = bool(config.ignored_tags) and any(
            ignored.search(text) for text in (*written, *rows)
        )

    def deck_of(self, tag: re.Match[str]) -> str:
        """Return the deck that a flashcard tag names; empty is the vault's."""
        path = tag["path"] if len(self._tags) == 1 else tag["name"] + tag["path"]
        return self._deck_at(path)

    def _deck_at(self, path: str) -> str:
        return deck_of_path(path) if self._folder is None else self._folder

    def read(self, rows: Iterator[Row]) -> None:
        """Go on below rows that are no card: the first tag of the last line with one counts."""
        for row in rows:
            match = self.pattern.search(row.seen)
            self.deck = self.deck_of(match) if match else self.deck

    def read_heading(self, rows: Iterator[Row]) -> None:
        """Go on below rows, be they a card or not: the last heading counts."""
        for row in rows:
            if mark := HEADING_MARK.match(row.seen):
                tags = trailing_tags(row.seen)
                end = tags[0].start() if tags else None
                self.heading = row.part(mark.end(), end).strip().line

    def take(self, row: Row) -> tuple[Row, str | None]:
        """Return the first row of a card without the tags it begins with, and the deck of the first."""
        deck: str | None = None
        while True:
            indent = len(row.seen) - len(row.seen.lstrip())
            match = self.pattern.match(row.seen, indent)
            if match and deck is None:
                deck = self.deck_of(match)
            elif match is None and deck is None and (match := FIRST_TAG.match(row.seen, indent)):
                deck = self._deck_at(match["name"])
            if match is None:
                return row, deck
            row = row.part(match.end())
