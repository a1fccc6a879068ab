"""`vaultdeck sync --to server` against Anki's own sync server, with a phone beside it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.add_on import Quiet, serving
from tests.support.helpers import PNG, run
from tests.support.phone import Account
from tests.support.syncing import Pair, review, sync_server, told
from vaultdeck.sync import server
from vaultdeck.sync.collection import AnkiSyncError, open_collection
from vaultdeck.sync.errors import DecisionError, InUseError, SyncError
from vaultdeck.sync.server import CHANGED, Server, log_in

ID = 1_700_000_000_000
NUMBERS = range(ID, ID + 600, 100)
USERS = iter(range(1, 20))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that runs."""
    with sync_server(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def account(tmp_path: Path, base: str) -> Iterator[Account]:
    account = Account(tmp_path, base, Pair(tmp_path / "pair"), next(USERS))
    yield account
    account.phone.col.close()


def begin(account: Account) -> None:
    """Bring notes to a machine named `first`, and from it to the phone."""
    for number in NUMBERS:
        account.pair.write(number, f"q{number}")
    account.machine("first", may_upload=True)
    account.pair.sync()
    account.phone.sync()


def test_reviews_of_the_phone_outlive_what_a_fresh_machine_does(account: Account) -> None:
    pair, phone = account.pair, account.phone
    (pair.vault / "p.png").write_bytes(PNG)
    for number in NUMBERS:
        pair.write(number, f"q{number} ![[p.png]]")
    account.machine("first")
    with pytest.raises(DecisionError, match="first-upload"):
        pair.sync()
    account.machine("first", may_upload=True)
    done = pair.sync()
    assert done.plan and {step.what for step in done.plan.steps} == {"new"}
    phone.sync()
    phone.media()
    stored = Path(phone.col.media.dir()).iterdir()
    assert [path.read_bytes() for path in stored] == [PNG]
    # Two are learned and have synced; one more is reviewed and has not.
    review(phone.col, (ID, ID + 100))
    review(phone.col, (ID, ID + 100))
    phone.sync()
    review(phone.col, (ID + 200,))
    before = phone.rows()
    # Everything moves, one is edited, one gets another type, one is removed.
    for number in NUMBERS:
        pair.write(number, f"q{number} ![[p.png]]", deck="Other")
    pair.write(ID + 100, "better", deck="Other")
    pair.write(ID + 300, "q", kind="Basic (and reversed card)", deck="Other")
    pair.remove(ID + 400)
    account.machine("second")
    done = pair.sync(removed="delete")
    assert done.plan
    assert {s.id for s in done.plan.of("moved")} == {ID, ID + 100}
    assert {s.id for s in done.plan.of("left") if s.cause == "due"} == {
        ID + 200,
        ID + 300,
        ID + 500,
    }
    assert pair.plan(removed="delete").is_empty
    phone.sync()
    cards, log = phone.rows()
    assert log == before[1]
    kept = {row[0]: row for row in cards}
    assert [kept[row[0]] for row in before[0] if row[1] != ID + 400] == [
        row for row in before[0] if row[1] != ID + 400
    ]
    decks = phone.decks()
    assert (decks[ID], decks[ID + 100], decks[ID + 200]) == ("Other", "Other", "Deck")
    assert ID + 400 not in decks
    assert phone.col.get_note(ID + 100).fields[0] == "better"
    # After their next synced review the others follow.
    for _ in range(2):
        review(phone.col, (ID + 200,))
    phone.sync()
    account.machine("third")
    assert ("moved", ID + 200) in told(pair.plan(removed="delete").steps)


def test_a_picture_changed_under_its_name_arrives_from_a_fresh_machine(account: Account) -> None:
    pair, phone = account.pair, account.phone
    (pair.vault / "p.png").write_bytes(PNG)
    pair.write(ID, "![[p.png]]")
    pair.write(ID + 100, "q")
    account.machine("first", may_upload=True)
    pair.sync()
    phone.sync()
    phone.media()
    # Without a note that has media none are fetched.
    pair.write(ID + 100, "better")
    way = account.machine("second")
    pair.sync()
    assert not list(way._path.with_name("collection.media").iterdir())
    (pair.vault / "p.png").write_bytes(PNG + b"other")
    account.machine("third")
    pair.sync()
    phone.sync()
    phone.media()
    texts = [phone.col.get_note(number).fields[0] for number in phone.col.find_notes("")]
    name = next(text.split('"')[1] for text in texts if "img" in text)
    assert (Path(phone.col.media.dir()) / name).read_bytes() == PNG + b"other"


def test_media_that_are_fetched_are_kept_if_that_is_interrupted(account: Account) -> None:
    pair = account.pair
    begin(account)
    (pair.vault / "p.png").write_bytes(PNG)
    pair.write(ID, "![[p.png]]")

    def interrupt(text: str) -> None:
        if text.startswith("media"):
            raise KeyboardInterrupt

    way = account.machine("first")
    way._say = interrupt
    with pytest.raises(KeyboardInterrupt):
        pair.sync()
    kept = way._path.with_name("collection.media") / "kept"
    kept.touch()
    account.machine("first")
    pair.sync()
    assert kept.exists()


def test_a_card_that_may_be_under_review_elsewhere_is_not_suspended(account: Account) -> None:
    pair, phone = account.pair, account.phone
    begin(account)
    for _ in range(2):
        review(phone.col, (ID,))
    phone.sync()
    review(phone.col, (ID + 100,))
    pair.remove(ID)
    pair.remove(ID + 100)
    plan = pair.sync(removed="suspend").plan
    assert plan and [(s.what, s.cause, s.id) for s in plan.steps] == [
        ("suspended", "", ID),
        ("left", "due", ID + 100),
    ]
    before = [row for row in phone.rows()[0] if row[1] == ID + 100]
    phone.sync()
    after = {row[1]: row for row in phone.rows()[0]}
    assert [after[ID + 100]] == before and after[ID][4] == -1


def test_a_note_that_came_back_can_be_deleted_again_on_the_phone(account: Account) -> None:
    pair, phone = account.pair, account.phone
    begin(account)
    pair.remove(ID)
    plan = pair.sync(removed="delete").plan
    assert plan and told(plan.steps) == [("deleted", ID)]
    phone.sync()
    pair.write(ID, "again", kind="Basic (and reversed card)")
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("new", ID)]
    assert pair.plan().is_empty
    phone.sync()
    (back,) = phone.col.find_notes("again")
    phone.col.remove_notes([back])
    phone.sync()
    plan = pair.plan()
    assert [(step.id, step.cause) for step in plan.steps] == [(ID, "deleted")]


