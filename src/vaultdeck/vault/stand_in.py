"""Files that stand for another one, which is not on this disk.

Git LFS            version https://git-lfs.github.com/spec/v1 …
git-annex          /annex/objects/SHA256E-s9--….png
git-crypt          \\0GITCRYPT\\0 …
symbolic link      ../notes/other.md       where git or an archive made a text file of it
"""

from __future__ import annotations

import re
from typing import NamedTuple

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


def link_target(data: bytes) -> str:
    """Return the path that is all that a file holds, empty if it holds anything else."""
    if len(data) > HEAD_BYTES:
        return ""
    text = data.decode("utf-8", "replace")
    return text if LINKED_PATH.fullmatch(text) and text == text.strip() else ""


def leads_away(target: str) -> bool:
    """Tell whether a path leads out of its folder."""
    return bool(OUT.match(target))
