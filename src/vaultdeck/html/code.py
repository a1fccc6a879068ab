"""Code in colour, with the deletions of a cloze note in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from vaultdeck.html.cloze_marks import take_marks
from vaultdeck.html.coloring import color


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
