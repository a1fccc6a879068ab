from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import Anki


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    """A fresh real Anki collection."""
    collection = Anki(tmp_path / "anki")
    yield collection
    collection.col.close()
