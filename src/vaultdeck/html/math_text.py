"""The texts of a field that MathJax reads, as the browser joins them, with their places in the HTML.

The rules are those of `HTMLDomStrings` of MathJax 3.2.2.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from html import unescape

from vaultdeck.anki.clozes import CLOZE_PART, MAX_OPEN_CLOZES
from vaultdeck.html.elements import VOID
from vaultdeck.html.formula_sides import Deletions
from vaultdeck.model import Span
from vaultdeck.regexps import regexp

# A backslash, written out or not.
BACKSLASH = regexp(r"\\|&#|&bsol", re.IGNORECASE)
# In well-formed HTML a `<` or `>` in an attribute is written as an entity.
COMMENT_OR_TAG = regexp(r"<!--.*?(?:-->|\Z)|</?(?P<name>[A-Za-z][^\s/<>]*)[^<>]*>", re.DOTALL)
TAG_OR_DELETION = regexp(f"{COMMENT_OR_TAG.pattern}|{CLOZE_PART.pattern}|::", re.DOTALL)
CLASS_ATTRIBUTE = regexp(
    r"\sclass\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s>]+))"
)
ENTITY = regexp(r"&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);?")
# What stands between two texts that MathJax joins, and what it takes it for.
JOINING = {"br": "\n", "wbr": ""}
SKIPPED = frozenset("script noscript style textarea pre code annotation annotation-xml".split())
SHOWN, IGNORED, LEFT_OUT = range(3)
MATH_PARTS = {
    "\\(": regexp(r"\\\)|\\(?:[a-zA-Z]|.)|[{}]"),
    "\\[": regexp(r"\\\]|\\(?:[a-zA-Z]|.)|[{}]"),
}
MATH_END = {"\\(": "\\)", "\\[": "\\]"}


class TextRun:
    """Text that MathJax reads in one piece, with the places of its characters in the HTML."""

    def __init__(self, state: int) -> None:
        self.state = state
        self._texts: list[str] = []
        self._length = 0
        # Where each piece of it begins, in the text and in the HTML, and whether it stands there as it is.
        self._starts: list[int] = []
        self._pieces: list[tuple[int, int, bool]] = []

    @property
    def text(self) -> str:
        """Return all that was added."""
        if len(self._texts) > 1:
            self._texts = ["".join(self._texts)]
        return self._texts[0] if self._texts else ""

    def add(self, text: str, start: int, end: int, *, is_literal: bool) -> None:
        """Append a piece of text, which stands from `start` to `end` in the HTML."""
        if text:
            self._starts.append(self._length)
            self._pieces.append((start, end, is_literal))
            self._texts.append(text)
            self._length += len(text)

    def place(self, at: int) -> tuple[int, int]:
        """Return where in the HTML a character of the text begins and ends."""
        index = bisect_right(self._starts, at) - 1
        start, end, is_literal = self._pieces[index]
        if is_literal:
            start += at - self._starts[index]
            end = start + 1
        return start, end


def read_texts(html: str, deletions: Deletions) -> Iterator[TextRun]:
    """Yield the texts of a field that have a backslash, and the one at its end.

    The marks of `deletions` are no text.
    """
    states = [SHOWN]
    start, backslash = 0, _find_backslash(html, 0)
    for match in COMMENT_OR_TAG.finditer(html):
        name = (match["name"] or "").lower()
        if not name or (name in JOINING and states[-1] != LEFT_OUT):
            continue
        if backslash < match.start():
            yield _read(html, deletions, start, match.start(), states[-1])
        start = match.end()
        if backslash < start:
            backslash = _find_backslash(html, start)
        if match[0][1] == "/":
            del states[max(len(states) - 1, 1) :]
        elif name not in VOID:
            states.append(_state(name, match[0], states[-1]))
    yield _read(html, deletions, start, len(html), states[-1])


def _find_backslash(html: str, start: int) -> int:
    found = BACKSLASH.search(html, start)
    return found.start() if found else len(html)


def _read(html: str, deletions: Deletions, start: int, end: int, state: int) -> TextRun:
    """Return the text from `start` to `end`, where no tag stands but such as join it."""
    run = TextRun(state)
    for match in COMMENT_OR_TAG.finditer(html, start, end):
        _add_text(run, html, deletions, start, match.start())
        start = match.end()
        if match["name"]:
            run.add(JOINING[match["name"].lower()], match.start(), start, is_literal=False)
    _add_text(run, html, deletions, start, end)
    return run


def _add_text(run: TextRun, html: str, deletions: Deletions, start: int, end: int) -> None:
    """Append what the HTML without tags from `start` to `end` shows, marks of deletions left out."""
    marks = deletions.marks_between(start, end)
    if not marks and html.find("&", start, end) < 0:
        run.add(html[start:end], start, end, is_literal=True)
        return
    for mark in (*marks, Span(end, end)):
        for match in ENTITY.finditer(html, start, mark.start):
            run.add(html[start : match.start()], start, match.start(), is_literal=True)
            run.add(unescape(match[0]), *match.span(), is_literal=False)
            start = match.end()
        run.add(html[start : mark.start], start, mark.start, is_literal=True)
        start = mark.end


def _state(name: str, tag: str, outer: int) -> int:
    """Return what MathJax does with the text in an element."""
    if outer == LEFT_OUT:
        return LEFT_OUT
    found = CLASS_ATTRIBUTE.search(tag) if "class" in tag else None
    written = found["double"] or found["single"] or found["bare"] or "" if found else ""
    classes = unescape(written).split(" ")
    if "mathjax_process" in classes:
        return SHOWN
    if name in SKIPPED:
        return LEFT_OUT
    return IGNORED if outer == IGNORED or "mathjax_ignore" in classes else SHOWN


def hold_elements(html: str) -> bool:
    """Tell whether all deletions of a field, their answers and hints, hold whole elements only.

    A deletion that holds a part of one may hide the tag by which other text is none that MathJax reads:
    `{{c1::<code>}} text </code>`.
    """
    # Open elements, and how many they were where each open deletion began.
    depth, began = 0, list[int]()
    for match in TAG_OR_DELETION.finditer(html):
        if match["name"]:
            is_closing = match[0][1] == "/"
            depth += -1 if is_closing else match["name"].lower() not in VOID
            is_whole = not began or depth >= began[-1]
        elif match["numbers"]:
            began.append(depth)
            is_whole = len(began) <= MAX_OPEN_CLOZES
        else:
            is_whole = not began or match[0].startswith("<!--") or depth == began[-1]
            if began and match[0] == "}}":
                began.pop()
        if not is_whole:
            return False
    return not began


def find_close(text: str, opening: str, pos: int) -> int:
    """Return where the delimiter stands that ends the math opened before `pos`, or -1; as `FindTeX` does."""
    closing, depth = MATH_END[opening], 0
    for match in MATH_PARTS[opening].finditer(text, pos):
        part = match[0]
        if part == closing and not depth:
            return match.start()
        if part == "{":
            depth += 1
        elif part == "}" and depth:
            depth -= 1
    return -1
