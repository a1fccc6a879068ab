"""Media: which files Anki can show, and the names they get in the package.

Anki keeps all media in one folder and finds them by name alone. A file keeps its own name where that
is safe and unique in the vault, so that people who come from Obsidian_to_Anki do not get every
picture twice; otherwise it is named `stem-<hash of its bytes>.ext`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from vaultdeck.model import MediaRef
from vaultdeck.regexps import regexp

# Formats of pictures that Anki's desktop does not show, by extension.
NOT_SHOWN_KINDS = {
    "heic": "HEIC",
    "heif": "HEIC",
    "tif": "TIFF",
    "tiff": "TIFF",
    "jxl": "JPEG XL",
    "jp2": "JPEG 2000",
    "psd": "Photoshop",
    "ai": "Illustrator",
    "eps": "EPS",
    "dng": "raw photo",
    "cr2": "raw photo",
    "nef": "raw photo",
    "arw": "raw photo",
}
# The extensions that Obsidian accepts in embeds, with their media types, in which systems' own tables differ.
MEDIA_TYPES = {
    "3gp": "audio/3gpp",
    "aac": "audio/aac",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "flac": "audio/flac",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tiff": "image/tiff",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "wma": "audio/x-ms-wma",
}
# Those of them that deflating makes smaller; the others are compressed already.
UNCOMPRESSED = frozenset(["bmp", "svg", "tiff", "wav"])

# Punctuation that Anki, its editor and its importer leave alone; `%`, quotes and brackets break.
SAFE_PUNCTUATION = frozenset(" .-_()+,!@~=")
RESERVED = regexp(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?", re.IGNORECASE)
# A name that only `hashed_name` may give.
HASHED = regexp(r"-[0-9a-f]{12}(?:\.[^.]*)?$")
# Anki cuts names that are longer, in bytes of UTF-8.
MAX_NAME_BYTES = 120
HASH_DIGITS = 12
# AnkiWeb does not sync larger files.
MAX_MEDIA_BYTES = 100 * 2**20
# A picture that is not in the package.
REMOTE_IMAGE = regexp(r"<img\b[^>]*?\bsrc=\"(https?://[^\"]*)\"", re.IGNORECASE)

REMOTE_MEDIA = regexp(
    r"<(?:img|iframe|audio|video|source)\b(?=[^>]*?\b(?:src|poster)=\"(https?://[^\"]*)\")",
    re.IGNORECASE,
)


class Refusal(NamedTuple):
    """Why a file is not packed: a diagnostic's code, message and hint.

    With `ref` the field shows the file all the same. It is packed if the reference has a path; without
    one its bytes are known from elsewhere, and without a name they are not known at all.
    """

    code: str
    message: str
    hint: str = ""
    ref: MediaRef | None = None


def media_kind(path: str) -> str:
    """Return `image`, `audio`, `video` or `other`, by the extension in any letter case."""
    return MEDIA_TYPES.get(path.rpartition(".")[2].lower(), "other").partition("/")[0]


def media_type(path: str) -> str:
    """Return what a browser is told that a file is, by the extension in any letter case."""
    return MEDIA_TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream")


def is_media(path: str) -> bool:
    """Tell whether a file is a picture, a sound or a video by its name, shown by Anki or not."""
    return media_kind(path) != "other" or path.rpartition(".")[2].lower() in NOT_SHOWN_KINDS


def shrinks(name: str) -> bool:
    """Tell whether deflating a media file makes it much smaller: PNG and JPEG lose about 3 %."""
    return name.rpartition(".")[2].lower() in UNCOMPRESSED


def is_safe_name(name: str) -> bool:
    """Tell whether Anki keeps a media file's name as it is and shows the file under it."""
    return (
        unicodedata.is_normalized("NFC", name)
        and all(_is_safe(char) for char in name)
        and not name.startswith(("_", " ", ".", "latex-"))
        and not name.endswith((" ", "."))
        and not RESERVED.fullmatch(name)
        and not HASHED.search(name)
        and len(name.encode()) <= MAX_NAME_BYTES
    )


def check_media(path: str, size: int) -> Refusal | None:
    """Return why a file of `size` bytes cannot be packed, None if it can."""
    if size == 0:
        return Refusal("media-unreadable", f"'{path}' is empty", "restore the file")
    if size > MAX_MEDIA_BYTES:
        message = f"'{path}' has {size / 2**20:.0f} MiB; AnkiWeb takes files up to 100 MiB"
        return Refusal("media-too-large", message, "make it smaller")
    return None


def remote_images(html: str) -> list[str]:
    """Return the addresses of the pictures in a field that Anki loads from the web."""
    return REMOTE_IMAGE.findall(html) if "<img" in html else []


def remote_media(html: str) -> list[str]:
    """Return the addresses of all that Anki loads from the web for a field: frames, sounds, films too."""
    return REMOTE_MEDIA.findall(html) if "src=" in html or "poster=" in html else []


def hashed_name(name: str, digest: str) -> str:
    """Return a name for Anki that is safe and that only a file with these bytes gets."""
    stem, dot, extension = unicodedata.normalize("NFC", name).rpartition(".")
    extension = "".join(filter(_is_safe, dot + extension)).replace(" ", "").lower()
    tail = f"-{digest[:HASH_DIGITS]}{extension}"
    stem = "".join(char if _is_safe(char) else "-" for char in stem).strip(" ._-") or "file"
    stem = f"file-{stem}" if RESERVED.fullmatch(stem) else stem
    room = MAX_NAME_BYTES - len(tail.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" ._-") + tail


def _is_safe(char: str) -> bool:
    return (
        char in SAFE_PUNCTUATION
        or unicodedata.category(char)[0] in "LN"
        or (unicodedata.category(char) in ("Mn", "Mc", "So"))
    )
