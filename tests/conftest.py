from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.helpers import Anki

# In CI the same examples each time: what is red there is red because of the change.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is kept between runs out of the user's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAULTDECK_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    """A fresh real Anki collection."""
    collection = Anki(tmp_path / "anki")
    yield collection
    collection.col.close()
