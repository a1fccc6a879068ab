"""`--profile`: where the time of a build went, on stderr, beside a report that is the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.helpers import card, run, write_vault
from vaultdeck.build.compiled import compile_vault
from vaultdeck.build.session import open_vault
from vaultdeck.compile.timed import STAGES
from vaultdeck.vault.progress import Progress

LINE = re.compile(r"^  (\w+) +\d+\.\d{3} s +\d+%$", re.MULTILINE)
NAMES = "open cache read parse resolve render check identity package rest".split()


def note(number: int) -> str:
    return "# Source\n\ntext *a*\n\n" + card(
        "q", f"![[{number - 1}#Source]]", note_id=1_700_000_000_000 + number
    )


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    files = {f"{number}.md": note(number) for number in range(1, 61)}
    return write_vault(tmp_path / "notes", files)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_stage_is_told(vault: Path, jobs: str) -> None:
    words = ("build", vault, "-o", "cards.apkg", "--no-cache", "--profile", "--jobs", jobs)
    told = run(*words, cwd=vault.parent).stderr
    assert LINE.findall(told) == NAMES
    assert "cache: 0 of 60 notes" in told


class Recorder(Progress):
    """Remembers which stages each note file had."""

    measures = True

    def __init__(self) -> None:
        self.stages: dict[str, set[str]] = {}

    def compiled(self, path: str, seconds: Mapping[str, float]) -> None:
        self.stages[path] = {stage for stage, spent in seconds.items() if spent > 0}


@pytest.mark.parametrize("jobs", [1, 2])
def test_stages_of_a_note_come_back_from_the_process_that_compiled_it(
    vault: Path, jobs: int
) -> None:
    recorder = Recorder()
    compile_vault(open_vault(vault), recorder, jobs=jobs)
    assert len(recorder.stages) == 60
    assert {"read", "parse", "resolve", "render", "check", "identity", "rest"} in (
        recorder.stages.values()
    )


def test_report_is_the_same_with_a_profile(vault: Path) -> None:
    words = ("check", vault, "--format", "json", "--no-cache")
    plain, profiled = (run(*words, *more, cwd=vault.parent) for more in ((), ("--profile",)))
    assert (profiled.stdout, profiled.returncode) == (plain.stdout, plain.returncode)
    assert profiled.stderr.startswith(f"{plain.stderr}profile: ")
    assert "profile" not in plain.stderr


def test_ten_slowest_notes_are_told_and_what_the_cache_held(vault: Path) -> None:
    def check() -> str:
        return run("check", vault, "--cache-dir", "c", "--profile", cwd=vault.parent).stderr

    first = check()
    assert len(re.findall(r"^ +\d+\.\d{3} s \d+\.md$", first, re.MULTILINE)) == 10
    again = check()
    assert "cache: 60 of 60 notes" in again
    assert "slowest" not in again
    write_vault(vault, {"1.md": note(1).replace("text", "other text")})
    edited = check()
    assert "cache: 58 of 60 notes" in edited
    assert edited.count(".md") == 2


def test_functions_are_as_before_when_a_file_was_measured(vault: Path) -> None:
    before = [getattr(home, name) for home, name, _ in STAGES]
    compile_vault(open_vault(vault), Recorder())
    assert [getattr(home, name) for home, name, _ in STAGES] == before
