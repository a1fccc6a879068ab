"""`vaultdeck sync` while Anki runs: through AnkiConnect, or by its import dialog."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from tests.support.add_on import ADD_ON, PROFILE, Quiet, anki_running, answering, ask, serving
from tests.support.helpers import PNG, run
from tests.support.syncing import Pair, review, told
from vaultdeck.build.adoption import adopt_notes
from vaultdeck.cli.options import Shared
from vaultdeck.cli.rebuild import sync_rebuild
from vaultdeck.cli.syncing import Syncing
from vaultdeck.sync import add_on
from vaultdeck.sync.ankiconnect import AnkiConnect
from vaultdeck.sync.dialog import Dialog
from vaultdeck.sync.errors import InUseError, SyncError
from vaultdeck.sync.profiles import Profile
from vaultdeck.sync.ways import open_way

ID = 1_700_000_000_000
NUMBERS = range(ID, ID + 600, 100)
REVERSED = "Basic (and reversed card)"


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("CI", raising=False)
    yield


@pytest.fixture(params=["backend", "desktop"])
def is_desktop(request: pytest.FixtureRequest) -> bool:
    """Each test runs with Anki's backend alone, and with the desktop and the add-on themselves."""
    if sys.platform == "win32":
        pytest.skip("a process cannot be asked there to end")
    if request.param == "desktop" and not ADD_ON:
        pytest.skip("VAULTDECK_ADD_ON names no add-on")
    return bool(request.param == "desktop")


