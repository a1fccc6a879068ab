"""Media of the preview: small files inside the page, the others beside it in `<page>_files/`.

Files beside are named after their bytes, so that only new ones are written and what no card shows
any more can be told from files that somebody else put there.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

from vaultdeck.anki.media import MEDIA_TYPES, media_type
from vaultdeck.model import MediaRef
from vaultdeck.regexps import regexp
from vaultdeck.vault.write import replace_bytes

# A page stays small enough to open at once: larger files, and all once it is full, stand beside it.
MAX_INLINE = 200_000
MAX_TOTAL = 8_000_000
OUR_MEDIA = regexp(r"[0-9a-f]{20}\.[a-z0-9]{1,8}")


def files_folder(page: Path) -> Path:
    """Return the folder beside a page that holds its larger files."""
    # A name has at most 255 bytes.
    stem = page.stem.encode("utf-8", "surrogateescape")[:240].decode("utf-8", "ignore")
    return page.with_name(f"{stem}_files")


def place_media(
    refs: Iterable[MediaRef], read: Callable[[str], bytes | None], page: Path
) -> dict[str, str]:
    """Return the address of each media file by its name in Anki; write those that stand beside.

    `read` gives the bytes of a file of the vault, None if it cannot be had. Raises OSError.
    """
    folder = files_folder(page)
    if folder.is_symlink():
        message = "this folder for media is a symbolic link: it is not written through"
        raise OSError(errno.ELOOP, message, os.fspath(folder))
    addresses: dict[str, str] = {}
    used: set[str] = set()
    total = 0
    for ref in sorted(set(refs), key=lambda ref: ref.name):
        data = read(ref.path)
        if data is None:
            continue
        extension = ref.name.rpartition(".")[2].lower()
        if len(data) <= MAX_INLINE and total + len(data) <= MAX_TOTAL:
            total += len(data)
            addresses[ref.name] = data_uri(data, media_type(ref.name))
            continue
        name = f"{hashlib.sha256(data).hexdigest()[:20]}.{extension if extension in MEDIA_TYPES else 'bin'}"
        used.add(name)
        if not (folder / name).exists():
            folder.mkdir(exist_ok=True)
            replace_bytes(folder / name, data)
        addresses[ref.name] = f"{quote(folder.name)}/{name}"
    _remove_unused(folder, used)
    return addresses


def data_uri(data: bytes, kind: str) -> str:
    """Return a file as an address that holds it."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _remove_unused(folder: Path, used: set[str]) -> None:
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        if OUR_MEDIA.fullmatch(file.name) and file.name not in used:
            file.unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()
