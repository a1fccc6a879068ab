"""Reviews are never lost: rebuilds and imports into a real collection with really reviewed cards."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.helpers import NOW, PNG, Anki, build, build_package, card, run, write_vault
from tests.support.reviews import history, review_all
from vaultdeck.build.adoption import adopt_notes

ID = 1_700_000_000_000
FIVE: dict[str, str | bytes] = {
    "a.md": card("one", note_id=ID + 1)
    + card("two", "![[#S]]", note_id=ID + 20)
    + "# S\nsection\n",
    "b.md": card("three ![[p.png]]", note_id=ID + 30) + card("four", note_id=ID + 40),
    "c.md": card("{{c1::five}} {{c2::six}}", kind="Cloze", note_id=ID + 50),
    "p.png": PNG,
}


@pytest.fixture
def reviewed(anki: Anki, tmp_path: Path) -> tuple[Anki, Path, Path]:
    """A vault of five notes, built and imported, every card reviewed."""
    vault, package = write_vault(tmp_path / "v", FIVE), tmp_path / "deck.apkg"
    build_package(vault, package, now=NOW)
    assert anki.import_package(package).new == 5
    review_all(anki)
    assert len(history(anki)[1]) >= 6
    return anki, vault, package


def edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(vault: Path) -> None:
        text = (vault / path).read_text()
        assert old in text
        (vault / path).write_text(text.replace(old, new))

    return change


def move_file(vault: Path) -> None:
    (vault / "sub").mkdir()
    (vault / "c.md").rename(vault / "sub" / "c.md")


def reorder(vault: Path) -> None:
    (vault / "b.md").write_text(
        card("four", note_id=ID + 40) + card("three ![[p.png]]", note_id=ID + 30)
    )


@pytest.mark.parametrize(
    ("change", "updated"),
    [
        pytest.param(edit("b.md", "four", "FOUR"), {ID + 40}, id="edited note"),
        pytest.param(move_file, {ID + 50}, id="moved file"),
        pytest.param(reorder, set(), id="reordered blocks"),
        pytest.param(
            edit("a.md", "section\n", "better\n"), {ID + 20}, id="changed embedded section"
        ),
        pytest.param(
            lambda vault: (vault / "p.png").write_bytes(PNG + b"x"), {ID + 30}, id="changed image"
        ),
        pytest.param(
            lambda vault: write_vault(vault, {"d.md": "# New heading\n"}), set(), id="other note"
        ),
        pytest.param(edit("b.md", "Back: answer", "Back:   answer"), set(), id="white space"),
    ],
)
def test_only_what_changed_is_updated_and_history_stays(
    reviewed: tuple[Anki, Path, Path], change: Callable[[Path], None], updated: set[int]
) -> None:
    anki, vault, package = reviewed
    before = history(anki)
    change(vault)
    build_package(vault, package, now=NOW + 100)
    imported = anki.import_package(package)
    assert set(imported.nids["updated"]) == updated
    assert (imported.new, imported.conflicting) == (0, 0)
    assert imported.duplicate == 5 - len(updated)
    assert history(anki) == before


def test_renamed_heading_above_other_cards_updates_only_cards_below_it(
    anki: Anki, tmp_path: Path
) -> None:
    text = "# One\n" + card("a", note_id=ID) + "# Two\n" + card("b", note_id=ID + 1)
    vault, package = write_vault(tmp_path / "v", {"a.md": text}), tmp_path / "d.apkg"
    build_package(vault, package)
    anki.import_package(package)
    edit("a.md", "# Two", "# Second")(vault)
    build_package(vault, package, now=NOW + 1)
    assert anki.import_package(package).nids["updated"] == [ID + 1]


def test_nothing_changed_gives_the_same_bytes_and_an_edit_in_anki_survives(
    reviewed: tuple[Anki, Path, Path],
) -> None:
    anki, vault, package = reviewed
    note = anki.note(ID + 40)
    note["Back"] = "mended in Anki"
    anki.col.update_note(note)
    first, before = package.read_bytes(), history(anki)
    build_package(vault, package, now=NOW + 5000)
    assert package.read_bytes() == first
    imported = anki.import_package(package)
    assert (imported.new, imported.updated, imported.duplicate) == (0, 0, 5)
    assert anki.note(ID + 40)["Back"] == "mended in Anki"
    assert history(anki) == before


def test_two_builds_within_one_second_both_reach_anki(
    reviewed: tuple[Anki, Path, Path],
) -> None:
    anki, vault, package = reviewed
    for text in ("first", "second"):
        write_vault(vault, {"b.md": card(text, note_id=ID + 40)})
        build_package(vault, package, now=NOW)
        anki.import_package(package)
    assert anki.note(ID + 40)["Front"] == "second"
    assert anki.note(ID + 40).mod == NOW + 2


def test_resync_lets_the_vault_win(reviewed: tuple[Anki, Path, Path]) -> None:
    anki, vault, package = reviewed
    note = anki.note(ID + 40)
    note["Back"] = "edited in Anki"
    anki.col.update_note(note)
    later = anki.note(ID + 40).mod + 10
    build_package(vault, package, now=later, is_resync=True)
    assert anki.import_package(package).updated == 5
    assert anki.note(ID + 40)["Back"] == "answer"


def test_new_cards_get_ids_in_their_notes_and_keep_them(anki: Anki, tmp_path: Path) -> None:
    vault, package = (
        write_vault(tmp_path / "v", {"a.md": card("q") + card("r")}),
        tmp_path / "d.apkg",
    )
    build_package(vault, package)
    text = (vault / "a.md").read_text()
    ids = [int(line[8:21]) for line in text.splitlines() if line.startswith("<!--ID: ")]
    anki.import_package(package)
    assert sorted(anki.col.find_notes("")) == sorted(ids)
    review_all(anki)
    before = history(anki)
    (vault / "a.md").write_text(text.replace("Back: answer", "Back: better"))
    build_package(vault, package, now=NOW + 1)
    assert anki.import_package(package).updated == 2
    assert history(anki) == before


def test_moved_deck_is_told_with_the_search_that_finds_the_cards(
    reviewed: tuple[Anki, Path, Path],
) -> None:
    anki, vault, package = reviewed
    edit("b.md", "START", "TARGET DECK: New\nSTART")(vault)
    result = build_package(vault, package, now=NOW + 9)
    moved = [change for change in result.stamped.changes if change.moved_from]
    assert {change.id for change in moved} == {ID + 30, ID + 40}
    from vaultdeck.report import notices

    (notice,) = [text for text in notices(result) if "moved" in text]
    search = notice.split("`")[1]
    anki.import_package(package)
    assert set(anki.col.find_notes(search)) == {ID + 30, ID + 40}
    assert not [text for text in notices(build(vault, now=NOW + 10)) if "moved" in text]


def test_removed_note_is_told_and_can_be_sent_once_with_a_tag(
    reviewed: tuple[Anki, Path, Path],
) -> None:
    from vaultdeck.report import notices

    anki, vault, package = reviewed
    (vault / "c.md").unlink()
    result = build_package(vault, package, now=NOW + 9)
    (notice,) = [text for text in notices(result) if "removed" in text]
    assert list(anki.col.find_notes(notice.split("`")[1])) == [ID + 50]
    before = history(anki)
    build_package(vault, package, now=NOW + 10, with_tombstones=True)
    anki.import_package(package)
    assert list(anki.col.find_notes("tag:vaultdeck::removed")) == [ID + 50]
    assert anki.note(ID + 50)["Text"] == "{{c1::five}} {{c2::six}}"
    assert history(anki) == before
    anki.col.remove_notes([ID + 50])
    build_package(vault, package, now=NOW + 11, with_tombstones=True)
    assert anki.import_package(package).new == 0


def test_removed_note_that_comes_back_is_the_same_note(reviewed: tuple[Anki, Path, Path]) -> None:
    anki, vault, package = reviewed
    before = history(anki)
    (vault / "c.md").rename(vault / "c.off")
    build_package(vault, package, now=NOW + 9, with_tombstones=True)
    anki.import_package(package)
    (vault / "c.off").rename(vault / "c.md")
    build_package(vault, package, now=NOW + 9)
    imported = anki.import_package(package)
    assert (imported.new, imported.nids["updated"]) == (0, [ID + 50])
    assert not anki.col.find_notes("tag:vaultdeck::removed")
    assert history(anki) == before


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(edit("b.md", "Basic\nfour", "Basik\nfour"), id="unknown note type"),
        pytest.param(edit("b.md", "START\nBasic\nfour", "Basic\nfour"), id="no begin marker"),
        pytest.param(
            lambda v: (v / "b.md").write_text("```\n" + (v / "b.md").read_text() + "```\n"),
            id="code fence",
        ),
        pytest.param(
            lambda v: (v / "b.md").write_bytes(b"\xff" + (v / "b.md").read_bytes()), id="not UTF-8"
        ),
    ],
)
def test_card_that_is_left_out_by_an_error_is_not_called_removed(
    reviewed: tuple[Anki, Path, Path], damage: Callable[[Path], None]
) -> None:
    _, vault, _ = reviewed
    damage(vault)
    result = build(vault, now=NOW + 9)
    assert not [change for change in result.stamped.changes if change.status == "removed"]


def test_lost_cloze_and_changed_note_type_are_warned_of(reviewed: tuple[Anki, Path, Path]) -> None:
    _, vault, _ = reviewed
    edit("c.md", "{{c2::six}}", "six")(vault)
    edit("b.md", "Basic\nfour", "Basic (and reversed card)\nfour")(vault)
    codes = [problem.code for problem in build(vault, now=NOW + 9).diagnostics]
    assert codes == ["note-type-changed", "cloze-removed"]


def test_a_note_of_another_type_is_left_out_of_the_package(
    reviewed: tuple[Anki, Path, Path],
) -> None:
    anki, vault, package = reviewed
    before = history(anki)
    edit("b.md", "Basic\nfour", "Basic (and reversed card)\nfour")(vault)
    edit("c.md", "six", "seven")(vault)
    result = build_package(vault, package, now=NOW + 9)
    assert len(result.stamped.packed) == len(result.stamped.notes) - 1
    imported = anki.import_package(package)
    assert (imported.new, imported.updated, imported.conflicting) == (0, 1, 0)
    assert history(anki) == before


def test_deleted_lock_costs_no_review(reviewed: tuple[Anki, Path, Path]) -> None:
    anki, vault, package = reviewed
    before = history(anki)
    (vault / "vaultdeck.lock").unlink()
    build_package(vault, package, now=NOW + 9)
    imported = anki.import_package(package)
    assert (imported.new, imported.updated, imported.conflicting) == (0, 5, 0)
    assert history(anki) == before


# Adoption: a collection as Obsidian_to_Anki makes it.

PLUGIN_VAULT = {
    "a.md": card("capital of France?", "Paris", note_id=ID + 1)
    + card("$x^2$", "with **math**", note_id=ID + 2)
    + card("{{c1::Rome}}", kind="Cloze", note_id=ID + 3),
    "b.md": card("not in Anki", note_id=ID + 4),
}


@pytest.fixture
def plugin(anki: Anki, tmp_path: Path) -> tuple[Anki, Path, Path]:
    """Notes of the stock types with random GUIDs, a field and template of the user's, own tags."""
    vault, package = write_vault(tmp_path / "v", PLUGIN_VAULT), tmp_path / "deck.apkg"
    col = anki.col
    basic = col.models.by_name("Basic")
    assert basic is not None
    col.models.add_field(basic, col.models.new_field("Hint"))
    basic["tmpls"][0]["qfmt"] = "<b>my style</b> {{Front}} {{Hint}}"
    basic["css"] += "/* mine */"
    col.models.update_dict(basic)
    contents = [
        ("Basic", ["capital of France?", "Paris", "of course"]),
        ("Basic", ["\\(x^2\\)", "old", ""]),
        ("Cloze", ["{{c1::Rome}}", "my extra"]),
    ]
    deck = col.decks.id("Plugin")
    assert deck is not None
    for number, (kind, texts) in enumerate(contents, 1):
        notetype = col.models.by_name(kind)
        assert notetype is not None
        note = col.new_note(notetype)
        note.fields = texts
        note.tags = ["mine", "Obsidian_to_Anki"]
        col.add_note(note, deck)
        db = col.db
        assert db is not None
        db.execute("update cards set nid=? where nid=?", ID + number, note.id)
        db.execute("update notes set id=? where id=?", ID + number, note.id)
    review_all(anki)
    return anki, vault, package


