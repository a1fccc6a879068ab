"""Cloze deletions of Anki, in the fields of cloze notes.

    {{c1::hidden}}  {{c2::hidden::hint}}  {{c1::outer {{c2::inner}}}}

What is hidden is Markdown.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from vaultdeck.regexps import regexp

CLOZE_OPEN = regexp(r"\{\{c(?P<numbers>[0-9]+(?:,[0-9]+)*)::")
CLOSING_BRACES = regexp(r"\}+")


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
