"""Whether Anki is running, asked before a collection is opened.

That Anki has the file locked is no sign: Anki loses its lock when it makes a backup while it runs (POSIX
drops a process's locks on a file when the process closes it once), and two writers then destroy each
other's work. These signs hold:

- `collection.anki2-wal` is there as long as Anki has the collection open, and after a crash;
- the socket by which a second Anki finds the first answers, and refuses after a crash;
- AnkiConnect answers.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import socket
import sys
import tempfile
from enum import Enum
from pathlib import Path

from vaultdeck.sync import add_on
from vaultdeck.sync.errors import InUseError

# Seconds; whoever listens on this computer answers at once.
START_PATIENCE = 1.0


class Anki(Enum):
    """How Anki is met."""

    CLOSED = "Anki is closed"
    RUNNING = "Anki is running"
    CONNECTED = "Anki is running, with AnkiConnect"
    CRASHED = "Anki seems to have crashed"


# What a sync can do with an Anki that runs.
HOW = {Anki.RUNNING: "open", Anki.CONNECTED: "ankiconnect"}


def look(collection: Path) -> Anki:
    """Return how Anki is met; opens nothing."""
    if add_on.answers():
        return Anki.CONNECTED
    if _socket_answers():
        return Anki.RUNNING
    return Anki.CRASHED if os.path.lexists(wal_of(collection)) else Anki.CLOSED


def wal_of(collection: Path) -> Path:
    """Return where SQLite's log of a collection is while somebody has it open, or after a crash.

    Of a collection that is a link it lies beside the file itself.
    """
    file = collection.resolve()
    return file.with_name(f"{file.name}-wal")


def check_closed(collection: Path) -> None:
    """Raise InUseError unless Anki is closed."""
    state = look(collection)
    if state is Anki.CRASHED:
        raise InUseError(
            f"{collection.name}-wal is there: another program has the collection open, or Anki has "
            "crashed: start Anki once and close it"
        )
    if state is not Anki.CLOSED:
        raise InUseError(f"{state.value}: close it, or sync with --to {HOW[state]}")


def _socket_answers() -> bool:
    """Tell whether a running Anki answers where a second one would ask."""
    key = os.environ.get("ANKI_SINGLE_INSTANCE_KEY") or _instance_key()
    if sys.platform == "win32":
        try:
            return key in os.listdir(r"\\.\pipe")  # noqa: PTH208
        except OSError:
            return False
    path = Path(tempfile.gettempdir()) / key
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(START_PATIENCE)
            client.connect(str(path))
    except OSError:
        return False
    return True


def _instance_key() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "anki"
    return f"anki{hashlib.sha1(user.encode()).hexdigest()}"