def adopt_from_collection(anki: Anki, folder: Path) -> Path:
    copy = folder / "copy.anki2"
    anki.col.close()
    shutil.copyfile(anki.col.path, copy)
    anki.col.reopen()
    return copy


def export(anki: Anki, target: Path, *, legacy: bool) -> Path:
    from anki.collection import ExportAnkiPackageOptions

    if target.suffix == ".colpkg":
        anki.col.export_collection_package(str(target), include_media=False, legacy=legacy)
        anki.col.reopen()
        return target
    options = ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=False, with_media=False, legacy=legacy
    )
    anki.col.export_anki_package(out_path=str(target), options=options, limit=None)
    return target


SOURCES: dict[str, Callable[[Anki, Path], Path]] = {
    "collection": adopt_from_collection,
    "apkg": lambda anki, folder: export(anki, folder / "x.apkg", legacy=False),
    "legacy apkg": lambda anki, folder: export(anki, folder / "x.apkg", legacy=True),
    "colpkg": lambda anki, folder: export(anki, folder / "x.colpkg", legacy=False),
    "legacy colpkg": lambda anki, folder: export(anki, folder / "x.colpkg", legacy=True),
}


def test_a_collection_that_knows_no_note_of_the_vault_is_refused(
    plugin: tuple[Anki, Path, Path], tmp_path: Path
) -> None:
    anki, _, _ = plugin
    other = write_vault(tmp_path / "other", {"a.md": card("q", note_id=99)})
    file = adopt_from_collection(anki, tmp_path)
    done = run("adopt", other, file, cwd=tmp_path)
    assert done.returncode == 2
    assert "holds none of the 1 IDs of this vault" in done.stderr
    assert [path.name for path in other.iterdir()] == ["a.md"]


