"""The name of a picture, sound or video in the package: its own where that is safe and unique."""

from __future__ import annotations

import hashlib
import os
from typing import BinaryIO

from vaultdeck.anki.media import Refusal, check_media, has_script, hashed_name, is_safe_name
from vaultdeck.model import MediaRef
from vaultdeck.vault.names import Vault

PIECE = 1 << 20


def name_media(vault: Vault, path: str) -> MediaRef | Refusal:
    """Return a file's name in the package, or why it is not packed."""
    try:
        with vault.open(path) as file:
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
    keeps_name = is_safe_name(name) and vault.has_unique_name(path)
    return MediaRef(path, name if keeps_name else hashed_name(name, digest), digest)


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
