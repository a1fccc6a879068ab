"""What others made: a lock that came with a vault, a collection, a package at the output's path."""

from __future__ import annotations

import itertools
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.helpers import build, build_package, card, fields, problems, run, write_vault
from vaultdeck import report
from vaultdeck.anki import foreign_database
from vaultdeck.anki.foreign_database import CollectionError, open_database
from vaultdeck.anki.lock import LockError
from vaultdeck.anki.lock_file import format_lock, parse_lock, read_lock
from vaultdeck.build.adoption import adopt_notes
from vaultdeck.build.options import Mode

ID = 1_790_000_100_000
HEADER = (
    "# vaultdeck.lock 1: what is in Anki. Commit it with the notes; only vaultdeck writes it.\n"
)
TYPE = (
    'type\t1500000000001\t{"name":"Mine","fields":["Front","Back","Hint"],"templates":'
    '[["Card 1","{{Front}}","{{FrontSide}}<hr id=answer>{{Back}}"]],"css":".x{}","cloze":false}\n'
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="of POSIX systems")


def lock_of(*lines: str) -> str:
    return HEADER + "adopted\n" + "".join(lines) + "# end\n"


def adopted(hint: str) -> dict[str, str | bytes]:
    """Return a vault with one adopted note whose field Hint the lock holds."""
    more = f'{{"type":1500000000001,"fields":{{"Hint":{hint}}}}}'
    entry = f"{ID}\tabc\t1790000200\tx\t1\tv\tBasic\t{more}\n"
    return {"n.md": card("q", note_id=ID), "vaultdeck.lock": lock_of(TYPE, entry)}


# The lock


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (r'"<img src=x onerror=\"run()\">"', '<img src="x">'),
        (r'"<script>run()</script>a"', "a"),
        (r'"<a href=\"javascript:run()\">a</a>"', "<a>a</a>"),
        (r'"[latex]\\input{/etc/passwd}[/latex]"', r"&#91;latex]\input{/etc/passwd}&#91;/latex]"),
        (r'"{{c1::a}} [sound:x.mp3] <b>b</b> \\(x^2\\)"', None),
        (r'"<b>&#91;sound:x] &#123;&#123;c1::x</b>"', None),
        (
            r'"\\(\\href{javascript:run()}{x}\\)"',
            r'<span class="mathjax_ignore">&#92;(</span>\href{javascript:run()}{x}'
            r'<span class="mathjax_ignore">&#92;)</span>',
        ),
        (r'"<img src=\"my picture.png\"> &lt;tag&gt; <div>line</div>"', None),
    ],
)
def test_field_of_an_adopted_note_passes_the_gate(tmp_path: Path, given: str, shown: str) -> None:
    result = build(write_vault(tmp_path / "v", adopted(given)))
    hint = fields(result)["Hint"]
    assert hint == (shown or given[1:-1].replace(r"\"", '"').replace("\\\\", "\\"))


def test_tombstone_passes_the_gate(tmp_path: Path) -> None:
    last = r'{"removed":true,"last":["<img src=x onerror=\"run()\">q","<script>run()</script>"]}'
    entry = f"{ID + 1}\t-\t1790000200\tx\t1\tv\tBasic\t{last}\n"
    files = {"n.md": card("q", note_id=ID), "vaultdeck.lock": lock_of(entry)}
    result = build(write_vault(tmp_path / "v", files), with_tombstones=True)
    buried = fields(result, -1)
    assert (buried["Front"], buried["Back"]) == ('<img src="x">q', "")


