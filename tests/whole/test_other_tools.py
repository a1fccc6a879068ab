"""Cards that other tools made in Anki are adopted by the IDs that these left in the notes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest
from anki.notes import NoteId

from tests.support.helpers import NOW, build, build_package, run, write_vault
from tests.support.syncing import Pair, review, told
from vaultdeck.anki.lock_file import read_lock
from vaultdeck.build.adoption import adopt_notes

FLASHCARDS = "syntaxes: [flashcards-obsidian]\n"
ID = 1_700_000_000_000


def made(
    col: Collection,
    kind: str,
    fields: dict[str, str],
    *,
    is_cloze: bool = False,
    shown: tuple[str, ...] = (),
) -> int:
    """Make a note as these tools do, with a note type of their own, and review it; return its id.

    `shown` are the fields that its card shows, by default the first two.
    """
    models = col.models
    if models.by_name(kind) is None:
        new = models.new(kind)
        if is_cloze:
            new["type"] = 1
        for name in fields:
            models.add_field(new, models.new_field(name))
        template = models.new_template("Card 1")
        first, second, *_ = shown or fields
        asked = f"{{{{cloze:{first}}}}}" if is_cloze else f"{{{{{first}}}}}"
        template["qfmt"], template["afmt"] = asked, f"{asked}<hr>{{{{{second}}}}}"
        models.add_template(new, template)
        models.add(new)
    note_type: Any = models.by_name(kind)
    note = col.new_note(note_type)
    note.fields = list(fields.values())
    note.tags = ["theirs"]
    col.add_note(note, col.decks.id("Learned") or 1)
    review(col, (int(note.id),))
    return int(note.id)


class Case:
    """A collection of another tool's, and the vault that it goes with."""

    def __init__(self, folder: Path) -> None:
        self.pair = Pair(folder)
        self.folder = folder

    def check(self, numbers: list[int], changed: dict[str, str], wanted: list[str]) -> None:
        """Adopt, change the notes, build and import: all notes are updated in place, reviews stay."""
        pair = self.pair
        cards, log = pair.rows()
        adoption = adopt_notes(pair.vault, pair.path)
        assert list(adoption.matched) == sorted(numbers)
        write_vault(pair.vault, changed)
        package = self.folder / "deck.apkg"
        result = build_package(pair.vault, package, now=NOW + 10**8)
        assert [problem.code for problem in result.diagnostics] == []
        assert sorted(note.id for note in result.stamped.notes) == sorted(numbers)
        with pair.anki() as col:
            options = col._backend.get_import_anki_package_presets()
            log_of = col.import_anki_package(
                ImportAnkiPackageRequest(package_path=str(package), options=options)
            ).log
            assert (len(log_of.new), len(log_of.conflicting)) == (0, 0)
            assert [col.get_note(number).fields[0] for number in numbers] == wanted
            assert all("theirs" in col.get_note(number).tags for number in numbers)
        after, log_after = pair.rows()
        assert log_after == log
        assert {number: row[6:] for number, row in after.items()} == {
            number: row[6:] for number, row in cards.items()
        }
        assert pair.plan().of("new", "deleted", "retyped") == []


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_flashcards_obsidian_left_note_ids_behind_carets(case: Case) -> None:
    with case.pair.anki() as col:
        basic = made(col, "Obsidian-basic", {"Front": "q", "Back": "a", "Source": "s"})
        spaced = made(col, "Obsidian-spaced", {"Prompt": "Remember", "Source": "s"})
        cloze = made(
            col, "Obsidian-cloze", {"Text": "a {{c1::b}}", "Extra": "", "Source": ""}, is_cloze=True
        )
    text = f"q #card\na\n^{basic}\n\nRemember #card-spaced\n^{spaced}\n\na ==b==\n^{cloze}\n"
    write_vault(case.pair.vault, {"vaultdeck.yaml": FLASHCARDS, "n.md": text})
    changed = (
        text.replace("q #", "better q #").replace("Remember", "Recall").replace("a ==", "the ==")
    )
    case.check([basic, spaced, cloze], {"n.md": changed}, ["better q", "Recall", "the {{c1::b}}"])


def test_version_2_of_flashcards_obsidian_left_a_map_in_the_properties(case: Case) -> None:
    with case.pair.anki() as col:
        numbers = [
            made(col, "Obsidian-basic", {"Front": f"q{n}", "Back": "a", "Source": ""})
            for n in range(2)
        ]
    text = (
        f"---\nflashcards:\n  q-k3wd: {{ nid: {numbers[0]}, hash: 5d41 }}\n"
        f"  q-9bxa: {numbers[1]}\n  q-gone: {numbers[1] + 7}\n---\n"
        "q0 #card\na ^q-k3wd\n\nq1::a ^q-9bxa\n"
    )
    write_vault(case.pair.vault, {"vaultdeck.yaml": FLASHCARDS, "n.md": text})
    changed = text.replace("q0 #", "new q0 #").replace("q1::", "new q1::")
    case.check(numbers, {"n.md": changed}, ["new q0", "new q1"])
    assert (case.pair.vault / "n.md").read_text() == changed


