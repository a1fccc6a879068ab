"""Files that stand for another one, which is not on this disk, or hold it encrypted.

Git LFS            version https://git-lfs.github.com/spec/v1 …
git-annex          /annex/objects/SHA256E-s9--….png
git-crypt          \\0GITCRYPT\\0 …         and others: `ENCRYPTED`
symbolic link      ../notes/other.md       where git or an archive made a text file of it
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from vaultdeck.model import Location, SourceFile
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.regexps import regexp

LFS = regexp(rb"version https://(?:git-lfs\.github\.com|hawser\.github\.com)/")
LFS_HASH = regexp(rb"^oid sha256:([0-9a-f]{64})\s*$", re.MULTILINE)
ANNEX = regexp(rb"(?:\.\./)*(?:\.git)?/annex/objects/")
DECRYPT = "decrypt it with `{}`, or leave it out with the setting `ignore`"
# What a file begins with that a program encrypted, the program, and how to get the file back. OpenPGP
# (RFC 9580, 5.1 and 5.3) begins with a session key: of a public key, version 3, or of a password, version 4.
ENCRYPTED = (
    (regexp(rb"\0GITCRYPT\0"), "git-crypt", "run `git-crypt unlock`"),
    (
        regexp(rb"age-encryption\.org/v1\n|-----BEGIN AGE ENCRYPTED FILE-----"),
        "age",
        DECRYPT.format("age --decrypt"),
    ),
    (
        regexp(rb"-----BEGIN PGP MESSAGE-----|\x84.\x03|\x85[\1-\4].\x03|\x8c.\x04", re.DOTALL),
        "OpenPGP",
        DECRYPT.format("gpg --decrypt"),
    ),
    (
        # Also as base64, as transcrypt keeps it in git.
        regexp(rb"Salted__|U2FsdGVkX1[0-9A-Za-z+/=\r\n]*\Z"),
        "OpenSSL",
        "unlock the repository with `transcrypt`, or decrypt it with `openssl enc -d`",
    ),
    (regexp(rb"RCLONE\0\0"), "rclone", "let the program that synchronises decrypt it"),
    (regexp(rb"\$ANSIBLE_VAULT;"), "Ansible Vault", DECRYPT.format("ansible-vault decrypt")),
    (regexp(rb'\{\s*"data": "ENC\['), "SOPS", DECRYPT.format("sops --decrypt")),
)
# A path and nothing else, not even a line's end; no text that anybody would write as a note.
LINKED_PATH = regexp(r"[^\x00-\x1f\x7f<>|\"*?\[\]{}#`]+")
# What leads out of the folder: no name of a file begins so by chance.
OUT = regexp(r"\.\.?/|/|[A-Za-z]:[\\/]")
# How much of a file tells what it is; no pointer or path is longer.
HEAD_BYTES = 2000


class StandIn(NamedTuple):
    """What a file is instead of itself, and how to get it; `digest` is the SHA-256 of the real one."""

    what: str
    hint: str
    digest: str = ""
    is_encrypted: bool = False


def find_stand_in(head: bytes) -> StandIn | None:
    """Return what a file that begins with `head` is in place of another one, None if it is itself."""
    if LFS.match(head):
        found = LFS_HASH.search(head)
        hint = "run `git lfs pull`; in GitHub Actions set `lfs: true` at actions/checkout"
        return StandIn("is a Git LFS pointer", hint, found[1].decode() if found else "")
    if ANNEX.match(head):
        return StandIn("is a git-annex pointer", "run `git annex get` on it")
    for begin, program, hint in ENCRYPTED:
        if begin.match(head):
            return StandIn(f"is encrypted by {program}", hint, is_encrypted=True)
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


def flat_link(path: str, target: str) -> Diagnostic:
    """Return what is told of a file that holds the path which a symbolic link leads to."""
    message = f"this file holds only the path '{shorten(target)}': it was a symbolic link"
    hint = "check it out as a link: `git config core.symlinks true`, then `git checkout -- .`"
    return Diagnostic("unreachable-file", Location(path), message, hint)
