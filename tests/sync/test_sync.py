"""`vaultdeck sync` with real collections: Anki is as the vault says, and nothing of the user's is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from anki.decks import DeckId
from anki.notes import NoteId

from tests.support.helpers import PNG, build_package, run, run_on_terminal
from tests.support.syncing import Pair, told
from vaultdeck.anki.lock_file import read_lock
from vaultdeck.build.adoption import adopt_notes
from vaultdeck.model.diagnostics import CONTROL
from vaultdeck.sync.copied import open_copy
from vaultdeck.sync.errors import InUseError, SyncError
from vaultdeck.sync.plan import Step
from vaultdeck.sync.profiles import find_profile
from vaultdeck.sync.running import Anki, look
from vaultdeck.sync.text import plan_lines

ID = 1_700_000_000_000
REVERSED = "Basic (and reversed card)"


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """Three notes, synced and reviewed."""
    pair = Pair(tmp_path)
    for number in (ID, ID + 100, ID + 200):
        pair.write(number, f"q{number}")
    done = pair.sync()
    assert done.plan and told(done.plan.steps) == [
        ("new", ID),
        ("new", ID + 100),
        ("new", ID + 200),
    ]
    assert pair.taken.backup and pair.taken.backup.is_file()
    pair.review()
    return pair


def test_nothing_is_done_twice(pair: Pair) -> None:
    before = pair.path.read_bytes()
    done = pair.sync()
    assert done.plan and done.plan.steps == ()
    assert pair.taken.backup is None
    assert pair.path.read_bytes() == before


def test_an_edit_a_move_and_a_new_note_arrive_and_reviews_stay(pair: Pair) -> None:
    cards, log = pair.rows()
    pair.write(ID, "better", deck="Other::Deck")
    pair.write(ID + 300, "fresh")
    done = pair.sync()
    assert done.plan and told(done.plan.steps) == [
        ("updated", ID),
        ("moved", ID),
        ("new", ID + 300),
    ]
    assert pair.notes()[ID] == ("better", ("vaultdeck",), ("Other::Deck",))
    after, log_after = pair.rows()
    assert log_after == log
    assert {number: row[4:6] + row[6:] for number, row in after.items() if number in cards}.keys()
    for number, row in cards.items():
        # All but deck, time and sync number.
        assert [*after[number][:2], *after[number][3:4], *after[number][6:]] == [
            *row[:2],
            *row[3:4],
            *row[6:],
        ]
    assert pair.plan().is_empty


def test_a_picture_changed_under_its_name_arrives(pair: Pair) -> None:
    (pair.vault / "p.png").write_bytes(PNG)
    pair.write(ID, "![[p.png]]")
    pair.sync()
    (pair.vault / "p.png").write_bytes(PNG + b"x")
    done = pair.sync()
    assert done.plan and told(done.plan.steps) == [("updated", ID)]
    stored = [path.read_bytes() for path in (pair.base / "collection.media").iterdir()]
    assert PNG + b"x" in stored
    assert pair.plan().steps == ()


@pytest.mark.parametrize("is_same_second", [False, True])
def test_a_picture_arrives_in_a_note_that_anki_has_touched_since(
    pair: Pair, is_same_second: bool
) -> None:
    picture = pair.vault / "p.png"
    picture.write_bytes(PNG)
    pair.write(ID, "![[p.png]]")
    pair.sync()
    picture.write_bytes(PNG + b"other")
    with pair.anki() as col:
        # Marked in the second of the next build, or later: all builds here are before now.
        col.tags.bulk_add([NoteId(ID)], "marked")
        if is_same_second:
            database: Any = col.db
            database.execute(f"update notes set mod = {pair.now + 10} where id = {ID}")
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("updated", ID)]
    assert pair.plan().steps == ()
    name = pair.notes()[ID][0].split('"')[1]
    assert (pair.base / "collection.media" / name).read_bytes() == PNG + b"other"


def test_what_was_edited_in_anki_is_left_until_the_vault_may_win(pair: Pair) -> None:
    pair.edit(ID, "mine")
    for _ in range(2):
        plan = pair.sync().plan
        assert plan and [(s.what, s.cause) for s in plan.steps] == [("left", "edited")]
    pair.write(ID, "of the vault")
    plan = pair.sync().plan
    assert plan
    assert plan.steps[0].why.startswith("edited in Anki and changed in the vault (")
    assert pair.notes()[ID][0] == "mine"
    plan = pair.sync(vault_wins=True).plan
    assert plan and told(plan.steps) == [("updated", ID)]
    assert pair.notes()[ID][0] == "of the vault"
    assert pair.plan().steps == ()


def test_an_edit_before_the_first_sync_is_left_as_well(tmp_path: Path) -> None:
    pair, package = Pair(tmp_path), tmp_path / "deck.apkg"
    for number in (ID, ID + 100, ID + 200):
        pair.write(number, "old")
    build_package(pair.vault, package, now=pair.now)
    with pair.anki() as col:
        from anki.collection import ImportAnkiPackageRequest

        options = col._backend.get_import_anki_package_presets()
        col.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(package), options=options)
        )
    pair.edit(ID, "mine")
    # Built again, and not imported: the times in Anki are those of an earlier build.
    for number in (ID, ID + 100):
        pair.write(number, "newer")
    build_package(pair.vault, package, now=pair.now + 5)
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("left", ID), ("updated", ID + 100)]
    # Only the time tells it from what an old Anki has imported.
    maybe = "edited in Anki (or imported by Anki 24.11 or older) and changed in the vault"
    assert plan.steps[0].why.startswith(maybe)
    pair.write(ID, "newest")
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("left", ID)]
    assert plan.steps[0].why.startswith(maybe)
    assert [text for text, _, _ in pair.notes().values()] == ["mine", "newer", "old"]


def test_a_leech_is_still_updated_and_stays_a_leech(pair: Pair) -> None:
    with pair.anki() as col:
        note: Any = col.get_note(ID)
        note.tags.append("leech")
        col.update_note(note)
    pair.write(ID, "easier")
    pair.sync()
    assert pair.notes()[ID][:2] == ("easier", ("leech", "vaultdeck"))
    assert pair.plan().steps == ()


def test_what_was_moved_in_anki_stays_there(pair: Pair) -> None:
    pair.move(ID, "Mine")
    pair.write(ID, "q", deck="Other")
    plan = pair.sync().plan
    assert plan and [(s.what, s.cause) for s in plan.steps] == [("updated", ""), ("left", "moved")]
    assert pair.notes()[ID][2] == ("Mine",)


def test_a_deck_that_was_renamed_in_anki_does_not_come_back(pair: Pair) -> None:
    with pair.anki() as col:
        col.decks.rename(col.decks.by_name("Deck"), "Mine")
    pair.write(ID, "{{c1::better}} {{c2::text}}", kind="Cloze")
    pair.write(ID + 100, "better")
    plan = pair.sync().plan
    assert plan and told(plan.of("retyped", "updated")) == [("retyped", ID), ("updated", ID + 100)]
    # A new card goes where the others of its note are.
    assert pair.notes()[ID][2] == ("Mine", "Mine")
    with pair.anki() as col:
        assert col.decks.by_name("Deck") is None


def test_a_deck_is_found_under_the_name_that_anki_gives_it(pair: Pair) -> None:
    pair.write(ID, "q", deck="A:::B: ")
    pair.sync()
    assert pair.notes()[ID][2] == ("A::B",)
    assert pair.plan().steps == ()


def test_a_move_that_another_device_took_back_is_done_again(pair: Pair) -> None:
    pair.write(ID, "q", deck="Other")
    pair.sync()
    pair.move(ID, "Deck")
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("moved", ID)]
    assert pair.notes()[ID][2] == ("Other",)


def test_a_card_in_a_filtered_deck_moves_when_it_is_home(pair: Pair) -> None:
    with pair.anki() as col:
        deck = col.sched.get_or_create_filtered_deck(0)
        deck.name = "Cram"
        deck.config.search_terms[0].search = f"nid:{ID}"
        made = col.sched.add_or_update_filtered_deck(deck).id
    pair.write(ID, "q", deck="Other")
    plan = pair.sync().plan
    assert plan and [(s.what, s.cause) for s in plan.steps] == [
        ("updated", ""),
        ("left", "filtered"),
    ]
    with pair.anki() as col:
        col.sched.empty_filtered_deck(made)
    assert told(pair.plan().steps) == [("moved", ID)]


def test_no_card_is_put_into_a_filtered_deck_or_below_one(pair: Pair) -> None:
    with pair.anki() as col:
        deck = col.sched.get_or_create_filtered_deck(0)
        deck.name = "Cram"
        deck.config.search_terms[0].search = f"nid:{ID}"
        col.sched.add_or_update_filtered_deck(deck)
        names = {deck.name for deck in col.decks.all_names_and_ids()}
    pair.write(ID + 100, "q", kind=REVERSED, deck="Cram")
    pair.write(ID + 200, f"q{ID + 200}", deck="Cram::Below")
    pair.write(ID + 300, "fresh", deck="cram")
    plan = pair.sync().plan
    assert plan and {(step.what, step.cause) for step in plan.steps} == {
        ("left", "type"),
        ("left", "filtered"),
    }
    assert pair.plan().steps == plan.steps
    with pair.anki() as col:
        assert {deck.name for deck in col.decks.all_names_and_ids()} == names


def test_a_collection_of_an_old_anki_is_not_converted(pair: Pair) -> None:
    Collection(str(pair.path)).close(downgrade=True)
    before = pair.path.read_bytes()
    pair.write(ID, "better")
    with pytest.raises(SyncError, match="of an old Anki"):
        pair.sync()
    assert pair.path.read_bytes() == before
    pair.path.write_bytes(b"no collection")
    with pytest.raises(SyncError, match="no collection of Anki's"):
        pair.sync()


def test_an_edit_in_the_second_of_a_sync_is_an_edit(pair: Pair) -> None:
    with pair.anki() as col:
        note: Any = col.get_note(ID)
        synced, note.fields[0] = note.mod, "mine"
        col.update_note(note)
        database: Any = col.db
        database.execute("update notes set mod = ? where id = ?", synced, ID)
    pair.write(ID, "better")
    plan = pair.sync().plan
    assert plan and [(step.what, step.cause) for step in plan.steps] == [("left", "edited")]


def test_what_was_imported_by_hand_between_two_syncs_is_nobodys_edit(pair: Pair) -> None:
    pair.write(ID, "second")
    package = pair.base / "x.apkg"
    build_package(pair.vault, package, now=pair.now + 5)
    with pair.anki() as col:
        from anki.collection import ImportAnkiPackageRequest

        options = col._backend.get_import_anki_package_presets()
        col.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(package), options=options)
        )
    # And then back to what was synced first.
    pair.write(ID, f"q{ID}")
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("updated", ID)]
    assert pair.notes()[ID][0] == f"q{ID}"
    assert pair.plan().steps == ()


def test_what_was_deleted_in_anki_comes_back_only_when_asked_for(pair: Pair) -> None:
    with pair.anki() as col:
        col.remove_notes([ID])
    pair.write(ID, "better")
    plan = pair.sync().plan
    assert plan and [(s.what, s.cause) for s in plan.steps] == [("left", "deleted")]
    assert ID not in pair.notes()
    pair.sync(restores=True)
    assert pair.notes()[ID][0] == "better"
    assert pair.plan().steps == ()


def test_a_collection_of_somebody_else_gets_what_it_never_had(pair: Pair, tmp_path: Path) -> None:
    other = Pair(tmp_path / "other")
    other.vault, other.now = pair.vault, pair.now
    with other.anki() as col:
        database: Any = col.db
        database.execute("update col set crt = crt - 86400")
    plan = other.sync().plan
    assert plan and {step.what for step in plan.steps} == {"new"}
    assert other.plan().steps == ()
    with other.anki() as col:
        col.remove_notes([ID])
    plan = other.sync().plan
    assert plan and [(s.what, s.cause) for s in plan.steps] == [("left", "deleted")]
    assert pair.plan().steps == ()


def test_another_profile_that_began_on_the_same_day_gets_all_notes(
    pair: Pair, tmp_path: Path
) -> None:
    other = Pair(tmp_path / "other")
    other.vault, other.now = pair.vault, pair.now
    plan = other.sync().plan
    assert plan and {step.what for step in plan.steps} == {"new"}
    assert other.plan().steps == () == pair.plan().steps
    # Whoever deletes all of them in Anki has them no more, nor another time.
    with pair.anki() as col:
        col.remove_notes(col.find_notes(""))
    for _ in range(2):
        plan = pair.sync().plan
        assert plan and {(s.what, s.cause) for s in plan.steps} == {("left", "deleted")}


def test_a_removed_note_is_reported_then_deleted_and_may_come_back(pair: Pair) -> None:
    pair.remove(ID)
    plan = pair.sync().plan
    assert plan and [(s.what, s.cause) for s in plan.steps] == [("left", "removed")]
    plan = pair.sync(removed="delete").plan
    assert plan and told(plan.steps) == [("deleted", ID)]
    assert plan.steps[0].reviews == 1
    assert ID not in pair.notes()
    assert pair.plan(removed="delete").steps == ()
    # No tombstone brings it back, a block with its ID does.
    build_package(pair.vault, pair.base / "x.apkg", now=pair.now, with_tombstones=True)
    assert pair.plan().steps == ()
    pair.write(ID, "again")
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("new", ID)]


def test_a_removed_note_can_be_suspended(pair: Pair) -> None:
    (pair.vault / "vaultdeck.yaml").write_text("sync: {removed: suspend}\n")
    pair.remove(ID)
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("suspended", ID)]
    assert pair.plan().steps == ()
    cards, _ = pair.rows()
    assert [row[7] for row in cards.values()] == [-1, 2, 2] or cards[ID][7] == -1


def touch_flag(pair: Pair) -> None:
    with pair.anki() as col:
        col.set_user_flag_for_cards(1, col.card_ids_of_note(ID))


def touch_mark(pair: Pair) -> None:
    with pair.anki() as col:
        col.tags.bulk_add([ID], "marked")


@pytest.mark.parametrize(
    ("touch", "why"),
    [
        (touch_flag, "flagged"),
        (touch_mark, "marked"),
        (lambda pair: pair.edit(ID, "mine"), "edited"),
        (lambda pair: pair.move(ID, "Mine"), "moved in Anki to 'Mine'"),
    ],
    ids=["flag", "mark", "edit", "move"],
)
def test_a_removed_note_that_the_user_touched_is_kept(pair: Pair, touch: Any, why: str) -> None:
    touch(pair)
    pair.remove(ID)
    plan = pair.sync(removed="delete").plan
    assert plan and told(plan.steps) == [("left", ID)]
    assert why in plan.steps[0].why
    assert ID in pair.notes()
    plan = pair.sync(removed="delete", forces=True).plan
    assert plan and told(plan.steps) == [("deleted", ID)]


def test_a_note_gets_another_type_and_keeps_its_reviews(pair: Pair) -> None:
    (pair.vault / "p.png").write_bytes(PNG)
    cards, log = pair.rows()
    pair.write(ID, "q ![[p.png]]", kind=REVERSED, deck="Other")
    pair.write(ID + 100, "{{c1::one}} {{c2::two}}", kind="Cloze")
    done = pair.sync()
    assert done.plan and told(done.plan.steps) == [
        ("retyped", ID),
        ("moved", ID),
        ("retyped", ID + 100),
    ]
    assert [problem.code for problem in done.build.diagnostics] == []
    assert pair.notes()[ID][2] == ("Other", "Other")
    assert pair.notes()[ID + 100][2] == ("Deck", "Deck")
    after, log_after = pair.rows()
    assert log_after == log
    assert [after[number][6:] for number in cards] == [row[6:] for row in cards.values()]
    assert PNG in [path.read_bytes() for path in (pair.base / "collection.media").iterdir()]
    assert pair.plan().steps == ()
    with pair.anki() as col:
        said, is_fine = col.fix_integrity()
        assert is_fine, said


def test_a_type_without_a_reviewed_card_is_given_only_with_force(pair: Pair) -> None:
    pair.write(ID, "q", kind=REVERSED)
    pair.sync()
    pair.review(ID)
    pair.write(ID, "q")
    plan = pair.sync().plan
    assert plan and [(s.what, s.cause) for s in plan.steps] == [("left", "type")]
    assert "1 review would go" in plan.steps[0].why
    plan = pair.sync(forces=True).plan
    assert plan and told(plan.steps) == [("retyped", ID)]
    assert pair.notes()[ID][2] == ("Deck",)
    assert pair.plan().steps == ()


def test_a_field_of_the_users_own_is_never_fought(pair: Pair) -> None:
    with pair.anki() as col:
        kind: Any = col.get_note(ID).note_type()
        col.models.add_field(kind, col.models.new_field("Mine"))
        col.models.update_dict(kind)
    before = pair.notes()
    pair.write(ID, "better")
    pair.write(ID + 300, "fresh")
    plan = pair.sync().plan
    assert plan and {(s.what, s.cause) for s in plan.steps} == {("left", "type")}
    assert {s.id for s in plan.steps} == {ID, ID + 100, ID + 200, ID + 300}
    assert "'Mine'" in plan.steps[0].why
    assert pair.notes() == before


def test_import_options_decks_and_schema_stay(pair: Pair) -> None:
    with pair.anki() as col:
        for key in ("mergeNotetypes", "updateNotes", "updateNotetypes", "withDeckConfigs"):
            col.remove_config(key)
        col.set_config("withScheduling", True)
        database: Any = col.db
        schema = database.scalar("select scm from col")
    pair.write(ID, "better", deck="Other", kind=REVERSED)
    pair.remove(ID + 100)
    pair.sync(removed="delete")
    with pair.anki() as col:
        database = col.db
        assert database.scalar("select scm from col") == schema
        assert col.get_config("withScheduling") is True
        assert col.get_config("mergeNotetypes") is None
        assert col.get_config("updateNotes") is None
        assert {"Deck", "Other"} <= {deck.name for deck in col.decks.all_names_and_ids()}


def test_notes_that_the_lock_does_not_know_are_left(pair: Pair) -> None:
    (pair.vault / "vaultdeck.lock").unlink()
    pair.write(ID, "better")
    plan = pair.sync().plan
    assert plan and plan.of("left")[0].id == ID
    assert pair.notes()[ID][0] == f"q{ID}"
    assert pair.plan().of("updated", "deleted") == []


def test_the_backup_is_the_state_before(pair: Pair) -> None:
    before = pair.notes()
    pair.write(ID, "better")
    pair.sync()
    backup = pair.taken.backup
    assert backup is not None
    from vaultdeck.anki.collection import read_collection

    held = read_collection(backup, [ID]).notes[ID]
    assert held.fields[0] == before[ID][0]


HOLD = """
import sys, time
from anki.collection import Collection
col = Collection(sys.argv[1])
if sys.argv[2:]:
    # Costs the lock on the file, as in the desktop.
    col.create_backup(backup_folder=sys.argv[2], force=True, wait_for_completion=True)
