"""The preview page on this machine alone, reloading itself when it is written anew.

    http://127.0.0.1:PORT/TOKEN/             the page
    http://127.0.0.1:PORT/TOKEN/events       its version now, and each later one (server-sent events)
    http://127.0.0.1:PORT/TOKEN/x_files/…    the media beside it

A vault is private. The server listens on the loopback address only; the token keeps out other users of
the machine; a foreign name in the Host header, with which a web site could reach it through a DNS
record of its own, is refused; and nothing is served but the page and its files.
"""

from __future__ import annotations

import hmac
import io
import queue
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

from vaultdeck.anki.media import media_type
from vaultdeck.report.preview.page_files import OUR_MEDIA, files_folder

LOOPBACK = "127.0.0.1"
# So often a silent connection is tried, to notice that its page was closed.
HEARTBEAT_SECONDS = 15
# Each open connection has a thread. A browser opens six, and one for each page that waits for news.
MAX_CONNECTIONS = 100


class LiveServer:
    """Serves a page while the `with` block runs; `announce` tells open pages of a new version."""

    def __init__(self, page: Path, port: int = 0) -> None:
        """Listen on `port`, or on any free one; raises OSError."""
        self.page = page
        self.token = secrets.token_urlsafe(16)
        self.version = ""
        self._listeners: set[queue.SimpleQueue[str | None]] = set()
        self._guard = threading.Lock()
        self._server = _Server((LOOPBACK, port), _Handler)
        self._server.live = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @property
    def port(self) -> int:
        """Return the port that the server listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Return the address of the page."""
        return f"http://{LOOPBACK}:{self.port}/{self.token}/"

    def __enter__(self) -> LiveServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._tell(None)
        self._server.shutdown()
        self._server.server_close()

    def announce(self, version: str) -> None:
        """Let every open page that shows another version reload."""
        self.version = version
        self._tell(version)

    @contextmanager
    def listening(self) -> Iterator[queue.SimpleQueue[str | None]]:
        """Give a queue of versions for the `with` block, the present one first; None ends it."""
        listener: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        with self._guard:
            self._listeners.add(listener)
        if self.version:
            listener.put(self.version)
        try:
            yield listener
        finally:
            with self._guard:
                self._listeners.discard(listener)

    def _tell(self, version: str | None) -> None:
        with self._guard:
            for listener in self._listeners:
                listener.put(version)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    live: LiveServer

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, as long as there are not too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer on a thread of its own."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that went away."""


class _Asking(socket.SocketIO):
    """What comes over a connection until a point of time, `end`."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection, "r")
        self._connection = connection
        self.end = 0.0

    def readinto(self, buffer: Any) -> int | None:
        """Read as much as there is; raises TimeoutError."""
        whole = self._connection.gettimeout()
        self._connection.settimeout(max(self.end - time.monotonic(), 0.001))
        try:
            return super().readinto(buffer)
        finally:
            self._connection.settimeout(whole)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # A connection on which no whole request has come by then is given up, also if some of it drips in.
    timeout = 10

    def setup(self) -> None:
        super().setup()
        self._asking = _Asking(self.connection)
        self.rfile = io.BufferedReader(self._asking)

    def handle_one_request(self) -> None:
        """Answer one request, if it comes in time."""
        self._asking.end = time.monotonic() + self.timeout
        super().handle_one_request()

    def do_GET(self) -> None:
        live = self.server.live
        hosts = {f"{name}:{live.port}" for name in (LOOPBACK, "localhost")}
        if self.headers.get("Host", "").lower() not in hosts:
            return self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        token, _, rest = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        if not hmac.compare_digest(token.encode(), live.token.encode()):
            return self._refuse(HTTPStatus.NOT_FOUND)
        if rest == "":
            return self._send_file(live.page, "text/html; charset=utf-8")
        if rest == "events":
            return self._send_events()
        folder, _, name = rest.partition("/")
        if folder == files_folder(live.page).name and OUR_MEDIA.fullmatch(name):
            return self._send_file(files_folder(live.page) / name, media_type(name))
        return self._refuse(HTTPStatus.NOT_FOUND)

    def _send_file(self, file: Path, kind: str) -> None:
        try:
            data = file.read_bytes()
        except OSError:
            return self._refuse(HTTPStatus.NOT_FOUND)
        self.send_response(HTTPStatus.OK)
        self._send_headers(kind)
        self.send_header("Content-Length", str(len(data)))
        if not kind.startswith("text/html"):
            # An SVG that is opened by itself must not run as part of this site.
            self.send_header("Content-Security-Policy", "sandbox; default-src 'none'")
        self.end_headers()
        self.wfile.write(data)
        return None

    def _send_events(self) -> None:
        live = self.server.live
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self._send_headers("text/event-stream")
        self.end_headers()
        # Until the page is closed.
        with suppress(OSError), live.listening() as listener:
            while True:
                try:
                    version = listener.get(timeout=HEARTBEAT_SECONDS)
                except queue.Empty:
                    self.wfile.write(b": still here\n\n")
                    continue
                if version is None:
                    break
                self.wfile.write(f"data: {version}\n\n".encode())

    def _send_headers(self, kind: str) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")

    def _refuse(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal belongs to the rebuilds."""
