"""Anki's reviewer in headless Chromium: its own page, style sheets, scripts and MathJax, our cards.

The files of the page come from the package `aqt`, which is Anki's desktop program. Only they are used,
so that it can be installed without Qt: `pip install --no-deps aqt`, in the version of `anki`.
"""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import json
import mimetypes
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.parse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from tests.support.rendered import RenderedCard

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Chromium as a guest that asks the network for nothing but what its page asks for.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
# The reviewer's page as Anki's own code writes it.
PAGE = """\
<!doctype html>
<html class="{html_class}" dir="ltr" data-bs-theme="{theme}">
<head>
<meta charset="utf-8">
<title>reviewer</title>
<base href="/">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_anki/css/webview.css">
<link rel="stylesheet" href="/_anki/css/reviewer.css">
</head>
<body class="{body_class}">
<script>globalThis.pycmd = globalThis.bridgeCommand = () => {{}};</script>
<script src="/_anki/js/webview.js"></script>
<script src="/_anki/js/reviewer.js"></script>
<div id="_mark" hidden>&#x2605;</div>
<div id="_flag" hidden>&#x2691;</div>
<div id="qa" dir="auto"></div>
</body>
</html>
"""
SCRIPT = Path(__file__).with_name("reviewer.js")


@dataclass(frozen=True)
class Tools:
    """What the browser test needs of the machine."""

    chromium: str
    driver: str
    anki_web: Path


@dataclass(frozen=True)
class View:
    """How a person looks at a card: the width of the page in pixels, and by day or by night."""

    width: int
    is_night: bool

    def __str__(self) -> str:
        return f"{'night' if self.is_night else 'day'}, {self.width} px"

    @property
    def theme_class(self) -> str:
        return "nightMode night_mode" if self.is_night else ""


class Report(TypedDict):
    """What `reviewer.js` finds on one side of a card."""

    text: str
    counts: dict[str, int]
    mathProblems: list[str]
    hostile: list[str]
    escaping: list[str]
    brokenMedia: list[str]
    overflowing: list[str]
    faintTexts: list[str]
    imageSizes: list[tuple[int, int]]


@dataclass(frozen=True)
class Side:
    """One side of a card in one view, and what was found there."""

    card: RenderedCard
    is_answer: bool
    view: View
    report: Report

    def __str__(self) -> str:
        return f"{self.card.place} {'answer' if self.is_answer else 'question'} ({self.view})"

    @property
    def html(self) -> str:
        return self.card.answer if self.is_answer else self.card.question


def find_tools() -> Tools | str:
    """Return the tools, or in words what is missing."""
    driver = shutil.which("chromedriver")
    if driver is None:
        return "no chromedriver on PATH (Debian: chromium-driver)"
    browsers = filter(None, map(shutil.which, CHROMIUM))
    chromium = next((b for b in browsers if _version(b) == _version(driver)), None)
    if chromium is None:
        return "no Chromium on PATH of the version of chromedriver (Debian: chromium)"
    if importlib.util.find_spec("selenium") is None:
        return "selenium is not installed"
    spec = importlib.util.find_spec("_aqt")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    web = next((Path(folder) / "data" / "web" for folder in folders), None)
    if web is None or not (web / "js" / "reviewer.js").is_file():
        return "aqt is not installed (pip install --no-deps aqt, in the version of anki)"
    return Tools(chromium, driver, web)


