"""The headings above a card in front of its question, where flashcards-obsidian's context mode is on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from vaultdeck.cards.context import headings_above
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.model import CardBlock, Field
from vaultdeck.regexps import regexp

# The mark of a list item, with the box of a task.
LIST_MARK = regexp(r"[ \t]*(?:[-+*]|[0-9]{1,9}[.)])[ \t]+(?:\[.\][ \t]+)?")
# What a line begins with that Markdown takes for more than text.
BLOCK_MARK = regexp(r"[ \t]*(?:(?:[-+*]|#{1,6}|[0-9]{1,9}[.)])[ \t]|[>|]|`{3}|~{3}|\$\$)")


def put_headings_in_front(reading: Reading, cards: Sequence[CardBlock]) -> Iterator[CardBlock]:
    """Yield cards whose first field begins with the headings above.

    A single list item stands on their line without its mark; other blocks stand below them.
    """
    text, config = reading.source.text, reading.config
    skipped = Spans(reading.fences)
    for card, above in zip(
        cards, headings_above(text, [card.span.start for card in cards], skipped), strict=True
    ):
        first, separator = card.fields[0], config.flashcards.context_separator
        chain = [*filter(None, (_without_tags(heading) for heading in above.chain))]
        item = None if "\n" in first.text else LIST_MARK.match(first.text)
        if chain and BLOCK_MARK.match(first.text) and not item:
            at = first.origins[:1] or (card.span.start,)
            before = separator.join(chain)
            first = Field(first.name, f"{before}\n\n{first.text}", (*at, *at, *first.origins))
        elif chain:
            asked = first.text[item.end() :] if item else first.text
            first = replace(first, text=separator.join([*chain, asked]))
        yield replace(card, fields=(first, *card.fields[1:]))


def _without_tags(heading: str) -> str:
    """Return a heading as the plugin shows it: without the tags at its end, glued to the text or not."""
    words = heading.split(" ")
    while words:
        text, mark, tag = words[-1].rpartition("#")
        # The plugin cuts a link with a `#` in two.
        if not (mark and tag) or tag[-1] in "])":
            break
        words[-1:] = [text] if text else []
    return " ".join(words)
