"""Curly clozes, where the settings have them on: in cloze notes braces are deletions.

    {Paris} is the capital of {France}       {{c1::Paris}} is the capital of {{c2::France}}
    {2:a} {c1|b} {c}                         {{c2::a}} {{c1::b}} {{c1::c}}
    ==Paris==  (with highlight clozes)       {{c1::Paris}}

Only deletions without a number are counted, anew in each field. Math and code are opaque, so their
braces stay; Anki's own `{{c1::…}}` passes.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vaultdeck.cards.addresses import cover_addresses
from vaultdeck.cards.opaque import find_opaque
from vaultdeck.cards.spans import Spans
from vaultdeck.model import Edit, Rewritten, Span
from vaultdeck.model.config import Config
from vaultdeck.regexps import regexp

# `{…}`: one brace on each side, not empty, no empty line inside, the shortest; number and `:` or `|`.
CURLY = regexp(r"\{(?:c?(?P<number>[0-9]+)[:|])?(?!\{)(?P<text>(?:[^\n]\n?)+?)(?<!\})\}(?!\})")
CURLY_START = regexp(r"(?<!\{)\{(?!\{)")
# What ends one, or keeps it from being one.
CURLY_END = regexp(r"(?<!\})\}(?!\})|\n\n")
MAX_LENGTH = 1500
HIGHLIGHT = regexp(r"==(?P<text>[^\n]+?)==")
NATIVE = regexp(r"\{\{c[0-9]+::")
# What braces do not see of code and math: all of it.
ANY = regexp(r".", re.DOTALL)


class Native(NamedTuple):
    """A text with its deletions in Anki's own form; `steps` led to it, the last one last."""

    text: str
    steps: tuple[Rewritten, ...] = ()

    def origin(self, start: int, end: int) -> Span:
        """Return where the range `start:end` stood before; of a rewritten mark all belongs to it."""
        for step in reversed(self.steps):
            start, end = step.origin(start, is_end=False), step.origin(end)
        return Span(start, max(start, end))


def has_cloze(text: str, config: Config) -> bool:
    """Tell whether a field's text holds a deletion that is closed, by the settings, as the plugin does."""
    text = to_native(text, config).text
    opening = NATIVE.search(text)
    return opening is not None and text.find("}}", opening.end() + 1) >= 0


def to_native(text: str, config: Config) -> Native:
    """Return a cloze note's field text with every deletion in Anki's own form."""
    native = Native(text)
    if not config.curly_clozes:
        return native
    if config.highlight_clozes and "==" in text:
        found = HIGHLIGHT.finditer(_mask(text))
        native = _rewrite(native, [(match, "{", "}") for match in found])
    if "{" not in text and not native.steps:
        return native
    counter = itertools.count(1)
    found = _find_curly(_mask(native.text))
    marks = [(m, f"{{{{c{m['number'] or next(counter)}::", "}}") for m in found]
    return _rewrite(native, marks)


def _find_curly(text: str) -> Iterator[re.Match[str]]:
    """Yield the deletions in braces; where the next one ends is sought once for all braces."""
    ends = [match.start() for match in CURLY_END.finditer(text)]
    done = 0
    for opening in CURLY_START.finditer(text):
        start = opening.end()
        after = bisect.bisect_right(ends, start)
        is_near = after < len(ends) and ends[after] - start <= MAX_LENGTH
        if start <= done or not is_near or text[ends[after]] != "}":
            continue
        if match := CURLY.match(text, start - 1):
            done = match.end()
            yield match


def _mask(text: str) -> str:
    """Return a text of the same length in which code, math and addresses hold no brace and no `=`."""
    return cover_addresses(Spans(part.span for part in find_opaque(text)).cover(text, ANY))


def _rewrite(native: Native, found: Sequence[tuple[re.Match[str], str, str]]) -> Native:
    """Put other marks round the `text` of each match."""
    edits: list[Edit] = []
    for match, opening, closing in found:
        edits.append(Edit(match.start(), match.start("text"), opening))
        edits.append(Edit(match.end("text"), match.end(), closing))
    if not edits:
        return native
    step = Rewritten(native.text, edits)
    return Native(step.text, (*native.steps, step))
