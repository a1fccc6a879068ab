from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.browser import Reviewer, find_tools, open_reviewer
from tests.support.helpers import Anki

# The same examples each time: what is red is red because of the change. A hunt is for when one hunts.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("hunt", deadline=None)
settings.load_profile("hunt" if os.environ.get("VAULTDECK_HUNT") else "same")
# A shell starts what runs in its background with Ctrl-C ignored, and what that starts inherits it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Leave the developer's own cache and Anki alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAULTDECK_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("ANKI_SINGLE_INSTANCE_KEY", "none-of-vaultdeck")
        patch.setenv("VAULTDECK_ANKICONNECT", "http://127.0.0.1:9")
        yield


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    """A fresh real Anki collection."""
    collection = Anki(tmp_path / "anki")
    yield collection
    collection.col.close()


@pytest.fixture(scope="module")
def reviewer() -> Iterator[Reviewer]:
    """Anki's reviewer in a browser; the test is skipped, or fails if so demanded, without one."""
    tools = find_tools()
    if isinstance(tools, str):
        if os.environ.get("VAULTDECK_REQUIRE_BROWSER"):
            pytest.fail(tools)
        pytest.skip(tools)
    with open_reviewer(tools) as opened:
        yield opened
