"""What a note file asks of the vault while it compiles, and what it is answered.

A compiled file is good for as long as its own text and all these answers stay the same. That covers
an embed three files away, a missing note that appears, a link that becomes ambiguous and a picture
that is drawn anew, and no stage has to know of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from markdown_it.token import Token

from vaultdeck.anki.media import Refusal
from vaultdeck.embeds import Lookup
from vaultdeck.embeds.sections import Document, Slice
from vaultdeck.model import Found, MediaRef
from vaultdeck.vault.observed import hash_file


@dataclass(slots=True)
class Asked:
    """The questions of one note file, each with a hash of its answer.

    `text` is that of the file itself; `links` are asked with the file that they stand in; `notes` are
    the texts of notes, empty for one that cannot be read; `media` goes with whether the name is unique.
    """

    text: str = ""
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    unique: dict[str, bool] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    media: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def take(self, other: Asked) -> None:
        """Take over the questions of a part, but for the text."""
        self.links.update(other.links)
        self.unique.update(other.unique)
        self.notes.update(other.notes)
        self.media.update(other.media)


class Tracer:
    """Hands questions on to the vault and writes down the answers."""

    def __init__(self, lookup: Lookup) -> None:
        self.vault_name = lookup.vault_name
        self.asked = Asked()
        self._lookup = lookup
        self._hashes: dict[str, str] = {}

    def begin(self) -> Asked:
        """Return a new sheet, on which everything is written from now on."""
        self.asked = Asked()
        return self.asked

    @contextmanager
    def collecting(self) -> Iterator[Asked]:
        """Collect what is asked within the block; it is written down as ever."""
        outer, self.asked = self.asked, Asked()
        try:
            yield self.asked
        finally:
            outer.take(self.asked)
            self.asked = outer

    def repeat(self, asked: Asked) -> None:
        """Write down once more what was collected."""
        self.asked.take(asked)

    def find(self, path: str, source: str) -> Found:
        """Return the file that a link path in note file `source` means, and equally good ones."""
        found = self._lookup.find(path, source)
        self.asked.links[path, source] = hash_answer(found)
        return found

    def is_unique(self, path: str) -> bool:
        """Tell whether a file's name alone leads to it, from any folder."""
        answer = self.asked.unique[path] = self._lookup.is_unique(path)
        return answer

    def document(self, path: str) -> Document | None:
        """Return a note's document, None if it cannot be read."""
        document = self._lookup.document(path)
        if path not in self._hashes:
            text = document.source.text.encode() if document else None
            self._hashes[path] = hash_file(text)
        self.asked.notes[path] = self._hashes[path]
        return document

    def cut(self, document: Document, part: Slice) -> list[Token]:
        """Return the tokens of a slice of a document that was asked for."""
        return self._lookup.cut(document, part)

    def footnote(self, document: Document, name: str) -> list[Token] | None:
        """Return the tokens of a footnote of a document that was asked for."""
        return self._lookup.footnote(document, name)

    def media(self, path: str) -> MediaRef | Refusal:
        """Return a file's name in the package, or why it is not packed."""
        answer = self._lookup.media(path)
        self.asked.media[path] = hash_answer(answer), self._lookup.is_unique(path)
        return answer


def hash_answer(answer: Found | MediaRef | Refusal) -> str:
    """Return what tells one answer from another."""
    return hashlib.blake2b(repr(answer).encode(), digest_size=12).hexdigest()
