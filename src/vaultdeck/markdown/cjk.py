"""Emphasis in texts that put no spaces between words: `注意は**「出血」**である`.

CommonMark lets `**` neither open before punctuation nor close behind it unless a space or other
punctuation stands on the other side, which Chinese, Japanese and Korean do without: it would stay as it
is written. Beside one of their characters punctuation counts as a letter here; Obsidian's editor and the
Obsidian_to_Anki plugin show such text bold.
"""

from __future__ import annotations

import unicodedata

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline.state_inline import Scanned


def soften(text: str, start: int, end: int, scanned: Scanned) -> Scanned:
    """Return whether a run of marks at `start` can open or close, `scanned` being CommonMark's answer.

    `end` is where the text that belongs together ends.
    """
    if scanned.can_open and scanned.can_close:
        return scanned
    at = start + scanned.length
    before = text[start - 1] if start > 0 else " "
    after = text[at] if at < end else " "
    if not (_is_wide(before) or _is_wide(after)):
        return scanned
    can_open = not isWhiteSpace(ord(after)) and (not _is_sign(after) or _parts(before))
    can_close = not isWhiteSpace(ord(before)) and (not _is_sign(before) or _parts(after))
    return Scanned(can_open, can_close, scanned.length)


def _is_wide(char: str) -> bool:
    """Tell whether a character is one of Chinese, Japanese or Korean, their punctuation included."""
    return char > "\u10ff" and unicodedata.east_asian_width(char) in "WFH"


def _is_sign(char: str) -> bool:
    """Tell whether a character is punctuation of other scripts."""
    return not _is_wide(char) and (isMdAsciiPunct(ord(char)) or isPunctChar(char))


def _parts(char: str) -> bool:
    """Tell whether a character may stand beside a mark that has punctuation on its other side."""
    return isWhiteSpace(ord(char)) or _is_wide(char) or _is_sign(char)