def _version(program: str) -> str:
    """Return a program's major version: a driver drives only browsers of its own."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+", done.stdout)
    return found[0] if found else ""


class Reviewer:
    """One browser with Anki's reviewer in it. Every request it makes is remembered."""

    def __init__(self, driver: Chrome, server: _Server) -> None:
        self.driver = driver
        self._server = server

    def inspect(self, cards: Sequence[RenderedCard], media: Path, view: View) -> list[Side]:
        """Show both sides of each card, as in a review, and return what was found on each."""
        self.open(media, view)
        shown = [(card, is_answer) for card in cards for is_answer in (False, True)]
        calls = [_call(card, is_answer, view) for card, is_answer in shown]
        outcome = self._run(calls)
        return [
            Side(card, is_answer, view, report)
            for (card, is_answer), report in zip(shown, outcome, strict=True)
        ]

    def show(self, card: RenderedCard, is_answer: bool, view: View) -> Report:
        """Show one side in the page that is open and leave it there."""
        return self._run([_call(card, is_answer, view)])[0]

    def draw(
        self, card: RenderedCard, media: Path, view: View, *, is_answer: bool, scale: float = 1
    ) -> bytes:
        """Return the PNG of one side of a card, as high as the card is."""
        self.open(media, view)
        self.show(card, is_answer, view)
        height = self.driver.execute_script(
            "return Math.ceil(document.getElementById('qa').getBoundingClientRect().bottom"
            " + window.scrollY) + 20"
        )
        self.resize(view.width, height, scale)
        self.driver.execute_script("window.scrollTo(0, 0)")
        return self.capture()

    def capture(self) -> bytes:
        """Return the PNG of the page that is open."""
        png = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
        return base64.b64decode(png)

    def open(self, media: Path, view: View) -> None:
        """Open a fresh page of the given width whose cards find their media in a folder."""
        self._server.media = media
        self.resize(view.width, 844)
        name = f"page-{int(view.is_night)}-{view.width}"
        self._server.pages[f"/{name}"] = PAGE.format(
            html_class=("night-mode" if view.is_night else "")
            + (" mobile" if view.width < 600 else ""),
            theme="dark" if view.is_night else "light",
            body_class=f"isLin fancy {view.theme_class}",
        )
        self.driver.get(f"{self._server.origin}/{name}")

    def resize(self, width: int, height: int, scale: float = 1) -> None:
        """Give the page exactly this size; a window cannot be as narrow as a phone."""
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def forget(self) -> None:
        """Let what the browser has done so far not count."""
        self.foreign_requests()
        self.complaints()

    def foreign_requests(self) -> list[str]:
        """Return the addresses asked for since the last call that are not on this machine."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        addresses = [
            str(message["params"]["request"]["url"])
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]
        local = (self._server.origin + "/", "data:", "blob:", "chrome:")
        return [address for address in addresses if not address.startswith(local)]

    def complaints(self) -> list[str]:
        """Return the errors in the browser's console since the last call."""
        return [str(e["message"]) for e in self._log("browser") if e["level"] == "SEVERE"]

    def _log(self, kind: str) -> list[dict[str, Any]]:
        return list(self.driver.get_log(kind))  # type: ignore[no-untyped-call]

    def _run(self, calls: list[dict[str, object]]) -> list[Report]:
        outcome = self.driver.execute_async_script(SCRIPT.read_text(encoding="utf-8"), calls)
        assert "error" not in outcome, outcome["error"]
        reports: list[Report] = outcome["reports"]
        return reports


def _call(card: RenderedCard, is_answer: bool, view: View) -> dict[str, object]:
    return {
        "isAnswer": is_answer,
        "html": card.answer if is_answer else card.question,
        "next": card.answer,
        "bodyClass": f"card card{card.ordinal + 1} isLin fancy {view.theme_class}",
    }


@contextlib.contextmanager
def open_reviewer(tools: Tools) -> Iterator[Reviewer]:
    """Start a server and a browser, and end both."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = tools.chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        with _Server(tools.anki_web) as server:
            driver = webdriver.Chrome(options=options, service=Service(tools.driver))
            driver.set_script_timeout(120)
            try:
                yield Reviewer(driver, server)
            finally:
                driver.quit()


class _Server:
    """Serves Anki's web files, the media of one collection and the pages, on this machine only."""

    def __init__(self, anki_web: Path) -> None:
        self.anki_web = anki_web
        self.media: Path | None = None
        self.pages: dict[str, str] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._http.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> _Server:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def find(self, path: str) -> tuple[bytes, str] | None:
        """Return the bytes and the type of what stands at a path."""
        if path in self.pages:
            return self.pages[path].encode(), "text/html; charset=utf-8"
        if path.startswith("/_anki/"):
            root, path = self.anki_web, path.removeprefix("/_anki/")
        elif self.media is not None:
            root, path = self.media, path.removeprefix("/")
        file = (root / path).resolve()
        if not file.is_relative_to(root.resolve()) or not file.is_file():
            return None
        return file.read_bytes(), mimetypes.guess_type(file)[0] or "application/octet-stream"


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, server: _Server, *args: Any) -> None:
        self._files = server
        super().__init__(*args)

    def do_GET(self) -> None:
        found = self._files.find(urllib.parse.unquote(urllib.parse.urlsplit(self.path).path))
        self.send_response(200 if found else 404)
        body, kind = found or (b"", "text/plain")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