print("open", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("has_backup", [False, True])
def test_a_collection_that_is_open_is_left_alone(pair: Pair, has_backup: bool) -> None:
    arguments = [str(pair.base)] if has_backup else []
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(pair.path), *arguments], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout and holder.stdout.readline() == "open\n"
        pair.write(ID, "better")
        files = sorted(path.name for path in pair.base.iterdir())
        try:
            with pytest.raises(InUseError, match="-wal is there"):
                pair.sync()
            assert sorted(path.name for path in pair.base.iterdir()) == files
        finally:
            holder.kill()
    # Now it is as after a crash: Anki has to mend it first.
    with pytest.raises(InUseError, match="start Anki once"):
        pair.sync()
    assert pair.notes()[ID][0] == f"q{ID}"
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("updated", ID)]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_collection_that_is_a_link_is_guarded_and_read_with_its_log(pair: Pair) -> None:
    elsewhere = pair.base / "elsewhere"
    elsewhere.mkdir()
    pair.path.symlink_to(pair.path.rename(elsewhere / "c.anki2"))
    assert find_profile("", pair.path).collection == pair.path
    with pair.anki() as col:
        assert look(pair.path) is Anki.CRASHED
        note: Any = col.get_note(ID)
        note.fields[0] = "mine"
        col.update_note(note)
        with open_copy(pair.path) as copy:
            assert copy.get_note(NoteId(ID)).fields[0] == "mine"
    (pair.vault / "p.png").write_bytes(PNG)
    pair.write(ID + 100, "![[p.png]]")
    pair.sync()
    assert [path.read_bytes() for path in (pair.base / "collection.media").iterdir()] == [PNG]
    assert pair.path.is_symlink() and [path.name for path in elsewhere.iterdir()] == ["c.anki2"]


