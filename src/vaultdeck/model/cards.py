"""What a note file says about cards, and what a link in it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from vaultdeck.model.text import SourceFile, Span
from vaultdeck.model.value import value


@value(frozen=True, slots=True)
class Field:
    """The Markdown of one field of a block; `origins` holds each line's offset in the note file."""

    name: str
    text: str
    origins: tuple[int, ...]


@value(frozen=True, slots=True)
class IdSlot:
    """Where a new ID goes in a note file: its digits at offset `at`, between `before` and `after`."""

    at: int
    before: str = "<!--ID: "
    after: str = "-->\n"


@value(frozen=True, slots=True)
class CardBlock:
    """One card of a note file, as written, in whatever syntax.

    `span` is the whole card (of a block: from the begin marker to the end of the end marker's line);
    `slots` are where a new ID may go, best first. `deck` is the card's own deck, where its syntax names one.
    `context` are the headings above the card, outermost first, `heading` the text of the one
    that it begins at, else of the nearest above, as a link names it.
    `is_prompt` tells that it is meant to have no answer, `syntax` in which syntax it is written.
    """

    span: Span
    note_type: str
    fields: tuple[Field, ...]
    slots: tuple[IdSlot, ...]
    tags: tuple[str, ...] = ()
    id: int | None = None
    id_span: Span | None = None
    deck: str | None = None
    context: tuple[str, ...] = ()
    heading: str = ""
    is_prompt: bool = False
    syntax: str = ""


@value(frozen=True, slots=True)
class ParsedFile:
    """What a note file says about cards: its cards and what it sets for all of them.

    `frozen` are fields that are appended to every note of a type; `deleted` the IDs of notes that the
    author has marked with `DELETE`.
    """

    source: SourceFile
    blocks: tuple[CardBlock, ...] = ()
    tags: tuple[str, ...] = ()
    frozen: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    deleted: frozenset[int] = frozenset()


@value(frozen=True, slots=True)
class Found:
    """What a link leads to: a path of the vault, or None.

    `others` fit the link as well; `nearest` is the name that may have been meant where none fits.
    """

    path: str | None
    others: tuple[str, ...] = ()
    nearest: str | None = None
