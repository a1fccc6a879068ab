"""Math, opaque to all other Markdown.

    $x_1 < y$        inline
    $$\\int f$$       display, also amid a line and over several lines
    \\(x\\)            written by hand for Anki; \\[x\\] likewise where it fills its lines
    \\begin{align}     an environment that is only for math, where it fills its lines

Obsidian: the opening `$` is not followed by white space; the closing `$` is the next one that is not
escaped, not preceded by white space and not followed by a digit, so that prices are not math. Code
and wikilinks win over math.

The plugin `amsmath` of mdit-py-plugins takes environments that are not only for math, and what stands
behind one on its line (golden/markdown.md, "An environment within a line").
"""

from __future__ import annotations

import functools

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from vaultdeck.markdown.wikilink import WIKILINK
from vaultdeck.regexps import regexp

WHITE = " \t\n"
# What begins display math at the beginning of a line.
TEX_DISPLAY = regexp(
    r"\\\[|\\begin\{(?:align|alignat|eqnarray|equation|flalign|gather|multline)\*?\}"
)
DOLLARS = regexp(r"\$+")
BACKTICKS = regexp(r"`+")


def math_plugin(md: MarkdownIt) -> None:
    """Add tokens of type `math_inline` and `math_display`; their content is the TeX as written."""
    md.inline.ruler.before("escape", "math", _dollar_math)
    md.inline.ruler.before("math", "tex_math", _tex_math)


def find_inline_end(text: str, start: int, end: int) -> int:
    """Return where the `$` stands that closes the inline math beginning at `start`, or -1."""
    if start >= end or text[start] in WHITE + "$":
        return -1
    pos = start
    while pos < end:
        char = text[pos]
        if char == "$":
            followed_by_digit = pos + 1 < end and text[pos + 1] in "0123456789"
            return -1 if text[pos - 1] in WHITE or followed_by_digit else pos
        if char == "\\":
            pos += 2
        elif char == "`":
            pos = skip_code(text, pos, end)
        elif char == "[" and (link := WIKILINK.match(text, pos, end)):
            pos = link.end()
        else:
            pos += 1
    return -1


def find_display_end(text: str, start: int, end: int) -> int:
    """Return where the `$$` stands that closes the display math beginning at `start`, or -1."""
    pos = start
    while (pos := text.find("$$", pos, end)) >= 0:
        before = pos
        while before > start and text[before - 1] == "\\":
            before -= 1
        if (pos - before) % 2 == 0:
            return pos
        pos += 1
    return -1


def skip_code(text: str, pos: int, end: int) -> int:
    """Return where the code span that begins at `pos` ends, or the end of its back-ticks if none does."""
    run = BACKTICKS.match(text, pos, end)
    assert run is not None
    for closing in BACKTICKS.finditer(text, run.end(), end):
        if len(closing[0]) == len(run[0]):
            return closing.end()
    return run.end()


def _dollar_math(state: StateInline, silent: bool) -> bool:
    start, end = state.pos, state.posMax
    if state.src[start] != "$":
        return False
    if not state.src.startswith("$$", start):
        close = find_inline_end(state.src, start + 1, end)
        return close > 0 and _push(state, "math_inline", start + 1, close, close + 1, silent)
    close = find_display_end(state.src, start + 2, end)
    if close > 0 and _push(state, "math_display", start + 2, close, close + 2, silent):
        return True
    run = DOLLARS.match(state.src, start, end)
    assert run is not None
    if not silent:
        state.pending += run[0]
    state.pos = run.end()
    return True


def _tex_math(state: StateInline, silent: bool) -> bool:
    src, start = state.src, state.pos
    opener = src[start : start + 2]
    if opener == "\\(":
        close = _find_last_checked(src, "\\)", start + 2, state.posMax)
        return close > 0 and _push(state, "math_inline", start + 2, close, close + 2, silent)
    begin = TEX_DISPLAY.match(src, start) if opener in ("\\[", "\\b") else None
    if begin is None or (start and src[start - 1] != "\n"):
        return False
    closer = closer_of(begin[0])
    close = _find_last_checked(src, closer, begin.end(), state.posMax)
    after = close + len(closer)
    if close < 0 or src[after : after + 1].strip(" ") not in ("", "\n"):
        return False
    if opener == "\\[":
        return _push(state, "math_display", start + 2, close, after, silent)
    return _push(state, "math_display", start, after, after, silent)


def closer_of(opener: str) -> str:
    """Return what ends the math or comment that `opener` begins."""
    return {"\\[": "\\]"}.get(opener) or opener.replace("\\begin", "\\end")


def _push(state: StateInline, kind: str, start: int, close: int, after: int, silent: bool) -> bool:
    content = state.src[start:close]
    if not content.strip():
        return False
    if not silent:
        token = state.push(kind, "math", 0)
        token.content = content
        token.meta = {"pos": start}
    state.pos = after
    return True


def _find_last_checked(text: str, needle: str, start: int, end: int) -> int:
    """Find like `str.find`, but look at the rest of a long text only if there is anything to find."""
    return text.find(needle, start, end) if last_index(text, needle) >= start else -1


@functools.lru_cache(maxsize=16)
def last_index(text: str, needle: str) -> int:
    """Return where the last `needle` stands in a text, -1 if it has none; remembered."""
    return text.rfind(needle)
