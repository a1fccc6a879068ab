"""Curly clozes, where the settings have them on: in cloze notes braces are deletions.

    {Paris} is the capital of {France}       {{c1::Paris}} is the capital of {{c2::France}}
    {2:a} {c1|b} {c}                         {{c2::a}} {{c1::b}} {{c1::c}}
    ==Paris==  (with highlight clozes)       {{c1::Paris}}

Only deletions without a number are counted, anew in each field. Math and code are opaque, so their
braces stay; Anki's own `{{c1::…}}` passes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from vaultdeck.model import Config, Span

# Fenced code, inline code, display math, inline math, math written by hand.
OPAQUE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n(?:[^\n]*\n)*?(?P=fence)[`~]*[ \t]*$"
    r"|(?P<ticks>`+)(?!`)[^`]*(?:(?!(?P=ticks)(?!`))`+[^`]+)*(?P=ticks)(?!`)"
    r"|\$\$(?:[^$\\]|\\.|\$(?!\$))*\$\$"
    r"|(?<![\\$])\$(?![\s$])(?:[^$\\\n]|\\.|\n(?!\n))*?(?<!\s)\$(?![0-9])"
    r"|\\\((?:[^\\\n]|\\(?!\)))*\\\)"
    r"|\\\[(?:[^\\]|\\(?!\]))*?\\\]",
    re.MULTILINE | re.DOTALL,
)
# `{…}`: one brace on each side, not empty, no empty line inside, the shortest; number and `:` or `|`.
CURLY = re.compile(
    r"(?<!\{)\{(?:c?(?P<number>[0-9]+)[:|])?(?!\{)(?P<text>(?:[^\n]\n?){1,1500}?)(?<!\})\}(?!\})"
)
HIGHLIGHT = re.compile(r"==(?P<text>[^\n]+?)==")
NATIVE = re.compile(r"\{\{c[0-9]+::")
# Stands for a character that braces do not see.
MASK = "\x00"


def find_opaque(text: str) -> Iterator[Span]:
    """Yield the spans of code and math in a text."""
    if "`" not in text and "$" not in text and "~~~" not in text and "\\" not in text:
        return
    for match in OPAQUE.finditer(text):
        yield Span(*match.span())


def has_cloze(text: str, config: Config) -> bool:
    """Tell whether a field's text holds a deletion, by the settings."""
    return bool(NATIVE.search(to_native(text, config)))


def to_native(text: str, config: Config) -> str:
    """Return a cloze note's field text with every deletion in Anki's own form."""
    if not config.curly_clozes:
        return text
    if config.highlight_clozes and "==" in text:
        masked = _mask(text)
        text = _replace(
            text, [(m, f"{{{text[slice(*m.span('text'))]}}}") for m in HIGHLIGHT.finditer(masked)]
        )
    if "{" not in text:
        return text
    counter = itertools.count(1)
    found = []
    for match in CURLY.finditer(_mask(text)):
        number = match["number"] or next(counter)
        found.append((match, f"{{{{c{number}::{text[slice(*match.span('text'))]}}}}}"))
    return _replace(text, found)


def _mask(text: str) -> str:
    """Return a text of the same length in which code and math hold no brace and no `=`."""
    pieces = []
    done = 0
    for span in find_opaque(text):
        pieces += [text[done : span.start], MASK * (span.end - span.start)]
        done = span.end
    return "".join([*pieces, text[done:]])


def _replace(text: str, found: list[tuple[re.Match[str], str]]) -> str:
    pieces = []
    done = 0
    for match, new in found:
        pieces += [text[done : match.start()], new]
        done = match.end()
    return "".join([*pieces, text[done:]])
