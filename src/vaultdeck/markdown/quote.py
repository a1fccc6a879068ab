"""Quotes, which are short in a text where they end amid lines that could go on in them.

    > <!--
    a              the quote ends above this line, as it holds no paragraph that goes on

A line without a mark goes on in the last paragraph of a quote. So markdown-it takes all such lines, and `>`
lines below them, for a quote's before it parses them: if that ends above, it has read the rest in vain, and
reads it anew for the next quote.
"""

from __future__ import annotations

from itertools import islice, takewhile

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote

# So many lines may be read in vain in one text; from then on a quote has no more lines than the second.
MAX_IN_VAIN, SHORT_QUOTE = 50_000, 20
IN_VAIN = "lines read in vain"


def quote_plugin(md: MarkdownIt) -> None:
    """Count what the rule of markdown-it reads in vain, and bound it."""
    md.block.ruler.at(
        "blockquote", _quote, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _quote(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if silent:
        return blockquote(state, start_line, end_line, silent)
    left = MAX_IN_VAIN - state.env.get(IN_VAIN, 0)
    last = state.lineMax
    if left < 0:
        end_line = state.lineMax = min(end_line, start_line + SHORT_QUOTE)
    is_found = blockquote(state, start_line, end_line, silent)
    state.lineMax = last
    if is_found and left >= 0 and _stops_amid_text(state, end_line):
        below = takewhile(lambda line: not state.isEmpty(line), range(state.line, end_line))
        state.env[IN_VAIN] = MAX_IN_VAIN - left + sum(1 for _ in islice(below, left + 1))
    return is_found


def _stops_amid_text(state: StateBlock, end_line: int) -> bool:
    """Tell whether nothing but its own parts ended the quote above this line."""
    line = state.line
    if line >= end_line or state.isEmpty(line):
        return False
    rules = state.md.block.ruler.getRules("blockquote")
    return not any(rule(state, line, end_line, True) for rule in rules)
