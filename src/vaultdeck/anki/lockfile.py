"""The lock on disk."""

from __future__ import annotations

from pathlib import Path

from vaultdeck.anki.lock import NAME, RESTORE, Lock, LockError, format_lock, parse_lock
from vaultdeck.vault.folder import read_inside
from vaultdeck.vault.observed import note_file
from vaultdeck.vault.write import replace_bytes


def read_lock(root: Path) -> Lock | None:
    """Return the vault's lock, None if it has none; raises LockError and OSError."""
    data = read_inside(root, NAME)
    note_file(NAME, data)
    if data is None:
        return None
    try:
        return parse_lock(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise LockError(1, "this lock is not UTF-8 text", RESTORE) from None


def write_lock(root: Path, lock: Lock) -> bytes:
    """Write the lock if it says anything new (newlines, which git may change, say nothing).

    Returns what the file then holds.
    """
    text = format_lock(lock).encode()
    data = read_inside(root, NAME)
    if data is not None and data.replace(b"\r\n", b"\n") == text:
        return data
    replace_bytes(root / NAME, text)
    return text
