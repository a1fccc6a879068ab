"""Compiled files that are kept between runs: the result is that of a fresh build, whatever happened."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

import vaultdeck
from tests.support.helpers import NOW, PNG, card, write_vault
from vaultdeck import report
from vaultdeck.__main__ import main
from vaultdeck.anki.package import write_package
from vaultdeck.build import build as pipeline
from vaultdeck.build import replay
from vaultdeck.build.options import Options
from vaultdeck.build.outcome import Build
from vaultdeck.build.session import open_vault
from vaultdeck.compile import parallel
from vaultdeck.compile.asked import Asked
from vaultdeck.compile.cache import files, store
from vaultdeck.compile.cache.files import FileCache
from vaultdeck.compile.cache.folder import MAX_OF_VAULT, default_folder, own_files, prune, vault_key
from vaultdeck.compile.note_file import CompiledFile, Compiler
from vaultdeck.html.harmless import is_harmless
from vaultdeck.vault import folder as walk
from vaultdeck.vault.names import Vault
from vaultdeck.vault.progress import Progress

ID = 1_700_000_000_000
NOTES = ["a.md", "b.md", "c.md", "d.md", "sub/a.md", "sub/e.md", "sub/deep/c.md", "Überblick.md"]
PICTURES = ["p.png", "sub/p.png", "sub/q.png", "sub/odd [1].png", "drawn.svg"]
PIECES = [
    *("![[a]]", "![[b]]", "![[c#H]]", "![[sub/a#H]]", "![[e]]", "![[d#^mark]]", "![[überblick]]"),
    *("[[a]]", "[[sub/deep/c|see]]", "[[e#H]]", "[[gone]]", "![[gone]]", "[t](sub/e.md)"),
    *("![[p.png]]", "![[sub/p.png]]", "![[q.png|40]]", "![](<sub/odd [1].png>)", "![[drawn.svg]]"),
    *("# H", "## H", "text ^mark", "$x^2$", "==bright==", "#tag", "- item", "[^1]", "[^1]: foot"),
    *("![](https://example.org/x.png)", "$\\nosuch$", "![[#H]]", "{{c1::hidden}}"),
]
CONFIGS = [
    "",
    "deck: Other::Deck\n",
    "tags: [one]\nhighlight_clozes: true\n",
    "ignore: [sub/**]\n",
    "cut_tags: true\n",
    "severities: {embed-not-found: off}\n",
    "markers: {begin: BEGIN}\n",
    "link_fields: {'*': first}\n",
]
BODY = st.lists(st.sampled_from(PIECES), max_size=5).map("\n\n".join)
KINDS = st.sampled_from(["Basic", "Basic", "Cloze", "Basik"])


def cli(*arguments: object) -> tuple[str, str, int]:
    """Run a command line in this process, from its very beginning."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["vaultdeck", *map(str, arguments)])
        patch.setattr(signal, "signal", lambda *_: None)
        with pytest.raises(SystemExit) as stopped:
            main()
    return out.getvalue(), err.getvalue(), int(str(stopped.value.code or 0))


