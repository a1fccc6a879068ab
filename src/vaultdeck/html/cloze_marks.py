"""Cloze deletions in TeX, code and raw HTML, marked so that Anki ends them where they end.

Anki's own parser reads plain text and ends a deletion at the first `}}`; `protect` rewrites what would
end it too early.
"""

from __future__ import annotations

import re
from collections import deque

from vaultdeck.html.inert import activate
from vaultdeck.markdown.cloze import CLOZE_OPEN
from vaultdeck.model import Span
from vaultdeck.regexps import regexp

# A deletion's opening mark, or a brace; in TeX a backslash takes the next character with it.
CLOZE_OR_BRACE = regexp(rf"{CLOZE_OPEN.pattern}|[{{}}]")
TEX_PART = regexp(rf"\\.|{CLOZE_OR_BRACE.pattern}", re.DOTALL)
DOUBLE_CLOSE = regexp(r"\}(?=\})")


def split_braces(tex: str) -> str:
    """Return TeX that means the same without `}}` and `::`, which would end a cloze or begin a hint."""
    return DOUBLE_CLOSE.sub("} ", tex).replace("::", ":{:}")


def find_marks(text: str, *, is_tex: bool) -> list[Span]:
    """Return the places of the marks of the deletions in TeX or code, `{{c1::` and `}}` alike.

    Braces inside a deletion are counted, so that it reaches as far as it was meant to; where they
    are not balanced, as in a string, it ends at the first `}}`.
    """
    marks: list[Span] = []
    # For each open deletion its mark, and how many braces are open in it.
    opened: list[tuple[Span, int]] = []
    part = (TEX_PART if is_tex else CLOZE_OR_BRACE).search
    pos = 0
    while match := part(text, pos):
        pos = match.end()
        if match["numbers"]:
            opened.append((Span(match.start(), pos), 0))
        elif opened and match[0] in "{}":
            mark, braces = opened.pop()
            if match[0] == "{":
                opened.append((mark, braces + 1))
            elif braces:
                opened.append((mark, braces - 1))
            elif text.startswith("}}", match.start()):
                pos = match.start() + 2
                marks += [mark, Span(match.start(), pos)]
            else:
                opened.append((mark, braces))
    if opened and not marks:
        mark = opened[0][0]
        close = text.find("}}", mark.end)
        marks = [mark, Span(close, close + 2)] if close >= 0 else []
    return sorted(marks, key=lambda span: span.start)


def protect(tex: str) -> str:
    """Return TeX whose deletions are marked and reach as far as their braces say.

    `{{c1::\\frac{a}{b}}}` becomes `{{c1::\\frac{a}{b} }}`: without the space Anki ends it too early.
    """
    pieces = []
    done = depth = 0
    for mark in find_marks(tex, is_tex=True):
        inner = tex[done : mark.start]
        is_opening = tex[mark.start] == "{"
        if depth:
            inner = DOUBLE_CLOSE.sub("} ", inner)
            inner += " " if inner.endswith("}") and not is_opening else ""
        pieces += [inner, activate(tex[mark.start : mark.end])]
        depth += 1 if is_opening else -1
        done = mark.end
    return "".join(pieces) + tex[done:]


def take_marks(code: str) -> tuple[str, deque[tuple[int, str]]]:
    """Return code without the marks of its cloze deletions, and these with their places in it."""
    marks: deque[tuple[int, str]] = deque()
    pieces = []
    done = cut = 0
    for mark in find_marks(code, is_tex=False):
        pieces.append(code[done : mark.start])
        marks.append((mark.start - cut, activate(code[mark.start : mark.end])))
        cut += mark.end - mark.start
        done = mark.end
    return "".join([*pieces, code[done:]]), marks


def mark_all(html: str) -> str:
    """Return text in which each deletion is marked as one that is meant."""
    plain, marks = take_marks(html)
    pieces = []
    done = 0
    for at, mark in marks:
        pieces += [plain[done:at], mark]
        done = at
    return "".join([*pieces, plain[done:]])
