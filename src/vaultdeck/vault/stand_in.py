"""Files that stand for another one, which is not on this disk.

Git LFS            version https://git-lfs.github.com/spec/v1 …
git-annex          /annex/objects/SHA256E-s9--….png
git-crypt          \\0GITCRYPT\\0 …
symbolic link      ../notes/other.md       where git or an archive made a text file of it
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from vaultdeck.model import Location, SourceFile
from vaultdeck.model.diagnostics import Diagnostic

LFS = re.compile(rb"version https://(?:git-lfs\.github\.com|hawser\.github\.com)/")
LFS_HASH = re.compile(rb"^oid sha256:([0-9a-f]{64})\s*$", re.MULTILINE)
ANNEX = re.compile(rb"(?:\.\./)*(?:\.git)?/annex/objects/")
GIT_CRYPT = b"\0GITCRYPT\0"
# A path and nothing else, not even a line's end; no text that anybody would write as a note.
LINKED_PATH = re.compile(r"[^\x00-\x1f\x7f<>|\"*?\[\]{}#`]+")
# What leads out of the folder: no name of a file begins so by chance.
OUT = re.compile(r"\.\.?/|/|[A-Za-z]:[\\/]")
# How much of a file tells what it is; no pointer or path is longer.
HEAD_BYTES = 2000


class StandIn(NamedTuple):
    """What a file is instead of itself, and how to get it; `digest` is the SHA-256 of the real one."""

    what: str
    hint: str
    digest: str = ""


def find_stand_in(head: bytes) -> StandIn | None:
    """Return what a file that begins with `head` is in place of another one, None if it is itself."""
    if LFS.match(head):
        found = LFS_HASH.search(head)
        hint = "run `git lfs pull`; in GitHub Actions set `lfs: true` at actions/checkout"
        return StandIn("is a Git LFS pointer", hint, found[1].decode() if found else "")
    if ANNEX.match(head):
        return StandIn("is a git-annex pointer", "run `git annex get` on it")
    if head.startswith(GIT_CRYPT):
        return StandIn("is encrypted by git-crypt", "run `git-crypt unlock`")
    return None


def decode_text(path: str, data: bytes, code: str) -> SourceFile | Diagnostic:
    """Return the text of a settings file without its BOM, or with `code` why it cannot be read."""
    stand_in = find_stand_in(data[:HEAD_BYTES])
    if stand_in:
        return Diagnostic(code, Location(path), f"this file {stand_in.what}", stand_in.hint)
    return read_utf8(path, data.removeprefix(codecs.BOM_UTF8), code)


def read_utf8(path: str, data: bytes, code: str) -> SourceFile | Diagnostic:
    """Return the text of a file, or with `code` the first byte that is none."""
    try:
        return SourceFile(path, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        good = SourceFile(path, data[: error.start].decode("utf-8"))
        message = f"this is not UTF-8 text: byte 0x{data[error.start]:02x}"
        return Diagnostic(code, good.locate(len(good.text)), message, "save the file as UTF-8")


def link_target(data: bytes) -> str:
    """Return the path that is all that a file holds, empty if it holds anything else."""
    if len(data) > HEAD_BYTES:
        return ""
    text = data.decode("utf-8", "replace")
    return text if LINKED_PATH.fullmatch(text) and text == text.strip() else ""


def leads_away(target: str) -> bool:
    """Tell whether a path leads out of its folder."""
    return bool(OUT.match(target))
