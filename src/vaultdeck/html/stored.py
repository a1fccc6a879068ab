"""Fields that no note file was rendered to: those that a lock keeps, and those of a package.

<b onclick=…>x</b>  \\(\\href{…}{x}\\)  [latex]…[/latex]     nothing of it stays
<img src="x.png">  [sound:x.mp3]  {{c1::x}}            stays
"""

from __future__ import annotations

import re
from html import unescape

from vaultdeck.anki.filters import ACTED_UPON
from vaultdeck.html.gate import guard
from vaultdeck.html.inert import ENTITIES, SOUND_MARK, disarm, disarm_cloze
from vaultdeck.html.math_text import COMMENT_OR_TAG
from vaultdeck.html.sanitize import clean_stored
from vaultdeck.regexps import regexp

# What Anki would have a program on this machine typeset, a voice read, or the reader type.
LATEX = regexp(rf"\[(?={ACTED_UPON})", re.IGNORECASE)
# No sound is marked where fields are foreign: its mark stands for a backslash there.
WRITTEN_OUT = {**ENTITIES, SOUND_MARK: "&#92;"}
WRITTEN_OUT_MARK = regexp(f"[{''.join(WRITTEN_OUT)}]")


def make_safe(html: str) -> str:
    """Return any HTML as that of a field in which nothing runs, loads or covers the card.

    Files of the media folder and `[sound:…]` of one stay; LaTeX pictures do not.
    """
    # What is written out so that Anki does not act upon it stays so, behind nh3, which reads entities.
    html = WRITTEN_OUT_MARK.sub("", html)
    for mark, entity in WRITTEN_OUT.items():
        html = html.replace(entity, mark)
    html = clean_stored(html)
    # In a tag they would hide from it what a browser reads: `href="javascript&#58;…"`.
    read = COMMENT_OR_TAG.sub(_read_tag, html)
    html = clean_stored(read) if read != html else html
    html = COMMENT_OR_TAG.sub(_disarm_tag, html)
    html = WRITTEN_OUT_MARK.sub(_write_out, html)
    html = LATEX.sub("&#91;", html)
    return guard(html, is_cloze="{{c" in html).html


def _read_tag(tag: re.Match[str]) -> str:
    return WRITTEN_OUT_MARK.sub(lambda mark: unescape(WRITTEN_OUT[mark[0]]), tag[0])


def _disarm_tag(tag: re.Match[str]) -> str:
    return disarm_cloze(disarm(tag[0]))


def _write_out(mark: re.Match[str]) -> str:
    return WRITTEN_OUT[mark[0]]