def test_adopting_our_own_package_leaves_the_lock_as_it_is(anki: Anki, tmp_path: Path) -> None:
    files = {
        "a.md": card("q", note_id=ID + 1),
        "b.md": card("{{c1::x}}", note_id=ID + 2, kind="Cloze"),
    }
    vault, package = write_vault(tmp_path / "v", files), tmp_path / "deck.apkg"
    build_package(vault, package)
    anki.import_package(package)
    before = (vault / "vaultdeck.lock").read_text(encoding="utf-8").splitlines()
    adopt_notes(vault, adopt_from_collection(anki, tmp_path))
    after = (vault / "vaultdeck.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line != "adopted"] == [
        line for line in before if not line.startswith("undecided")
    ]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_adopted_notes_are_updated_in_place(
    plugin: tuple[Anki, Path, Path], tmp_path: Path, source: Callable[[Anki, Path], Path]
) -> None:
    anki, vault, package = plugin
    adoption = adopt_notes(vault, source(anki, tmp_path))
    assert adoption.matched == (ID + 1, ID + 2, ID + 3)
    assert [note.id for note in adoption.missing] == [ID + 4]
    before, types = history(anki, ID + 1, ID + 2, ID + 3), anki.col.models.all_names()
    styles = [(m["name"], m["css"], m["tmpls"]) for m in anki.col.models.all()]
    result = build_package(vault, package, now=NOW + 10**8)
    assert not result.stamped.lock.undecided
    imported = anki.import_package(package)
    assert imported.conflicting == 0
    assert imported.nids["new"] == [ID + 4]
    assert imported.nids["updated"] == [ID + 2]
    assert history(anki, ID + 1, ID + 2, ID + 3) == before
    assert set(anki.col.models.all_names()) - set(types) == {"Basic (vaultdeck)"}
    after = [(m["name"], m["css"], m["tmpls"]) for m in anki.col.models.all()]
    assert all(style in after for style in styles)
    assert anki.note(ID + 2).fields == ["\\(x^2\\)", "with <strong>math</strong>", ""]
    assert anki.note(ID + 1).fields == ["capital of France?", "Paris", "of course"]
    assert set(anki.note(ID + 2).tags) == {"mine", "Obsidian_to_Anki", "vaultdeck"}