def only_told(cache: Path, folder: Path) -> Path:
    """Return a folder of caches that knows what the last builds told, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path in cache.glob("*.told"):
        shutil.copy(path, folder)
    return folder


def fresh_and_kept(vault: Path, cache: Path) -> tuple[Build, Build]:
    """Build without writing anything, first without the cache and then with it."""
    fresh = Options(is_dry_run=True)
    built = pipeline.build(vault, NOW, fresh)
    return built, pipeline.build(vault, NOW, replace(fresh, cache=cache))


def assert_same(one: Build, other: Build, vault: Path) -> None:
    assert one.stamped == other.stamped
    assert one.diagnostics == other.diagnostics
    assert list(report.notices(one)) == list(report.notices(other))
    told = [report.Told(Path("v"), "v", result, has_changes=True) for result in (one, other)]
    json_of = report.FORMATS["json"].write
    assert list(json_of(told[:1])) == list(json_of(told[1:]))
    assert package_of(one, vault) == package_of(other, vault)


def package_of(build: Build, vault: Path) -> bytes:
    package = vault.parent / "compared.apkg"
    write_package(package, build.stamped.notes, lambda path: (vault / path).open("rb"))
    return package.read_bytes()


class Editing(RuleBasedStateMachine):
    """A vault under the hands of its author, built now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.vault, self.cache = self.folder / "vault", self.folder / "cache"
        self.vault.mkdir()

    def write(self, path: str, data: bytes) -> None:
        """Write a file as editors do: beside, then in its place."""
        target = self.vault / path
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(".beside")
        beside.write_bytes(data)
        beside.replace(target)

    @initialize()
    def start(self) -> None:
        self.write("a.md", card("![[b]]", note_id=ID).encode())
        self.write("b.md", b"# H\n\n![[c#H]]\n")
        self.write("c.md", b"# H\n\n![[sub/e]]\n")
        self.write("sub/e.md", b"text ![[p.png]]\n")
        self.write("p.png", PNG)

    @rule(path=st.sampled_from(NOTES), text=BODY, front=BODY, kind=KINDS, has_id=st.booleans())
    def write_note(self, path: str, text: str, front: str, kind: str, has_id: bool) -> None:
        number = ID + 100 * NOTES.index(path) if has_id else None
        body = card(f"q {path}\n{front}", note_id=number, kind=kind)
        self.write(path, f"{text}\n\n{body}".encode())

    @rule(path=st.sampled_from(NOTES), text=BODY)
    def write_plain_note(self, path: str, text: str) -> None:
        self.write(path, text.encode())

    @rule(path=st.sampled_from(NOTES))
    def write_what_is_no_text(self, path: str) -> None:
        self.write(path, b"\xff\xfe broken ID: 5")

    @rule(path=st.sampled_from(PICTURES), data=st.sampled_from([PNG, PNG + b"x", b"", b"<script>"]))
    def draw(self, path: str, data: bytes) -> None:
        self.write(path, data)

    @rule(path=st.sampled_from(NOTES + PICTURES))
    def delete(self, path: str) -> None:
        (self.vault / path).unlink(missing_ok=True)

    @rule(old=st.sampled_from(NOTES + PICTURES), new=st.sampled_from(NOTES + PICTURES))
    def rename(self, old: str, new: str) -> None:
        if (self.vault / old).exists():
            (self.vault / new).parent.mkdir(parents=True, exist_ok=True)
            (self.vault / old).replace(self.vault / new)

    @rule(text=st.sampled_from(CONFIGS))
    def configure(self, text: str) -> None:
        self.write("vaultdeck.yaml", text.encode())

    @rule()
    def build(self) -> None:
        options = Options(output=self.folder / "built.apkg", cache=self.cache)
        pipeline.build(self.vault, NOW, options)

    @rule()
    def build_again(self) -> None:
        """What is said of a vault where nothing has changed is what a build would say."""
        package = self.folder / "said.apkg"
        kept = ("build", self.vault, "-o", package, "--cache-dir", self.cache)
        cli(*kept)
        said, written = cli(*kept), package.exists() and package.read_bytes()
        told = only_told(self.cache, self.folder / "told")
        assert cli(*kept[:-1], told) == said
        assert (package.exists() and package.read_bytes()) == written

    @rule()
    def compare(self) -> None:
        fresh, kept = fresh_and_kept(self.vault, self.cache)
        assert_same(fresh, kept, self.vault)

    def teardown(self) -> None:
        try:
            self.compare()
            self.compare()
        finally:
            shutil.rmtree(self.folder)


@pytest.mark.parametrize("racy_ns", [walk.RACY_NS, -1], ids=["read", "state"])
def test_kept_is_fresh_after_any_edits(racy_ns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "RACY_NS", racy_ns)
    limits = settings(
        max_examples=25,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Editing, settings=limits)


