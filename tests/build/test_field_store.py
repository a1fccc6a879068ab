"""Fields that lie in a temporary file: nobody sees a difference but the memory."""

from __future__ import annotations

import copy
import pickle
import tempfile
import tracemalloc
from pathlib import Path

import pytest

from tests.support.helpers import NOW, card, write_vault
from vaultdeck.anki.package import write_package
from vaultdeck.build import field_store
from vaultdeck.build.build import build
from vaultdeck.build.compiled import compile_vault
from vaultdeck.build.decide import decide
from vaultdeck.build.field_store import FieldStore
from vaultdeck.build.ids import give_ids
from vaultdeck.build.options import Options
from vaultdeck.build.session import open_vault
from vaultdeck.compile.note_file import CompiledFile
from vaultdeck.model import Location, Note
from vaultdeck.model.config import Config
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
    """Put the fields of every note into the file."""
    monkeypatch.setattr(field_store, "HELD_IN_MEMORY", 0)
    monkeypatch.setattr(field_store, "SHORT_FIELDS", 0)


def built(vault: Path) -> tuple[object, ...]:
    """Return all that a dry run says, and the package that it would write."""
    result = build(vault, NOW, Options(is_dry_run=True))
    package = vault.parent / "x.apkg"
    write_package(package, result.stamped.packed, lambda path: (vault / path).open("rb"))
    return result.stamped, result.diagnostics, package.read_bytes()


def test_kept_fields_make_the_same_build(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    vault = write_vault(tmp_path / "v", NOTES)
    expected = built(vault)
    request.getfixturevalue("all_kept")
    assert built(vault) == expected


def test_fields_stay_in_memory_where_no_file_can_be_made(
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
        given = give_ids(compiled.files, session.lock, NOW, is_random=False)
        plan = decide(session, compiled, given, NOW, Options(), UNSEEN)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(plan.result.stamped.notes) == count
    # Some caches hold sixteen texts.
    assert held < count // 2 * len(text)
    assert peak - held < count // 4 * len(text)


def note_of(*fields: str) -> Note:
    note_type = Config("v", "v").note_types.get("Basic")
    return Note(Location("a.md"), "Basic", note_type, "v", (), fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields",
    [("a", "b"), ("", ""), ("ü" * 9, "\U0001f600\n\r\n"), ("a\x1fb", "c"), ("\ud800", "x")],
    ids="plain empty unicode mark surrogate".split(),
)
def test_kept_fields_are_like_a_tuple(all_kept: None, fields: tuple[str, ...]) -> None:
    store = FieldStore()
    other = store.put(CompiledFile((note_of("another", "note"),), ())).notes[0].fields
    kept = store.put(CompiledFile((note_of(*fields),), ())).notes[0].fields
    assert (kept, *kept) == (fields, *fields)
    assert fields == kept
    assert kept != other == ("another", "note")
    assert (kept[0], kept[-1:], len(kept)) == (fields[0], fields[-1:], len(fields))
    assert (hash(kept), repr(kept)) == (hash(fields), repr(fields))
    assert copy.deepcopy(kept) == pickle.loads(pickle.dumps(kept)) == fields
