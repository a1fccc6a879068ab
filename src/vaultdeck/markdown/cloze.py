"""Cloze deletions of Anki, in the fields of cloze notes.

    {{c1::hidden}}  {{c2::hidden::hint}}  {{c1::outer {{c2::inner}}}}

What is hidden is Markdown. Anki's own parser reads plain text and ends a deletion at the first `}}`;
`protect` rewrites what would end it too early.
"""

from __future__ import annotations

import re
from collections import deque

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from vaultdeck.inert import activate
from vaultdeck.model import Span

CLOZE_OPEN = re.compile(r"\{\{c(?P<numbers>[0-9]+(?:,[0-9]+)*)::")
# A deletion's opening mark, or a brace; in TeX a backslash takes the next character with it.
PART = re.compile(rf"{CLOZE_OPEN.pattern}|[{{}}]")
TEX_PART = re.compile(rf"\\.|{PART.pattern}", re.DOTALL)
CLOSING_BRACES = re.compile(r"\}+")
DOUBLE_CLOSE = re.compile(r"\}(?=\})")


def cloze_plugin(md: MarkdownIt) -> None:
    """Add tokens of type `cloze_open` and `cloze_close`."""
    md.inline.ruler.before("escape", "cloze", _cloze)


def _cloze(state: StateInline, silent: bool) -> bool:
    char = state.src[state.pos]
    # For each open deletion, how many braces of its text are open.
    braces: list[int] = state.env.setdefault("cloze_braces", [])
    if char == "{":
        match = CLOZE_OPEN.match(state.src, state.pos, state.posMax)
        if match is None:
            if braces and not silent:
                braces[-1] += 1
            return False
        kind, text = "cloze_open", match[0]
    elif char == "}" and braces:
        run = CLOSING_BRACES.match(state.src, state.pos, state.posMax)
        assert run is not None
        if len(run[0]) != 2 and braces[-1] > 0:
            if not silent:
                braces[-1] -= 1
            return False
        if len(run[0]) < 2:
            return False
        kind, text = "cloze_close", "}}"
    else:
        return False
    if not silent:
        state.push(kind, "", 0).content = text
        if kind == "cloze_open":
            braces.append(0)
        else:
            braces.pop()
    state.pos += len(text)
    return True


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
    part = (TEX_PART if is_tex else PART).search
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
