"""Names of files: every kind of space is one, numbers sort as people count, copies are told as such."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from tests.support.helpers import (
    Anki,
    build,
    build_package,
    card,
    fields,
    problems,
    run,
    write_vault,
)
from vaultdeck.model import Location
from vaultdeck.spelling import did_you_mean, meant, name_key, path_order, unseen_difference
from vaultdeck.vault.folder import FolderWalk
from vaultdeck.vault.names import Vault

STATE = (1, 1, 1, 1)
SPACES = ["\u00a0", "\u1680", "\u2003", "\u2009", "\u202f", "\u205f", "\u3000"]


def vault_of(*names: str) -> Vault:
    return Vault(Path(), FolderWalk(dict.fromkeys(names, STATE), {}, [], 0, []))


@pytest.mark.parametrize("space", SPACES, ids=lambda space: f"U+{ord(space):04X}")
@pytest.mark.parametrize("written", ["Shot 3.04{}PM.png", "Shot 3.04 PM.png"])
@pytest.mark.parametrize("named", ["Shot 3.04{}PM.png", "Shot 3.04 PM.png"])
def test_every_space_in_a_name_is_one(space: str, written: str, named: str) -> None:
    vault = vault_of(named.format(space))
    for link in (written, f"./{written}", f"/{written}"):
        assert vault.find(link.format(space), "n.md").path == named.format(space)


def test_a_zero_width_space_is_none() -> None:
    assert name_key("a\u200bb") != name_key("a b")


def test_of_names_that_differ_in_a_space_the_one_that_is_written_counts() -> None:
    names = ["d/a b.png", "d/a\u202fb.png"]
    vault = vault_of(*names)
    for name in names:
        assert vault.find(name, "n.md").path == name
        assert vault.find(name[2:], "d/n.md").path == name
    assert vault.find("a\u2003b.png", "d/n.md").others


def test_links_embeds_and_headings_find_names_with_any_space(tmp_path: Path) -> None:
    links = "![[a{0}b#x{1}y]] [[a{0}b#x{1}y]] [t](<a{0}b.md>) [t](a%20b.md) ![](a%C2%A0b.md)"
    files = {"a\u202fb.md": "# x\u00a0y\nshown\n"}
    files |= {
        f"n{number}.md": card(f"q{number}", links.format(one, other), note_id=number + 1)
        for number, (one, other) in enumerate([(" ", "\u00a0"), ("\u00a0", " "), ("\u202f", " ")])
    }
    result = build(write_vault(tmp_path, files))
    assert result.diagnostics == []
    assert all("shown" in fields(result, number)["Back"] for number in range(3))


@pytest.mark.parametrize("link", ["x.PNG", "./x.PNG", "/x.PNG"])
def test_two_files_whose_names_differ_in_letter_case_are_two(link: str) -> None:
    vault = vault_of("x.PNG", "X.png")
    assert vault.find(link, "n.md").path == "x.PNG"
    assert vault.find(link.replace("x.PNG", "X.png"), "n.md").path == "X.png"
    neither = vault.find(link.replace("x.PNG", "x.png"), "n.md")
    assert {neither.path, *neither.others} == {"x.PNG", "X.png"}


@pytest.mark.parametrize(
    ("near", "wanted", "hint"),
    [
        ("Note", "Nte", "did you mean 'Note'?"),
        ("Café", "Cafe", "did you mean 'Café'?"),
        ("Пётр", "Петр", "did you mean 'Пётр'?"),
        (
            "No\u200bte",
            "Note",
            "did you mean 'No\u200bte'? The two differ in U+200B",
        ),
        (
            "Not\u0430 bene",
            "Nota bene",
            "did you mean 'Not\u0430 bene'? The two differ in U+0430",
        ),
    ],
)
def test_a_hint_tells_names_apart_that_look_the_same(near: str, wanted: str, hint: str) -> None:
    assert meant(near, wanted) == hint


def test_a_note_type_with_another_kind_of_space_is_told_from_the_known_one() -> None:
    hint = did_you_mean("Basic\u00a0B", ["Basic B", "Cloze"])
    assert hint == "did you mean 'Basic B'? The two differ in U+00A0"


def test_of_two_spaces_neither_differs_unseen() -> None:
    assert unseen_difference("a b", "ab") == ""
    assert unseen_difference("a\u202fb", "a b") == "U+202F"


def test_names_sort_as_a_person_counts() -> None:
    names = ["Chapter 10", "chapter 2", "Chapter 1", "10", "2", "v10.md", "v9.md", "9" * 250]
    assert sorted(names, key=path_order) == [
        "2",
        "10",
        "9" * 250,
        "Chapter 1",
        "chapter 2",
        "Chapter 10",
        "v9.md",
        "v10.md",
    ]
    assert sorted(["n 2.md", "n.md", "n.png"], key=path_order) == ["n.md", "n.png", "n 2.md"]
    assert sorted(["a10/b", "a2/b", "a/10", "a/9"], key=path_order) == [
        "a/9",
        "a/10",
        "a2/b",
        "a10/b",
    ]
    assert sorted([Location("n10.md"), Location("n2.md", 10), Location("n2.md", 9)]) == [
        Location("n2.md", 9),
        Location("n2.md", 10),
        Location("n10.md"),
    ]


def test_new_cards_come_to_anki_as_a_person_counts(tmp_path: Path) -> None:
    files = {f"Chapter {number}.md": card(f"c{number}", "[[x]]") for number in (1, 2, 10)}
    vault = write_vault(tmp_path / "v", {**files, "Chapter 3.md": card("old", note_id=5)})
    result = build_package(vault, tmp_path / "x.apkg")
    assert problems(result.diagnostics) == [
        f"Chapter {number}.md:4:7 link-not-found" for number in (1, 2, 10)
    ]
    anki = Anki(tmp_path / "anki")
    anki.import_package(tmp_path / "x.apkg")
    rows = anki.col.db.all("select flds, n.id from cards c join notes n on n.id = nid order by due")
    assert [flds[:3].strip() for flds, _ in rows] == ["c1", "c2", "old", "c10"]
    numbers = [number for flds, number in rows if not flds.startswith("old")]
    assert numbers == sorted(numbers)
    assert "<!--ID: 5-->" in (vault / "Chapter 3.md").read_text()
    anki.col.close()


# Copies that programs which synchronise leave behind.

ID = 1_700_000_000_000
COPIES = [
    "words (conflicted copy 2024-09-29).md",
    "words (Laptop's conflicted copy 2024-09-29).md",
    "words 2.md",
    "words(1).md",
    "words-DESKTOP-4E2K.md",
    "words.sync-conflict-20240929-101112-ABCDEFG.md",
    "words (SomeBody 與 Laptop 衝突的複本).md",
    "words - Copy.md",
    "words~HEAD.md",
    "Copy of words.md",
    "Kopie von words.md",
    "backup/Words copy.md",
]


def many(count: int, start: int = 0, text: str = "q") -> str:
    return "".join(card(f"{text}{n}", note_id=ID + n) for n in range(start, start + count))


@pytest.mark.parametrize("name", COPIES)
@pytest.mark.parametrize("has_lock", [False, True], ids=["no lock", "a lock"])
def test_the_original_wins_over_a_copy(tmp_path: Path, name: str, has_lock: bool) -> None:
    vault = write_vault(tmp_path / "v", {"words.md": many(3)})
    if has_lock:
        build_package(vault, tmp_path / "x.apkg")
    # The copy is as the lock knows it; the original has moved on.
    write_vault(vault, {name: many(3), "words.md": many(3, text="new")})
    result = build_package(vault, tmp_path / "x.apkg")
    assert problems(result.diagnostics) == [f"{name}:1:1 conflict-copy"]
    assert "'words.md'" in result.diagnostics[0].message
    assert {stamped.note.location.path for stamped in result.stamped.notes} == {"words.md"}
    done = run("ids", "--vault", "v", cwd=tmp_path)
    assert (done.returncode, done.stderr.count(" error conflict-copy: ")) == (1, 1)
    run("ids", "--vault", "v", "--fix-duplicates", cwd=tmp_path)
    assert (vault / "words.md").read_text() == many(3, text="new")
    assert str(ID) not in (vault / name).read_text()


def test_a_copy_s_cards_without_an_id_get_none(tmp_path: Path) -> None:
    text = many(2) + card("new")
    vault = write_vault(tmp_path / "v", {"words.md": text, COPIES[0]: text})
    for _ in range(2):
        result = build_package(vault, tmp_path / "x.apkg")
        assert problems(result.diagnostics) == [f"{COPIES[0]}:1:1 conflict-copy"]
        assert {stamped.note.location.path for stamped in result.stamped.notes} == {"words.md"}
        assert len(result.stamped.notes) == 3
    run("ids", "--vault", "v", cwd=tmp_path)
    assert (vault / COPIES[0]).read_text() == text
    run("ids", "--vault", "v", "--fix-duplicates", cwd=tmp_path)
    assert (vault / COPIES[0]).read_text().count("ID:") == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Chapter 1.md", "Chapter 10.md"),
        ("word.md", "words.md"),
        ("a.md", "b.md"),
        ("x/n.md", "n.md"),
    ],
)
def test_a_file_whose_name_is_no_longer_one_is_no_copy(
    tmp_path: Path, one: str, other: str
) -> None:
    result = build(write_vault(tmp_path, {one: many(2), other: many(2)}))
    assert [problem.code for problem in result.diagnostics] == ["duplicate-id"] * 2


def test_a_file_with_one_block_of_another_is_no_copy(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"Chapter.md": many(1), "Chapter 2.md": many(3)})
    result = build(vault)
    assert problems(result.diagnostics) == ["Chapter 2.md:1:1 duplicate-id"]


def test_answers_for_links_are_not_all_remembered() -> None:
    vault = vault_of("a.md")
    tracemalloc.start()
    try:
        for number in range(20_000):
            assert vault.find(f"note {number}", "a.md").path is None
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 2_000_000