class Running(Pair):
    """A pair whose Anki can be started and closed."""

    def __init__(self, folder: Path, is_desktop: bool) -> None:
        super().__init__(folder)
        profile = self.base / PROFILE
        profile.mkdir()
        self.path = self.path.rename(profile / "collection.anki2")
        self._is_desktop = is_desktop

    @contextmanager
    def running(self) -> Iterator[int]:
        """Let Anki run, and sync through AnkiConnect; yield its port."""
        with (
            anki_running(self.path, is_desktop=self._is_desktop) as port,
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setenv("VAULTDECK_ANKICONNECT", f"http://127.0.0.1:{port}")
            self.way = open_way("auto", {})
            assert self.way.kind == "ankiconnect"
            yield port
        self.way = None

    def schema(self) -> int:
        with self.anki() as col:
            database: Any = col.db
            return int(database.scalar("select scm from col"))


@pytest.fixture
def pair(tmp_path: Path, is_desktop: bool) -> Running:
    """Six notes, synced and reviewed."""
    pair = Running(tmp_path, is_desktop)
    for number in NUMBERS:
        pair.write(number, f"q{number}")
    # Another note brings that type.
    pair.write(ID + 600, "q", kind=REVERSED)
    pair.sync()
    pair.review()
    return pair


def test_a_running_anki_is_brought_to_what_the_vault_says(pair: Running) -> None:
    with pair.anki() as col:
        col.tags.bulk_add([ID], "marked")
    (cards, log), schema = pair.rows(), pair.schema()
    (pair.vault / "p.png").write_bytes(PNG)
    pair.write(ID, "better ![[p.png]]", deck="Other::Deck")
    pair.write(ID + 100, "retyped ![[p.png]]", kind=REVERSED, deck="Third")
    pair.remove(ID + 200)
    pair.write(ID + 700, "fresh")
    with pair.running():
        done = pair.sync(removed="delete")
        assert done.plan and told(done.plan.steps) == [
            ("updated", ID),
            ("moved", ID),
            ("retyped", ID + 100),
            ("moved", ID + 100),
            ("new", ID + 700),
            ("deleted", ID + 200),
        ]
        backup = pair.taken.backup
        assert pair.plan(removed="delete").steps == ()
    assert pair.plan(removed="delete").steps == ()
    assert backup and backup.parent == pair.path.parent / "backups"
    notes = pair.notes()
    assert notes[ID][1:] == (("marked", "vaultdeck"), ("Other::Deck",))
    assert notes[ID + 100][2] == ("Third", "Third")
    assert ID + 200 not in notes and notes[ID + 700][0] == "fresh"
    after, log_after = pair.rows()
    assert log_after == log and pair.schema() == schema
    for number, row in cards.items():
        if number != ID + 200:
            assert after[number][6:] == row[6:]
    assert [path.read_bytes() for path in (pair.path.parent / "collection.media").iterdir()] == [
        PNG
    ]
    with pair.anki() as col:
        said, is_fine = col.fix_integrity()
        assert is_fine, said


def test_what_a_person_does_while_anki_runs_is_seen(pair: Running) -> None:
    pair.write(ID, "better", deck="Other")
    pair.write(ID + 100, "better")
    with pair.running() as port:
        assert told(pair.plan().steps)[0] == ("updated", ID)
        ask(port, "changeDeck", cards=[ID], deck="Mine")
        ask(port, "addTags", notes=[ID + 100], tags="hard")
        ask(port, "deleteNotes", notes=[ID + 200])
        plan = pair.sync().plan
        assert plan and [(step.what, step.cause) for step in plan.steps] == [
            ("updated", ""),
            ("left", "moved"),
            ("left", "edited"),
            ("left", "deleted"),
        ]
    assert pair.notes()[ID][:3] == ("better", ("vaultdeck",), ("Mine",))


def test_what_the_add_on_cannot_do_is_left_and_done_when_anki_is_closed(pair: Running) -> None:
    pair.write(ID, "{{c1::q}}", kind="Cloze")
    pair.write(ID + 600, "q")
    with pair.running():
        plan = pair.sync(forces=True).plan
        assert plan and [(step.what, step.cause) for step in plan.steps] == [("left", "way")] * 2
        assert "close Anki" in plan.steps[0].why
    plan = pair.sync(forces=True).plan
    assert plan and told(plan.steps) == [("retyped", ID), ("retyped", ID + 600)]


def test_an_add_on_that_is_too_old_leaves_the_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = Pair(tmp_path)
    pair.write(ID, "q")
    pair.write(ID + 100, "q", kind=REVERSED)
    pair.sync()
    pair.write(ID, "q", kind=REVERSED)
    plan, way = pair.plan(), AnkiConnect(Profile("test", pair.path))
    seen = way.look({f"vaultdeck-{ID}"})
    known = {"result": {"scopes": ["actions"], "actions": []}, "error": None}
    with answering(json.dumps(known).encode()) as address:
        monkeypatch.setenv("VAULTDECK_ANKICONNECT", address)
        assert "too old" in way.cannot(plan.steps[0], plan, seen)


def test_types_that_the_user_changed_and_stock_types_outlive_the_merging_import(
    pair: Running,
) -> None:
    with pair.anki() as col:
        kind: Any = col.get_note(ID).note_type()
        col.models.add_field(kind, col.models.new_field("Mine"))
        col.models.update_dict(kind)
        names = {found.name for found in col.models.all_names_and_ids()}
    schema = pair.schema()
    pair.write(ID, "better")
    pair.write(ID + 600, "better", kind=REVERSED)
    with pair.running():
        plan = pair.sync().plan
        assert plan and ("left", ID) in told(plan.steps)
        assert ("updated", ID + 600) in told(plan.steps)
    assert pair.schema() == schema
    with pair.anki() as col:
        assert {found.name for found in col.models.all_names_and_ids()} == names


def test_adopted_and_restyled_types_outlive_the_merging_import(pair: Running) -> None:
    with pair.anki() as col:
        # A note of the user's own stock type, and our type with another name, style and template.
        note: Any = col.new_note(col.models.by_name("Basic"))
        note.fields = ["own", "b"]
        col.add_note(note, col.decks.id("Deck") or 1)
        own = int(note.id)
        kind: Any = col.get_note(ID).note_type()
        kind["name"], kind["css"] = "My cards", kind["css"] + "/* mine */"
        kind["tmpls"][0]["qfmt"] += "<!-- mine -->"
        col.models.update_dict(kind)
        names = {found.name for found in col.models.all_names_and_ids()}
    pair.write(own, "own")
    adopt_notes(pair.vault, pair.path)
    pair.sync()
    schema = pair.schema()
    pair.write(own, "better own")
    pair.write(ID, "better", deck="Other")
    pair.write(ID + 700, "fresh")
    with pair.running():
        plan = pair.sync().plan
        assert plan and sorted(what for what, _ in told(plan.steps)) == [
            *("moved", "new", "updated", "updated")
        ]
        assert pair.plan().steps == ()
    assert pair.schema() == schema
    with pair.anki() as col:
        assert {found.name for found in col.models.all_names_and_ids()} == names
        assert col.get_note(own).fields[0] == "better own"
        kept: Any = col.get_note(ID).note_type()
        assert kept["css"].endswith("/* mine */") and "mine" in kept["tmpls"][0]["qfmt"]


def test_many_changes_one_after_the_other_are_all_read(pair: Running) -> None:
    with pair.running() as port:
        for round_ in range(6):
            for number in NUMBERS:
                pair.write(number, f"text {round_} " + "x" * 20_000)
            ask(port, "addTags", notes=[ID + 600], tags=f"t{round_}")
            assert pair.sync().plan
            assert not pair.plan().of("updated", "new")
    assert {text[:6] for text, _, _ in pair.notes().values()} == {"text 5", "q"}


def command(pair: Pair, *more: str) -> Any:
    return run("sync", str(pair.vault), *more, cwd=pair.base)


def test_the_command_chooses_and_says_so(tmp_path: Path, is_desktop: bool) -> None:
    pair = Running(tmp_path, is_desktop)
    pair.write(ID, "q")
    other = tmp_path / "other"
    other.mkdir()
    Collection(str(other / "collection.anki2")).close()
    with pair.running():
        wrong = command(pair, "--collection", str(other / "collection.anki2"))
        assert wrong.returncode == 3 and "another collection open" in wrong.stderr
        closed = command(pair, "--to", "direct", "--collection", str(pair.path))
        assert closed.returncode == 3 and "--to ankiconnect" in closed.stderr
        done = command(pair)
        assert done.returncode == 0
        lines = done.stdout.splitlines()
        assert lines[:2] == [
            f'Anki: profile "{PROFILE}", ankiconnect (Anki is running, with AnkiConnect)',
            "1 new",
        ]
        assert lines[2].startswith("backup: ") and "File > Import" in lines[3]
    assert list(pair.notes()) == [ID]


def test_a_key_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_desktop: bool
) -> None:
    pair = Running(tmp_path, is_desktop)
    pair.write(ID, "q")
    with anki_running(pair.path, is_desktop=is_desktop, key="secret") as port:
        monkeypatch.setenv("VAULTDECK_ANKICONNECT", f"http://127.0.0.1:{port}")
        refused = command(pair)
        assert refused.returncode == 2 and "set VAULTDECK_ANKICONNECT_KEY" in refused.stderr
        monkeypatch.setenv("VAULTDECK_ANKICONNECT_KEY", "wrong")
        refused = command(pair)
        assert refused.returncode == 2 and "refuses the key" in refused.stderr
        monkeypatch.setenv("VAULTDECK_ANKICONNECT_KEY", "secret")
        done = command(pair)
        assert done.returncode == 0, done.stderr
        assert "secret" not in done.stdout + done.stderr


