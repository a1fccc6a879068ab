"""Watching: every change is rebuilt once, none is lost, nothing but Ctrl-C ends it."""

from __future__ import annotations

import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.helpers import build, build_package, card, write_vault
from vaultdeck.build.options import Options
from vaultdeck.cli.options import Shared
from vaultdeck.cli.rebuild import package_rebuild
from vaultdeck.cli.watching import Outcome, Watched, watch
from vaultdeck.model.diagnostics import ERROR
from vaultdeck.report.preview.server import LOOPBACK, MAX_CONNECTIONS, LiveServer

PATIENCE = 30
LINE = re.compile(r"(?P<clock>\d\d:\d\d:\d\d) (?P<news>.*?)(?: \(\d+\.\d s\))?")


class Watching:
    """`watch` in a thread of its own; its lines come out one by one."""

    def __init__(self, root: Path, rebuild: Callable[[], Outcome], *outputs: Path) -> None:
        self.lines: queue.Queue[str] = queue.Queue()
        self.stop = threading.Event()
        options = {"outputs": outputs, "say": self.lines.put, "stop": self.stop}
        self.thread = threading.Thread(
            target=watch, args=(root, rebuild), kwargs=options, daemon=True
        )
        self.thread.start()

    def news(self) -> str:
        """Return the next line, without its time."""
        found = LINE.fullmatch(self.lines.get(timeout=PATIENCE))
        assert found
        return found["news"]

    def end(self) -> list[str]:
        """Stop, and return the lines that nobody asked for."""
        self.stop.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        return list(self.lines.queue)


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def dry(root: Path) -> Callable[[], Outcome]:
    """Return a rebuild that writes nothing and counts notes and errors."""

    def rebuild() -> Outcome:
        result = build(root)
        errors = sum(problem.severity == ERROR for problem in result.diagnostics)
        return Outcome(len(result.stamped.notes), 0, errors)

    return rebuild


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", {"a.md": card("a"), "b/c.md": card("c")})


@pytest.fixture
def watching(vault: Path) -> Iterator[Watching]:
    watching = Watching(vault, dry(vault))
    yield watching
    assert watching.end() == []


def test_edit_rename_delete_and_mistakes_are_rebuilt(vault: Path, watching: Watching) -> None:
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    write_vault(vault, {"a.md": card("a") + card("b")})
    assert watching.news() == "3 notes, 0 changed, 0 errors"
    # A half-saved file: its last card has no end yet.
    write_vault(vault, {"a.md": card("a") + "START\nBasic\nhalf"})
    assert watching.news() == "2 notes, 0 changed, 1 error"
    write_vault(vault, {"a.md": b"\xff\xfe broken"})
    assert watching.news() == "1 note, 0 changed, 1 error"
    write_vault(vault, {"a.md": card("a")})
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    (vault / "a.md").rename(vault / "renamed.md")
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    shutil.rmtree(vault / "b")
    assert watching.news() == "1 note, 0 changed, 0 errors"
    write_vault(vault, {"new/folder/d.md": card("d")})
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    write_vault(vault, {"new/folder/e.md": card("e")})
    assert watching.news() == "3 notes, 0 changed, 0 errors"


def test_what_no_build_reads_starts_none(vault: Path, watching: Watching) -> None:
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    noise = [".git/index", ".obsidian/workspace.json", ".obsidian/workspace-mobile.json"]
    write_vault(vault, dict.fromkeys([*noise, ".trash/x.md", ".a.md-x.tmp"], "x"))
    write_vault(vault, {"b/c.md": card("c") + card("d")})
    assert watching.news() == "3 notes, 0 changed, 0 errors"


def test_settings_are_watched(vault: Path, watching: Watching) -> None:
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    write_vault(vault, {"vaultdeck.yaml": "nonsense: [\n"})
    assert watching.news().startswith("not rebuilt: ")
    (vault / "vaultdeck.yaml").unlink()
    assert watching.news() == "2 notes, 0 changed, 0 errors"


def test_a_rebuild_that_writes_ids_does_not_start_itself_for_ever(vault: Path) -> None:
    package = vault / "vault.apkg"
    rebuilds = []

    def rebuild() -> Outcome:
        result = build_package(vault, package)
        rebuilds.append(time.monotonic())
        return Outcome(len(result.stamped.notes), 0)

    watching = Watching(vault, rebuild, package)
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    # The IDs that were written are looked at once, without a line.
    wait_for(lambda: len(rebuilds) == 2)
    write_vault(vault, {"d.md": card("d", note_id=1790000100099)})
    assert watching.news() == "3 notes, 0 changed, 0 errors"
    assert watching.end() == []
    assert len(rebuilds) == 3
    assert "<!--ID: " in (vault / "a.md").read_text()


