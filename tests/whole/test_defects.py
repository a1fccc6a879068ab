"""A case of each diagnostic code: what is planted gives this code at this place, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.cases import Case
from tests.support.helpers import build_package, card, write_vault
from tools.problems_page import PAGE, defect_cases, find_problems, problems_page
from vaultdeck import html as render
from vaultdeck.anki.media import MAX_MEDIA_BYTES
from vaultdeck.build.options import Mode, Options
from vaultdeck.cards.syntaxes import regexp_search
from vaultdeck.compile import fields
from vaultdeck.model.diagnostics import CODES, Diagnostic
from vaultdeck.vault import note_edits

ID = 1_700_000_000_000
CASES = defect_cases()
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


class Planted(NamedTuple):
    """A defect that no text can hold: how to plant it, what it gives, how the vault is built."""

    code: str
    plant: Callable[[Path, pytest.MonkeyPatch], object]
    expected: str
    options: dict[str, Any]


def found(vault: Path, **options: Any) -> list[Diagnostic]:
    """Return what a build that writes nothing, or one with `options`, finds wrong."""
    return find_problems(vault, Options(**(options or {"mode": Mode.CHECK})))


def shown(problems: list[Diagnostic]) -> list[str]:
    """Return diagnostics as the golden files have them: `path:line:column severity code`."""
    return [
        f"{p.location.path}:{p.location.line}:{p.location.column} {p.severity} {p.code}"
        for p in problems
    ]


def plant_loop(vault: Path, _: object) -> None:
    (vault / "a.md").symlink_to(vault / "a.md")


def plant_link(vault: Path, _: object) -> None:
    write_vault(vault.parent, {"outside.md": card("secret")})
    (vault / "a.md").symlink_to(vault.parent / "outside.md")


def plant_dangling_link(vault: Path, _: object) -> None:
    (vault / "a").symlink_to(vault.parent / "disk/notes")


def plant_encrypted(vault: Path, _: object) -> None:
    write_vault(vault, {"a.md": b"\0GITCRYPT\0 and so on"})


def plant_bytes(vault: Path, _: object) -> None:
    write_vault(vault, {"a.md": b"text\nb\xe9b\xe9\n"})


def plant_film(vault: Path, _: object) -> None:
    write_vault(vault, {"a.md": card("film", "![[a.mp4]]", note_id=ID + 1)})
    with (vault / "a.mp4").open("wb") as file:
        file.truncate(MAX_MEDIA_BYTES + 1)


def plant_book(vault: Path, _: object) -> None:
    write_vault(vault, {"a.md": "text\n" + card("book", "many words\n" * 50_000, note_id=ID + 1)})


def plant_depth(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of the parser leave no text that does this; one that is missed must not crash."""

    def nest(*_: object, **__: object) -> str:
        raise RecursionError

    write_vault(vault, {"a.md": "text\n" + card("*deep*", note_id=ID + 1)})
    render_field = render.render_field
    monkeypatch.setattr(
        fields,
        "render_field",
        lambda tokens, **rest: nest() if "deep" in str(tokens) else render_field(tokens, **rest),
    )


def plant_slow_regexp(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regexp_search, "TIME_LIMIT", 0.2)
    settings = "syntaxes: [block, regexp]\nregexps:\n  Cloze: '^((?:a|aa)+)$'\n"
    write_vault(vault, {"vaultdeck.yaml": settings, "a.md": f"text\n{'a' * 200}!\n"})


def plant_change(vault: Path, _: object) -> None:
    build_package(vault, vault.parent / "x.apkg")
    write_vault(vault, {"good.md": "text\n" + card("another question", note_id=ID)})


def plant_full_disk(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(note_edits, "replace_bytes", refuse)
    write_vault(vault, {"a.md": "text\n" + card("new")})


def plant_nothing(*_: object) -> None:
    pass


LOCKED = {"mode": Mode.LOCKED, "is_dry_run": True}
WRITES = {"mode": Mode.IDS}
LINKS = (plant_loop, plant_link, plant_dangling_link)
PLANTED = [
    Planted("unreadable-file", plant_loop, "a.md:1:1 error", {}),
    Planted("unreachable-file", plant_dangling_link, "a:1:1 warning", {}),
    Planted("encrypted-file", plant_encrypted, "a.md:1:1 error", {}),
    Planted("not-utf8", plant_bytes, "a.md:2:2 error", {}),
    Planted("link-outside-vault", plant_link, "a.md:1:1 warning", {}),
    Planted("media-too-large", plant_film, "a.md:4:7 warning", {}),
    Planted("card-too-deep", plant_depth, "a.md:2:1 error", {}),
    Planted("card-too-large", plant_book, "a.md:2:1 error", {}),
    Planted("slow-regexp", plant_slow_regexp, "a.md:1:1 error", {}),
    Planted("lock-outdated", plant_nothing, "vaultdeck.lock:1:1 error", LOCKED),
    Planted("lock-outdated", plant_change, "good.md:2:1 error", LOCKED),
    Planted("not-written", plant_full_disk, "a.md:1:1 error", WRITES),
]


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_defect_gives_its_code_at_its_place_and_nothing_else(case: Case, tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", case.files)
    code = case.title.partition(":")[0]
    problems = found(vault)
    assert "\n".join(shown(problems)) == case.expected.rstrip("\n")
    assert {problem.code for problem in problems} == {code}


@pytest.mark.parametrize(
    "planted",
    [pytest.param(p, marks=needs_links if p.plant in LINKS else (), id=p.code) for p in PLANTED],
)
def test_defect_that_no_text_can_hold_gives_its_code(
    planted: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = write_vault(tmp_path / "vault", {"good.md": card("q", note_id=ID)})
    planted.plant(vault, monkeypatch)
    assert shown(found(vault, **planted.options)) == [f"{planted.expected} {planted.code}"]


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_defect_has_a_hint(case: Case, tmp_path: Path) -> None:
    problems = found(write_vault(tmp_path / "vault", case.files))
    assert [problem.code for problem in problems if not problem.hint] == []


def test_every_code_has_a_case() -> None:
    named = [case.title.partition(":")[0] for case in CASES] + [p.code for p in PLANTED]
    assert set(named) == set(CODES)


def test_every_case_is_named_once() -> None:
    titles = [case.title for case in CASES]
    assert sorted(titles) == sorted(set(titles))


def test_the_page_of_problems_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == problems_page(), "`python -m tools.problems_page`"