def test_an_anki_that_answers_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has pipes instead of sockets")
    import socket
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("ANKI_SINGLE_INSTANCE_KEY", "s")
    path = tmp_path / "collection.anki2"
    assert look(path) is Anki.CLOSED
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        assert look(path) is Anki.RUNNING
    assert look(path) is Anki.CLOSED


# Runs the command, and kills itself before the call of that number into Anki.
KILLED = """
import os, signal, sys
from anki.collection import Collection
from anki.decks import DeckManager
left = int(sys.argv[1])
def deadly(cls, name):
    real = getattr(cls, name)
    def call(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    setattr(cls, name, call)
for name in ("create_backup", "close", "import_anki_package", "update_note", "set_deck",
             "remove_cards_and_orphaned_notes", "remove_notes", "set_config", "remove_config"):
    deadly(Collection, name)
sys.argv = ["vaultdeck", *sys.argv[2:]]
from vaultdeck.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_sync_that_is_killed_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    wanted: Any = None
    for calls in range(-1, 60, 1 if os.environ.get("VAULTDECK_HUNT") else 5):
        pair = Pair(tmp_path / str(calls))
        for number in (ID, ID + 100, ID + 200):
            pair.write(number, f"q{number}")
        pair.sync()
        pair.review()
        _, log = pair.rows()
        pair.write(ID, "better", deck="Other")
        pair.write(ID + 100, "q", kind=REVERSED)
        pair.remove(ID + 200)
        pair.write(ID + 300, "fresh")
        arguments = ["sync", str(pair.vault), "--collection", str(pair.path), "--yes"]
        arguments += ["--removed", "delete", "--no-cache", "--jobs", "1"]
        count = 1000 if calls < 0 else calls
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(count), *arguments],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=False,
        )
        # Anki is started once and closed.
        pair.notes()
        pair.sync(removed="delete")
        assert pair.plan(removed="delete").steps == ()
        notes, (cards, log_after) = pair.notes(), pair.rows()
        wanted = wanted or notes
        assert notes == wanted
        assert log_after == log
        assert cards[ID][11] == 1 and cards[ID + 100][11] == 1
        with pair.anki() as col:
            said, is_fine = col.fix_integrity()
            assert is_fine, said
        if calls >= 0 and done.returncode == 0:
            break
        assert done.returncode == (0 if calls < 0 else -signal.SIGKILL), done.stderr
    else:
        pytest.fail("there are more calls than were tried")


def command(pair: Pair, *more: str) -> subprocess.CompletedProcess[str]:
    arguments = ["sync", str(pair.vault), "--collection", str(pair.path), *more]
    return run(*arguments, cwd=pair.base)


def test_the_command_says_what_it_does(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    for number in (ID, ID + 100):
        pair.write(number, "q")
    dry = command(pair, "--dry-run")
    assert (dry.returncode, dry.stdout.splitlines()[1:]) == (
        0,
        ["2 new", "nothing written; run without --dry-run"],
    )
    assert not (pair.vault / "vaultdeck.lock").exists()
    done = command(pair)
    assert done.returncode == 0 and "backup: " in done.stdout
    pair.remove(ID)
    refused = command(pair, "--removed", "delete")
    assert refused.returncode == 2 and "--yes" in refused.stderr
    data = json.loads(command(pair, "--removed", "delete", "--yes", "--format", "json").stdout)
    assert data["counts"]["deleted"] == 1
    assert data["steps"][0] == {"what": "deleted", "id": ID, "note": ID, "cards": [ID]}
    (pair.base / "collection.anki2-wal").touch()
    busy = command(pair)
    assert busy.returncode == 3 and "start Anki once and close it" in busy.stderr


# Runs the command where no file may become larger, as on a disk that is full.
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.argv = ["vaultdeck", *sys.argv[2:]]
from vaultdeck.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits")
def test_a_full_disk_is_told_and_where_the_backup_is(tmp_path: Path) -> None:
    """Wherever it fails: to be tried again, with nothing lost."""
    ways = set()
    for size in (1_000, 40_000, 120_000, 250_000, 500_000):
        pair = Pair(tmp_path / str(size))
        pair.write(ID, "old")
        pair.sync()
        # A backup of the same second has the same name.
        (first,) = (pair.base / "backups").iterdir()
        first.unlink()
        for number in range(ID, ID + 10_000, 100):
            pair.write(number, random.Random(number).randbytes(2_000).hex())
        arguments = ["sync", str(pair.vault), "--collection", str(pair.path), "--no-cache"]
        failed = subprocess.run(
            [sys.executable, "-c", LIMITED, str(size), *arguments, "--jobs", "1"],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
        assert failed.returncode == 3, failed
        assert "Traceback" not in failed.stderr and "Some(" not in failed.stderr
        backups = list((pair.base / "backups").glob("*.colpkg"))
        told = [line for line in failed.stderr.splitlines() if line.startswith("backup: ")]
        for line in told:
            assert line.startswith(f"backup: {backups[0]} (to go back: File > Switch Profile")
        ways.add(bool(told))
        # Anki is started once and closed.
        pair.notes()
        pair.sync()
        assert len(pair.notes()) == 100 and pair.plan().is_empty
    assert ways == {True, False}


# Backs up where no file may become larger.
BACKED_UP = """
import resource, sys
from pathlib import Path
from vaultdeck.sync.collection import InUseError, back_up, open_collection
with open_collection(Path(sys.argv[1])) as collection:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))
    try:
        back_up(collection, Path(sys.argv[2]))
    except InUseError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits")
