"""The files beside notetype.yaml that templates and style sheets show.

    <img src="_logo.png">          @font-face { src: url("_font.woff2") }          @import "_base.css";

Anki keeps a file of a note type, though no note shows it, if its name begins with `_`.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

from vaultdeck.anki.svg import packed_bytes
from vaultdeck.model import MediaRef, NoteType
from vaultdeck.model.diagnostics import shorten
from vaultdeck.regexps import regexp
from vaultdeck.vault.stand_in import HEAD_BYTES, find_stand_in

# Between quotes, as in `@import "_x.css"` or a script, a name may hold spaces; a `srcset` holds several.
STATIC_FILE = regexp(
    r"[\"'](?:\./)?(?P<quoted>[^\"'<>\r\n?#{}]{1,200}\.[a-z0-9]{1,5})(?=[?#\"'])"
    r"|(?:url\(\s*|\b(?:src|href|data)\s*=\s*|\[sound:)(?P<bare>[^\"'()<>\s\]?#{}]+)"
    r"|\b(?P<sized>_[^\"'<>\s,?#{}]+)(?=\s+[0-9.]+[wx]\b)",
    re.IGNORECASE,
)
CSS_COMMENT = regexp(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
HTML_COMMENT = regexp(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# The bytes of a file of the vault, by path; None if there is no such file in it. Raises OSError if there is
# one that cannot be read.
ReadFile = Callable[[str], "bytes | None"]


def find_files(
    read: ReadFile, folder: str, note_type: NoteType
) -> tuple[tuple[MediaRef, ...], list[tuple[str, str]]]:
    """Return the files that a note type shows, and of each that is not packed what and a hint.

    What a style sheet names that is packed itself belongs to it.
    """
    sides = [side for t in note_type.templates for side in (t.front, t.back)]
    texts = [HTML_COMMENT.sub("", side) for side in sides]
    wanted = sorted(_named_in_style(note_type.css).union(*map(_named_in, texts)))
    found: list[MediaRef] = []
    problems: list[tuple[str, str]] = []
    for written in wanted:  # grows
        paths = [f"{folder}/{name}".lstrip("/") for name in _spellings(written)]
        name = unicodedata.normalize("NFC", unquote(written))
        try:
            path = next((each for each in paths if read(each) is not None), paths[0])
            data = read(path)
        except OSError as error:
            problems.append((f"'{paths[0]}' cannot be read: {error.strerror}", ""))
            continue
        last = name.rpartition("/")[2]
        if last != name or not name.startswith("_"):
            if data is not None and not name.startswith("."):
                why = "its name does not begin with '_'" if last == name else "it lies in a folder"
                hint = f"put it beside notetype.yaml as '_{shorten(last.removeprefix('_'))}'"
                problems.append((f"'{path}' is not packed: {why}", f"{hint}, and name it so"))
            continue
        stand_in = find_stand_in(data[:HEAD_BYTES]) if data else None
        if not data or stand_in:
            what = f"'{path}' {stand_in.what}" if stand_in else f"there is no file '{path}'"
            problems.append((what, stand_in.hint if stand_in else "put it beside notetype.yaml"))
            continue
        try:
            data = packed_bytes(name, data)
        except OSError as error:
            problems.append((f"'{path}' is {error.strerror}", ""))
            continue
        if name.lower().endswith(".css"):
            wanted += sorted(_named_in_style(data.decode("utf-8", "replace")).difference(wanted))
        found.append(MediaRef(path, name, hashlib.sha256(data).hexdigest()[:20]))
    return tuple(found), problems


def _spellings(written: str) -> list[str]:
    """Return how a file may be called that a template names: as a browser reads it, as macOS writes it."""
    name = unquote(written)
    forms = (name, written, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD")))
    return list(dict.fromkeys(forms))


# Several note types may have one style sheet, as ours have.
@functools.lru_cache(maxsize=8)
def _named_in_style(css: str) -> set[str]:
    return _named_in(CSS_COMMENT.sub("", css))


def _named_in(text: str) -> set[str]:
    """Return what may be the name of a file in a template or a style sheet."""
    return {match[match.lastgroup or 0] for match in STATIC_FILE.finditer(text)}