def test_adopted_note_that_is_edited_keeps_the_users_own(
    plugin: tuple[Anki, Path, Path], tmp_path: Path
) -> None:
    anki, vault, package = plugin
    adopt_notes(vault, adopt_from_collection(anki, tmp_path))
    edit("a.md", "Rome", "Roma")(vault)
    edit("a.md", "Paris", "PARIS")(vault)
    build_package(vault, package, now=NOW + 10**8)
    assert set(anki.import_package(package).nids["updated"]) == {ID + 1, ID + 2, ID + 3}
    assert anki.note(ID + 1).fields == ["capital of France?", "PARIS", "of course"]
    assert anki.note(ID + 3).fields == ["{{c1::Roma}}", "my extra"]
    assert "mine" in anki.note(ID + 3).tags
    assert "my style" in anki.sides(ID + 1)[0][0]


def test_collection_in_use_is_a_clear_message_and_changes_nothing(
    plugin: tuple[Anki, Path, Path],
) -> None:
    anki, vault, _ = plugin
    path = Path(anki.col.path)
    listing = sorted(p.name for p in path.parent.iterdir())
    done = run("adopt", vault, path, cwd=vault)
    assert done.returncode == 2
    assert "close Anki" in done.stderr
    assert sorted(p.name for p in path.parent.iterdir()) == listing
    assert not (vault / "vaultdeck.lock").exists()


