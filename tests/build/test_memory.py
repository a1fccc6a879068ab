"""What a card takes in memory: a vault has a hundred thousand of them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.helpers import NOW, card, write_vault
from vaultdeck.anki.lock import Lock
from vaultdeck.anki.lock_file import read_lock, write_lock
from vaultdeck.anki.package import write_package
from vaultdeck.anki.stamp import stamp
from vaultdeck.build.compiled import compile_vault
from vaultdeck.build.session import open_vault
from vaultdeck.model import Note

COUNT = 4000


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Note]:
    text = "\n".join(card(f"front {n}", "back", note_id=10**12 + 200 * n) for n in range(COUNT))
    return compile_vault(
        open_vault(write_vault(tmp_path_factory.mktemp("v"), {"a.md": text}))
    ).notes


@pytest.fixture
def traced() -> Iterator[Any]:
    """Give the function that tells how many bytes are held now, and how many were at most."""
    tracemalloc.start()
    yield tracemalloc.get_traced_memory
    tracemalloc.stop()


def test_identity_of_a_card_takes_few_bytes(notes: Sequence[Note], traced: Any) -> None:
    stamped = stamp(notes, Lock(), NOW)
    held, _ = traced()
    assert len(stamped.notes) == COUNT
    assert held < COUNT * 450


def test_package_is_written_without_rows_in_memory(
    notes: Sequence[Note], tmp_path: Path, traced: Any
) -> None:
    peaks = []
    for count in (1, COUNT // 4, COUNT):
        stamped = stamp(notes[:count], Lock(), NOW)
        held, _ = traced()
        tracemalloc.reset_peak()
        write_package(tmp_path / "x.apkg", stamped.notes, open)  # type: ignore[arg-type]
        peaks.append(traced()[1] - held)
    # What is imported with the first one does not count.
    assert peaks[2] - peaks[1] < COUNT * 3 // 4 * 350


def test_lock_is_written_without_a_second_one_in_memory(
    notes: Sequence[Note], tmp_path: Path, traced: Any
) -> None:
    lock = stamp(notes, Lock(), NOW).lock
    held, _ = traced()
    tracemalloc.reset_peak()
    written = write_lock(tmp_path, lock)
    assert traced()[1] - held < 3 * len(written)
    tracemalloc.reset_peak()
    held, _ = traced()
    again = read_lock(tmp_path)
    assert again == lock
    assert traced()[1] - held < 8 * len(written)


def test_packed_notes_are_not_held(notes: Sequence[Note]) -> None:
    stamped = stamp(notes, Lock(), NOW)
    assert stamped.packed is stamped.notes