def test_yanki_left_the_note_id_of_a_file_with_one_card(case: Case) -> None:
    with case.pair.anki() as col:
        basic = made(col, "Yanki - Basic", {"Front": "q", "Back": "a", "YankiNamespace": "x"})
        cloze = made(
            col,
            "Yanki - Cloze",
            {"Front": "{{c1::b}}", "Back": "", "YankiNamespace": "x"},
            is_cloze=True,
        )
    block = "---\nnoteId: {}\n---\nSTART\n{}\n{}\nEND\n"
    texts = {
        "a.md": block.format(basic, "Basic", "q\nBack: a"),
        "b.md": block.format(cloze, "Cloze", "{{c1::b}}"),
    }
    write_vault(case.pair.vault, texts)
    changed = {name: text.replace("Basic\nq", "Basic\nnew q") for name, text in texts.items()}
    case.check([basic, cloze], changed, ["new q", "{{c1::b}}"])
    # From then on the ID stands in the card, whatever else comes into the file.
    assert f"<!--ID: {basic}-->" in (case.pair.vault / "a.md").read_text()


def test_an_id_that_yanki_left_is_given_to_one_card_only(tmp_path: Path) -> None:
    card = "START\nBasic\nq\nBack: a\nEND\n"
    left = f"---\nnoteId: {ID}\n---\n"
    vault = write_vault(tmp_path / "two", {"a.md": left + card + card.replace("q", "r")})
    assert ID not in [note.id for note in build(vault).stamped.notes]
    vault = write_vault(tmp_path / "copies", {"a.md": left + card, "b.md": left + card})
    assert ID not in [note.id for note in build(vault).stamped.notes]
    vault = write_vault(tmp_path / "ids", {"a.md": left + card})
    run("ids", "--vault", vault, cwd=vault)
    assert f"<!--ID: {ID}-->" in (vault / "a.md").read_text()


def test_notes_of_obsidian_anki_sync_are_told_as_such_that_cannot_be_adopted(case: Case) -> None:
    with case.pair.anki() as col:
        fields = {"oid": "Obs1", "Text": "q :: {{c1:: a }}", "Extra": "", "Breadcrumb": ""}
        shown = ("Text", "Extra")
        theirs = made(col, "ObsidianAnkiSyncModel", fields, is_cloze=True, shown=shown)
        own = made(col, "Mine", {"Front": "q", "Back": "a"})
    text = '<!-- basicblock-start oid="Obs1" -->\nq :: a\n<!-- basicblock-end -->\n'
    vault = write_vault(case.pair.vault, {"n.md": text})
    refused = run("adopt", vault, case.pair.path, cwd=vault)
    assert refused.returncode == 2 and "Obsidian Anki Sync" in refused.stderr
    write_vault(vault, {"n.md": f"{text}\nSTART\nBasic\nq\nBack: a\n<!--ID: {own}-->\nEND\n"})
    done = run("adopt", vault, case.pair.path, cwd=vault)
    assert (done.returncode, done.stdout) == (0, "1 note adopted, 0 not in Anki\n")
    assert done.stderr.startswith("note: notes of Obsidian Anki Sync cannot be adopted")
    # But a block with the number of one can be written.
    text = f"START\nCloze\nq is {{{{c1::b}}}}\n<!--ID: {theirs}-->\nEND\n"
    write_vault(vault, {"n.md": text})
    case.check([theirs], {"n.md": text}, ["Obs1"])
    with case.pair.anki() as col:
        assert "q is {{c1::b}}" in col.get_note(NoteId(theirs)).fields[1]


def test_a_card_with_a_caret_that_cannot_be_built_today_is_not_gone(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    (pair.vault / "vaultdeck.yaml").write_text(FLASHCARDS + "sync: {removed: delete}\n")
    text = f"q #card\na\n^{ID}\n\nr #card\nb\n^{ID + 100}\n"
    (pair.vault / "n.md").write_text(text)
    pair.sync()
    pair.review()
    # The answer is lost for a moment, then the whole file is no text.
    (pair.vault / "n.md").write_text(text.replace("#card\na\n", "#card\n"))
    assert "deleted" not in [what for what, _ in told(pair.plan().steps)]
    (pair.vault / "n.md").write_bytes(b"\xff" + text.encode())
    assert "deleted" not in [what for what, _ in told(pair.plan().steps)]
    pair.sync()
    lock = read_lock(pair.vault)
    assert lock and not any(entry.is_removed for entry in lock.entries.values())