def test_copy_of_an_open_collection_with_its_wal_is_read(
    plugin: tuple[Anki, Path, Path], tmp_path: Path
) -> None:
    anki, vault, _ = plugin
    for ending in ("", "-wal"):
        if Path(anki.col.path + ending).exists():
            shutil.copyfile(anki.col.path + ending, tmp_path / f"copy.anki2{ending}")
    adoption = adopt_notes(vault, tmp_path / "copy.anki2")
    assert adoption.matched == (ID + 1, ID + 2, ID + 3)


@pytest.mark.parametrize("content", [b"", b"not a database" * 99, b"PK\x05\x06" + bytes(18)])
def test_file_that_is_no_collection_is_a_clear_message(tmp_path: Path, content: bytes) -> None:
    from vaultdeck.anki.collection import CollectionError

    vault = write_vault(tmp_path / "v", {"a.md": card("q", note_id=ID)})
    (tmp_path / "x.apkg").write_bytes(content)
    with pytest.raises(CollectionError, match=r"x\.apkg|no collection"):
        adopt_notes(vault, tmp_path / "x.apkg")


def test_other_database_is_a_clear_message(tmp_path: Path) -> None:
    from vaultdeck.anki.collection import CollectionError

    vault = write_vault(tmp_path / "v", {"a.md": card("q", note_id=ID)})
    sqlite3.connect(tmp_path / "x.anki2").execute("CREATE TABLE t (x)").connection.close()
    with pytest.raises(CollectionError, match="no collection"):
        adopt_notes(vault, tmp_path / "x.anki2")


