"""Which way leads into Anki, and who opens it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from vaultdeck.sync import add_on
from vaultdeck.sync.errors import InUseError, SyncError
from vaultdeck.sync.profiles import COLLECTION, Profile, find_profile
from vaultdeck.sync.running import Anki, check_closed, look
from vaultdeck.sync.way import Way

SYNC_KEY, SYNC_ADDRESS = "VAULTDECK_SYNC_KEY", "VAULTDECK_SYNC_URL"
NO_PACKAGE = (
    "this needs Anki's own package: pipx install --force "
    "'vaultdeck[sync] @ git+https://github.com/vaultdeck/vaultdeck' (or pip, or uv tool)"
)


def open_way(
    wanted: str,
    environment: Mapping[str, str],
    *,
    profile: str = "",
    collection: Path | None = None,
    cache: Path | None = None,
    may_upload: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> Way:
    """Open the way that is `wanted`, one of those that `--to` takes; raises SyncError.

    `auto` is the server in CI if there is a key; else AnkiConnect where it answers, else Anki's import
    dialog where Anki runs, else the closed collection. `profile` or `collection` is the one that is meant, by
    default that of the running Anki, else the one used last. `cache` is the folder of caches;
    `may_upload` and `say` are for a server.
    """
    try:
        # A machine on which no Anki can be meant.
        is_for_server = environment.get("CI") and environment.get(SYNC_KEY)
        if wanted == "server" or (wanted == "auto" and is_for_server):
            return _open_server(environment, cache, may_upload, say)
        if wanted == "ankiconnect" or (wanted == "auto" and add_on.answers()):
            return _open_ankiconnect(profile, collection)
        meant = find_profile(profile, collection)
        state = look(meant.collection)
        if wanted == "open" or (wanted == "auto" and state is Anki.RUNNING):
            from vaultdeck.sync.dialog import Dialog

            return Dialog(meant, state.value, cache and cache / "sync")
        check_closed(meant.collection)
        from vaultdeck.sync.direct import Direct

        return Direct(meant)
    except ImportError:
        raise SyncError(NO_PACKAGE) from None


def _open_server(
    environment: Mapping[str, str], cache: Path | None, may_upload: bool, say: Callable[[str], None]
) -> Way:
    from vaultdeck.sync.server import Server

    # A line break at its end comes along with what was copied.
    key = environment.get(SYNC_KEY, "").strip()
    if not key or not (key.isascii() and key.isprintable()):
        raise SyncError(
            f"no key: run `vaultdeck sync --login` once and put what it prints in {SYNC_KEY}"
        )
    if cache is None:
        raise SyncError("a server needs a folder of caches (--cache-dir)")
    return Server(key, _address(environment), cache, may_upload=may_upload, say=say)


def _address(environment: Mapping[str, str]) -> str:
    """Return the address of a server of one's own, empty for AnkiWeb; raises SyncError."""
    address = environment.get(SYNC_ADDRESS, "").strip()
    if address and not re.match("https?://[^/]", address):
        raise SyncError(
            f"{SYNC_ADDRESS} is no address, such as http://localhost:8080/: '{address}'"
        )
    return address


def _open_ankiconnect(profile: str, collection: Path | None) -> Way:
    """Return the way into the collection that the running Anki has open, if that is the one meant."""
    from vaultdeck.sync.ankiconnect import AnkiConnect

    if not add_on.answers():
        raise InUseError("AnkiConnect does not answer: start Anki with that add-on (2055492159)")
    opened = add_on.media_folder().parent / COLLECTION
    if not opened.is_file():
        raise SyncError(f"AnkiConnect's collection '{opened}' is not on this computer")
    if profile or collection:
        meant = find_profile(profile, collection)
        if not meant.collection.samefile(opened):
            raise InUseError(
                f"Anki has another collection open ('{opened}'): open {meant.name} there"
            )
    return AnkiConnect(Profile(f'profile "{opened.parent.name}"', opened))


def log_in(name: str, password: str, environment: Mapping[str, str]) -> str:
    """Return the key of an account; raises SyncError."""
    try:
        from vaultdeck.sync import server
    except ImportError:
        raise SyncError(NO_PACKAGE) from None
    with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
        return server.log_in(name, password, _address(environment), Path(folder))