def test_web_picture_of_an_adopted_field_is_told(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", adopted(r'"<img src=\"https://example.org/x.png\">"'))
    assert "1 picture loaded from the web" in run("build", vault, "--dry-run", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("old", "new", "is_code"),
    [
        ("{{Front}}", "{{Front}} <b>x</b>", False),
        ("{{Front}}", "{{Front}}<script>run()</script>", True),
        ("{{Front}}", "{{Front}}<b onclick=run()>x</b>", True),
        ("{{Front}}", "<a href='javascript:run()'>{{Front}}</a>", True),
        ("{{Front}}", "<img src=https://example.org/x.png>{{Front}}", True),
        ("{{Front}}", "<iframe src=x></iframe>{{Front}}", True),
        ("{{Front}}", "<a href='{{Front}}'>x</a>", True),
        ("{{Front}}", "<{{#Front}}{{/Front}}script>run()</script>", True),
        ("{{Front}}", "<!--><img src=x onerror=run()>-->", True),
        ("{{Front}}", "<!-- mine --> a &lt; b &#9656; {{Front}}", False),
        ("{{Front}}", r"\\({{Front}}\\)", True),
        ("{{Front}}", r"\\(\\href{javascript:run()}{x}\\)", True),
        ("{{Front}}", "&#92;({{Front}}&#92;)", True),
        ("{{Front}}", "[latex]{{Front}}[/latex]", True),
        (".x{}", "@import 'https://example.org/x.css'", True),
        (".x{}", ".x{background:url(x)}", True),
    ],
)
def test_note_type_of_the_lock_is_named(tmp_path: Path, old: str, new: str, is_code: bool) -> None:
    files = adopted('"h"')
    files["vaultdeck.lock"] = str(files["vaultdeck.lock"]).replace(old, new, 1)
    vault = write_vault(tmp_path / "v", files)
    result = build(vault, mode=Mode.CHECK)
    assert problems(result.diagnostics) == (["vaultdeck.lock:3:1 lock-code"] if is_code else [])
    (notice,) = (line for line in report.notices(result) if "note type" in line)
    assert notice.startswith("1 note type taken from vaultdeck.lock alone: 'Mine'")


def test_check_names_the_note_types_of_the_lock(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", adopted('"h"'))
    assert "vaultdeck.lock alone: 'Mine'" in run("check", vault, cwd=tmp_path).stdout


def test_template_of_the_lock_reads_no_file(tmp_path: Path) -> None:
    write_vault(tmp_path, {"x.mustache": "{{>x}}"})
    files = adopted('"h"')
    files["vaultdeck.lock"] = str(files["vaultdeck.lock"]).replace("{{Front}}", "{{>x}}{{#a}}", 1)
    vault = write_vault(tmp_path / "v", files)
    done = run("build", vault, "-o", "v.apkg", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "more",
    [
        '{"type":1e999}',
        '{"type":-1e999}',
        '{"type":NaN}',
        '{"type":1500000000001.0}',
        '{"type":true}',
        '{"type":"1500000000001"}',
        '{"type":' + "9" * 5000 + "}",
        '{"tags":"abc"}',
        '{"tags":[1]}',
        '{"fields":{"a":null}}',
        '{"fields":[]}',
        '{"last":{"a":"b"}}',
        '{"removed":1}',
        '{"removed":true,"removed":false}',
        '{"tags":["\\ud800"]}',
        "[" * 100_000,
        "1e999",
        "null",
    ],
)
def test_odd_value_in_the_lock_is_a_clear_error(more: str) -> None:
    text = lock_of(TYPE, f"{ID}\tabc\t1790000200\tx\t1\tv\tBasic\t{more}\n")
    with pytest.raises(LockError, match="damaged") as error:
        parse_lock(text)
    assert error.value.diagnostics[0].location.line == 4


def test_odd_version_of_the_lock_is_a_clear_error() -> None:
    with pytest.raises(LockError, match="no lock of vaultdeck"):
        parse_lock(HEADER.replace("1", "1" * 5000, 1) + "# end\n")


def test_any_number_of_lines_with_one_id_mean_one_note() -> None:
    lines = [
        f"{ID}\tabc\t1790000001\tx\t1\tA\tBasic\n",
        f"{ID}\t-\t1790000005\ty\t1\tB\tBasic\n",
        f"{ID}\tabc\t1790000003\tz\t1\tC\tBasic\n",
    ]
    for order in itertools.permutations(lines):
        entry = parse_lock(lock_of(*order)).entries[ID]
        assert (entry.digest, entry.mtime, entry.deck) == ("z", 1790000005, "C")
        assert entry.times == (1790000001, 1790000003)
        assert set(entry.was) == {"A", "B"}
    many = (lines[1].replace("\tB\t", f"\tB{n}\t") for n in range(90_000))
    assert len(parse_lock(lock_of(*many)).entries[ID].was) == 89_999


@pytest.mark.parametrize(
    "line",
    [
        "-5\tabc\t1\tx\t1\tv\tBasic\n",
        f"{ID}\tabc\t-1\tx\t1\tv\tBasic\n",
        f"{ID}\tabc\t4294967296\tx\t1\tv\tBasic\n",
        f"{ID}\tabc\t1\tx\t0\tv\tBasic\n",
        f"{ID}\tabc\t1\tx\t99999999\tv\tBasic\n",
        f"{ID}\tabc\t1\tx\t1,,2\tv\tBasic\n",
        f"{ID}\tabc\t1\tx\t1\tv\x1b[2J\tBasic\n",
        f"{ID}\tabc\t1\tx\t1\tv\tBasic\t{{}}\t{{}}\n",
        'type\t0\t{"name":"M","fields":["F"],"templates":[["C","",""]],"css":"","cloze":false}\n',
        'type\t5\t{"name":"M","fields":[],"templates":[["C","",""]],"css":"","cloze":false}\n',
        'type\t5\t{"name":"M","fields":["F"],"templates":[],"css":"","cloze":false}\n',
        'type\t5\t{"name":"M","fields":["F"],"templates":[["C",""]],"css":"","cloze":false}\n',
        'type\t5\t{"name":"M","fields":["F"],"templates":[["C","",""]],"css":"","cloze":1}\n',
        "type\t5\n",
        "undecided\t1e999\n",
    ],
)
def test_odd_line_of_the_lock_is_a_clear_error(line: str) -> None:
    with pytest.raises(LockError, match="damaged"):
        parse_lock(lock_of(line))


WHOLE = str(adopted('"h"')["vaultdeck.lock"])


@given(st.randoms(use_true_random=False), st.integers(1, 4))
@settings(deadline=None, max_examples=300)
def test_any_lock_is_read_and_written_again_or_refused(chance: random.Random, count: int) -> None:
    text = WHOLE
    for _ in range(count):
        at = chance.randrange(len(text))
        size = chance.choice([0, 1, 1, 8])
        new = chance.choice(
            ["", "\t", "\n", "-", "9" * 30, "1e999", "NaN", "\x1b", "null", "{", '"']
        )
        text = text[:at] + new + text[at + size :]
    try:
        lock = parse_lock(text)
    except LockError:
        return
    assert format_lock(parse_lock(format_lock(lock))) == format_lock(lock)


# Clocks and names


@pytest.mark.parametrize("now", [-(2**40), 0, 1, 2**32 - 1, 2**40])
def test_wrong_clock_makes_a_lock_that_can_be_read(tmp_path: Path, now: int) -> None:
    vault = write_vault(tmp_path / "v", {"n.md": card("new") + card("q", note_id=ID)})
    build_package(vault, tmp_path / "v.apkg", now=now)
    write_vault(vault, {"n.md": (vault / "n.md").read_text("utf-8").replace("answer", "other")})
    again = build_package(vault, tmp_path / "v.apkg", now=now)
    assert not again.diagnostics
    assert all(len(str(s.id)) == 13 and 0 <= s.mtime < 2**32 for s in again.stamped.notes)
    assert not build_package(vault, tmp_path / "v.apkg", mode=Mode.LOCKED).diagnostics


def test_latest_time_in_the_lock_stays_one_that_can_be_read(tmp_path: Path) -> None:
    entry = f"{ID}\t-\t{2**32 - 1}\tx\t1\tv\tBasic\n"
    files = {"n.md": card("q", note_id=ID), "vaultdeck.lock": lock_of(entry)}
    vault = write_vault(tmp_path / "v", files)
    for _ in range(2):
        assert not build_package(vault, tmp_path / "v.apkg", is_resync=True).diagnostics


@pytest.mark.parametrize("moment", [0, 2**63 - 1, -1_000_000_000])
def test_files_of_any_time_are_built_and_built_again(tmp_path: Path, moment: int) -> None:
    vault = write_vault(tmp_path / "v", {"n.md": card("q", note_id=ID)})
    assert run("build", vault, cwd=tmp_path).returncode == 0
    for name in ("n.md", "vaultdeck.lock"):
        os.utime(vault / name, ns=(moment, moment))
    said = {run("build", vault, cwd=tmp_path).stdout for _ in range(3)}
    assert len(said) == 1
    assert run("build", vault, "--locked", cwd=tmp_path).returncode == 0


@posix
@pytest.mark.parametrize("name", ["a\tb", "a\nb", "a\x1b[2Jb", "a\x85b"])
def test_vault_of_any_name_makes_a_lock_that_can_be_read(tmp_path: Path, name: str) -> None:
    vault = write_vault(tmp_path / name, {"n.md": card("q", note_id=ID)})
    for mode in (Mode.BUILD, Mode.BUILD, Mode.LOCKED):
        assert not build_package(vault, tmp_path / "v.apkg", mode=mode).diagnostics


# Collections and packages


def make_collection(path: Path) -> Path:
    """Write a small collection of schema 11 with one note of ID."""
    models = (
        '{"5":{"name":"Mine","flds":[{"name":"Front","ord":0},{"name":"Back","ord":1}],'
        '"tmpls":[{"name":"C","ord":0,"qfmt":"{{Front}}","afmt":"{{Back}}"}],"css":"","type":0}}'
    )
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE col (models TEXT, decks TEXT);"
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, guid TEXT, mid INTEGER, mod INTEGER,"
            " tags TEXT, flds TEXT);"
            "CREATE TABLE cards (id INTEGER PRIMARY KEY, nid INTEGER, did INTEGER, odid INTEGER,"
            " ord INTEGER)"
        )
        connection.execute("INSERT INTO col VALUES (?, ?)", (models, '{"7":{"name":"Deck"}}'))
        row = (ID, "abc", 5, 1_790_000_000, "own", "q\x1fa")
        connection.execute("INSERT INTO notes VALUES (?,?,?,?,?,?)", row)
        connection.execute("INSERT INTO cards VALUES (?,?,?,?,?)", (ID, ID, 7, 0, 0))
        connection.commit()
    return path


def change(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


VIEW = (
    "CREATE VIEW notes AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT i AS id, 'g' AS guid, 5 AS mid, 1 AS mod, '' AS tags, 'a' AS flds FROM n"
)


def view_in_place_of_a_table(path: Path) -> None:
    change(path, "DROP TABLE notes", VIEW)


def view_that_calls_itself_a_table(path: Path) -> None:
    change(
        path,
        "DROP TABLE notes",
        VIEW,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET type = 'table', rootpage = 2 WHERE name = 'notes'",
    )


def virtual_table(path: Path) -> None:
    change(path, "DROP TABLE notes", "CREATE VIRTUAL TABLE notes USING fts5(guid, mid, mod, flds)")


def computed_column(path: Path) -> None:
    change(
        path,
        "DROP TABLE notes",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, guid TEXT, mid INTEGER, mod INTEGER, tags TEXT,"
        " flds TEXT AS (hex(zeroblob(1000000))))",
        f"INSERT INTO notes VALUES ({ID}, 'g', 5, 1, '')",
    )


def number_for_text(path: Path) -> None:
    change(path, "UPDATE notes SET guid = x'00ff'")


def infinite_number(path: Path) -> None:
    change(path, "UPDATE notes SET mod = 9e999")


def settings_of_another_shape(path: Path) -> None:
    change(path, "UPDATE col SET models = '[]'")


def endless_nesting(path: Path) -> None:
    change(path, f"UPDATE col SET decks = '{'[' * 100_000}'")


def template_that_anki_crashes_at(path: Path) -> None:
    nested = "{{#Front}}" * 20_000 + "{{Front}}" + "{{/Front}}" * 20_000
    change(path, f"UPDATE col SET models = replace(models, '{{{{Front}}}}', '{nested}')")


def note_type_of_two_fields_with_one_name(path: Path) -> None:
    change(path, """UPDATE col SET models = replace(models, '"Back"', '"Front"')""")


def number_without_end(path: Path) -> None:
    change(
        path,
        "CREATE TABLE decks (id INTEGER, name TEXT)",
        "CREATE TABLE fields (ntid INTEGER, ord INTEGER, name TEXT)",
        "CREATE TABLE templates (ntid INTEGER, ord INTEGER, name TEXT, config BLOB)",
        "CREATE TABLE notetypes (id INTEGER, name TEXT, config BLOB)",
        f"INSERT INTO notetypes VALUES (5, 'x', x'{'80' * 2_000_000}')",
    )


HOSTILE: list[Callable[[Path], None]] = [
    view_in_place_of_a_table,
    view_that_calls_itself_a_table,
    virtual_table,
    computed_column,
    number_for_text,
    infinite_number,
    settings_of_another_shape,
    endless_nesting,
    template_that_anki_crashes_at,
    note_type_of_two_fields_with_one_name,
    number_without_end,
]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "v", {"n.md": card("q", note_id=ID)})


def test_honest_collection_is_adopted(vault: Path, tmp_path: Path) -> None:
    done = run("adopt", vault, make_collection(tmp_path / "c.anki2"), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "1 note adopted, 0 not in Anki\n")


@pytest.mark.parametrize("spoil", HOSTILE, ids=lambda spoil: spoil.__name__)
def test_hostile_collection_is_refused_at_once(
    vault: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    path = make_collection(tmp_path / "c.anki2")
    spoil(path)
    with pytest.raises(CollectionError):
        adopt_notes(vault, path)
    assert not (vault / "vaultdeck.lock").exists()


@pytest.mark.parametrize("spoil", HOSTILE, ids=lambda spoil: spoil.__name__)
def test_hostile_package_at_the_output_is_replaced(
    vault: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    write_vault(vault, {"gone.md": card("gone", note_id=ID + 1)})
    build_package(vault, tmp_path / "v.apkg")
    (vault / "gone.md").unlink()
    path = make_collection(tmp_path / "collection.anki2")
    spoil(path)
    with zipfile.ZipFile(tmp_path / "v.apkg", "w") as package:
        package.write(path, path.name)
    assert build_package(vault, tmp_path / "v.apkg").is_written
    assert read_lock(vault) is not None


@pytest.mark.parametrize("member", ["collection.anki21b", "collection.anki2"])
def test_package_that_unpacks_to_far_too_much_is_refused(
    vault: Path, tmp_path: Path, member: str
) -> None:
    path = tmp_path / "bomb.apkg"
    zeros = b"\0" * (1 << 20)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package,
        package.open(member, "w") as file,
    ):
        if member.endswith("b"):
            with zstandard.ZstdCompressor().stream_writer(file, closefd=False) as packer:
                for _ in range(100):
                    packer.write(zeros)
        else:
            for _ in range(100):
                file.write(zeros)
    assert path.stat().st_size < 1 << 20
    with pytest.raises(CollectionError, match="unpacks to far more than Anki packs"):
        adopt_notes(vault, path)


def test_damaged_packages_are_a_clear_message(vault: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.apkg"
    make_collection(tmp_path / "c.anki2")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.write(tmp_path / "c.anki2", "collection.anki21b")
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with pytest.raises(CollectionError):
            adopt_notes(vault, path)


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_package_that_anki_could_not_unpack_is_refused(
    vault: Path, tmp_path: Path, packing: int
) -> None:
    path = tmp_path / "v.apkg"
    make_collection(tmp_path / "c.anki2")
    with zipfile.ZipFile(path, "w", packing) as package:
        package.write(tmp_path / "c.anki2", "collection.anki21")
    whole = path.read_bytes()
    path.write_bytes(whole[:80] + bytes(20) + whole[100:])
    done = run("adopt", vault, path, cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[1:]) == (2, [])
    assert "is not packed as Anki packs" in done.stderr
    assert run("build", vault, "-o", path, cwd=tmp_path).returncode == 0


@posix
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "nothing"])
def test_what_is_no_file_is_refused_at_once(vault: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.apkg"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    done = run("adopt", vault, path, cwd=tmp_path)
    assert done.returncode == 2
    assert str(path) in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notes SET guid = 'a' || char(9) || 'b'",
        "UPDATE notes SET guid = 'a' || char(10) || '# end' || char(10) || 'b'",
        "UPDATE notes SET guid = '-'",
        "UPDATE notes SET mod = -5",
        "UPDATE notes SET mod = 1790000000000",
        "UPDATE notes SET tags = 'a' || char(31) || 'b' || char(9)",
        "UPDATE notes SET flds = char(31) || char(9)",
        """UPDATE col SET decks = '{"7":{"name":"a\\tb\\nc\\u001b[2J"}}'""",
        "UPDATE cards SET ord = -1",
        "UPDATE cards SET ord = 99999999",
    ],
)
def test_odd_value_of_a_collection_makes_a_lock_that_can_be_read(
    vault: Path, tmp_path: Path, statement: str
) -> None:
    path = change(make_collection(tmp_path / "c.anki2"), statement)
    adopt_notes(vault, path)
    lock = read_lock(vault)
    assert lock is not None
    with closing(sqlite3.connect(path)) as connection:
        (guid,) = connection.execute("SELECT guid FROM notes").fetchone()
    assert lock.entries[ID].guid == guid
    for mode in (Mode.BUILD, Mode.LOCKED):
        assert not build_package(vault, tmp_path / "v.apkg", mode=mode).diagnostics


