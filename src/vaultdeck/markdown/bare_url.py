"""Bare addresses: `https://example.org/a_(b)` is a link to itself.

Obsidian links what begins with `http://` or `https://`; as on GitHub, punctuation at the end and a
bracket that was opened before the address do not belong to it.
"""

from __future__ import annotations

import re
from collections import Counter

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from vaultdeck.regexps import regexp

# What stands before the `:` at which the rule is called.
SCHEME_BEFORE = regexp(r"(?:^|[^\w+.-])(https?)$", re.IGNORECASE)
# No white space, no tag, no quote; bars end a table cell; `**`, `~~`, `==`, `%%`, `}}` are marks.
URL_TAIL = regexp(r"://[^\s<>\"`|*\\]+?(?=[\s<>\"`|*\\]|~~|==|%%|\]\]|\{\{|\}\}|\$\$|$)")
TRAILING = ".,:;!?'\"_~"
PAIRS = {")": "(", "]": "[", "}": "{"}
BRACKETS = frozenset("()[]{}")


def bare_url_plugin(md: MarkdownIt) -> None:
    """Add links round bare addresses."""
    md.inline.ruler.before("escape", "bare_url", _bare_url)


def _bare_url(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != ":" or state.linkLevel > 0 or silent:
        return False
    scheme = SCHEME_BEFORE.search(state.pending[-9:])
    rest = URL_TAIL.match(state.src, state.pos, state.posMax)
    if scheme is None or rest is None:
        return False
    tail = rest[0]
    if state.env.get("cloze_braces"):
        # In a deletion of Anki `::` begins its hint.
        tail = tail[:3] + tail[3:].partition("::")[0]
    tail = _trim(tail)
    address = scheme[1] + tail
    href = state.md.normalizeLink(address)
    if len(tail) <= 3 or not state.md.validateLink(href):
        return False
    state.pending = state.pending[: -len(scheme[1])]
    _push_link(state, href, address)
    state.pos += len(tail)
    return True


def _trim(address: str) -> str:
    """Return an address without the punctuation of the sentence that it ends."""
    counts = Counter(char for char in address if char in BRACKETS)
    end = len(address)
    while end:
        last = address[end - 1]
        unopened = last in PAIRS and counts[last] > counts[PAIRS[last]]
        if last not in TRAILING and not unopened:
            break
        counts[last] -= 1
        end -= 1
    return address[:end]


def _push_link(state: StateInline, href: str, text: str) -> None:
    opening: Token = state.push("link_open", "a", 1)
    opening.attrs = {"href": href}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)