VAULT: dict[str, str | bytes] = {
    "a.md": card("![[b#H]]", note_id=ID),
    "x/far.md": "![[p.png]]\n",
    "b.md": "# H\n\n![[sub/c]]\n",
    "sub/c.md": "deep ![[p.png]] [[a]] [[far]] [[gone]]\n",
    "d.md": card("{{c1::x}}", note_id=ID + 1, kind="Cloze"),
    "p.png": PNG,
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "v", VAULT)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The note files that are compiled from now on."""
    paths: list[str] = []
    compile_file = Compiler.trace_file

    def note(self: Compiler, path: str) -> tuple[CompiledFile, Asked]:
        paths.append(path)
        return compile_file(self, path)

    monkeypatch.setattr(Compiler, "trace_file", note)
    return paths


def build(vault: Path, **options: Any) -> Build:
    """Build with a cache beside the vault."""
    output, cache = vault.parent / "x.apkg", vault.parent / "cache"
    defaults: dict[str, Any] = {"output": output, "cache": cache}
    return pipeline.build(vault, NOW, Options(**{**defaults, **options}))


def test_nothing_is_compiled_twice(vault: Path, compiled: list[str]) -> None:
    build(vault)
    assert sorted(compiled) == ["a.md", "b.md", "d.md", "sub/c.md", "x/far.md"]
    compiled.clear()
    build(vault)
    assert compiled == []


def test_what_was_compiled_before_an_interruption_is_kept(
    vault: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows go to the store as they come."""
    monkeypatch.setattr(files, "ROWS_AT_ONCE", 2)

    class Interrupted(Progress):
        def compiled(self, path: str, seconds: Mapping[str, float]) -> None:
            if len(compiled) == 4:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.build(vault, NOW, Options(cache=vault.parent / "cache"), Interrupted())
    first = compiled[:2]
    compiled.clear()
    build(vault)
    assert len(compiled) == 3
    assert not set(compiled) & set(first)
    assert_same(*fresh_and_kept(vault, vault.parent / "cache"), vault)


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("d.md", card("{{c1::y}}", note_id=ID + 1, kind="Cloze"), ["d.md"]),
        ("sub/c.md", "deeper\n", ["a.md", "sub/c.md"]),
        ("p.png", PNG + b"more", ["a.md"]),
        ("y/far.md", "elsewhere\n", ["a.md", "y/far.md"]),
        ("gone.md", "found\n", ["a.md", "gone.md"]),
        ("sub/p.png", PNG, ["a.md"]),
        ("new.md", "nothing asks for this\n", ["new.md"]),
        ("vaultdeck.yaml", "ignore: [d.md]\nseverities: {half-card: off}\n", []),
        ("vaultdeck.yaml", "deck: Other\n", ["a.md", "b.md", "d.md", "sub/c.md", "x/far.md"]),
    ],
    ids="text embedded picture ambiguous appears ambiguous-picture unasked harmless-config config".split(),
)
def test_only_what_a_change_reaches_is_compiled(
    path: str, content: str | bytes, expected: list[str], vault: Path, compiled: list[str]
) -> None:
    build(vault)
    compiled.clear()
    write_vault(vault, {path: content})
    build(vault)
    assert sorted(compiled) == expected


def test_state_of_files_tells_that_they_need_not_be_read(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "RACY_NS", -1)
    build(vault)
    build(vault)

    def fail(self: Vault, path: str) -> bytes:
        raise AssertionError(path)

    monkeypatch.setattr(Vault, "read_bytes", fail)
    build(vault)


def test_edit_that_leaves_no_trace_in_the_state_is_seen(vault: Path) -> None:
    build(vault)
    target = vault / "sub/c.md"
    state = target.stat()
    target.write_text("DEEP ![[p.png]] [[a]] [[far]] [[gone]]\n", encoding="utf-8")
    os.utime(target, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert "DEEP" in build(vault).stamped.notes[0].note.fields[0]


def test_file_that_gets_ids_is_compiled_again(vault: Path, compiled: list[str]) -> None:
    write_vault(vault, {"new.md": card("q")})
    build(vault)
    compiled.clear()
    assert build(vault).stamped.changes[-1].status == "unchanged"
    assert compiled == ["new.md"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"{}",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"deep", b"dead"),
        lambda data: data[:5000] + bytes(2000) + data[7000:],
        lambda data: data.replace(b"checksum", b"checkout"),
    ],
    ids="empty foreign truncated changed zeros schema".split(),
)
def test_damaged_cache_is_made_anew(
    damage: Callable[[bytes], bytes], vault: Path, compiled: list[str]
) -> None:
    fresh = build(vault)
    for kept in (vault.parent / "cache").iterdir():
        kept.write_bytes(damage(kept.read_bytes()))
    again = build(vault)
    assert [stamped.note for stamped in again.stamped.notes] == [
        s.note for s in fresh.stamped.notes
    ]
    compiled.clear()
    build(vault)
    build(vault)
    assert len(compiled) < 5, "not mended"
    compiled.clear()
    build(vault)
    assert compiled == []


def test_cache_that_cannot_be_written_changes_nothing(vault: Path) -> None:
    (vault.parent / "cache").write_text("a file", encoding="utf-8")
    assert build(vault).is_written
    assert build(vault).is_written