def test_a_backup_for_which_there_is_no_room_is_to_be_tried_again(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", BACKED_UP, str(pair.path), str(tmp_path / "b")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(f"no backup could be written to '{tmp_path / 'b'}' (full disk?)")


def test_places_are_told_as_they_are_seen_and_errors_last(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.write(ID, "q")
    assert command(pair).returncode == 0
    pair.edit(ID, "mine")
    (pair.vault / "bad.md").write_text("START\nBasik\nq\nBack: a\nEND\n")
    options = ("--color", "never", "--collection", str(pair.path))
    code, shown = run_on_terminal("sync", "vault", *options, cwd=tmp_path)
    data = json.loads(run("sync", "vault", *options, "--format", "json", cwd=tmp_path).stdout)
    assert code == 1
    lines = shown.splitlines()
    assert f"  vault/{ID}.md:2 edited in Anki (--resync lets the vault win)" in lines
    assert lines[-2].startswith("vault/bad.md:2:1: error unknown-note-type: ")
    assert (data["vault"], data["steps"][0]["path"]) == ("vault", f"vault/{ID}.md")
    assert data["problems"][0]["path"] == "vault/bad.md"


def test_an_add_on_that_does_not_answer_is_told(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.write(ID, "q")
    done = command(pair, "--to", "ankiconnect")
    assert done.returncode == 3 and "AnkiConnect does not answer" in done.stderr
    assert not (pair.vault / "vaultdeck.lock").exists()


def test_the_profile_used_last_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pickle

    monkeypatch.setenv("ANKI_BASE", str(tmp_path))
    with pytest.raises(SyncError, match="no Anki was found"):
        find_profile()
    last = pickle.dumps({"last_loaded_profile_name": "Two", "when": time.struct_time([0] * 9)})
    with sqlite3.connect(tmp_path / "prefs21.db") as database:
        database.execute("create table profiles (name text, data blob)")
        rows = [("_global", last), ("One", b""), ("Two", b"")]
        database.executemany("insert into profiles values (?, ?)", rows)
    for name in ("One", "Two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "collection.anki2").touch()
    assert find_profile().name == 'profile "Two"'
    assert find_profile("One").collection == tmp_path / "One" / "collection.anki2"
    with pytest.raises(SyncError, match="'One', 'Two'"):
        find_profile("Three")


def test_preferences_that_would_run_code_run_none(tmp_path: Path) -> None:
    from vaultdeck.sync.profiles import _unpickle

    mark = tmp_path / "ran"
    evil = b"cos\nsystem\n(S'touch " + str(mark).encode() + b"'\ntR."
    _unpickle(evil)
    assert not mark.exists()


def test_of_two_notes_with_one_guid_none_is_touched(pair: Pair) -> None:
    with pair.anki() as col:
        note = col.get_note(NoteId(ID))
        copy = col.new_note(note.note_type() or {})
        copy.fields = list(note.fields)
        col.add_note(copy, DeckId(1))
        database: Any = col.db
        database.execute("update notes set guid = ? where id = ?", note.guid, copy.id)
    before = pair.notes()
    pair.write(ID, "better")
    for _ in range(2):
        plan = pair.sync(removed="delete", forces=True).plan
        assert plan and [(s.what, s.cause) for s in plan.steps] == [("left", "twice")]
        assert pair.notes() == before
        (pair.vault / f"{ID}.md").unlink(missing_ok=True)


def test_what_a_merged_branch_has_synced_is_nobodys_edit(pair: Pair) -> None:
    path = pair.vault / "vaultdeck.lock"
    base = path.read_text().splitlines(keepends=True)
    pair.write(ID, "of one branch")
    pair.sync()
    synced = path.read_text().splitlines(keepends=True)
    path.write_text("".join(base))
    pair.write(ID, "of the other")
    build_package(pair.vault, pair.base / "x.apkg", now=pair.now + 100)
    # As `merge=union` merges.
    added = [line for line in synced if line not in base]
    path.write_text("".join([*path.read_text().splitlines(keepends=True)[:-1], *added, "# end\n"]))
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("updated", ID)]
    assert pair.notes()[ID][0] == "of the other"
    assert pair.plan().steps == ()


def test_the_lock_keeps_what_a_sync_learned(pair: Pair) -> None:
    lock = read_lock(pair.vault)
    assert lock and all(entry.sent and entry.given for entry in lock.entries.values())
    pair.write(ID, "q", deck="Two")
    build_package(pair.vault, pair.base / "x.apkg", now=pair.now)
    pair.write(ID, "q", deck="Three")
    build_package(pair.vault, pair.base / "x.apkg", now=pair.now)
    lock = read_lock(pair.vault)
    assert lock and lock.entries[ID].was == ("Deck", "Two")


def adopted(tmp_path: Path) -> Pair:
    """A note of the user's own stock type, made in Anki, adopted by the vault and reviewed."""
    pair = Pair(tmp_path)
    with pair.anki() as col:
        kind: Any = col.models.by_name("Basic")
        note: Any = col.new_note(kind)
        note.fields, note.tags = ["q", "b"], ["own"]
        col.add_note(note, col.decks.id("Deck") or 1)
        number = int(note.id)
    pair.review()
    pair.write(number, "q")
    adopt_notes(pair.vault, pair.path)
    pair.number = number
    return pair


def test_an_adopted_note_is_updated_in_its_own_type(tmp_path: Path) -> None:
    pair = adopted(tmp_path)
    cards, log = pair.rows()
    pair.write(pair.number, "better", deck="Other")
    plan = pair.sync().plan
    assert plan and told(plan.steps) == [("updated", pair.number), ("moved", pair.number)]
    assert pair.notes()[pair.number] == ("better", ("own", "vaultdeck"), ("Other",))
    with pair.anki() as col:
        note: Any = col.get_note(pair.number)
        assert note.note_type()["name"] == "Basic"
    assert pair.plan().steps == ()
    after, log_after = pair.rows()
    assert log_after == log and [row[6:] for row in after.values()] == [
        row[6:] for row in cards.values()
    ]


def test_a_lock_cannot_delete_a_note_that_vaultdeck_never_wrote(tmp_path: Path) -> None:
    pair = adopted(tmp_path)
    pair.remove(pair.number)
    (pair.vault / "vaultdeck.yaml").write_text("sync: {removed: delete}\n")
    for wishes in ({}, {"forces": True}):
        plan = pair.sync(**wishes).plan
        assert plan and told(plan.steps) == [("left", pair.number)]
        assert "not tagged" in plan.steps[0].why
        assert pair.number in pair.notes()


def test_names_of_decks_cannot_forge_what_a_plan_says(pair: Pair) -> None:
    evil = "x' 1), 90 deleted\n0 deleted\x1b[2A\x9b1K"
    for number in (ID, ID + 100):
        pair.write(number, "q", deck="Other")
    plan = pair.plan()
    steps = [step._replace(source=evil, target=evil) for step in plan.of("moved")]
    left = Step("left", ID, location=steps[0].location, cause="moved", why=f"moved to '{evil}'")
    summary, *lines = plan_lines(replace(plan, steps=(*steps, left)))
    assert summary == "2 moved"
    assert [line[:2] for line in lines] == ["  ", "le", "  "]
    assert not any(CONTROL.search(line) for line in lines)


def test_an_adopted_note_keeps_its_type(tmp_path: Path) -> None:
    pair = adopted(tmp_path)
    pair.write(pair.number, "{{c1::q}}", kind="Cloze")
    plan = pair.sync().plan
    assert plan and [(s.what, s.cause) for s in plan.steps] == [("left", "type")]
    assert pair.notes()[pair.number][0] == "q"
