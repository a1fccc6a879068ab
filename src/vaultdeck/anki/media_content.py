"""What a media file holds: a file that is no picture in spite of its name is not packed.

A file may be a page that a browser saved in a picture's place, or be cut off. A picture is known by its
first bytes, as browsers do, whatever it is called, and as whole by what its own lengths announce. What
is not known as either is left to Anki.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vaultdeck.anki.media import Refusal, media_kind
from vaultdeck.regexps import regexp
from vaultdeck.vault.stand_in import HEAD_BYTES

PAGE = regexp(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
SVG_BEGIN = regexp(rb"<(?:[\w-]+:)?svg\b", re.IGNORECASE)
SVG_END = regexp(rb"<(?:[\w-]+:)?svg\b[^>]*/>|</(?:[\w-]+:)?svg\s*>", re.IGNORECASE)
PNG_END = b"IEND\xaeB`\x82"
# ISO base media: the brands of pictures.
AVIF = (b"avif", b"avis")
HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1")
NOUNS = {"image": "picture", "audio": "sound", "video": "video"}
UNREADABLE = "media-unreadable"
NOT_SHOWN = "media-not-shown"


def check_content(path: str, data: bytes) -> Refusal | None:
    """Return why the bytes of a media file are not what its name says, None if they may be.

    Of a sound or video only the beginning is needed. A picture that only some browsers show is a
    `media-not-shown`, anything else that is no whole picture a `media-unreadable`.
    """
    kind = media_kind(path)
    if kind == "other":
        return None
    if PAGE.match(data[:HEAD_BYTES]):
        message = f"'{path}' is a web page that was saved under this name"
        return Refusal(UNREADABLE, message, f"save the {NOUNS[kind]} itself")
    if kind != "image":
        return None
    if path.lower().endswith(".svg"):
        # UTF-16 has a zero in every other byte.
        text = data.replace(b"\0", b"")
        is_whole = not SVG_BEGIN.search(text) or bool(SVG_END.search(text))
    else:
        tell = next((whole for magic, whole in PICTURES if magic(data)), None)
        if tell is None:
            return _other_picture(path, data)
        is_whole = tell(data)
    if is_whole:
        return None
    message = f"'{path}' is cut off: its end is missing"
    return Refusal(UNREADABLE, message, "copy or download the picture again")


def not_shown(path: str, format_name: str) -> Refusal:
    """Return that Anki does not show a file of a format, at least not everywhere."""
    message = (
        f"'{path}' is a file of the format {format_name}, which Anki does not show on every device"
    )
    return Refusal(NOT_SHOWN, message, "save it as PNG or JPEG")


def _other_picture(path: str, data: bytes) -> Refusal | None:
    if data[4:8] == b"ftyp" and data[8:12] in HEIF:
        return not_shown(path, "HEIC")
    if data[:4] in (b"II*\0", b"MM\0*"):
        return not_shown(path, "TIFF")
    if data[:2] == b"\xff\x0a" or data[4:12] == b"JXL \r\n\x87\n":
        return not_shown(path, "JPEG XL")
    return None


def _png_is_whole(data: bytes) -> bool:
    """Look for the end; some writers leave it out, and then the last chunk must be whole."""
    if PNG_END in data:
        return True
    at, has_pixels = 8, False
    while at + 8 <= len(data):
        kind = data[at + 4 : at + 8]
        has_pixels = has_pixels or kind == b"IDAT"
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return at == len(data) and has_pixels


def _jpeg_is_whole(data: bytes) -> bool:
    """Follow the segments up to the scan, behind which the end must come; a thumbnail has its own."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:
            return data.find(b"\xff\xd9", at) >= 0
        # A marker may be padded, and some have no length.
        is_bare = marker in (0x01, 0xFF) or 0xD0 <= marker <= 0xD8
        at += (1 if marker == 0xFF else 2) + (
            0 if is_bare else int.from_bytes(data[at + 2 : at + 4], "big")
        )
    return data.find(b"\xff\xd9", at) >= 0


def _gif_is_whole(data: bytes) -> bool:
    """Follow the blocks; many files lack the mark of the end."""
    if len(data) < 13:
        return False
    at = 13 + _palette(data[10])
    has_pixels = False
    while at < len(data) and data[at] != 0x3B:
        if data[at] == 0x21:
            at += 2
        elif data[at] == 0x2C and at + 10 <= len(data):
            at += 11 + _palette(data[at + 9])
            has_pixels = True
        else:
            return has_pixels
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return has_pixels and at <= len(data)


def _palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp_is_whole(data: bytes) -> bool:
    return int.from_bytes(data[4:8], "little") + 8 <= len(data)


def _bmp_is_whole(data: bytes) -> bool:
    """Compare with the pixels that the header announces, where they are not packed."""
    header = int.from_bytes(data[14:18], "little")
    if header < 40 or len(data) < 54:
        return header == 12 and len(data) > 26
    width, height = (int.from_bytes(data[at : at + 4], "little", signed=True) for at in (18, 22))
    depth, packing = int.from_bytes(data[28:30], "little"), int.from_bytes(data[30:34], "little")
    if packing not in (0, 3):
        return True
    row = (abs(width) * depth + 31) // 32 * 4
    return int.from_bytes(data[10:14], "little") + row * abs(height) <= len(data)


def _boxes_are_whole(data: bytes) -> bool:
    """Follow the boxes of an ISO base media file as far as those of the pixels."""
    at, seen = 0, set[bytes]()
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        at = len(data) if size == 0 else at + size
        if (not 8 <= size <= len(data) and size) or at > len(data):
            break
        seen.add(data[at - size + 4 : at - size + 8] if size else b"mdat")
    return b"mdat" in seen or (b"meta" in seen and b"idat" in data)


def _is_avif(data: bytes) -> bool:
    """Tell whether AVIF is among the brands of the first box."""
    brands = data[8 : min(int.from_bytes(data[:4], "big"), 1 << 10)]
    return data[4:8] == b"ftyp" and any(
        brands[at : at + 4] in AVIF for at in (0, *range(8, len(brands), 4))
    )


Test = Callable[[bytes], bool]
# How browsers know a picture, and how it is known as whole.
PICTURES: tuple[tuple[Test, Test], ...] = (
    (lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), _png_is_whole),
    (lambda data: data.startswith(b"\xff\xd8\xff"), _jpeg_is_whole),
    (lambda data: data[:6] in (b"GIF87a", b"GIF89a"), _gif_is_whole),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", _webp_is_whole),
    (_is_avif, _boxes_are_whole),
    (lambda data: data.startswith(b"BM"), _bmp_is_whole),
    (lambda data: data[:4] in (b"\0\0\1\0", b"\0\0\2\0"), lambda data: True),
)