def test_an_empty_account_is_filled_only_when_told(account: Account) -> None:
    account.pair.write(ID, "q")
    account.machine("one", may_upload=True)
    account.pair.sync()
    account.phone.sync()
    assert list(account.phone.decks()) == [ID]


def test_an_account_that_was_empty_and_is_still_is_not_filled(account: Account) -> None:
    account.machine("one", may_upload=True)
    account.pair.sync()
    account.pair.write(ID, "q")
    account.machine("one")
    with pytest.raises(DecisionError, match="first-upload"):
        account.pair.sync()
    account.machine("one", may_upload=True)
    account.pair.sync()
    account.phone.sync()
    assert list(account.phone.decks()) == [ID]
    assert account.pair.plan().is_empty


def test_a_working_copy_that_was_not_synced_up_is_thrown_away(account: Account) -> None:
    pair = account.pair
    pair.write(ID, "q")
    way = account.machine("one", may_upload=True)
    pair.sync()
    backup = way.backup
    # Killed amid the next sync.
    with open_collection(way._path) as col:
        col.remove_notes([ID])
    (way._folder / CHANGED).touch()
    assert pair.plan().is_empty
    assert backup and backup.is_file()
    account.phone.sync()
    assert list(account.phone.decks()) == [ID]


def test_a_server_that_is_gone_or_refuses_is_told_clearly(account: Account, tmp_path: Path) -> None:
    account.pair.write(ID, "q")
    account.pair.way = Server("no key", account.address, tmp_path / "c")
    with pytest.raises(SyncError, match="refused: vaultdeck sync --login"):
        account.pair.sync()
    account.pair.way = Server("no key", "http://127.0.0.1:9/", tmp_path / "d")
    with pytest.raises(InUseError, match=r"^no sync server answers: .* of your own \([^\n]*\)$"):
        account.pair.sync()
    (tmp_path / "e").mkdir()
    with pytest.raises(SyncError, match="password was refused"):
        log_in(account.user, "wrong", account.address, tmp_path / "e")


