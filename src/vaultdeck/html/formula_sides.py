"""A formula of a cloze note as MathJax gets it on each side of each card.

    \\(\\hr{{c1::ef::hint}}{x}\\)    \\(\\href{x}\\) on the answer, \\(\\hr[hint]{x}\\) on the question

Anki opens and hides deletions in the HTML and then takes all tags out of a formula.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from html import unescape

from vaultdeck.anki.clozes import Deletion, deletions_in, marks_of, parse_clozes, split_hint
from vaultdeck.model import Span
from vaultdeck.regexps import regexp

TAG_OR_COMMENT = regexp(r"<!--.*?-->|<[^>]*>", re.DOTALL)
NO_HINT = "..."
# Sides of one formula, and how much text all of them may have.
MAX_SIDES = 200
MAX_TEXT = 1_000_000


class Deletions:
    """Where the deletions of a field begin and end, as Anki's parser sees them."""

    def __init__(self, html: str) -> None:
        self._html = html
        # The marks in order, each with its part in the depth.
        found = marks_of(html) if "{{c" in html else ()
        self._marks = [(*match.span(), step) for match, step in found]
        self._depths = [0, *itertools.accumulate(step for _, _, step in self._marks)]

    def marks_between(self, start: int, end: int) -> list[Span]:
        """Return the marks from `start` to `end`."""
        if not self._marks:
            return []
        return [Span(*mark[:2]) for mark in self._marks[self._index(start) : self._index(end)]]

    def hold_whole(self, start: int, end: int) -> bool:
        """Tell whether no deletion, and no hint, begins or ends amid the formula from `start` to `end`."""
        first, last = self._index(start), self._index(end)
        around = self._depths[first]
        inside = self._depths[first : last + 1]
        if min(inside) < around or inside[-1] != around:
            return False
        parts = parse_clozes(self._html[start:end]) if around else ()
        return not any(isinstance(part, str) and "::" in part for part in parts)

    def _index(self, at: int) -> int:
        return bisect_left(self._marks, (at,))


def sides(html: str) -> list[str] | None:
    """Return the texts that a formula can become on a card, as it is written first; None if too many."""
    shown = [_text(html, "\n"), _text(html, "")]
    if "{{c" not in html:
        return list(dict.fromkeys(shown))
    parts = parse_clozes(html)
    numbers = {number for deletion in deletions_in(parts) for number in deletion.numbers}
    if len(numbers) > MAX_SIDES or len(numbers) * len(html) > MAX_TEXT:
        return None
    for number in (0, *sorted(numbers)):
        shown.append(_text("".join(_show(part, number) for part in parts), ""))
    return list(dict.fromkeys(shown))


def _text(html: str, line_break: str) -> str:
    html = re.sub(r"<br\b[^>]*>", line_break, html) if "<" in html else html
    return unescape(TAG_OR_COMMENT.sub("", html))


def _show(part: str | Deletion, number: int) -> str:
    if isinstance(part, str):
        return part
    hidden, hint = split_hint(part)
    if number in part.numbers:
        return f"[{hint or NO_HINT}]"
    return "".join(_show(inner, number) for inner in hidden)
