"""Colour for code, at build time: Pygments names what each piece of it is, the style sheet has colours.

Languages go by the names that Pygments knows; what it does not know stays plain, as does code so
long or monotonous that colouring it could take noticeable time.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

# What stays plain: lexers are regexps, and some take quadratic time on long lines or blank ones.
MAX_CODE = 20_000
MONOTONOUS = re.compile(r"[^\n]{400}|(?:[ \t]*\n){24}")
# Modules whose lexer classes keep what earlier code defined: the same code could be coloured otherwise.
REMEMBERING = ("pygments.lexers.csound",)
# Names, punctuation and white space have no colour of their own.
UNCOLORED = frozenset("n nx p w x esc err pm o".split())


@functools.lru_cache(maxsize=512)
def color(code: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return the pieces of code, each with the CSS class of what it is ("" for plain text).

    The classes are the short ones that Pygments uses everywhere: `k` keyword, `s` string, `c1` comment.
    """
    if not language or len(code) > MAX_CODE or MONOTONOUS.search(code):
        return (("", code),)
    lexer_class = _find_lexer(language)
    if lexer_class is None:
        return (("", code),)
    # A new one for each piece of code: some remember what they have read.
    lexer = lexer_class(stripnl=False, ensurenl=False)
    pieces = tuple(_merged(lexer.get_tokens(code)))
    # A lexer that changes the text (some do with control characters) is not used.
    return pieces if "".join(text for _, text in pieces) == code else (("", code),)


@functools.lru_cache(maxsize=64)
def _find_lexer(language: str) -> type[Lexer] | None:
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = find_lexer_class_by_name(language)
    except (ClassNotFound, ImportError):
        return None
    return None if lexer.__module__ in REMEMBERING else lexer


def _merged(tokens: Iterator[tuple[_TokenType, str]]) -> Iterator[tuple[str, str]]:
    """Yield tokens with their classes; neighbours of one class as one."""
    held_class = held = ""
    for kind, text in tokens:
        name = _css_class(kind)
        if name == held_class or text.isspace():
            held += text
            continue
        if held:
            yield held_class, held
        held_class, held = name, text
    if held:
        yield held_class, held


@functools.cache
def _css_class(kind: _TokenType) -> str:
    from pygments.token import STANDARD_TYPES, Token

    while kind not in STANDARD_TYPES:
        kind = kind.parent or Token
    name = STANDARD_TYPES[kind]
    return "" if name in UNCOLORED else name
