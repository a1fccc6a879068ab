"""Tags in text: `#topic`, `#area/topic`.

Obsidian: behind white space or at the beginning; everything but white space and punctuation (ASCII's
and Unicode's general one), of which `_`, `-` and `/` are allowed; not digits alone.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from vaultdeck.regexps import regexp

TAG_CHARACTER = r"[^\s\x00-,.:-@\[-^`{-\x7f\u2000-\u206f\u2e00-\u2e7f]"
TAG = regexp(rf"#(?P<name>(?=[0-9/-]*(?![0-9/-]){TAG_CHARACTER}){TAG_CHARACTER}+)")


def tag_plugin(md: MarkdownIt) -> None:
    """Add tokens of type `tag`; their content is the tag with its `#`."""
    md.inline.ruler.before("escape", "tag", _tag)


def _tag(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if state.src[start] != "#" or (start and not state.src[start - 1].isspace()):
        return False
    match = TAG.match(state.src, start, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("tag", "", 0).content = match[0]
    state.pos = match.end()
    return True
