"""Tags in text: `#topic`, `#area/topic`.

Obsidian: behind white space or at the beginning; letters, digits, `_`, `-`, `/` and emoji of any
script, at least one of them no digit.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

TAG = re.compile(r"#(?=[^\s#]*[^\W\d]|[^\s#]*[^\x00-\x7f])(?P<name>(?:[\w/-]|[^\x00-\u2fff])+)")


def tag_plugin(md: MarkdownIt) -> None:
    """Add tokens of type `tag`; their content is the tag with its `#`."""
    md.inline.ruler.before("escape", "tag", _tag)


def _tag(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if state.src[start] != "#" or (start and not state.src[start - 1].isspace()):
        return False
    match = TAG.match(state.src, start, state.posMax)
    if match is None or match["name"].isdigit():
        return False
    if not silent:
        state.push("tag", "", 0).content = match[0]
    state.pos = match.end()
    return True
