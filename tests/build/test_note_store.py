"""Notes that lie in a temporary file: nobody sees a difference but the memory."""

from __future__ import annotations

import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tests.support.helpers import NOW, card, write_vault
from vaultdeck.anki.notetypes.builtin import load_builtin
from vaultdeck.anki.package import write_package
from vaultdeck.build import note_store
from vaultdeck.build.build import build
from vaultdeck.build.compiled import compile_vault
from vaultdeck.build.decide import decide
from vaultdeck.build.ids import give_ids
from vaultdeck.build.note_store import KeptNotes, NoteStore, VaultNotes
from vaultdeck.build.options import Options
from vaultdeck.build.session import open_vault
from vaultdeck.model import Location, MediaRef, Note
from vaultdeck.vault.progress import UNSEEN

ID = 1_700_000_000_000
NOTES = {
    "a.md": card("one", "first **answer** ü $x^2$", note_id=ID),
    "b.md": card("one", "the same question", note_id=ID + 200),
    "c.md": card("{{c1::hidden}} and {{c2::more}}", note_id=ID + 400, kind="Cloze"),
    "d.md": card("a card without an ID", "x"),
    "e.md": card("copied", "x", note_id=ID),
}


@pytest.fixture
def all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put every note into the file."""
    monkeypatch.setattr(note_store, "HELD_IN_MEMORY", 0)


def built(vault: Path) -> tuple[Any, ...]:
    """Return all that a dry run says, and the package that it would write."""
    result = build(vault, NOW, Options(is_dry_run=True))
    package = vault.parent / "x.apkg"
    write_package(package, result.stamped.packed, lambda path: (vault / path).open("rb"))
    return result.stamped, result.diagnostics, package.read_bytes()


def test_kept_notes_make_the_same_build(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    vault = write_vault(tmp_path / "v", NOTES)
    expected = built(vault)
    request.getfixturevalue("all_kept")
    assert built(vault) == expected


def test_each_stage_reads_the_notes_of_a_file_once(
    all_kept: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = [f"#flashcards/{number} q{number}::a\n\n" for number in range(60)]
    files = {"a.md": cards[::2], "b.md": cards[1::2], "c.md": cards}
    notes = {path: "".join(lines) for path, lines in files.items()}
    settings = "syntaxes: [obsidian-spaced-repetition]\n"
    vault = write_vault(tmp_path / "v", {**notes, "vaultdeck.yaml": settings})
    places: list[int] = []
    read = NoteStore.read

    def count(store: NoteStore, at: int, size: int) -> tuple[Note, ...]:
        if store._last[0] != at:
            places.append(at)
        return read(store, at, size)

    monkeypatch.setattr(NoteStore, "read", count)
    stamped, problems, _ = built(vault)
    assert len(stamped.notes) == 120 and len({n.note.deck for n in stamped.notes}) == 60
    assert [problem.code for problem in problems].count("duplicate-front") == 60
    assert len(places) < len(files) * 20


def test_notes_stay_in_memory_where_no_file_can_be_made(
    all_kept: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = write_vault(tmp_path / "v", NOTES)
    expected = built(vault)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert built(vault) == expected


def test_memory_does_not_grow_with_the_text_of_cards(all_kept: None, tmp_path: Path) -> None:
    count, text = 100, "word " * 20_000
    notes = {f"{n}.md": card(f"{n} {text}", note_id=ID + 200 * n) for n in range(count)}
    session = open_vault(write_vault(tmp_path / "v", notes))
    compile_vault(session)
    tracemalloc.start()
    try:
        compiled = compile_vault(session)
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        given = give_ids(compiled, session.lock, NOW, is_random=False)
        plan = decide(session, compiled, given, NOW, Options(), UNSEEN)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(plan.result.stamped.notes) == count
    # Some caches hold sixteen texts.
    assert held < count // 2 * len(text)
    assert peak - held < count // 4 * len(text)


def note_of(*fields: str, kind: str = "Basic", **more: Any) -> Note:
    types = load_builtin()
    return Note(Location("a/ü.md", 3, 1, 9, 4), kind, types[kind], "v", ("x",), fields, **more)


@pytest.mark.parametrize(
    "note",
    [
        note_of("a", "b"),
        note_of("", ""),
        note_of("ü" * 9, "\U0001f600\n\r\n\x1f\0"),
        note_of("\ud800", "x"),
        note_of("a", "b", id=ID, digest="0a", syntax="block", remote=("https://x.org/a.png",)),
        note_of("a", "b", media=(MediaRef("p/ü.png", "ü.png", "ff"), MediaRef("", ""))),
        note_of("{{c1::x}}", "", kind="Cloze"),
    ],
    ids="plain empty unicode surrogate id media cloze".split(),
)
def test_kept_note_is_the_same(all_kept: None, note: Note) -> None:
    store = NoteStore(load_builtin())
    other = store.put([note_of("another", "note")])
    kept = store.put([note, note_of("b", "c")])
    assert isinstance(kept, KeptNotes)
    assert [*kept, *other] == [note, note_of("b", "c"), note_of("another", "note")]
    assert (kept[0], kept[-1], len(kept)) == (note, note_of("b", "c"), 2)


def test_notes_of_files_are_one_sequence() -> None:
    notes = [note_of(str(number), "") for number in range(6)]
    joined = VaultNotes([notes[:1], (), notes[1:4], notes[4:]])
    assert [*joined] == [joined[n] for n in range(6)] == joined[:] == notes
    assert (joined[-1], joined[-6], len(joined), len(VaultNotes([]))) == (notes[5], notes[0], 6, 0)
    for beyond in (6, -7):
        with pytest.raises(IndexError):
            joined[beyond]
