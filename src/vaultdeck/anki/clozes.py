"""The cloze deletions of a field as Anki's parser reads them: `{{c1::hidden {{c2::deeper}}::hint}}`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from vaultdeck.regexps import regexp

# Where a deletion begins or ends in a field: `{{c1::`, `{{c1,2::`, `}}`.
CLOZE_PART = regexp(r"\{\{c(?P<numbers>[0-9]+(?:,[0-9]+)*)::|\}\}")
# Anki gives no card to a higher cloze number.
MAX_CLOZE = 500
# Within so many deletions Anki opens no other one: its mark is gone, and `}}` closes those around it.
MAX_OPEN_CLOZES = 10


class Clozes(NamedTuple):
    """The numbers of a field's deletions, and the openings of those that are never closed."""

    numbers: list[int]
    unclosed: list[re.Match[str]]


@dataclass(slots=True)
class Deletion:
    """A deletion: its card numbers and what it hides, hint included."""

    numbers: tuple[int, ...]
    parts: list[str | Deletion] = field(default_factory=list)


def split_numbers(written: str) -> list[int]:
    """Return the numbers of a deletion, `1,2` of `{{c1,2::x}}`; more than nine digits are too many."""
    return [int(number[-9:]) for number in written.split(",")]


def marks_of(html: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the marks of a field that are no text, each with 1 if it opens a deletion, -1 if it ends one."""
    depth = 0
    for match in CLOZE_PART.finditer(html):
        step = (depth < MAX_OPEN_CLOZES) if match["numbers"] else -1
        if depth + step >= 0:
            depth += step
            yield match, step


def read_clozes(html: str) -> Clozes:
    """Return the deletions of a field.

    What stands behind an opening that is never closed belongs to it, deletions included, and is lost.
    """
    parts, unclosed = _read(html)
    return Clozes([n for each in deletions_in(parts) for n in each.numbers], list(unclosed))


def parse_clozes(text: str) -> tuple[str | Deletion, ...]:
    """Split a field into text and deletions; one that is never closed is left out."""
    return _read(text)[0]


@functools.lru_cache(maxsize=64)
def _read(text: str) -> tuple[tuple[str | Deletion, ...], tuple[re.Match[str], ...]]:
    top: list[str | Deletion] = []
    opened: list[tuple[re.Match[str], Deletion]] = []
    done = 0
    for match, step in marks_of(text):
        (opened[-1][1].parts if opened else top).append(text[done : match.start()])
        done = match.end()
        if step > 0:
            opened.append((match, Deletion(tuple(split_numbers(match["numbers"])))))
        elif step < 0:
            _, deletion = opened.pop()
            (opened[-1][1].parts if opened else top).append(deletion)
    rest = () if opened else (text[done:],)
    return (*top, *rest), tuple(opening for opening, _ in opened)


def deletions_in(parts: Sequence[str | Deletion]) -> Iterator[Deletion]:
    """Yield the deletions among the parts of a field, each before those within it."""
    for part in parts:
        if isinstance(part, Deletion):
            yield part
            yield from deletions_in(part.parts)


def split_hint(deletion: Deletion) -> tuple[list[str | Deletion], str]:
    """Return the hidden parts of a deletion and its hint, what follows `::`; the last one counts."""
    hidden: list[str | Deletion] = []
    hint = ""
    for part in deletion.parts:
        if isinstance(part, str) and "::" in part:
            part, _, hint = part.partition("::")
        hidden.append(part)
    return hidden, hint
