"""vaultdeck.lock, --locked and --dry-run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.helpers import NOW, PNG, build_package, card, run, write_vault
from vaultdeck.anki.lock import Entry, Lock, LockError
from vaultdeck.anki.lock_file import HEADER, format_lock, parse_lock, read_lock
from vaultdeck.model import MAX_ID, NoteType, Template
from vaultdeck.model.notes import own_type

ID = 1_700_000_000_000
FILES: dict[str, str | bytes] = {
    "a.md": card("q ![[p.png]]", note_id=ID) + card("r", note_id=ID + 1),
    "b/c.md": "TARGET DECK: Other\n" + card("{{c1::x}}", kind="Cloze", note_id=ID + 2),
    "p.png": PNG,
}

texts = st.text(st.characters(exclude_characters="\t\r\n", exclude_categories=["Cs", "Cc"]))
entries = st.builds(
    Entry,
    id=st.integers(1, MAX_ID),
    mtime=st.integers(0, 2**32 - 1),
    digest=st.text("0123456789abcdef"),
    cards=st.lists(st.integers(1, 500)).map(tuple),
    deck=texts,
    note_type=texts,
    guid=st.text("abc!#$%&()*+,./:;<=>?@[]^_`{|}~", min_size=2),
    tags=st.lists(st.text(min_size=1)).map(tuple),
    fields=st.dictionaries(st.text(), st.text()),
    is_removed=st.booleans(),
    last=st.lists(st.text()).map(tuple),
    was=st.lists(st.text()).map(tuple),
    times=st.lists(st.integers(0, 2**32 - 1)).map(tuple),
    sent=st.just("5e1"),
    given=st.just("91e"),
)
note_type = NoteType(
    "Mine", 7, ("F\t", "B"), (None, None), (Template("C\n1", None, "{{F}}", "\u2028"),), "css", True
)


@given(st.lists(entries), st.booleans())
@settings(deadline=None)
def test_lock_is_read_as_it_was_written(found: list[Entry], is_adopted: bool) -> None:
    lock = Lock({entry.id: entry for entry in found}, {7: note_type}, "my vault", is_adopted)
    again = parse_lock(format_lock(lock))
    assert again == lock
    assert format_lock(again) == format_lock(lock)
    assert parse_lock(format_lock(lock).replace("\n", "\r\n")) == lock


def type_line(back: str = "", fields: Sequence[str] = ("F",), templates: int = 1) -> str:
    """Return a lock that holds a note type with this back, these fields and so many templates."""
    sides = [Template(f"C{number}", None, "{{F}}", back) for number in range(templates)]
    return format_lock(Lock(types={9: own_type(9, "T", fields, sides, "", is_cloze=False)}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("something else\n# end\n", "no lock"),
        (HEADER + "\n", "cut off"),
        (HEADER + "\n1\t-\t5\tab\t1\tDeck\tBasic\n", "cut off"),
        (HEADER + "\n# end", "cut off"),
        (HEADER + "\n1\t-\t9223372036854775808\tab\t1\tDeck\tBasic\n# end\n", "damaged"),
        (HEADER + "\n1_0\t-\t5\tab\t1\tDeck\tBasic\n# end\n", "damaged"),
        (HEADER.replace(" 1:", " 2:") + "\n", "newer"),
        (HEADER + "\n1\t-\t5\n# end\n", "damaged"),
        (HEADER + "\nx\t-\t5\tab\t1\tDeck\tBasic\n# end\n", "damaged"),
        (HEADER + '\n1\t-\t5\tab\t1\tDeck\tBasic\t{"type"\n# end\n', "damaged"),
        (HEADER + '\n1\t-\t5\tab\t1\tDeck\tBasic\t{"type":9}\n# end\n', "note type"),
        (HEADER + "\ntype\t9\t[]\n# end\n", "damaged"),
        # Anki crashes at such a template.
        (type_line("{{#F}}" * 20_000 + "{{F}}" + "{{/F}}" * 20_000), "damaged"),
        (type_line("{{F}}" + "{{" * 20_000), "damaged"),
        # A build would have no end.
        (type_line(fields=[f"F{number}" for number in range(1_000)]), "damaged"),
        (type_line(templates=1_000), "damaged"),
        (type_line(fields=["F", "F"]), "damaged"),
        (HEADER + "\n1\t-\t5\tab\t1\tDeck\tBasic\t[]\n# end\n", "damaged"),
    ],
)
def test_unusable_lock_is_a_clear_error_and_stays(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LockError, match=message):
        parse_lock(text)
    vault = write_vault(tmp_path / "v", {**FILES, "vaultdeck.lock": text, "new.md": card("new")})
    done = run("build", "v", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("v/vaultdeck.lock:")
    assert message in done.stderr
    assert (vault / "vaultdeck.lock").read_text() == text
    assert (vault / "new.md").read_text() == card("new")
    assert not (tmp_path / "v.apkg").exists()


def test_merge_conflict_is_mended_by_the_next_build(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", FILES)
    build_package(vault, tmp_path / "x.apkg", now=NOW)
    path = vault / "vaultdeck.lock"
    good = path.read_text()
    header, named, undecided, one, *rest = good.splitlines()
    later = one.replace(str(NOW), str(NOW + 7))
    both = [
        header,
        named,
        undecided,
        "<<<<<<< HEAD",
        one,
        "=======",
        later,
        ">>>>>>> branch",
        *rest,
    ]
    path.write_text("\n".join(both) + "\n")
    assert run("build", "v", "--locked", cwd=tmp_path).returncode == 1
    assert run("build", "v", cwd=tmp_path).returncode == 0
    # A package of either may be in Anki.
    assert path.read_text() == good.replace(one, f'{later}\t{{"times":[{NOW}]}}')


def commit_all(folder: Path) -> None:
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "notes"]):
        user = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "core.autocrlf=false"]
        subprocess.run(["git", *user, *command], cwd=folder, check=True)


def test_union_of_two_branches_is_a_lock_that_the_next_build_mends(tmp_path: Path) -> None:
    """`vaultdeck.lock merge=union` loses no note, however the lines of both sides come together."""
    notes = {f"{n}.md": card(f"q{n}", note_id=ID + n) for n in range(1, 6)}
    vault = write_vault(tmp_path / "v", {**notes, ".gitattributes": "vaultdeck.lock merge=union\n"})
    build_package(vault, tmp_path / "x.apkg", now=NOW)
    commit_all(vault)

    def git(*arguments: str) -> None:
        user = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
        subprocess.run(["git", *user, *arguments], cwd=vault, check=True, capture_output=True)

    for branch, now in (("left", NOW + 10), ("right", NOW + 20)):
        git("checkout", "-q", "-b", branch, "left~1" if branch == "right" else "HEAD")
        write_vault(vault, {f"{branch}.md": card(f"of {branch}", note_id=ID + now)})
        # Both sides change the line of note 3; the later time counts.
        write_vault(vault, {"3.md": card("same", note_id=ID + 3)})
        write_vault(vault, {f"{4 + (branch == 'left')}.md": f"of {branch}\n"})
        build_package(vault, tmp_path / "x.apkg", now=now)
        git("add", "-A")
        git("commit", "-qm", branch)
    git("merge", "-q", "left", "-m", "merge")
    merged = read_lock(vault)
    assert merged is not None
    numbers = {ID + n for n in (1, 2, 3, 4, 5, NOW + 10, NOW + 20)}
    assert set(merged.entries) == numbers
    assert merged.entries[ID + 3].mtime == NOW + 20
    assert build_package(vault, tmp_path / "x.apkg", now=NOW + 30).is_written
    mended = read_lock(vault)
    assert mended is not None and set(mended.entries) == numbers
    text = (vault / "vaultdeck.lock").read_text()
    assert len(text.splitlines()) == len(set(text.splitlines()))


def test_locked_build_of_two_clones_gives_the_same_bytes(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {**FILES, "n.md": card("new one")})
    build_package(vault, tmp_path / "first.apkg", now=NOW)
    commit_all(vault)
    packages = []
    for number, seed in enumerate(("1", "2")):
        clone = tmp_path / f"clone{number}" / "another name"
        subprocess.run(["git", "clone", "-q", vault, clone], check=True)
        for path in clone.rglob("*.md"):
            os.utime(path, (number * 10**6, number * 10**6))
        command = [
            sys.executable,
            "-m",
            "vaultdeck",
            "build",
            "another name",
            "--locked",
            "-o",
            "v.apkg",
        ]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(command, cwd=clone.parent, env=env, check=True)
        packages.append((clone.parent / "v.apkg").read_bytes())
        status = ["git", "status", "--porcelain"]
        assert not subprocess.run(status, cwd=clone, capture_output=True, check=True).stdout
    assert packages[0] == packages[1] == (tmp_path / "first.apkg").read_bytes()


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        pytest.param("new.md", card("new"), "missing-id", id="card without ID"),
        pytest.param("new.md", card("n", note_id=ID + 9), "lock-outdated", id="card not in lock"),
        pytest.param("a.md", card("changed", note_id=ID), "lock-outdated", id="changed card"),
        pytest.param("p.png", PNG + b"x", "lock-outdated", id="changed picture"),
        pytest.param("b/c.md", "", "lock-outdated", id="removed card"),
    ],
)
def test_locked_build_fails_and_writes_nothing_if_anything_is_out_of_date(
    tmp_path: Path, path: str, text: str | bytes, code: str
) -> None:
    vault = write_vault(tmp_path / "v", FILES)
    build_package(vault, tmp_path / "first.apkg", now=NOW)
    write_vault(vault, {path: text})
    before = {p: p.read_bytes() for p in vault.rglob("*") if p.is_file()}
    done = run("build", "v", "--locked", cwd=tmp_path)
    assert done.returncode == 1
    assert code in done.stderr
    assert not (tmp_path / "v.apkg").exists()
    assert {p: p.read_bytes() for p in vault.rglob("*") if p.is_file()} == before


def test_locked_build_without_a_lock_says_so(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", FILES)
    done = run("build", "v", "--locked", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("lock-outdated") == 1
    assert "has no vaultdeck.lock" in done.stderr


def test_dry_run_lists_note_by_note_and_writes_nothing(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", FILES)
    build_package(vault, tmp_path / "first.apkg", now=NOW)
    write_vault(vault, {"a.md": card("changed **it**", note_id=ID), "new.md": card("fresh")})
    shutil.move(vault / "b/c.md", vault / "c.md")
    (vault / "c.md").write_text((vault / "c.md").read_text().replace("Other", "Third"))
    before = {p: p.read_bytes() for p in vault.rglob("*") if p.is_file()}
    done = run("build", "v", "--dry-run", cwd=tmp_path)
    assert done.returncode == 0
    assert f"changed   v/a.md:1:1: {ID} changed it\n" in done.stdout
    assert f"moved     v/c.md:2:1: {ID + 2} from 'Other' to 'Third'\n" in done.stdout
    assert f"removed   v: {ID + 1}\n" in done.stdout
    assert "new       v/new.md:1:1: - fresh\n" in done.stdout
    assert {p: p.read_bytes() for p in vault.rglob("*") if p.is_file()} == before
    assert not (tmp_path / "v.apkg").exists()
    done = run("build", "v", "--dry-run", "--format", "json", cwd=tmp_path)
    changes = {entry["id"]: entry["status"] for entry in json.loads(done.stdout)["changes"]}
    assert changes[ID] == "changed"
    assert changes[ID + 1] == "removed"
    assert changes[None] == "new"
    assert sorted(changes.values()) == ["changed", "changed", "new", "removed"]


def test_wrong_combination_is_a_usage_error(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", FILES)
    for option in ("--resync", "--tombstones"):
        assert run("build", "v", "--locked", option, cwd=tmp_path).returncode == 2
    assert run("adopt", "v", cwd=tmp_path).returncode == 2


def test_decks_and_types_of_many_lines_are_held_once() -> None:
    entries = [Entry(n, 1, "d", (1,), "Mathematics", "Basic") for n in (1, 2)]
    one, other = parse_lock(format_lock(Lock({e.id: e for e in entries}))).entries.values()
    assert one.deck is other.deck
    assert one.note_type is other.note_type