def test_a_problem_whose_line_shifts_is_not_told_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("a") + "\n\nSTART\n"})
    rebuild = package_rebuild(vault, tmp_path / "x.apkg", Options(), Shared())
    rebuild()
    assert "a.md:9:1: error unclosed-block" in capsys.readouterr().err
    write_vault(vault, {"a.md": f"a new line\n{(vault / 'a.md').read_text()}"})
    rebuild()
    assert capsys.readouterr().err == ""
    write_vault(vault, {"b.md": "END\n"})
    rebuild()
    assert capsys.readouterr().err.startswith(f"{vault.as_posix()}/b.md:1:1: ")


def test_a_save_during_a_rebuild_is_not_lost(vault: Path) -> None:
    begun, saved = threading.Event(), threading.Event()
    count = dry(vault)

    def rebuild() -> Outcome:
        outcome = count()
        begun.set()
        assert saved.wait(PATIENCE)
        return outcome

    watching = Watching(vault, rebuild)
    assert begun.wait(PATIENCE)
    write_vault(vault, {"d.md": card("d")})
    saved.set()
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    assert watching.news() == "3 notes, 0 changed, 0 errors"
    assert watching.end() == []


def test_a_failing_rebuild_is_one_line_and_the_next_one_runs(vault: Path) -> None:
    failures: list[Exception] = [PermissionError(13, "Permission denied", "x"), ValueError()]

    def rebuild() -> Outcome:
        if failures:
            raise failures.pop(0)
        return Outcome(1, 1, 0, 2)

    watching = Watching(vault, rebuild)
    assert watching.news() == "not rebuilt: [Errno 13] Permission denied: 'x'"
    write_vault(vault, {"a.md": "1"})
    assert watching.news() == "not rebuilt: ValueError"
    write_vault(vault, {"a.md": "22"})
    assert watching.news() == "1 note, 1 changed, 0 errors, 2 warnings"
    assert watching.end() == []


def test_a_vault_that_goes_and_comes_back_is_watched_again(vault: Path) -> None:
    watching = Watching(vault, dry(vault))
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    vault.rename(vault.with_name("elsewhere"))
    assert watching.news() == f"the vault '{vault.resolve()}' is gone: waiting for it"
    vault.with_name("elsewhere").rename(vault)
    assert watching.news() == "2 notes, 0 changed, 0 errors"
    write_vault(vault, {"d.md": card("d")})
    assert watching.news() == "3 notes, 0 changed, 0 errors"
    assert watching.end() == []


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("a.md", True),
        ("b/picture.png", True),
        (".obsidian/app.json", True),
        (".obsidian/plugins/obsidian-to-anki-plugin/data.json", True),
        (".obsidian/workspace.json", False),
        (".obsidian/.DS_Store", False),
        ("b/.hidden/x.md", False),
        (".git/HEAD", False),
        ("vaultdeck.lock", False),
        ("b/vaultdeck.lock", True),
        ("out/page.html", False),
        ("out/page_files/x.png", False),
        ("out/page_files.md", True),
        ("../other/a.md", False),
    ],
)
def test_only_what_a_build_reads_is_watched(tmp_path: Path, path: str, counts: bool) -> None:
    outputs = (tmp_path / "out" / "page.html", tmp_path / "out" / "page_files")
    watched = Watched(tmp_path, outputs)
    absolute = (tmp_path / path).resolve() if path.startswith("..") else tmp_path / path
    assert watched.counts(str(absolute)) is counts


CODE = """
import sys
from pathlib import Path
from vaultdeck.cli.watching import Outcome, watch
watch(Path(sys.argv[1]), lambda: Outcome(1, 1), say=lambda line: print(line, flush=True))
print("the end", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_without_a_traceback(vault: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CODE, vault],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert "1 note" in process.stdout.readline()
        write_vault(vault, {"a.md": "changed"})
        assert "1 note" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (out, err, process.returncode) == ("the end\n", "", 0)


def test_many_connections_that_ask_for_nothing_take_no_threads_without_end(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("page")
    before = threading.active_count()
    with LiveServer(page) as server:
        silent = [socket.create_connection((LOOPBACK, server.port)) for _ in range(400)]
        assert threading.active_count() - before <= MAX_CONNECTIONS + 1
        for connection in silent:
            connection.close()


def test_a_request_that_comes_in_drips_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaultdeck.report.preview.server._Handler.timeout", 1)
    page = tmp_path / "page.html"
    page.write_text("page")
    with LiveServer(page) as server:
        drips = socket.create_connection((LOOPBACK, server.port))
        drips.settimeout(0.1)
        drips.sendall(b"GET / HTTP/1.1\r\nX: ")
        is_open = True
        for _ in range(PATIENCE * 10):
            try:
                drips.sendall(b"x")
                is_open = drips.recv(1) != b""
            except TimeoutError:
                continue
            except OSError:
                is_open = False
            if not is_open:
                break
        assert not is_open
        drips.close()