def test_unknown_ids_are_told_until_adoption_is_decided(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", PLUGIN_VAULT)
    package = tmp_path / "x.apkg"
    for _ in range(2):
        assert build_package(vault, package).stamped.lock.undecided == 4
    adopt_notes(vault, None)
    assert build_package(vault, package).stamped.lock.undecided == 0


def test_adoption_keeps_the_users_field_even_if_it_is_named_like_ours(
    anki: Anki, tmp_path: Path
) -> None:
    col, vault = anki.col, write_vault(tmp_path / "v", {"a.md": card("q", "new", note_id=ID)})
    basic = col.models.by_name("Basic")
    assert basic is not None
    col.models.add_field(basic, col.models.new_field("Source"))
    col.models.update_dict(basic)
    add_note(anki, "Basic", ["q", "old", "Knuth vol. 1"], ID)
    adopt_notes(vault, adopt_from_collection(anki, tmp_path))
    build_package(vault, tmp_path / "d.apkg", now=NOW + 10**8)
    assert anki.import_package(tmp_path / "d.apkg").updated == 1
    assert anki.note(ID).fields == ["q", "new", "Knuth vol. 1"]


def add_note(anki: Anki, kind: str, texts: list[str], number: int) -> None:
    """Add a note with a random GUID and this id, as the plugin's notes are."""
    col = anki.col
    notetype, deck = col.models.by_name(kind), col.decks.id("Plugin")
    assert notetype is not None
    assert deck is not None
    assert col.db is not None
    note = col.new_note(notetype)
    note.fields = texts
    col.add_note(note, deck)
    col.db.execute("update cards set nid=? where nid=?", number, note.id)
    col.db.execute("update notes set id=? where id=?", number, note.id)


def test_card_that_cannot_be_built_today_is_adopted_all_the_same(
    anki: Anki, tmp_path: Path
) -> None:
    text = card("q", "new", note_id=ID).replace("Basic", "Basik")
    vault, package = write_vault(tmp_path / "v", {"a.md": text}), tmp_path / "d.apkg"
    add_note(anki, "Basic", ["q", "old"], ID)
    assert adopt_notes(vault, adopt_from_collection(anki, tmp_path)).matched == (ID,)
    edit("a.md", "Basik", "Basic")(vault)
    build_package(vault, package, now=NOW + 10**8)
    imported = anki.import_package(package)
    assert (imported.new, imported.updated, imported.conflicting) == (0, 1, 0)
    assert anki.note(ID).fields == ["q", "new"]


def test_adopted_note_survives_a_change_of_type_and_back(
    plugin: tuple[Anki, Path, Path], tmp_path: Path
) -> None:
    anki, vault, package = plugin
    adopt_notes(vault, adopt_from_collection(anki, tmp_path))
    edit("a.md", "Basic\ncapital", "Cloze\n{{c1::capital}}")(vault)
    for _ in range(2):
        codes = [p.code for p in build_package(vault, package, now=NOW + 10**8).diagnostics]
        assert codes == ["note-type-changed"]
    edit("a.md", "Cloze\n{{c1::capital}}", "Basic\nthe capital")(vault)
    assert not build_package(vault, package, now=NOW + 10**8 + 5).diagnostics
    imported = anki.import_package(package)
    assert (imported.conflicting, ID + 1 in imported.nids["updated"]) == (0, True)
    assert anki.note(ID + 1).fields == ["the capital of France?", "Paris", "of course"]
    assert "mine" in anki.note(ID + 1).tags


def test_copy_of_a_note_file_does_not_take_over_the_reviewed_note(
    reviewed: tuple[Anki, Path, Path],
) -> None:
    _, vault, package = reviewed
    text = (vault / "c.md").read_text()
    (vault / "a copy of c.md").write_text(text.replace("five", "something else"))
    result = build_package(vault, package, now=NOW + 9)
    assert [p.location.path for p in result.diagnostics] == ["a copy of c.md"]
    assert {change.status for change in result.stamped.changes} == {"unchanged"}
    assert run("ids", "--fix-duplicates", "--vault", vault, cwd=vault).returncode == 1
    assert (vault / "c.md").read_text() == text
    assert str(ID + 50) not in (vault / "a copy of c.md").read_text()


def test_merge_conflict_keeps_the_adopted_line(
    plugin: tuple[Anki, Path, Path], tmp_path: Path
) -> None:
    from vaultdeck.anki.lock_file import read_lock

    anki, vault, package = plugin
    build_package(vault, package, now=NOW + 10**8)
    (plain,) = [x for x in lock_lines(vault) if x.startswith(f"{ID + 1}\t")]
    adopt_notes(vault, adopt_from_collection(anki, tmp_path))
    lines = lock_lines(vault)
    at = next(i for i, x in enumerate(lines) if x.startswith(f"{ID + 1}\t"))
    lines[at : at + 1] = ["<<<<<<< a", plain, "=======", lines[at], ">>>>>>> b"]
    (vault / "vaultdeck.lock").write_text("\n".join(lines) + "\n")
    lock = read_lock(vault)
    assert lock is not None
    assert lock.entries[ID + 1].guid
    assert lock.entries[ID + 1].mtime == NOW + 10**8


def lock_lines(vault: Path) -> list[str]:
    return (vault / "vaultdeck.lock").read_text().splitlines()


def test_our_note_type_with_a_field_of_the_users_is_adopted_as_it_is(
    reviewed: tuple[Anki, Path, Path], tmp_path: Path
) -> None:
    anki, vault, package = reviewed
    ours = anki.col.models.by_name("Basic (vaultdeck)")
    assert ours is not None
    anki.col.models.add_field(ours, anki.col.models.new_field("Mnemonic"))
    anki.col.models.update_dict(ours)
    note = anki.note(ID + 40)
    note["Mnemonic"] = "mine"
    anki.col.update_note(note)
    adopt_notes(vault, adopt_from_collection(anki, tmp_path))
    edit("b.md", "four", "FOUR")(vault)
    build_package(vault, package, now=anki.note(ID + 40).mod + 10)
    imported = anki.import_package(package)
    assert (imported.conflicting, imported.new) == (0, 0)
    assert ID + 40 in imported.nids["updated"]
    assert (anki.note(ID + 40)["Front"], anki.note(ID + 40)["Mnemonic"]) == ("FOUR", "mine")


def test_adopting_again_never_moves_a_time_backwards(
    plugin: tuple[Anki, Path, Path], tmp_path: Path
) -> None:
    anki, vault, package = plugin
    old = adopt_from_collection(anki, tmp_path)
    adopt_notes(vault, old)
    edit("a.md", "Paris", "Lyon")(vault)
    build_package(vault, package, now=NOW + 10**8)
    anki.import_package(package)
    adopt_notes(vault, old)
    edit("a.md", "Lyon", "Paris")(vault)
    build_package(vault, package, now=NOW)
    assert ID + 1 in anki.import_package(package).nids["updated"]
    assert anki.note(ID + 1)["Back"] == "Paris"


def test_deck_that_differs_in_letter_case_is_no_move(reviewed: tuple[Anki, Path, Path]) -> None:
    _, vault, package = reviewed
    build_package(vault, package, deck="Inbox")
    result = build_package(vault, package, deck="INBOX")
    assert not [change for change in result.stamped.changes if change.moved_from]


def test_removed_note_of_another_package_can_still_be_sent(
    reviewed: tuple[Anki, Path, Path],
) -> None:
    _, vault, package = reviewed
    (vault / "c.md").unlink()
    build_package(vault, package.with_name("other.apkg"), now=NOW + 9)
    result = build_package(vault, package, now=NOW + 10, with_tombstones=True)
    assert [entry.id for entry in result.buried] == [ID + 50]


def test_damaged_id_hides_a_card_and_nothing_is_called_removed(
    reviewed: tuple[Anki, Path, Path],
) -> None:
    from vaultdeck.report import notices

    _, vault, _ = reviewed
    edit("c.md", str(ID + 50), "1700000x00050")(vault)
    result = build(vault, now=NOW + 9)
    assert not [change for change in result.stamped.changes if change.status == "removed"]
    assert [text for text in notices(result) if "not found in the vault" in text]
