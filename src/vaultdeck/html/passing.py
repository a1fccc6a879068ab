"""Which fields pass the gate as they are, told by a few patterns: most do.

    <p>If \\(x_1 &lt; y\\), <code>a\\b</code></p>     its one formula is harmless, and nothing else opens math

What is doubtful is left to the gate, which reads the field as MathJax does. A field that passes here has
no backslash that is written as an entity, none before a tag, an entity, a brace or a delimiter (joined
text could make a delimiter of it), and no formula with a tag, a deletion or an entity but those four in
which `<`, `>`, `&` and `"` are escaped. So the formulas are those that the gate finds, its text of each
is that in the HTML, and on no side of a card is it another. Where text is no math for MathJax more is
judged here than there.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from html import unescape

from vaultdeck.html.math_text import SKIPPED, find_close
from vaultdeck.mathjax.unsafe import DEFINING, find_unsafe
from vaultdeck.regexps import regexp

# A backslash as an entity; what may hide text from MathJax, or show it after all.
DOUBTFUL = ("&#", "&bsol", "mathjax_", "<!--")
# Code as it is rendered, in which nothing is math.
CODE = regexp(
    r"<code(?: class=\"language-[^\"&<>]*\")?>[^<]*"
    r"(?:<span class=\"[a-z0-9]+\">[^<]*</span>[^<]*)*</code>"
)
# Up to the next delimiter, whatever that is. One that is not closed is matched as well, so that its text is
# not read again from each backslash in it.
FORMULA = regexp(r"\\[(\[][^\\<>]*(?:\\[^()\[\]<>][^\\<>]*)*(?:\\[)\]])?")
STRAY = regexp(r"\\(?![^()\[\]<&{}])")
# In a cloze note delimiters count in attributes, too, and in what MathJax skips.
NO_MATH = regexp(rf"<[^<>]*\\|<(?:{'|'.join(sorted(SKIPPED))})\b")
DELETION = regexp(r"\{\{c|\}\}|::")
KNOWN_ENTITY = regexp(r"&(?:lt|gt|amp|quot);")


def all_pass(fields: Mapping[str, str], *, is_cloze: bool) -> bool:
    """Tell whether all fields of a note pass as they are, and define nothing for each other."""
    return all(_passes(html, is_cloze) for html in fields.values())


def _passes(html: str, is_cloze: bool) -> bool:
    if "\\" not in html:
        return "&#" not in html and "&bsol" not in html
    if any(mark in html for mark in DOUBTFUL) or (is_cloze and NO_MATH.search(html)):
        return False
    if "<code" in html:
        html = CODE.sub("<code>", html)
    if DEFINING.search(html):
        return False
    formulas = set(FORMULA.findall(html))
    if STRAY.search(FORMULA.sub("", html) if formulas else html):
        return False
    return all(_is_harmless(formula, is_cloze=is_cloze) for formula in formulas)


@functools.lru_cache(maxsize=4096)
def _is_harmless(formula: str, *, is_cloze: bool) -> bool:
    if "&" in KNOWN_ENTITY.sub("", formula) or (is_cloze and DELETION.search(formula)):
        return False
    is_closed = find_close(formula, formula[:2], 2) == len(formula) - 2
    return is_closed and not find_unsafe(unescape(formula[2:-2]))
