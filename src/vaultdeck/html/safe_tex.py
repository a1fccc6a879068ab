"""TeX that would do more than show a formula, made harmless.

    \\href{javascript:...}{x}                 runs code when it is clicked
    \\style{background:url(...)}{x}           asks another machine for a picture
    \\bbox[background:url(...)]{x}            likewise
    \\mmlToken{mi}[href=...]{x}               both
    \\unicode[x;position:fixed...]{65}        covers the card

MathJax, as Anki sets it up, does all of it. A macro that is harmless as it is written stays; of any
other only the name is taken out, so that its arguments show.
"""

from __future__ import annotations

import re

NAMES = ("href", "style", "bbox", "cssId", "mmlToken", "unicode")
# One control sequence; an escaped backslash is one of its own.
CONTROL_SEQUENCE = re.compile(rf"\\(?:(?P<name>{'|'.join(NAMES)})(?![A-Za-z])|.)", re.DOTALL)
# What may follow the name.
HARMLESS = {
    "href": re.compile(r"\s*\{\s*(?:https?://|obsidian://|mailto:)", re.IGNORECASE),
    "style": re.compile(r"\s*\{(?![^}]*\b(?:position|z-index)\b)[\w\s:;.%#-]*\}"),
    "unicode": re.compile(r"\s*(?:\[[\w\s.,-]*\])?\s*\{"),
    "bbox": re.compile(r"\s*(?:\[[\w\s.,:#-]*\])?\s*\{"),
}
# In a definition `#1` stands for anything.
DEFINES = re.compile(r"\\(?:def|let|[a-z]*command|[a-z]*environment|Declare|Newext)")


def may_be_armed(text: str) -> bool:
    """Tell at once that most texts hold none of these macros."""
    return any(name in text for name in NAMES)


def disarm_tex(tex: str) -> str:
    """Return TeX without the macros that could run code or load something."""
    if not may_be_armed(tex):
        return tex

    allowed = ("href",) if DEFINES.search(tex) else tuple(HARMLESS)

    def judge(match: re.Match[str]) -> str:
        name = match["name"]
        if not name or (name in allowed and HARMLESS[name].match(tex, match.end())):
            return match[0]
        return ""

    return CONTROL_SEQUENCE.sub(judge, tex)