def test_reading_a_database_ends_by_its_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_collection(tmp_path / "c.anki2")
    change(path, f"INSERT INTO cards (nid) SELECT {ID} FROM (VALUES {','.join(['(1)'] * 9000)})")
    monkeypatch.setattr(foreign_database, "MAX_ROWS", 5000)
    with pytest.raises(ValueError, match="come to an end"), open_database(path) as database:
        list(database.rows("cards", ("id",)))
    monkeypatch.setattr(foreign_database, "MAX_STEPS", 10)
    with pytest.raises(ValueError, match="come to an end"), open_database(path) as database:
        list(database._run("SELECT a.id FROM cards a, cards b, cards c WHERE a.nid + c.nid < 0"))


@posix
def test_reading_a_database_hears_signals(tmp_path: Path) -> None:
    path = make_collection(tmp_path / "c.anki2")
    change(path, f"INSERT INTO cards (nid) SELECT {ID} FROM (VALUES {','.join(['(1)'] * 9000)})")
    script = (
        "import sys; from pathlib import Path\n"
        "from vaultdeck.anki.foreign_database import open_database\n"
        "with open_database(Path(sys.argv[1])) as database:\n"
        "    print('reading', flush=True)\n"
        "    list(database._run('SELECT a.id FROM cards a, cards b, cards c WHERE a.nid + c.nid < 0'))\n"
    )
    command: list[Any] = [sys.executable, "-c", script, path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == b"reading\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert b"KeyboardInterrupt" in process.stderr.read()
