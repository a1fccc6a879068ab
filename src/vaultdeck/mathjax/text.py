"""The argument of `\\text`: plain text, in which only `$…$` and `\\(…\\)` are math.

Anki switches MathJax's text macros off: `\\text{\\textbf{x} 5\\%}` shows both backslashes.
"""

from __future__ import annotations

from collections.abc import Iterator

from vaultdeck.mathjax.reader import Reader, TexSpan
from vaultdeck.regexps import regexp

# A reference in text; MathJax reads it as math.
REFERENCE_IN_TEXT = regexp(r"(?:eq)?ref\s*\{")
IN_MATH, IN_MACRO, IN_BRACE = "math", "macro", "open"


def split_text(reader: Reader, span: TexSpan) -> Iterator[tuple[str, TexSpan]]:
    """Yield the math in text, the macros that are shown as they are written, and math left open."""
    text = reader.text
    pos = start = span.start
    closer, depth = "", 0
    while pos < span.end:
        char = text[pos]
        after = pos + 1
        if char == "\\" and after < span.end:
            after = pos + 2
            name = text[pos + 1]
            if not closer and (match := REFERENCE_IN_TEXT.match(text, pos + 1, span.end)):
                closer, depth, start, after = "}", 0, pos, match.end()
            elif not closer and name == "(":
                closer, depth, start = ")", 0, after
            elif closer == ")" and name == ")" and depth == 0:
                yield IN_MATH, TexSpan(start, pos)
                closer = ""
            elif not closer and name not in "${}\\)":
                after = max(reader.read_name(pos + 1, span.end)[1], after)
                yield IN_MACRO, TexSpan(pos, after)
        elif char == "$" and not closer:
            closer, depth, start = "$", 0, after
        elif char == "$" and closer == "$" and depth == 0:
            yield IN_MATH, TexSpan(start, pos)
            closer = ""
        elif char == "{" and closer:
            depth += 1
        elif char == "}" and closer:
            if closer == "}" and depth == 0:
                yield IN_MATH, TexSpan(start, after)
                closer = ""
            depth = max(depth - 1, 0)
        pos = after
    if closer:
        yield IN_BRACE, TexSpan(start - 1, span.end)
