"""A media file's name in the package and the hash of its bytes, or why it is not packed."""

from __future__ import annotations

import hashlib
import os
from typing import BinaryIO

from vaultdeck.anki.media import Refusal, check_media, hashed_name, is_safe_name, media_kind
from vaultdeck.anki.media_content import NOT_SHOWN, UNREADABLE, check_content
from vaultdeck.anki.svg import NotADrawingError, clean_svg, is_svg
from vaultdeck.model import MediaRef
from vaultdeck.vault.names import Vault
from vaultdeck.vault.stand_in import HEAD_BYTES, find_stand_in

HASH_BYTES = 1 << 20
DIGEST_LENGTH = 20
# So many of the things that a drawing lost are named.
NAMED_LOSSES = 3


def name_media(vault: Vault, path: str) -> MediaRef | Refusal:
    """Return a file's name in the package, or why it is not packed."""
    try:
        with vault.open(path) as file:
            found = _look_into(vault, path, file)
    except OSError as error:
        found = Refusal(UNREADABLE, f"cannot read '{path}': {error.strerror or error}")
    if isinstance(found, Refusal) and found.code == UNREADABLE and not found.ref:
        return found._replace(ref=MediaRef("", ""))
    return found


def _look_into(vault: Vault, path: str, file: BinaryIO) -> MediaRef | Refusal:
    refusal = check_media(path, os.fstat(file.fileno()).st_size)
    if refusal:
        return refusal
    head = file.read(HEAD_BYTES)
    stand_in = find_stand_in(head)
    if stand_in:
        refusal = Refusal(
            UNREADABLE, f"'{path}' {stand_in.what}, not the file itself", stand_in.hint
        )
        digest = stand_in.digest
        return refusal._replace(ref=_ref(vault, "", path, digest)) if digest else refusal
    # Pictures are looked at as a whole; sounds and videos may be long.
    data = head + file.read() if media_kind(path) == "image" else head
    refusal = check_content(path, data)
    if refusal and refusal.code != NOT_SHOWN:
        return refusal
    if is_svg(path):
        try:
            data, lost = clean_svg(data)
        except NotADrawingError as error:
            message = f"'{path}' is no SVG picture that can be shown: {error}"
            return Refusal(UNREADABLE, message, "export the picture again")
        if lost:
            more = f" and {len(lost) - NAMED_LOSSES} more" if len(lost) > NAMED_LOSSES else ""
            message = f"'{path}' is packed without what runs or loads: {', '.join(lost[:NAMED_LOSSES])}{more}"
            hint = "export the picture without links to the web and scripts"
            refusal = Refusal("unsafe-media", message, hint)
    hasher = hashlib.sha256(data)
    while piece := file.read(HASH_BYTES):
        hasher.update(piece)
    ref = _ref(vault, path, path, hasher.hexdigest())
    return refusal._replace(ref=ref) if refusal else ref


def _ref(vault: Vault, place: str, path: str, digest: str) -> MediaRef:
    name = path.rpartition("/")[2]
    digest = digest[:DIGEST_LENGTH]
    keeps_name = is_safe_name(name) and vault.has_unique_name(path)
    return MediaRef(place, name if keeps_name else hashed_name(name, digest), digest)
