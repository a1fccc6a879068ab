"""What a note file sets for all its cards: deck, tags and frozen fields.

    TARGET DECK                 TARGET DECK: Mathematics::Algebra
    Mathematics::Algebra

    FILE TAGS: WS2526 exam      (in the same two forms)

    FROZEN - Basic:             appended to every note of the type
    See also [[Algebra]].
    Back: from lecture 3

The first of deck and tags counts, wherever it stands, also as a property; after these come the properties
`deck` and `tags`. With the deck scope `following` every deck line counts for the cards below it.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from vaultdeck.cards.body import find_note_type, parse_lines
from vaultdeck.cards.lines import INVISIBLE, split_lines
from vaultdeck.cards.properties import end_of_properties, name_of, read_properties, texts_of
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.tags import clean_tags, split_tags
from vaultdeck.model import Field, SourceFile, Span
from vaultdeck.model.config import Config, Markers
from vaultdeck.model.diagnostics import Diagnostic


class Directive(NamedTuple):
    """A line (or two) that names a deck or tags; `text` is empty if it cannot be read."""

    span: Span
    text: str


@dataclass(slots=True)
class FileSettings:
    """What a note file says: its deck, the deck lines in order, its tags, and what is wrong."""

    deck: str | None
    deck_lines: list[Directive]
    tags: tuple[str, ...]
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def has_bad_deck(self) -> bool:
        """Tell whether the deck of the cards that name none is unknown."""
        return any(problem.code == "bad-deck" for problem in self.problems)

    def deck_at(self, offset: int, scope: str) -> str | None:
        """Return the deck of a card that begins at `offset`."""
        if scope == "following":
            above = bisect_right(self.deck_lines, offset, key=lambda line: line.span.start)
            if above:
                return self.deck_lines[above - 1].text
        return self.deck


def read_file_settings(source: SourceFile, config: Config) -> FileSettings:
    """Return what a note file sets; diagnostics: `bad-deck`, `bad-directive`, `bad-properties`."""
    words = config.markers
    properties, problems = read_properties(source)
    if words.frozen in source.text[: end_of_properties(source.text)]:
        # What the plugin reads there is no YAML, and need not be.
        problems = []
    # In broken properties the lines can still be read one by one, as the plugin does.
    start = end_of_properties(source.text) if properties else 0
    decks = _good(source, start, words.deck, words, problems, every=config.deck_scope != "file")
    tag_lines = _good(source, start, words.tags, words, problems)
    named = name_of(properties.get(words.deck.casefold()))
    deck = named or (decks[0].text if decks and config.deck_scope != "following" else None)
    own_tags = texts_of(properties.get(words.tags.casefold()))
    tags = [
        *(clean_tags(own_tags) if own_tags else split_tags(tag_lines[0].text if tag_lines else "")),
        *clean_tags(texts_of(properties.get("tags"))),
        *clean_tags(texts_of(properties.get("tag"))),
    ]
    deck = deck or name_of(properties.get("deck"))
    several = next(
        (name for name in (words.deck.casefold(), "deck") if _is_several(properties.get(name))),
        None,
    )
    if deck is None and several:
        problems.append(_bad_deck(source, several))
    return FileSettings(deck, decks, tuple(dict.fromkeys(tags)), problems)


def directive_spans(text: str, words: Markers, deck_scope: str = "file") -> list[Span]:
    """Return the spans of the deck and tags lines that count: the first, or with `following` all."""
    decks = list(_find(text, 0, words.deck, words))
    tags = list(_find(text, 0, words.tags, words))
    return [d.span for d in (decks if deck_scope == "following" else decks[:1]) + tags[:1]]


def _is_several(value: object) -> bool:
    return isinstance(value, (list, dict)) and bool(value) and name_of(value) is None


def _bad_deck(source: SourceFile, name: str) -> Diagnostic:
    end = end_of_properties(source.text)
    found = re.search(
        rf"^{re.escape(name)}[ \t]*:.*", source.text[:end], re.MULTILINE | re.IGNORECASE
    )
    location = source.locate(*found.span()) if found else source.locate(0)
    message = f"the property '{name}' is a list: the cards of this note are left out"
    return Diagnostic(
        "bad-deck", location, message, f"write one name: `{name}: Name`, `::` makes subdecks"
    )


@functools.lru_cache(maxsize=16)
def _pattern(word: str) -> re.Pattern[str]:
    """Match a line that begins with the word, and look at the line below it."""
    return re.compile(
        rf"^\ufeff?(?P<word>{re.escape(word)})(?!\w)(?P<rest>[^\n]*)(?=(?:\n(?P<below>[^\n]*))?)",
        re.MULTILINE,
    )


def _find(text: str, start: int, word: str, words: Markers) -> Iterator[Directive]:
    if word not in text:
        return
    for match in _pattern(word).finditer(text, start):
        rest = match["rest"].strip(INVISIBLE)
        below = (match["below"] or "").strip(INVISIBLE)
        begin = match.start("word")
        if rest != ":" and match["rest"][:1] == ":" and match["rest"][1:2].isspace():
            yield Directive(Span(begin, match.end()), rest[1:].strip(INVISIBLE))
        elif (
            not rest
            and below
            and not (
                # A directive, a block marker or an ID is no deck or tag.
                below in (words.begin, words.end)
                or below.startswith((words.deck, words.tags, "<!--"))
            )
        ):
            yield Directive(Span(begin, match.end("below")), below)
        else:
            yield Directive(Span(begin, match.start("rest") + len(match["rest"].rstrip())), "")


def _good(
    source: SourceFile,
    start: int,
    word: str,
    words: Markers,
    problems: list[Diagnostic],
    *,
    every: bool = False,
) -> list[Directive]:
    """Return the first line of this kind that can be read, or `every` one; report the others."""
    good: list[Directive] = []
    for directive in _find(source.text, start, word, words):
        if directive.text:
            good.append(directive)
            if not every:
                break
            continue
        location = source.place(directive.span)
        message = f"this '{word}' line names nothing that can be read"
        hint = f"write '{word}: …' (colon, space) or put the name on the line below"
        problems.append(Diagnostic("bad-directive", location, message, hint))
    return good


@functools.lru_cache(maxsize=8)
def _frozen_pattern(word: str) -> re.Pattern[str]:
    """Match the line that names the type, and the lines below up to the first empty one."""
    return re.compile(
        rf"^{re.escape(word)} - (?P<type>[^\n]*?):[ \t]*\r?\n(?P<body>(?:[^\n]*[^\n\r][^\n]*(?:\n|\Z))*)",
        re.MULTILINE,
    )


def _find_frozen(text: str, words: Markers) -> Iterator[tuple[re.Match[str], Span]]:
    """Yield the lines that name a type, each with the span of what is frozen: no block is part of it."""
    if words.frozen not in text:
        return
    for match in _frozen_pattern(words.frozen).finditer(text):
        start, end = match.span("body")
        markers = (
            line.start
            for line in split_lines(text, start, end)
            if line.text.strip(INVISIBLE) in (words.begin, words.end)
        )
        yield match, Span(start, next(markers, end))


def frozen_spans(text: str, words: Markers) -> list[Span]:
    """Return where frozen fields stand, with the lines that name their types."""
    return [Span(match.start(), body.end) for match, body in _find_frozen(text, words)]


def read_frozen(reading: Reading) -> dict[str, tuple[Field, ...]]:
    """Return the frozen fields by note type; of two for one type the last counts.

    Diagnostics: `unknown-note-type`.
    """
    found: dict[str, tuple[Field, ...]] = {}
    for match, body in _find_frozen(reading.source.text, reading.config.markers):
        reading.taken.append(Span(match.start(), body.start))
        written = match["type"].strip()
        name = unicodedata.normalize("NFC", written)
        start = match.start("type") + match["type"].index(written)
        note_type = find_note_type(reading, name, start, start + len(written))
        if note_type is not None:
            found[name] = parse_lines(reading, body, note_type)
    return found