def test_builds_at_the_same_time_share_a_cache(vault: Path) -> None:
    """Of two that started from the same state the second one's update is dropped."""
    build(vault)
    session = open_vault(vault)
    compiler = Compiler(session.vault, session.config)
    caches = [
        FileCache(vault.parent / "cache", session.vault, session.config, compiler.ask_media)
        for _ in range(2)
    ]
    write_vault(vault, {"new.md": "x\n"})
    for cache in caches:
        assert len(list(cache.recall(session.paths))) == 5
    for cache in caches:
        cache.keep("new.md", *compiler.trace_file("new.md"))
        cache.finish()
    assert_same(*fresh_and_kept(vault, vault.parent / "cache"), vault)


def test_what_python_is_just_compiling_is_no_part_of_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").mkdir()
    for name in ("a.py", "__pycache__/a.cpython-311.pyc", "__pycache__/a.cpython-311.pyc.140213"):
        (tmp_path / name).touch()
    monkeypatch.setattr(vaultdeck, "__file__", str(tmp_path / "__init__.py"))
    assert [entry.name for entry in own_files()] == ["a.py"]


def test_two_processes_build_at_once(vault: Path) -> None:
    command = [sys.executable, "-m", "vaultdeck", "build", "v", "--locked", "--cache-dir", "cache"]
    build(vault, cache=None)
    running = [
        subprocess.Popen([*command, "-o", f"{number}.apkg"], cwd=vault.parent)
        for number in range(3)
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    packages = {(vault.parent / f"{number}.apkg").read_bytes() for number in range(3)}
    assert len(packages) == 1


def many_notes() -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {
        f"n{n:03}.md": card(f"![[n{n - 1:03}]] $x_{n}$ ![[p.png]]", note_id=ID + n)
        + f"text {n} [[a]] ![[gone]]\n"
        for n in range(100)
    }
    return {**files, **VAULT, "new.md": card("no ID yet"), "bad.md": b"\xff"}


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_parallel_is_serial(method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("not on this system")
    vault = write_vault(tmp_path / "v", many_notes())
    monkeypatch.setattr(parallel, "_start_method", lambda: method)
    serial = pipeline.build(vault, NOW, Options(is_dry_run=True))
    several = pipeline.build(vault, NOW, Options(is_dry_run=True, jobs=2))
    assert_same(serial, several, vault)


def test_parallel_fills_the_cache(tmp_path: Path, compiled: list[str]) -> None:
    vault = write_vault(tmp_path / "v", {**many_notes(), "new.md": "", "bad.md": ""})
    build(vault, jobs=2)
    compiled.clear()
    assert_same(build(vault, is_dry_run=True), build(vault, is_dry_run=True, cache=None), vault)
    assert len(compiled) == len(many_notes()) - 1


def die(paths: list[str]) -> None:
    os._exit(1)


@pytest.mark.skipif(sys.platform == "win32", reason="the process that dies is a fork")
def test_work_of_a_process_that_dies_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = write_vault(tmp_path / "v", many_notes())
    monkeypatch.setattr(parallel, "_start_method", lambda: "fork")
    monkeypatch.setattr(parallel, "_compile_chunk", die)
    serial = pipeline.build(vault, NOW, Options(is_dry_run=True))
    assert_same(serial, pipeline.build(vault, NOW, Options(is_dry_run=True, jobs=2)), vault)


def test_nothing_changed_writes_nothing_and_imports_nothing_slow(vault: Path) -> None:
    output = vault.parent / "x.apkg"
    # A picture that is only just drawn may change without a trace.
    (vault / "p.png").unlink()
    code = (
        "import sys; from vaultdeck.__main__ import main\n"
        "sys.argv[1:] = ['build', 'v', '-o', 'x.apkg', '--cache-dir', 'cache']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('genanki', 'markdown_it', 'yaml', 'sqlite3', 'click') if m in sys.modules])"
    )

    def run() -> str:
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=vault.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    # The first build writes the lock, which the second one finds in the vault.
    outputs = [run() for _ in range(2)]
    state = output.stat()
    outputs.append(run())
    assert outputs[2].endswith("[]\n"), outputs
    assert outputs[1].splitlines()[:-1] == outputs[2].splitlines()[:-1]
    assert output.stat() == state
    output.unlink()
    run()
    assert output.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda vault: (vault / "d.md").write_text("", encoding="utf-8"),
        lambda vault: (vault / "p.png").unlink(),
        lambda vault: (vault / "new.md").write_text("", encoding="utf-8"),
        lambda vault: (vault / "vaultdeck.lock").unlink(),
        lambda vault: (vault / "vaultdeck.yaml").write_text("deck: D\n", encoding="utf-8"),
        lambda vault: write_vault(vault, {".obsidian/app.json": '{"strictLineBreaks": true}'}),
        lambda vault: (vault.parent / "x.apkg").write_bytes(b"other"),
    ],
    ids="note media name lock config obsidian package".split(),
)
def test_any_change_is_seen(change: Callable[[Path], object], vault: Path) -> None:
    package = vault.parent / "x.apkg"
    kept = ("build", vault, "-o", package, "--cache-dir", vault.parent / "cache")
    for _ in range(3):
        cli(*kept)
    change(vault)
    copy = shutil.copytree(vault, vault.parent / "copy")
    told = only_told(vault.parent / "cache", vault.parent / "told")
    said = cli(*kept)
    shutil.rmtree(vault)
    copy.rename(vault)
    assert cli(*kept[:-1], told) == said


