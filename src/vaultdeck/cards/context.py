"""The headings above a place of a note file: the breadcrumb of a card."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vaultdeck.cards.hidden import closed_comments, long_comments
from vaultdeck.cards.ids import ID_COMMENT
from vaultdeck.cards.spans import Spans
from vaultdeck.markdown.block_id import BLOCK_ID
from vaultdeck.markdown.tag import TAG
from vaultdeck.regexps import regexp

# With a newline before the text: `re` finds that many times faster than the beginning of a line.
HEADING_ABOVE = regexp(r"\n\ufeff?[ ]{0,3}(?P<level>#{1,6})[ \t]+(?P<text>[^\n]*)")
# A heading by the line below it. Dashes make headings, too, but of text that was meant to be divided.
UNDERLINED = regexp(
    r"\n\ufeff?(?P<level>)[ ]{0,3}(?![-*+][ \t])(?P<text>[^\s\ufeff>|#=][^\n]*)"
    r"\n[ ]{0,3}=+[ \t]*\r?(?=\n|\Z)"
)
# IDs, which are no part of a heading; and code, which is left alone.
UNLINKED = regexp(rf"`[^`]*`|{ID_COMMENT.pattern}")
# IDs in its text, and tags, which are none of its name: Obsidian has both in a link to it.
UNNAMED = regexp(rf"`[^`]*`|\^[0-9]{{13}}[ \t]*$|(?<!\S){TAG.pattern}(?!\S)")


class Above(NamedTuple):
    """The names of the headings a place stands under, outermost first, and the text of the nearest one.

    A link names that text; the nearest is the heading on whose line the place is, if any.
    """

    chain: tuple[str, ...]
    nearest: str


class _Heading(NamedTuple):
    start: int
    end: int
    level: int
    text: str
    name: str


def headings_above(text: str, offsets: Sequence[int], skipped: Spans) -> list[Above]:
    """Return for each offset, in order, the headings it stands under.

    A deeper heading is appended to the chain, one of the same or a higher level replaces the rest
    (spec of the plugin's "Add Context"). A heading on the offset's own line does so, too, but is no part
    of the chain. Headings in `skipped` (blocks and code) and in comments do not count.
    """
    if not offsets:
        return []
    found: list[Above] = []
    chain: list[_Heading] = []
    headings = _headings(text, skipped)
    heading = next(headings, None)
    for offset in offsets:
        while heading is not None and heading.end < offset:
            chain = [*_under(chain, heading.level), heading]
            heading = next(headings, None)
        own = heading if heading is not None and heading.start <= offset else None
        above = _under(chain, own.level) if own else chain
        titles = tuple([each.name for each in above if each.name])
        nearest = next((each.text for each in (own, *reversed(above)) if each and each.text), "")
        found.append(Above(titles, nearest))
    return found


def _without(left_out: re.Pattern[str], text: str) -> str:
    """Return a heading's text without what a pattern finds outside code, white space and closing `#`s."""
    text = left_out.sub(lambda match: match[0] if match[0][0] == "`" else " ", text)
    text = " ".join(text.split())
    bare = text.rstrip("#")
    return bare.rstrip() if bare.endswith(" ") or not bare else text


def _headings(text: str, skipped: Spans) -> Iterator[_Heading]:
    lines = f"\n{text}"
    found: Iterable[re.Match[str]] = HEADING_ABOVE.finditer(lines)
    if "\n=" in text:
        found = sorted([*found, *UNDERLINED.finditer(lines)], key=lambda match: match.start())
    hidden = (skipped, long_comments(text), closed_comments(text, skipped))
    for match in found:
        at = match.start()
        if not any(each.meet(at, at) for each in hidden):
            heading = _without(UNLINKED, BLOCK_ID.sub("", match["text"].rstrip("\r")))
            name = _without(UNNAMED, heading)
            yield _Heading(at, match.end() - 1, len(match["level"]) or 1, heading, name)


def _under(chain: Sequence[_Heading], level: int) -> list[_Heading]:
    return [heading for heading in chain if heading.level < level]
