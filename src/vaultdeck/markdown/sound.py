"""Sounds as Anki writes them, by hand in a note: `[sound:a.mp3]`.

Obsidian shows the text. `embeds` looks the file up; behind a backslash it is text, as any bracket.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from vaultdeck.regexps import regexp

SOUND = regexp(r"\[sound:(?P<sound>[^\[\]\n]{1,500})\]")


def sound_plugin(md: MarkdownIt) -> None:
    """Add tokens of type `sound_name`; a link with such a text stays a link."""
    md.inline.ruler.after("image", "sound", _sound)


def _sound(state: StateInline, silent: bool) -> bool:
    match = SOUND.match(state.src, state.pos, state.posMax)
    if match is None or state.linkLevel > 0:
        return False
    if not silent:
        token = state.push("sound_name", "", 0)
        token.content = match[0]
        token.meta = {"name": match["sound"], "pos": state.pos}
    state.pos = match.end()
    return True
