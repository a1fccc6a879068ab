"""What resolving may ask of a vault: files, documents, media; each is read and parsed once."""

from __future__ import annotations

import hashlib
import os
from typing import BinaryIO

from markdown_it.token import Token

from vaultdeck.anki.media import Refusal, check_media, has_script, hashed_name, is_safe_name
from vaultdeck.cards import blank_blocks
from vaultdeck.diagnostics import Diagnostic
from vaultdeck.embeds.documents import open_document
from vaultdeck.embeds.sections import Document, Slice
from vaultdeck.markdown import shared_markdown
from vaultdeck.model import Config, Found, MediaRef, SourceFile
from vaultdeck.vault.names import Vault

PIECE = 1 << 20
# How many characters of notes are kept; their tokens take some fifteen times as many bytes.
KEPT = 1_500_000


class Library:
    """Answers the questions of `resolve.Lookup` from a vault on disk."""

    def __init__(self, vault: Vault, config: Config) -> None:
        self.vault_name = config.vault_name
        self._vault = vault
        self._words = config.markers
        self._markdown = shared_markdown()
        # In the order in which they were asked for, the last one last.
        self._documents: dict[str, Document | None] = {}
        self._kept = 0
        # A note that embeds a section of its own is asked for twice.
        self._last: tuple[str, SourceFile | Diagnostic] = "", SourceFile("", "")
        self._media: dict[str, MediaRef | Refusal] = {}

    def find(self, path: str, source: str) -> Found:
        """Return the file that a link path in note file `source` means, and equally good ones."""
        return self._vault.find(path, source)

    def is_unique(self, path: str) -> bool:
        """Tell whether a file's name alone leads to it, from any folder."""
        return self._vault.has_unique_name(path)

    def read_note(self, path: str) -> SourceFile | Diagnostic:
        """Return a note file's text, or the diagnostic `unreadable-file` or `not-utf8`."""
        if path != self._last[0]:
            self._last = path, self._vault.read_note(path)
        return self._last[1]

    def document(self, path: str) -> Document | None:
        """Return a note's document, None if it cannot be read."""
        if path in self._documents:
            document = self._documents.pop(path)
        else:
            source = self.read_note(path)
            document = self._open(source) if isinstance(source, SourceFile) else None
            self._kept += _size(document)
        self._documents[path] = document
        while self._kept > KEPT and len(self._documents) > 1:
            self._kept -= _size(self._documents.pop(next(iter(self._documents))))
        return document

    def _open(self, source: SourceFile) -> Document:
        text = blank_blocks(source, self._words)
        if text.startswith("\ufeff"):
            text = " " + text[1:]  # columns stay true
        return open_document(source, text, self._markdown)

    def cut(self, document: Document, part: Slice) -> list[Token]:
        """Return the tokens of a slice, inlines parsed."""
        tokens = document.cut(part)
        self._markdown.parse_inlines(tokens, document.env)
        return tokens

    def footnote(self, document: Document, name: str) -> list[Token] | None:
        """Return the tokens of a footnote, inlines parsed; None if the note has none of that name."""
        tokens: list[Token] | None = document.env["footnotes"].get(name)
        if tokens is not None:
            self._markdown.parse_inlines(tokens, document.env)
        return tokens

    def media(self, path: str) -> MediaRef | Refusal:
        """Return a file's name in the package, or why it is not packed."""
        if path not in self._media:
            self._media[path] = self._name_media(path)
        return self._media[path]

    def _name_media(self, path: str) -> MediaRef | Refusal:
        try:
            with self._vault.open(path) as file:
                refusal = check_media(path, os.fstat(file.fileno()).st_size)
                digest = "" if refusal else _digest(file)
                is_scripted = not refusal and _has_script(path, file)
        except OSError as error:
            return Refusal("media-unreadable", f"cannot read '{path}': {error.strerror or error}")
        if is_scripted:
            message = f"'{path}' holds a script and is left out"
            return Refusal("unsafe-media", message, "export the picture without scripts")
        if refusal:
            return refusal
        name = path.rpartition("/")[2]
        keeps_name = is_safe_name(name) and self._vault.has_unique_name(path)
        return MediaRef(path, name if keeps_name else hashed_name(name, digest), digest)


def _size(document: Document | None) -> int:
    return len(document.text) if document else 0


def _digest(file: BinaryIO) -> str:
    """Return the hash of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()[:20]


def _has_script(path: str, file: BinaryIO) -> bool:
    if not path.lower().endswith(".svg"):
        return False
    file.seek(0)
    return has_script(file.read())
