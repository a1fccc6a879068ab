"""Globs of the settings: they fit as minimatch's do, and none of them stalls or ends a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.helpers import card, run, write_vault
from vaultdeck.cards.syntaxes.spaced_repetition import NAME
from vaultdeck.model.config import Config
from vaultdeck.settings.select import select_notes
from vaultdeck.vault import globs
from vaultdeck.vault.globs import MAX_GLOB_LENGTH, MAX_GLOBS, GlobError, Globs, is_within, matches


@pytest.mark.parametrize(
    ("path", "glob", "fits"),
    [
        ("Old/a/b.md", "Old/**", True),
        ("a/x.excalidraw.md", "**/*.excalidraw.md", True),
        ("x.excalidraw.md", "**/*.excalidraw.md", True),
        ("b/n.md", "{a,b}/*.md", True),
        ("c/n.md", "{a,b}/*.md", False),
        (".hidden/n.md", "**", True),
        ("a/b.md", "*.md", False),
        ("*a.md", "\\*a.md", True),
        ("b.md", "!(a).md", True),
        ("a.md", "!(a).md", False),
    ],
)
def test_glob_fits_as_minimatch_has_it(path: str, glob: str, fits: bool) -> None:
    assert matches(path, glob) is fits


SLOW_PATH = "a" * 200 + "bb"
SLOW = "*(*a*)*(*a*)*(*a*)*0"
HOSTILE = ["{a,b}" * 22, "*a" * 25 + "b", "+(+(+(a)))b"]


def test_glob_that_stands_for_too_many_is_refused() -> None:
    with pytest.raises(GlobError):
        matches("a", HOSTILE[0])
    assert not is_within("a", [HOSTILE[0]])


@pytest.mark.parametrize("glob", HOSTILE)
def test_hostile_glob_of_the_settings_ends_no_command_in_a_traceback(
    tmp_path: Path, glob: str
) -> None:
    files = {"vaultdeck.yaml": f"ignore: ['{glob}']\n", f"{SLOW_PATH}.md": card("q")}
    done = run("check", write_vault(tmp_path / "v", files), cwd=tmp_path)
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    assert done.returncode == 0 or "bad-config" in done.stderr


@pytest.mark.parametrize("pattern", ["Old/", "/Old/", "Old/**"])
def test_a_folder_stands_for_all_in_it(pattern: str) -> None:
    paths = ["Old/a.md", "Old/deep/b.md", "Older/c.md", "x/Old/d.md", "Old.md"]
    left = select_notes(paths, Config("v", "v", ignore=(pattern, "!Old/deep/")))
    assert list(left) == paths[1:]


def test_globs_are_read_once_however_many_there_are() -> None:
    ignore = tuple(f"unlike {number}*" for number in range(MAX_GLOBS))
    before = globs._compile.cache_info().misses
    left = [*select_notes([f"{number}.md" for number in range(9)], Config("v", "v", ignore=ignore))]
    assert len(left) == 9
    assert globs._compile.cache_info().misses == before + MAX_GLOBS


@pytest.mark.parametrize(
    "ignore",
    [
        ("x",) * (MAX_GLOBS + 1),
        ("x" * (MAX_GLOB_LENGTH + 1),),
        ("{a,b}" * 8 + "x" * 1000,),
        ("{a,b}" * 8 + "*a" * 500,),
    ],
)
def test_globs_without_measure_are_refused(ignore: tuple[str, ...]) -> None:
    with pytest.raises(GlobError):
        [*select_notes(["a.md"], Config("v", "v", ignore=ignore))]


def test_a_list_of_many_folders_in_braces_is_none_without_measure() -> None:
    names = [f"Lecture {number} of a long course" for number in range(200)]
    ignore = ("{" + ",".join(names) + "}/**",)
    paths = [f"{names[-1]}/a.md", "b.md"]
    assert [*select_notes(paths, Config("v", "v", ignore=ignore))] == ["b.md"]


def test_globs_that_take_long_in_all_are_refused() -> None:
    with pytest.raises(GlobError):
        Globs(("*",), seconds=-1).matching("*", ["a.md"])


def test_slow_glob_of_a_plugin_s_settings_is_refused(tmp_path: Path) -> None:
    settings = f"syntaxes: [{NAME}]\n{NAME}: {{ignore: ['{SLOW}', '[z-a]', '{HOSTILE[0]}']}}\n"
    files = {"vaultdeck.yaml": settings, f"{SLOW_PATH}0b.md": "#flashcards\n\nq::a\n"}
    done = run("check", write_vault(tmp_path / "v", files), cwd=tmp_path)
    assert (done.returncode, "takes too long" in done.stderr) == (2, True)
