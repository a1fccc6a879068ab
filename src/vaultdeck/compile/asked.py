"""What a note file asks of the vault while it compiles, and what it is answered.

A compiled file is good for as long as its own text and all these answers stay the same. That covers
an embed three files away, a missing note that appears, a link that becomes ambiguous and a picture
that is drawn anew, and no stage has to know of it.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field

from vaultdeck.anki.media import Refusal
from vaultdeck.cards import blank, find_conflicts, is_data, unshown_spans
from vaultdeck.compile.media_names import name_media
from vaultdeck.embeds.document import Document
from vaultdeck.markdown import shared_markdown
from vaultdeck.model import Found, MediaRef, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.vault.names import Vault
from vaultdeck.vault.observed import hash_file

# How many characters of notes are kept; their tokens take some fifteen times as many bytes. In a vault of
# many notes a part of them is asked for as seldom again as a few are.
KEPT, KEPT_OF_MANY, MANY_FILES = 1_500_000, 400_000, 5_000


@dataclass(slots=True)
class Asked:
    """The questions of one note file, each with a hash of its answer.

    `text` is that of the file itself; `links` are asked with the file that they stand in; `notes` are
    the texts of notes, empty for one that cannot be read; `media` goes with whether the name is unique.
    `seconds` are those of the stages, where they are measured.
    """

    text: str = ""
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    unique: dict[str, bool] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    media: dict[str, tuple[str, bool]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class VaultLookup:
    """Answers from a vault on disk what resolving asks; each file is read and parsed once.

    Every question is recorded in `asked`, with a hash of its answer.
    """

    def __init__(self, vault: Vault, config: Config) -> None:
        self.vault_name = config.vault_name
        self.asked = Asked()
        self._vault = vault
        self._config = config
        # In the order in which they were asked for, the last one last.
        self._documents: dict[str, Document | None] = {}
        self._kept = 0
        self._most = KEPT if len(vault.files) < MANY_FILES else KEPT_OF_MANY
        # A note that embeds a section of its own is asked for twice.
        self._last: tuple[str, SourceFile | Diagnostic] = "", SourceFile("", "")
        self._held: SourceFile | None = None
        self._hashes: dict[str, str] = {}
        self._media: dict[str, MediaRef | Refusal] = {}

    def begin(self) -> Asked:
        """Start recording for one note file, and return the record."""
        self.asked = Asked()
        return self.asked

    def read_note(self, path: str) -> SourceFile | Diagnostic:
        """Return a note file's text, or the diagnostic `unreadable-file` or `not-utf8`."""
        if self._held is not None and path == self._held.path:
            return self._held
        if path != self._last[0]:
            self._last = path, self._vault.read_note(path)
        return self._last[1]

    def hold(self, source: SourceFile | None) -> None:
        """Answer from now on as if a note file held this text; None for the vault as it is."""
        for held in filter(None, (self._held, source)):
            self._kept -= _size(self._documents.pop(held.path, None))
        self._held = source

    def find(self, path: str, source: str) -> Found:
        """Return the file that a link path in note file `source` means, and equally good ones."""
        found = self._vault.find(path, source)
        self.asked.links[path, source] = hash_answer(found)
        return found

    def is_unique(self, path: str) -> bool:
        """Tell whether a file's name alone leads to it, from any folder."""
        answer = self.asked.unique[path] = self._vault.has_unique_name(path)
        return answer

    def document(self, path: str) -> Document | None:
        """Return a note's document, None if it cannot be read."""
        if path in self._documents:
            document = self._documents.pop(path)
        else:
            source = self.read_note(path)
            document = self._open(source) if isinstance(source, SourceFile) else None
            self._kept += _size(document)
        self._documents[path] = document
        while self._kept > self._most and len(self._documents) > 1:
            self._kept -= _size(self._documents.pop(next(iter(self._documents))))
        if path not in self._hashes:
            self._hashes[path] = hash_file(document.source.text.encode() if document else None)
        self.asked.notes[path] = self._hashes[path]
        return document

    def _open(self, source: SourceFile) -> Document:
        if is_data(source):
            return Document(source, "", shared_markdown(), is_data=True)
        unshown = unshown_spans(source, self._config)
        text = blank(source.text, unshown)
        if text.startswith("\ufeff"):
            text = " " + text[1:]  # columns stay true
        conflicts = find_conflicts(text)
        return Document(source, text, shared_markdown(), conflicts=conflicts, unshown=unshown)

    def ask_media(self, path: str) -> MediaRef | Refusal:
        """Return what `media` does, without recording the question."""
        if path not in self._media:
            self._media[path] = name_media(self._vault, path)
        return self._media[path]

    def media(self, path: str) -> MediaRef | Refusal:
        """Return a file's name in the package, or why it is not packed."""
        answer = self.ask_media(path)
        self.asked.media[path] = hash_answer(answer), self._vault.has_unique_name(path)
        return answer


def _size(document: Document | None) -> int:
    return len(document.text) if document else 0


@functools.lru_cache(maxsize=4096)
def hash_answer(answer: Found | MediaRef | Refusal) -> str:
    """Return what tells one answer from another."""
    return hashlib.blake2b(repr(answer).encode(), digest_size=12).hexdigest()
