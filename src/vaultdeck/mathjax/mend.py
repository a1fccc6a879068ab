"""What of a formula is written otherwise, so that Anki's MathJax shows it."""

from __future__ import annotations

import re

# Anki's MathJax keeps labels from card to card and refuses to meet one twice.
TEX_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
# Signs of money, at which Anki's MathJax gives up, but for those in text.
CURRENCY = re.compile(r"\\(?:text[a-z]*|[mh]box)\s*\{[^{}]*\}|(?P<sign>[\u20a0-\u20c0])", re.DOTALL)


def mend_tex(tex: str) -> str:
    """Return a formula without labels, and with signs of money as text."""
    return CURRENCY.sub(_as_text, TEX_LABEL.sub("", tex))


def _as_text(match: re.Match[str]) -> str:
    # With a space, as two braces would close a deletion.
    return f"{{\\text{{{match['sign']}}} }}" if match["sign"] else match[0]
