"""Questions to AnkiConnect, the add-on by which a running Anki takes requests over HTTP.

Only this computer is asked. The address and the key come from the environment: a vault may be a
stranger's, and its settings must not say where requests go.
"""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.request
from pathlib import Path
from typing import Any

from vaultdeck.model.diagnostics import CONTROL
from vaultdeck.sync.errors import InUseError, SyncError

ANKICONNECT_ADDRESS, ANKICONNECT_KEY = "VAULTDECK_ANKICONNECT", "VAULTDECK_ANKICONNECT_KEY"
DEFAULT_ADDRESS = "http://127.0.0.1:8765"
# The version of the protocol.
API_VERSION = 6
# Seconds: whoever listens on this computer answers at once; a large import takes its time.
ADD_ON_PATIENCE, LONG = 1.0, 600.0
# No answer to what is asked here is longer; bytes.
MAX_ANSWER = 1_000_000
# What the add-on answers, and what that means.
NO_KEY = "valid api key must be provided"
NO_PROFILE = "collection is not available"
UNSUPPORTED = "unsupported action"


def answers() -> bool:
    """Tell whether AnkiConnect answers, even if only that it wants a key."""
    try:
        return _ask("version", {}, ADD_ON_PATIENCE) is not None
    except (OSError, http.client.HTTPException):
        return False


def ask(action: str, **parameters: Any) -> Any:
    """Return what an action returns; raises SyncError in words that say what to do."""
    try:
        answer = _ask(action, parameters, LONG)
    except (OSError, http.client.HTTPException) as error:
        raise InUseError(f"AnkiConnect does not answer any more ({error}): try again") from None
    if answer is None:
        raise _strange()
    refusal = answer["error"]
    if refusal is None:
        return answer["result"]
    if refusal == NO_KEY:
        has_key = bool(os.environ.get(ANKICONNECT_KEY))
        raise SyncError(
            f"AnkiConnect refuses the key in {ANKICONNECT_KEY}"
            if has_key
            else f"AnkiConnect wants a key: set {ANKICONNECT_KEY}"
        )
    if refusal == NO_PROFILE:
        raise InUseError("Anki shows no profile: open one there")
    if refusal == UNSUPPORTED:
        raise SyncError(f"this AnkiConnect does not know '{action}': update it (Tools > Add-ons)")
    raise SyncError(f"AnkiConnect: {action}: {CONTROL.sub(' ', str(refusal))}")


def knows(action: str) -> bool:
    """Tell whether the add-on is new enough to have an action; raises SyncError."""
    told = ask("apiReflect", scopes=["actions"], actions=[action])
    known = told.get("actions") if isinstance(told, dict) else None
    if not isinstance(known, list):
        raise _strange()
    return action in known


def media_folder() -> Path:
    """Return the folder of media of the collection that Anki has open; raises SyncError."""
    told = ask("getMediaDirPath")
    if not isinstance(told, str):
        raise _strange()
    return Path(told)


def _strange() -> SyncError:
    return SyncError(f"what answers at {_address()} is not AnkiConnect")


def _ask(action: str, parameters: dict[str, Any], patience: float) -> dict[str, Any] | None:
    """Return an answer, None if it is none of AnkiConnect's; raises OSError and HTTPException."""
    question = {"action": action, "version": API_VERSION, "params": parameters}
    if key := os.environ.get(ANKICONNECT_KEY):
        question["key"] = key
    # No proxy: it is this computer.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    data, end = b"", time.monotonic() + patience
    try:
        with opener.open(_address(), json.dumps(question).encode(), timeout=patience) as told:
            while more := told.read1(MAX_ANSWER):
                data += more
                if len(data) > MAX_ANSWER or time.monotonic() > end:
                    return None
        answer = json.loads(data)
    except (ValueError, RecursionError):
        # An address that is none, or no JSON.
        return None
    is_ours = isinstance(answer, dict) and {"result", "error"} <= answer.keys()
    return answer if is_ours else None


def _address() -> str:
    address = os.environ.get(ANKICONNECT_ADDRESS) or DEFAULT_ADDRESS
    if not address.startswith(("http://", "https://")):
        raise SyncError(
            f"{ANKICONNECT_ADDRESS} is no address, such as {DEFAULT_ADDRESS}: '{address}'"
        )
    return address