def test_old_caches_are_removed_and_nothing_else(tmp_path: Path) -> None:
    key = vault_key(tmp_path)
    files = {f"{key}-{n:016x}.db": b"x" for n in range(MAX_OF_VAULT + 3)}
    others = {"0" * 16 + "-" + "1" * 16 + ".json": b"x", "mine.json": b"x", "mine.db": b"x"}
    write_vault(tmp_path, {**files, **others})
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0) if path.name in others else None)
    prune(tmp_path, key)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert [name for name in left if name in others] == ["mine.db", "mine.json"]
    assert len(left) == MAX_OF_VAULT + 2


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"VAULTDECK_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/x"}, "/c"),
        ({"XDG_CACHE_HOME": "/x"}, "/x/vaultdeck"),
        ({"XDG_CACHE_HOME": "x"}, "/home/me/.cache/vaultdeck"),
        ({}, "/home/me/.cache/vaultdeck"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="where Linux keeps caches")
def test_caches_lie_in_the_users_cache_folder(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VAULTDECK_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **variables}.items():
        monkeypatch.setenv(name, value)
    assert default_folder() == Path(expected)


# What a row of the cache says when somebody else has written it. `checksum` tells of accidents alone.


def rewrite(vault: Path, change: Callable[[str, Any], Any]) -> None:
    """Let `change` rewrite the JSON columns of each row, by name, under a checksum that is right."""
    for path in (vault.parent / "cache").glob("*.db"):
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT * FROM compiled ORDER BY path").fetchall()
            for row in map(store.CacheRow._make, rows):
                news: dict[str, Any] = {
                    name: json.dumps(change(name, json.loads(getattr(row, name))))
                    for name in ("needs", "links", "result")
                }
                row = row._replace(**news)
                row = row._replace(checksum=store._checksum(row))
                connection.execute("REPLACE INTO compiled VALUES (?,?,?,?,?,?)", row)
            connection.commit()


HOSTILE_NOTES: dict[int, list[Any]] = {
    0: [[0, 0, 0, 0], [1, 1, 1], [1, 1, 1, "1"], [1e999] * 4],
    1: ["nosuch", None],
    2: ["", "a\tb", "a::", 5],
    3: [["a b"], ["\x1b"], "tag", [None]],
    4: [["only one"], ["<script>run()</script>", "", "", ""], ["<b onclick=run()>", "", "", ""]],
    5: [
        [["../secret.txt", "secret.txt", "0" * 20]],
        [["/etc/hostname", "hostname", "0" * 20]],
        [["p.png", "../p.png", "0" * 20]],
        [["a.md", "_collection.js", "0" * 20]],
        [["p.png", 5, ""]],
    ],
    6: [-1, 0, 2**70, "5", 1.5, True],
    7: ["x", [1]],
    8: ["", "x", None],
}


@pytest.mark.parametrize(
    "html",
    [
        r"<code><b></code>\(\href{javascript:run()}{x}\)</b>",
        r'<span class="mathjax_ignore"><p></span>\(\href{javascript:run()}{x}\)</p>',
        r"<table>\(x\)<tr><td>a</td></tr></table>",
        "<p><div>x</div></p>",
        "<a><b><a>x</a></b></a>",
        "<b>",
        '{{c1::<b title="a::b">x</b>}} <i title=" onclick=run() x=">y</i>',
        '<b title="[sound:x]">x</b>',
    ],
)
def test_field_that_a_browser_reads_otherwise_is_not_harmless(html: str) -> None:
    assert not is_harmless([html], is_cloze=True)
    assert is_harmless(["<ul>\n<li>a<br>{{c1::<b>x</b>}}</li>\n</ul>"], is_cloze=True)


