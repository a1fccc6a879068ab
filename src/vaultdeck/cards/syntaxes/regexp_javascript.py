"""JavaScript's regular expressions → those of the `regex` library.

The plugin's users have patterns in JavaScript's syntax. What differs: `.`, `^` and `$` know four line
ends, of which most texts hold one; `\\d` and `\\w` are ASCII, `[^]` is any character, a brace that is no
repetition is itself.
"""

from __future__ import annotations

import re

from vaultdeck.regexps import regexp

# Line ends of JavaScript that are none for `regex`.
OTHER_LINE_ENDS = "\r\u2028\u2029"
LINE_ENDS = r"\n\r\u2028\u2029"
# What `.`, `^` and `$` become.
ALL_LINE_ENDS = (f"[^{LINE_ENDS}]", rf"(?:(?<=[{LINE_ENDS}])|\A)", rf"(?:(?=[{LINE_ENDS}])|\Z)")
NEWLINES = (r"[^\n]", "(?m:^)", "(?m:$)")
REPETITION = regexp(r"\{[0-9]+(?:,[0-9]*)?\}")
# A group that calls itself, as only `regex` has it, fills the memory: it stays as invalid as in JavaScript.
RECURSION = regexp(r"\?(?=R|[+-]?[0-9]|&|P>)")
BEYOND_MEASURE = 1 << 40
# An escape, a class of characters, a repetition or a single character.
PIECE = regexp(r"\\.|\[(?:\\.|[^\]\\])*\]?|\{([0-9]+)(?:,[0-9]*)?\}|.", re.DOTALL)
ESCAPES = {
    "d": "[0-9]",
    "D": "[^0-9]",
    "w": "[A-Za-z0-9_]",
    "W": "[^A-Za-z0-9_]",
    "s": r"[\s\ufeff]",
    "S": r"[^\s\ufeff]",
    "/": "/",
    "-": r"\-",
}
IN_CLASS = {
    **ESCAPES,
    "d": "0-9",
    "D": r"\D",
    "w": "A-Za-z0-9_",
    "W": r"\W",
    "s": r"\s\ufeff",
    "S": r"\S",
}


def translate(pattern: str, *, only_newlines: bool) -> str:
    """Return a pattern with the flags `gm` of JavaScript in the syntax of `regex` (no flags needed).

    With `only_newlines` it is one for texts whose lines all end with a newline; it takes half the time.
    Look-behind of any width stays; an invalid pattern stays invalid.
    """
    any_char, start, end = NEWLINES if only_newlines else ALL_LINE_ENDS
    pieces: list[str] = []
    pos = 0
    in_class = False
    while pos < len(pattern):
        char = pattern[pos]
        if char == "\\" and pos + 1 < len(pattern):
            piece, pos = _escape(pattern, pos, in_class)
            pieces.append(piece)
            continue
        pos += 1
        if in_class:
            in_class = char != "]"
            pieces.append("\\[" if char == "[" else char)
        elif char == "[":
            if pattern.startswith("^]", pos):
                pieces.append(r"[\s\S]")
                pos += 2
            elif pattern.startswith("]", pos):
                pieces.append("(?!)")
                pos += 1
            else:
                in_class = True
                pieces.append(char)
        elif char == "(":
            recursion = RECURSION.match(pattern, pos)
            pieces.append("(?\\" if recursion else char)
            pos = recursion.end() if recursion else pos
        elif char == ".":
            pieces.append(any_char)
        elif char == "^":
            pieces.append(start)
        elif char == "$":
            pieces.append(end)
        elif char == "{":
            repetition = REPETITION.match(pattern, pos - 1)
            pieces.append(repetition[0] if repetition else r"\{")
            pos = repetition.end() if repetition else pos
        else:
            pieces.append(r"\}" if char == "}" else char)
    return "".join(pieces)


def expanded_length(pattern: str) -> int:
    """Return how many pieces a pattern has when all that it must repeat is written out, as `regex` does."""
    lengths, last = [0], 0
    for piece in PIECE.finditer(pattern):
        if piece[1]:
            written_out = min(last * max(int(piece[1][:9]), 1), BEYOND_MEASURE)
            lengths[-1] += written_out - last
            last = written_out
        elif piece[0] == "(":
            lengths.append(0)
        else:
            last = lengths.pop() if piece[0] == ")" and len(lengths) > 1 else 1
            lengths[-1] += last
    return sum(lengths)


def _escape(pattern: str, pos: int, in_class: bool) -> tuple[str, int]:
    """Return what the escape at `pos` becomes, and where the pattern goes on."""
    char = pattern[pos + 1]
    known = IN_CLASS if in_class else ESCAPES
    if char in known:
        return known[char], pos + 2
    named = re.compile(r"\\k<(\w+)>").match(pattern, pos)
    if named:
        return f"(?P={named[1]})", named.end()
    code = re.compile(r"\\u\{([0-9A-Fa-f]{1,6})\}").match(pattern, pos)
    if code and int(code[1], 16) < 0x110000:
        return re.escape(chr(int(code[1], 16))), code.end()
    if char.isalpha() and char not in "bBnrtfvxu":
        return char, pos + 2
    return pattern[pos : pos + 2], pos + 2