def test_the_command_takes_the_key_from_the_environment_and_never_shows_it(
    account: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pair = account.pair
    pair.write(ID, "q")
    # There such a sync builds as `--locked` does.
    monkeypatch.delenv("CI", raising=False)
    arguments = ["sync", str(pair.vault), "--to", "server", "--cache-dir", str(tmp_path / "cache")]
    refused = run(*arguments, cwd=tmp_path)
    assert refused.returncode == 2 and "VAULTDECK_SYNC_KEY" in refused.stderr
    monkeypatch.setenv("VAULTDECK_SYNC_KEY", "ключ")
    refused = run(*arguments, cwd=tmp_path)
    assert refused.returncode == 2 and "no key: run `vaultdeck sync --login`" in refused.stderr
    monkeypatch.setenv("VAULTDECK_SYNC_KEY", f"{account.key}\n")
    monkeypatch.setenv("VAULTDECK_SYNC_URL", "localhost")
    refused = run(*arguments, cwd=tmp_path)
    assert refused.returncode == 2 and "VAULTDECK_SYNC_URL is no address" in refused.stderr
    monkeypatch.setenv("VAULTDECK_SYNC_URL", account.address)
    empty = run(*arguments, cwd=tmp_path)
    assert empty.returncode == 4 and "is empty" in empty.stderr
    done = run(*arguments, "--first-upload", cwd=tmp_path)
    assert done.returncode == 0 and "1 new" in done.stdout
    data = run(*arguments, "--format", "json", cwd=tmp_path)
    assert data.returncode == 0 and json.loads(data.stdout)["way"] == "server"
    assert account.key not in "".join([done.stdout, done.stderr, empty.stderr, data.stdout])
    for path in [*(tmp_path / "cache").rglob("*"), *pair.vault.rglob("*")]:
        assert account.key not in path.name
        assert path.is_dir() or account.key.encode() not in path.read_bytes()
    # A locked run writes nothing into the vault.
    lock = (pair.vault / "vaultdeck.lock").read_bytes()
    pair.write(ID + 100, "new")
    locked = run(*arguments, "--locked", cwd=tmp_path)
    assert locked.returncode == 1
    assert (pair.vault / "vaultdeck.lock").read_bytes() == lock


def test_runs_with_one_working_copy_wait_for_each_other(
    account: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin(account)
    account.pair.write(ID, "better")
    # There such a sync builds as `--locked` does.
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("VAULTDECK_SYNC_KEY", account.key)
    monkeypatch.setenv("VAULTDECK_SYNC_URL", account.address.replace("//", "//me:hidden@"))
    command = [sys.executable, "-m", "vaultdeck", "sync", str(account.pair.vault), "--to", "server"]
    runs = [
        subprocess.Popen(
            [*command, "--cache-dir", str(tmp_path / "cache")],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]
    said = [run.communicate(timeout=120)[0] for run in runs]
    # What one has changed between look and change of another, that other is told.
    assert {run.returncode for run in runs} <= {0, 3}, said
    assert "hidden" not in "".join(said) and "server http://127.0.0.1" in "".join(said)
    account.phone.sync()
    col = account.phone.col
    assert "better" in [col.get_note(number).fields[0] for number in col.find_notes("")]


@pytest.mark.parametrize(("status", "code"), [(403, 2), (404, 3), (503, 3)])
def test_a_server_that_echoes_what_it_is_asked_does_not_make_the_key_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, status: int, code: int
) -> None:
    class Echo(Quiet):
        def do_POST(self) -> None:  # noqa: N802
            self.answer(f"<html>{self.headers}".encode(), status, key)

    key = "0123456789abcdef" * 2
    pair = Pair(tmp_path)
    pair.write(ID, "q")
    with serving(Echo) as address:
        monkeypatch.setenv("VAULTDECK_SYNC_KEY", key)
        monkeypatch.setenv("VAULTDECK_SYNC_URL", f"{address}/")
        monkeypatch.setenv("RUST_BACKTRACE", "full")
        monkeypatch.delenv("CI", raising=False)
        arguments = ["--to", "server", "--cache-dir", str(tmp_path / "cache")]
        done = run("sync", pair.vault, *arguments, cwd=tmp_path)
    assert done.returncode == code and done.stderr.startswith("vaultdeck: "), done.stderr
    assert key not in done.stdout + done.stderr and "Traceback" not in done.stderr


# Runs the command, and kills itself before the call of that number into Anki's backend.
KILLED = """
import os, signal, sys
from anki._backend import RustBackend
left, real = int(sys.argv[1]), RustBackend._run_command
def call(*args):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args)
RustBackend._run_command = call
sys.argv = ["vaultdeck", *sys.argv[2:]]
from vaultdeck.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_sync_that_is_killed_anywhere_is_finished_by_the_next(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    wanted: Any = None
    # A whole one makes about ninety calls.
    for calls in (1000, *range(30, 90, 25)):
        folder = tmp_path / str(calls)
        account = Account(folder, base, Pair(folder / "pair"), next(USERS))
        pair, phone = account.pair, account.phone
        (pair.vault / "p.png").write_bytes(PNG)
        for number in NUMBERS:
            pair.write(number, f"q{number} ![[p.png]]")
        account.machine("first", may_upload=True)
        pair.sync()
        phone.sync()
        for _ in range(2):
            review(phone.col)
        phone.sync()
        _, log = phone.rows()
        (pair.vault / "p.png").write_bytes(PNG + b"other")
        pair.write(ID, "better ![[p.png]]", deck="Other")
        pair.write(ID + 100, "q", kind="Basic (and reversed card)")
        pair.remove(ID + 200)
        arguments = ["sync", str(pair.vault), "--to", "server", "--removed", "delete", "--yes"]
        arguments += ["--jobs", "1", "--cache-dir", str(folder / "first")]
        monkeypatch.setenv("VAULTDECK_SYNC_KEY", account.key)
        monkeypatch.setenv("VAULTDECK_SYNC_URL", account.address)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(calls), *arguments],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=False,
        )
        assert done.returncode == (0 if calls == 1000 else -9), done.stderr
        account.machine("first")
        pair.sync(removed="delete")
        assert pair.plan(removed="delete").steps == ()
        assert phone.sync() in (0, 1)
        phone.media()
        texts = {int(n): phone.col.get_note(n).fields[0] for n in phone.col.find_notes("")}
        found = texts, phone.decks(), len(phone.rows()[0])
        wanted = wanted or found
        assert found == wanted and phone.rows()[1] == log
        picture = Path(phone.col.media.dir()) / texts[ID].split('"')[1]
        assert picture.read_bytes() == PNG + b"other"
        phone.col.close()


def test_two_machines_and_a_phone_may_sync_at_once(
    account: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin(account)
    pair, phone = account.pair, account.phone
    for number in NUMBERS:
        pair.write(number, f"better{number}")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("VAULTDECK_SYNC_KEY", account.key)
    monkeypatch.setenv("VAULTDECK_SYNC_URL", account.address)
    command = [sys.executable, "-m", "vaultdeck", "sync", str(pair.vault), "--to", "server"]
    runs = [
        subprocess.Popen(
            [*command, "--cache-dir", str(tmp_path / f"cache{n}")],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for n in range(2)
    ]
    while any(run.poll() is None for run in runs):
        review(phone.col, (ID,))
        # The phone is told when another device syncs.
        with suppress(AnkiSyncError):
            assert phone.sync() in (0, 1)
        time.sleep(0.3)
    said = [run.communicate()[0] for run in runs]
    assert {run.returncode for run in runs} <= {0, 3}, said
    account.machine("first")
    pair.sync()
    assert pair.plan().is_empty
    cards, log = phone.rows()
    assert phone.sync() in (0, 1)
    assert phone.rows() == (cards, log)
    texts = [phone.col.get_note(number).fields[0] for number in phone.col.find_notes("")]
    assert sorted(texts) == [f"better{number}" for number in NUMBERS]


def busy_once(address: str) -> str:
    """Stand before a server, and answer the first question as it does while another device syncs."""
    listening = socket.create_server(("127.0.0.1", 0))
    there = urlsplit(address)

    def pipe(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        first, _ = listening.accept()
        with first:
            first.recv(65536)
            first.sendall(
                b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        while True:
            client, _ = listening.accept()
            server = socket.create_connection((there.hostname or "", there.port or 0))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=pipe, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/"


def test_another_device_that_syncs_is_waited_for_once(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.pair.write(ID, "q")
    monkeypatch.setattr(server, "WAIT", 0.1)
    said: list[str] = []
    account.address = busy_once(account.address)
    account.machine("one", may_upload=True, say=said.append)
    account.pair.sync()
    assert said[0].startswith("another device is syncing")
    assert "sending the collection" in said
    account.phone.sync()
    assert list(account.phone.decks()) == [ID]
