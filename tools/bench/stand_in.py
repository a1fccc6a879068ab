"""A stand-in for Anki with AnkiConnect that answers from memory, at once, whatever it is asked.

    python -m tools.bench.stand_in VAULT      knows the IDs that stand in this vault's notes

A GET is answered by how many notes were added or updated since the last one.
"""

from __future__ import annotations

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

# Where AnkiConnect listens, which the peer has built in.
PORT = 8765
FIELDS = {
    "Basic": ["Front", "Back"],
    "Basic (and reversed card)": ["Front", "Back"],
    "Cloze": ["Text", "Back Extra"],
}


class Memory:
    """Knows `ids`, and counts the notes that it was given."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids
        self.given = 0

    def answer(self, action: str, asked: dict[str, Any]) -> Any:
        """Return the result of an action of AnkiConnect's API, version 6."""
        if action == "multi":
            return [
                {"result": self.answer(each["action"], each["params"]), "error": None}
                for each in asked["actions"]
            ]
        if action in ("addNote", "updateNoteFields"):
            self.given += 1
            return self.given if action == "addNote" else None
        if action == "modelNames":
            return list(FIELDS)
        if action == "modelFieldNames":
            return FIELDS[asked["modelName"]]
        if action == "findNotes":
            return self.ids
        if action == "notesInfo":
            return [{"noteId": number, "cards": [number]} for number in asked["notes"]]
        return [] if action == "getTags" else None


class _Server(HTTPServer):
    def __init__(self, memory: Memory) -> None:
        super().__init__(("localhost", PORT), _Handler)
        self.memory = memory


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer with the count, and begin to count anew."""
        memory = self.server.memory
        given, memory.given = memory.given, 0
        self._say(given)

    def do_POST(self) -> None:
        """Answer as AnkiConnect does."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._say(
            {"result": self.server.memory.answer(asked["action"], asked["params"]), "error": None}
        )

    def _say(self, what: Any) -> None:
        said = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    texts = (path.read_text(encoding="utf-8") for path in Path(sys.argv[1]).rglob("*.md"))
    found = [int(number) for text in texts for number in re.findall(r"<!--ID: (\d+)-->", text)]
    with _Server(Memory(found)) as server:
        print("ready", flush=True)
        server.serve_forever()