def test_an_answer_that_is_none_and_an_old_add_on_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(b"<html>") as address:
        monkeypatch.setenv("VAULTDECK_ANKICONNECT", address)
        with pytest.raises(InUseError, match="does not answer"):
            open_way("ankiconnect", {})
    cases = {
        "unsupported action": (SyncError, "Tools > Add-ons"),
        "collection is not available": (InUseError, "open one there"),
        "some error": (SyncError, "getMediaDirPath: some error"),
    }
    for refusal, (kind, message) in cases.items():
        with answering(json.dumps({"result": None, "error": refusal}).encode()) as address:
            monkeypatch.setenv("VAULTDECK_ANKICONNECT", address)
            with pytest.raises(kind, match=message):
                open_way("ankiconnect", {})
    elsewhere = json.dumps({"result": "/nowhere/collection.media", "error": None}).encode()
    with answering(elsewhere) as address:
        monkeypatch.setenv("VAULTDECK_ANKICONNECT", address)
        with pytest.raises(SyncError, match="not on this computer"):
            open_way("ankiconnect", {})


@pytest.mark.parametrize(
    "body",
    [
        *(b'{"result": 5, "error": null}', b'{"result": null, "error": null}', b"[]", b"\xff"),
        b'{"result": {"actions": 5}, "error": null}',
        *(b'{"result": {"actions": null}, "error": null}', b"[" * 100_000, b" " * 2_000_000),
        b'{"result": "\\u0000/x", "error": null}',
        b'{"result": null, "error": ["\\u001b[2J"]}',
        b'{"result": null, "error": "\\u001b[2J"}',
    ],
)
def test_what_is_no_answer_of_ankiconnects_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    with answering(body) as address:
        monkeypatch.setenv("VAULTDECK_ANKICONNECT", address)
        with pytest.raises(SyncError) as told:
            open_way("ankiconnect", {})
        assert "\x1b" not in str(told.value)
        try:
            assert not add_on.knows("x")
        except SyncError as error:
            assert "\x1b" not in str(error)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("foo", "is no address"),
        ("file:///etc/hostname", "is no address"),
        ("http://[::1", "is not AnkiConnect"),
        ("http://a b", "does not answer"),
    ],
)
def test_an_address_that_is_none_is_told(
    monkeypatch: pytest.MonkeyPatch, address: str, message: str
) -> None:
    monkeypatch.setenv("VAULTDECK_ANKICONNECT", address)
    with pytest.raises(SyncError, match=message):
        add_on.ask("version")