@pytest.mark.parametrize(
    ("column", "value"),
    [(column, value) for column, values in HOSTILE_NOTES.items() for value in values],
)
def test_hostile_row_is_compiled_again(vault: Path, column: int, value: Any) -> None:
    (vault.parent / "secret.txt").write_text("secret", encoding="utf-8")
    build(vault)

    def change(name: str, data: Any) -> Any:
        if name == "result":
            for note in data[0]:
                note[column] = value
        return data

    rewrite(vault, change)
    assert_same(*fresh_and_kept(vault, vault.parent / "cache"), vault)


def test_row_with_a_card_beyond_all_measure_is_compiled_again(vault: Path) -> None:
    build(vault)

    def change(name: str, data: Any) -> Any:
        for note in data[0] if name == "result" else ():
            note[4][0] = "a" * 60_000_000
        return data

    rewrite(vault, change)
    assert_same(*fresh_and_kept(vault, vault.parent / "cache"), vault)


@pytest.mark.parametrize(
    "path", ["../secret.txt", "/dev/zero", "/etc/hostname", "a\0b", "\ud800", "."]
)
def test_row_that_asks_for_what_is_not_in_the_vault_is_compiled_again(
    vault: Path, path: str
) -> None:
    build(vault)

    def change(name: str, data: Any) -> Any:
        if name == "needs":
            return [{**data[0], path: "0" * 32}, {**data[1], path: ["0" * 24, True]}]
        return [[*data[0], [path, path, "0"]], {path: True}] if name == "links" else data

    rewrite(vault, change)
    assert_same(*fresh_and_kept(vault, vault.parent / "cache"), vault)


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 2**70, 1e999, "", "\x1b[2J", "../x", "\ud800", [], {}, [[]], "a" * 5000]
)


def mutated(data: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    """Return JSON data in which one value, somewhere, is odd, missing or twice."""
    if isinstance(data, list) and data and draw(st.integers(0, 9)):
        at = draw(st.integers(0, len(data) - 1))
        part = draw(st.sampled_from(["in", "in", "in", "out", "twice"]))
        news = {"in": [mutated(data[at], draw)], "out": [], "twice": [data[at], data[at]]}[part]
        return [*data[:at], *news, *data[at + 1 :]]
    if isinstance(data, dict) and data and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(data)))
        return {**data, key: mutated(data[key], draw)}
    return draw(ODD)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_mutated_rows_end_in_no_traceback_and_pack_nothing_from_outside(
    data: st.DataObject,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        vault = write_vault(Path(folder) / "vault", MUTATED)
        build(vault)
        column = data.draw(st.sampled_from(["needs", "links", "result"]))
        rewrite(vault, lambda name, old: mutated(old, data.draw) if name == column else old)
        built = build(vault)
        for stamped in built.stamped.notes:
            assert {ref.path for ref in stamped.note.files} <= {"p.png"}
            assert "<script" not in "".join(stamped.note.fields)
        assert built.is_written


MUTATED: dict[str, str | bytes] = {
    "a.md": card("![[b#H]] ![[p.png]] $x$ ![[gone]]", note_id=ID),
    "b.md": "# H\n\n[[a]]\n" + card("q", note_id=ID + 100),
    "p.png": PNG,
}


@pytest.mark.parametrize(
    "change",
    [
        {"said": ["\x1b]0;x\x07", "", 0, False]},
        {"said": ["", "", 3, False]},
        {"said": ["", "", "0", False]},
        {"said": [["x"], "", 0, False]},
        {"said": ["x"]},
        {"said": None},
        {"root": "/", "real": "/"},
        {"racy": {"/dev/zero": "x"}},
        {"racy": {"../secret": "x"}},
        {"racy": 5},
        {"inputs": [["file", "/dev/zero", ""]]},
        {"inputs": [["nosuch", "x", ""]]},
        {"inputs": {"a": 1}},
    ],
)
def test_hostile_answer_is_not_said(vault: Path, change: dict[str, Any]) -> None:
    cache = vault.parent / "cache"
    call = ("build", vault, "-o", vault.parent / "v.apkg", "--cache-dir", cache)
    cli(*call)
    said = cli(*call)
    for path in cache.glob("*.json"):
        kept = json.loads(path.read_text("utf-8").partition("\n")[2])
        replay._write(path, {**kept, **change})
    assert cli(*call) == said
