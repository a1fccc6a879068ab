"""The benchmark's vaults are the same each time, and build. How long that takes is not tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.helpers import build, write_vault
from tools.bench.constructs import Construct, constructs
from tools.bench.fields import card_texts, paste_embeds
from tools.bench.foreign import other_files, raw_html
from tools.bench.generate import CARDS_A_NOTE, generate
from tools.bench.scaling import PLACES, judge
from tools.bench.scaling import files as scaled
from tools.bench.shapes import SHAPES, write_shape
from tools.bench.stand_in import Memory


def files_of(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_same_seed_gives_the_same_vault(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    assert generate(first, 50) == generate(again, 50)
    generate(other, 50, seed=8)
    assert files_of(first) == files_of(again)
    assert files_of(first) != files_of(other)


def test_vault_builds_without_a_problem(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    edits = generate(vault, 50)
    result = build(vault, output=tmp_path / "cards.apkg")
    assert result.diagnostics == []
    assert len(result.stamped.notes) == 20 * CARDS_A_NOTE
    assert {edits.card, edits.section} <= set(files_of(vault))


@pytest.mark.parametrize("shape", SHAPES)
def test_vault_of_each_shape_is_the_same_again_and_builds_as_it_is(
    tmp_path: Path, shape: str
) -> None:
    vault, again = tmp_path / "vault", tmp_path / "again"
    edits = write_shape(shape, vault, 12)
    assert write_shape(shape, again, 12) == edits
    assert files_of(vault) == files_of(again)
    result = build(vault, output=tmp_path / "cards.apkg")
    assert result.diagnostics == []
    assert not result.provisional
    assert len(result.stamped.notes) == len(card_texts(vault)) >= 24
    assert edits.after in (vault / edits.card).read_text(encoding="utf-8")


def test_stand_in_answers_as_anki_connect_and_counts_notes() -> None:
    asked = {
        "actions": [
            {"action": "findNotes", "params": {"query": ""}},
            {"action": "updateNoteFields", "params": {"note": {"id": 7}}},
            {"action": "notesInfo", "params": {"notes": [7]}},
        ]
    }
    memory = Memory([7])
    answers = memory.answer("multi", asked)
    assert [answer["result"] for answer in answers] == [[7], None, [{"noteId": 7, "cards": [7]}]]
    assert memory.given == 1


def test_texts_for_stock_markdown_hold_the_embedded_sections(tmp_path: Path) -> None:
    generate(tmp_path, 50)
    texts = [text for card in card_texts(tmp_path) for text in card]
    assert len(texts) == 20 * CARDS_A_NOTE * 2
    assert not [text for text in texts if re.search(r"!\[\[[^\]]*#", text)]


def test_peer_gets_the_same_cards_with_their_embeds_pasted(tmp_path: Path) -> None:
    vault, copy = tmp_path / "vault", tmp_path / "copy"
    generate(vault, 50)
    generate(copy, 50)
    paste_embeds(vault, copy)
    assert files_of(copy).keys() == files_of(vault).keys()
    pasted, plain = build(copy), build(vault)
    assert [n.id for n in pasted.stamped.notes] == [n.id for n in plain.stamped.notes]
    texts = b"".join(files_of(copy).values()).decode("utf-8", "replace")
    assert not re.search(r"!\[\[[^\]]*#", texts)


def test_names_of_constructs_are_unique_and_their_texts_of_the_size() -> None:
    found = [*constructs(), *raw_html(), *other_files()]
    assert len({construct.name for construct in found}) == len(found)
    assert all(5_000 < len(construct.text(10_000)) <= 10_000 for construct in found)


@pytest.mark.parametrize("place", PLACES)
def test_construct_stands_at_its_place(tmp_path: Path, place: str) -> None:
    vault = write_vault(tmp_path, scaled(Construct("x", "line\n"), place, 1000))
    result = build(vault)
    assert result.diagnostics == []
    assert len(result.stamped.notes) == 1
    assert ("line" in result.stamped.notes[0].note.fields[1]) == (place != "note")


@pytest.mark.parametrize(
    ("times", "mark"),
    [
        ([1.0, 2.0, 4.0], ""),
        ([1.0, 2.0, 4.9], "grows"),
        ([0.01, 0.1, 0.2], ""),
        ([0.1, 0.3, 0.5], "grows"),
        ([3.0, 4.0, 5.0], "slow"),
        ([1.0, -1.0, -1.0], "fails"),
        ([float("inf")] * 3, "slow"),
    ],
)
def test_row_is_marked_where_work_grows_faster_than_the_note(times: list[float], mark: str) -> None:
    assert judge(times) == mark
