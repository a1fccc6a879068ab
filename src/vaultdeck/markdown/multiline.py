"""Display math and comments that run over several lines, blank lines included.

    text $$
    a = b

    - c
    $$

No other block rule may see these lines: `- c` is no list and `=` no underline of a heading. What is
opened and never closed is ordinary text.
"""

from __future__ import annotations

import functools

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from vaultdeck.markdown.math import (
    TEX_DISPLAY,
    closer_of,
    find_display_end,
    find_inline_end,
    last_index,
    skip_code,
)
from vaultdeck.markdown.wikilink import WIKILINK
from vaultdeck.regexps import regexp

# What can begin something opaque, or hide such a beginning.
SPECIAL = regexp(r"\\|`|\$\$?|%%|\[\[")
# What begins another block: the openers behind it belong to that block.
OTHER_BLOCK = regexp(
    r">|(?:[-+*]|\d{1,9}[.)]|#{1,6})(?:[ \t]|$)|\[\^[^\]\s]+\]:|```|~~~|\||<[A-Za-z/!?]"
)
FENCE_MARK = regexp(r"```|~~~")
# No formula is longer; it bounds the search for the end of a stray opener.
MAX_LINES = 500
# Stands in the environment while rules are asked whether a line ends a paragraph.
LAZY = "is_lazy"
# In the environment: something was opened and is not closed in this text.
IS_OPEN = "is_open"


def multiline_plugin(md: MarkdownIt) -> None:
    """Add a block rule that makes a paragraph of the lines from an opener to its closer."""
    md.block.ruler.before("table", "multiline", _multiline, {"alt": ["paragraph", "reference"]})


def _multiline(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if not _has_opener(state.src) or LAZY in state.env:
        return False
    first = _line(state, start_line)
    if not may_open(first) or state.is_code_block(start_line) or OTHER_BLOCK.match(first):
        return False
    opener, start = left_open(first, "")
    if not opener:
        return False
    is_closed = last_index(state.src, closer_of(opener)) >= state.eMarks[start_line]
    last = _find_last_line(state, start_line, end_line, opener) if is_closed else None
    if last is None:
        state.env[IS_OPEN] = True
        return False
    is_empty = _is_empty_math(state, start_line, start, last)
    if is_empty and (first, _line(state, last)) != ("$$", "$$"):
        return False
    if silent:
        return True
    state.line = last + 1
    if is_empty:
        return True
    content = state.getLines(start_line, last + 1, state.blkIndent, False).strip()
    token = state.push("paragraph_open", "p", 1)
    token.map = [start_line, last + 1]
    token = state.push("inline", "", 0)
    token.content = content
    token.map = [start_line, last + 1]
    token.children = []
    state.push("paragraph_close", "p", -1)
    return True


def _find_last_line(state: StateBlock, start_line: int, end_line: int, opener: str) -> int | None:
    """Return the line on which all that was opened is closed, None if the container ends before."""
    indent = min(state.blkIndent, state.sCount[start_line])
    is_lazy_allowed = True
    if opener != "%%":
        end_line = min(end_line, start_line + MAX_LINES)
    for line in range(start_line + 1, end_line):
        if state.isEmpty(line):
            is_lazy_allowed = False
            continue
        if state.sCount[line] < indent and not (is_lazy_allowed and _is_lazy(state, line)):
            return None
        text = _line(state, line)
        if opener != "%%" and FENCE_MARK.match(text):
            return None
        opener, _ = left_open(text, opener)
        if not opener:
            return line
    return None


def _is_empty_math(state: StateBlock, start_line: int, start: int, last: int) -> bool:
    """Tell whether `$$` and the next `$$` have nothing between them.

    Alone on their lines they are a formula that shows nothing, else two strays.
    """
    rest = _line(state, start_line)[start:]
    is_math = _line(state, start_line)[:start].endswith("$$")
    between = all(state.isEmpty(line) for line in range(start_line + 1, last))
    return is_math and not rest.strip() and between and _line(state, last).startswith("$$")


def _is_lazy(state: StateBlock, line: int) -> bool:
    """Tell whether a line that is not indented for its list item still continues the paragraph.

    Math that begins there does not end it.
    """
    terminators = state.md.block.ruler.getRules("paragraph")
    state.env[LAZY] = True
    is_lazy = not any(rule(state, line, state.lineMax, True) for rule in terminators)
    del state.env[LAZY]
    return is_lazy


@functools.lru_cache(maxsize=16)
def _has_opener(text: str) -> bool:
    """Tell whether anything in a text can begin math or a comment over several lines; remembered."""
    return any(opener in text for opener in ("$$", "%%", "\\[", "\\begin{"))


def may_open(line: str) -> bool:
    """Tell whether there is anything in a line that can begin math or a comment over several lines."""
    return "$$" in line or "%%" in line or line.startswith(("\\[", "\\begin{"))


def left_open(line: str, opener: str) -> tuple[str, int]:
    """Return what is still open at a line's end (`$$`, `%%`, `\\[`, `\\begin{…}` or nothing), and where.

    `opener` is what was open at its beginning.
    """
    pos, end = 0, len(line)
    if not opener and (begin := TEX_DISPLAY.match(line)):
        opener, pos = begin[0], begin.end()
    while True:
        if opener:
            close = (
                find_display_end(line, pos, end)
                if opener == "$$"
                else line.find(closer_of(opener), pos)
            )
            if close < 0:
                return opener, pos
            opener, pos = "", close + len(closer_of(opener))
        match = SPECIAL.search(line, pos)
        if match is None:
            return "", end
        pos = match.end()
        if match[0] in ("$$", "%%"):
            opener = match[0]
        elif match[0] == "\\":
            pos += 1
        elif match[0] == "`":
            pos = skip_code(line, match.start(), end)
        elif match[0] == "[[":
            link = WIKILINK.match(line, match.start())
            pos = link.end() if link else pos
        else:
            close = find_inline_end(line, pos, end)
            pos = close + 1 if close > 0 else pos


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
