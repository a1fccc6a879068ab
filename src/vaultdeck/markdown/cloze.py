"""Cloze deletions of Anki, in the fields of cloze notes.

    {{c1::hidden}}  {{c2::hidden::hint}}  {{c1::outer {{c2::inner}}}}

What is hidden is Markdown. Anki's own parser reads plain text and ends a deletion at the first `}}`;
`protect` rewrites what would end it too early.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

CLOZE_OPEN = re.compile(r"\{\{c(?P<numbers>[0-9]+(?:,[0-9]+)*)::")
CLOSING_BRACES = re.compile(r"\}+")
# Deletions in deletions; Anki itself shows no more than three of them.
MAX_DEPTH = 8
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


def protect(tex: str, depth: int = 0) -> str:
    """Return TeX in which each cloze deletion reaches as far as its braces say.

    `{{c1::\\frac{a}{b}}}` becomes `{{c1::\\frac{a}{b} }}`: without the space Anki ends it too early.
    """
    pieces = []
    done = 0
    for match in CLOZE_OPEN.finditer(tex):
        if match.start() < done:
            continue
        end = _find_end(tex, match.end())
        if end < 0:
            break
        inner = tex[match.end() : end]
        if not CLOZE_OPEN.search(inner):
            inner = DOUBLE_CLOSE.sub("} ", inner)
        elif depth < MAX_DEPTH:
            inner = protect(inner, depth + 1)
        pieces += [tex[done : match.end()], inner, " " if inner.endswith("}") else "", "}}"]
        done = end + 2
    return "".join(pieces) + tex[done:]


def _find_end(tex: str, start: int) -> int:
    """Return where the `}}` stands that is not closed by a brace inside, or -1."""
    depth, pos = 0, start
    while pos < len(tex):
        char = tex[pos]
        if char == "\\":
            pos += 1
        elif char == "{":
            depth += 1
        elif char == "}":
            if depth == 0:
                return pos if tex.startswith("}}", pos) else -1
            depth -= 1
        pos += 1
    return -1
