"""A running Anki with AnkiConnect: the real desktop with the real add-on where both are, else Anki's own
backend in a process of its own, which answers over HTTP what the add-on answers and does what it does.

VAULTDECK_ADD_ON names the folder of the add-on (its `plugin`), VAULTDECK_DESKTOP a Python that has aqt with
Qt; neither is part of this repository.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ADD_ON = os.environ.get("VAULTDECK_ADD_ON", "")
DESKTOP = os.environ.get("VAULTDECK_DESKTOP") or sys.executable
PROFILE = "User 1"


def ask(port: int, action: str, **parameters: Any) -> Any:
    """Return what an action answers."""
    question = json.dumps({"action": action, "version": 6, "params": parameters})
    with urllib.request.urlopen(f"http://127.0.0.1:{port}", question.encode(), 60) as told:
        return json.loads(told.read())["result"]


@contextmanager
def anki_running(path: Path, *, is_desktop: bool, key: str = "") -> Iterator[int]:
    """Let an Anki have the collection open; yield the port at which the add-on answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    start = _desktop if is_desktop else _backend
    with start(path, port, key) as process:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError("Anki did not start")
            try:
                if ask(port, "getMediaDirPath") or key:
                    break
            except OSError:
                pass
            time.sleep(0.1)
        try:
            yield port
        finally:
            # Both close the collection then.
            process.terminate()
            try:
                process.wait(30)
            finally:
                process.kill()


def _backend(path: Path, port: int, key: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.add_on", str(path), str(port), key]
    return subprocess.Popen(command, cwd=ROOT)


def _desktop(path: Path, port: int, key: str) -> subprocess.Popen[bytes]:
    """Start Anki with a profile folder of its own, in which the collection lies."""
    base = path.parents[1]
    assert path.parent.name == PROFILE
    add_on = base / "addons21" / "AnkiConnect"
    shutil.copytree(ADD_ON, add_on, dirs_exist_ok=True)
    settings = json.loads((add_on / "config.json").read_text())
    settings |= {"webBindPort": port, "apiKey": key or None}
    (add_on / "config.json").write_text(json.dumps(settings))
    with closing(sqlite3.connect(base / "prefs21.db")) as database, database:
        database.execute("create table if not exists profiles (name text primary key, data blob)")
        general = {"defaultLang": "en_US", "firstRun": False, "created": 0, "updates": False}
        own = {"autoSync": False, "syncMedia": False, "numBackups": 5, "searchHistory": []}
        own |= {"mainWindowGeom": None, "mainWindowState": None, "lastOptimize": int(time.time())}
        for name, data in (("_global", general), (PROFILE, own)):
            database.execute(
                "insert or replace into profiles values (?, ?)", (name, pickle.dumps(data))
            )
    log = (base / "desktop.log").open("ab")
    return subprocess.Popen(
        [DESKTOP, "-c", "import aqt; aqt.run()", "-b", str(base), "-p", PROFILE],
        env={
            **os.environ,
            "ANKI_SINGLE_INSTANCE_KEY": f"vaultdeck-{port}",
            "QT_QPA_PLATFORM": "offscreen",
            "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox",
        },
        stdout=log,
        stderr=log,
    )


class _AddOn:
    """What the add-on does with the collection, call by call."""

    def __init__(self, path: str) -> None:
        from anki.collection import Collection

        self.col = Collection(path)

    def version(self) -> int:
        return 6

    def apiReflect(self, scopes: list[str], actions: list[str]) -> dict[str, list[str]]:  # noqa: N802
        return {"scopes": scopes, "actions": [name for name in actions if hasattr(self, name)]}

    def getMediaDirPath(self) -> str:  # noqa: N802
        return str(Path(self.col.media.dir()).absolute())

    def changeDeck(self, cards: list[int], deck: str) -> None:  # noqa: N802
        database: Any = self.col.db
        home = self.col.decks.id(deck)
        self.col.sched.remFromDyn(cards)
        numbers = ",".join(map(str, cards))
        database.execute(
            f"update cards set usn=?, mod=?, did=? where id in ({numbers})",
            self.col.usn(),
            int(time.time()),
            home,
        )

    def importPackage(self, path: str) -> bool:  # noqa: N802
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        options = ImportAnkiPackageOptions(
            merge_notetypes=True, with_scheduling=True, with_deck_configs=True
        )
        self.col.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options))
        return True

    def addTags(self, notes: list[int], tags: str) -> None:  # noqa: N802
        self.col.tags.bulk_add(notes, tags)

    def updateNoteModel(self, note: dict[str, Any]) -> None:  # noqa: N802
        held: Any = self.col.get_note(note["id"])
        kind: Any = self.col.models.by_name(note["modelName"])
        held.mid = kind["id"]
        held.fields = [note["fields"].get(part["name"], "") for part in kind["flds"]]
        held.tags = note["tags"]
        self.col.update_note(held, skip_undo_entry=True)

    def suspend(self, cards: list[int]) -> bool:
        self.col.sched.suspend_cards(cards)
        return True

    def deleteNotes(self, notes: list[int]) -> None:  # noqa: N802
        self.col.remove_notes(notes)


class Quiet(BaseHTTPRequestHandler):
    """Answers as it is told to, and logs nothing."""

    def answer(self, body: bytes, *status: Any) -> None:
        """Answer with a body, and a status that is not 200 with its reason."""
        self.send_response(*(status or (200,)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Let a handler answer on this computer; yield the address."""
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    """Let somebody answer every question with a body; yield the address."""

    class Handler(Quiet):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(body)

    with serving(Handler) as address:
        yield address


def serve(path: str, port: int, key: str) -> None:
    """Answer as the add-on does, until this process is told to end."""
    add_on = _AddOn(path)

    class Handler(Quiet):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            result, refusal = None, None
            try:
                if question.get("key", "") != key:
                    raise ValueError("valid api key must be provided")
                action = getattr(add_on, question["action"], None)
                if action is None:
                    raise ValueError("unsupported action")
                result = action(**question.get("params", {}))
            except Exception as error:
                refusal = str(error)
            body = json.dumps({"result": result, "error": refusal}).encode()
            self.answer(body)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        HTTPServer(("127.0.0.1", port), Handler).serve_forever()
    finally:
        add_on.col.close()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), sys.argv[3])
