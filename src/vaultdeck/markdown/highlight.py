"""Highlights: `==marked text==`, which may hold other Markdown.

Obsidian: neither mark stands beside white space on its inner side, and a run of more than two `=` is
no mark.
"""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from vaultdeck.markdown.math import WHITE
from vaultdeck.regexps import regexp

RUN = regexp("=+")


def highlight_plugin(md: MarkdownIt) -> None:
    """Add tokens of type `mark_open` and `mark_close`."""
    md.inline.ruler.before("escape", "highlight", _highlight)
    md.inline.ruler2.after("balance_pairs", "highlight", _pair)


def _highlight(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if state.src[start] != "=" or silent:
        return False
    run = RUN.match(state.src, start, state.posMax)
    assert run is not None
    state.push("text", "", 0).content = run[0]
    state.pos = run.end()
    if len(run[0]) == 2:
        before = state.src[start - 1] if start else " "
        after = state.src[run.end()] if run.end() < state.posMax else " "
        mark = Delimiter(
            marker=ord("="),
            length=0,  # the rule of three is for `*` and `_` only
            token=len(state.tokens) - 1,
            end=-1,
            open=after not in WHITE,
            close=before not in WHITE,
        )
        state.delimiters.append(mark)
    return True


def _pair(state: StateInline) -> None:
    """Make marks of the texts `==` that `balance_pairs` has found to belong together."""
    _mark(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _mark(state, meta["delimiters"])


def _mark(state: StateInline, delimiters: Sequence[Delimiter]) -> None:
    for delimiter in delimiters:
        if delimiter.marker != ord("=") or delimiter.end == -1:
            continue
        for index, kind, nesting in ((delimiter.token, "open", 1), (-1, "close", -1)):
            token = state.tokens[index if index >= 0 else delimiters[delimiter.end].token]
            token.type, token.tag, token.markup = f"mark_{kind}", "mark", "=="
            token.nesting, token.content = nesting, ""  # type: ignore[assignment]