def test_an_answer_without_an_end_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        client, _ = listening.accept()
        with suppress(OSError), client:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                client.sendall(b" ")
                time.sleep(0.1)

    threading.Thread(target=drip, daemon=True).start()
    monkeypatch.setenv("VAULTDECK_ANKICONNECT", f"http://127.0.0.1:{listening.getsockname()[1]}")
    assert not add_on.answers()
    listening.close()


@contextmanager
def closing_amid(port: int, calls: int, *, is_done: bool) -> Iterator[str]:
    """Stand before an add-on; the call of that number is not answered, but may be done. Yield the address."""
    left = [calls]

    class Handler(Quiet):
        def do_POST(self) -> None:  # noqa: N802
            question = self.rfile.read(int(self.headers["Content-Length"]))
            left[0] -= 1
            if left[0] == -1 and not is_done:
                return
            with urllib.request.urlopen(f"http://127.0.0.1:{port}", question) as told:
                answer = told.read()
            if left[0] != -1:
                self.answer(answer)

    with serving(Handler) as address:
        yield address


@pytest.mark.parametrize("is_done", [False, True])
def test_a_sync_whose_add_on_falls_silent_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    if sys.platform == "win32":
        pytest.skip("a process cannot be asked there to end")
    pair = Running(tmp_path, is_desktop=False)
    for number in NUMBERS:
        pair.write(number, f"q{number}")
    pair.write(ID + 600, "q", kind=REVERSED)
    pair.sync()
    pair.review()
    _, log = pair.rows()
    with pair.running() as port:
        for calls in range(2, 20):
            # The type changes once, all else each time.
            pair.write(ID, f"better {calls}", deck=f"Deck{calls}")
            pair.write(ID + 100, "q", kind=REVERSED)
            pair.write(ID + 1000 + calls * 100, "fresh")
            (pair.vault / f"{ID + 900 + calls * 100}.md").unlink(missing_ok=True)
            with closing_amid(port, calls, is_done=is_done) as address:
                monkeypatch.setenv("VAULTDECK_ANKICONNECT", address)
                try:
                    pair.way = open_way("ankiconnect", {})
                    pair.sync(removed="delete")
                    is_whole = True
                except InUseError as error:
                    is_whole = False
                    assert "does not answer any more" in str(error)
            monkeypatch.setenv("VAULTDECK_ANKICONNECT", f"http://127.0.0.1:{port}")
            pair.way = open_way("auto", {})
            pair.sync(removed="delete")
            assert pair.plan(removed="delete").is_empty
            if is_whole:
                break
        else:
            pytest.fail("there are more calls than were tried")
    pair.way = None
    assert pair.plan(removed="delete").is_empty
    notes = pair.notes()
    assert notes[ID][0] == f"better {calls}" and notes[ID][2] == (f"Deck{calls}",)
    assert [note for note in notes if note > ID + 700] == [ID + 1000 + calls * 100]
    assert pair.rows()[1] == log


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program named `anki` that notes what it was given; return where."""
    if sys.platform == "win32":
        pytest.skip("Windows knows who opens a package, not the PATH")
    folder, noted = tmp_path / "bin", tmp_path / "noted"
    folder.mkdir()
    program = folder / "anki"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{noted}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return noted


def test_a_package_is_handed_to_the_dialog_and_the_rest_is_said(
    tmp_path: Path, opener: Path
) -> None:
    pair = Pair(tmp_path)
    for number in NUMBERS:
        pair.write(number, f"q{number}")
    pair.sync()
    pair.write(ID, "better")
    pair.write(ID + 100, "q", kind=REVERSED)
    pair.write(ID + 200, f"q{ID + 200}", deck="Other")
    pair.remove(ID + 300)
    pair.write(ID + 600, "fresh")
    pair.way = Dialog(Profile("test", pair.path), "", tmp_path / "it's here")
    # Anki has the collection open all the while.
    with pair.anki() as col:
        review(col, (ID + 500,))
        done = pair.sync(removed="delete")
        assert done.plan and [(s.what, s.cause, s.id - ID) for s in done.plan.steps] == [
            ("updated", "", 0),
            ("left", "way", 100),
            ("left", "way", 200),
            ("new", "", 600),
            ("left", "way", 300),
        ]
        assert f"search nid:{ID + 200}" in done.plan.steps[2].why
        package = opener.read_text()
        assert package == str(done.changed.handed)
        assert told(pair.plan(removed="delete").of("updated", "new")) == [
            ("updated", ID),
            ("new", ID + 600),
        ]
        from anki.collection import ImportAnkiPackageRequest

        options = col._backend.get_import_anki_package_presets()
        col.import_anki_package(ImportAnkiPackageRequest(package_path=package, options=options))
        # And the vault goes on before the next sync: what was imported is nobody's edit.
        pair.write(ID, "best")
        assert ("updated", ID) in told(pair.plan(removed="delete").steps)
    pair.way = None
    plan = pair.sync(removed="delete").plan
    assert plan and not plan.of("left")
    assert pair.plan(removed="delete").steps == ()
    assert pair.notes()[ID][0] == "best"


def test_without_a_program_that_opens_it_the_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows knows who opens a package, not the PATH")
    pair = Pair(tmp_path)
    pair.write(ID, "q")
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run(
        *("sync", str(pair.vault), "--to", "open", "--collection", str(pair.path)),
        *("--cache-dir", str(tmp_path / "cache")),
        cwd=tmp_path,
    )
    assert done.returncode == 3 and "File > Import '" in done.stderr


def test_watching_keeps_anki_in_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if sys.platform == "win32":
        pytest.skip("a process cannot be asked there to end")
    pair = Running(tmp_path, is_desktop=False)
    pair.write(ID, "q")
    rebuild = sync_rebuild(Syncing(root=pair.vault, shared=Shared(jobs=1), collection=pair.path))
    assert rebuild().notes == 1
    assert "1 new" in capsys.readouterr().out
    assert [text for text, _, _ in pair.notes().values()] == ["q"]
    with pair.running():
        pair.write(ID, "better")
        rebuild()
        assert "1 updated" in capsys.readouterr().out
        rebuild()
        assert "nothing to do" in capsys.readouterr().out
        rebuild()
        assert capsys.readouterr().out == ""
    # Many deletions are never made while nobody looks, and the next change is tried again.
    (pair.vault / "vaultdeck.yaml").write_text("sync: {removed: delete}\n")
    pair.remove(ID)
    with pytest.raises(SyncError, match="--yes"):
        rebuild()
    pair.write(ID, "back")
    rebuild()
    assert [text for text, _, _ in pair.notes().values()] == ["back"]


def test_watching_cannot_be_a_preview_and_a_sync_at_once(tmp_path: Path) -> None:
    for more in (["--preview"], ["-o", "x.apkg"]):
        refused = run("watch", str(tmp_path), "--sync", *more, cwd=tmp_path)
        assert refused.returncode == 2 and "--sync" in refused.stderr
