"""The cloze deletions of a field as Anki's parser reads them: `{{c1::hidden {{c2::deeper}}::hint}}`."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from vaultdeck.anki.cards import CLOZE_PART, split_numbers


@dataclass(slots=True)
class Deletion:
    """A deletion: its card numbers and what it hides, hint included."""

    numbers: tuple[int, ...]
    parts: list[str | Deletion] = field(default_factory=list)


@functools.lru_cache(maxsize=64)
def parse_clozes(text: str) -> tuple[str | Deletion, ...]:
    """Split a field into text and deletions; one that is never closed is left out."""
    top: list[str | Deletion] = []
    open_: list[Deletion] = []
    done = 0
    for match in CLOZE_PART.finditer(text):
        inner = open_[-1].parts if open_ else top
        if match["numbers"]:
            inner.append(text[done : match.start()])
            numbers = tuple(split_numbers(match["numbers"]))
            open_.append(Deletion(numbers))
            done = match.end()
        elif open_:
            inner.append(text[done : match.start()])
            deletion = open_.pop()
            (open_[-1].parts if open_ else top).append(deletion)
            done = match.end()
    return tuple(top) if open_ else (*top, text[done:])


def split_hint(deletion: Deletion) -> tuple[list[str | Deletion], str]:
    """Return the hidden parts of a deletion and its hint, what follows `::`; the last one counts."""
    hidden: list[str | Deletion] = []
    hint = ""
    for part in deletion.parts:
        if isinstance(part, str) and "::" in part:
            part, _, hint = part.partition("::")
        hidden.append(part)
    return hidden, hint
