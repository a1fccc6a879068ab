"""Code in colour, with the deletions of a cloze note in it.

Pygments names what each piece of code is, the style sheet has colours. Languages go by the names that
Pygments knows; what it does not know stays plain, as does code so long or monotonous that colouring it
could take noticeable time.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from vaultdeck.html.cloze_marks import take_marks
from vaultdeck.regexps import regexp

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

# What stays plain: lexers are regexps, and some take quadratic time on long lines or blank ones.
MAX_CODE = 20_000
MONOTONOUS = regexp(r"[^\n]{400}|(?:[ \t]*\n){24}")
# Modules whose lexer classes keep what earlier code defined: the same code could be coloured otherwise.
REMEMBERING = ("pygments.lexers.csound",)
# Names, punctuation and white space have no colour of their own.
UNCOLORED = frozenset("n nx p w x esc err pm o".split())


def render_code(code: str, language: str, escape: Callable[[str], str], *, has_clozes: bool) -> str:
    """Return the HTML of code; `escape` writes out a piece of it.

    With `has_clozes` its deletions stay whole, whatever colours they hold: Anki reads plain text.
    """
    marks: deque[tuple[int, str]] = deque()
    if has_clozes:
        code, marks = take_marks(code)
    html: list[str] = []

    def add(name: str, text: str) -> None:
        piece = escape(text)
        html.append(f'<span class="{name}">{piece}</span>' if name and text else piece)

    start = 0
    for name, text in color(code, language):
        done = 0
        while marks and marks[0][0] < start + len(text):
            at, mark = marks.popleft()
            add(name, text[done : at - start])
            html.append(mark)
            done = at - start
        add(name, text[done:])
        start += len(text)
    return "".join([*html, *(mark for _, mark in marks)])


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
