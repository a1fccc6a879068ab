"""IDs are read in every form and place: none shows on a card, none gets a second one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.helpers import build_package, write_vault

ID = 1_700_000_000_001
COMMENT, HIDDEN, BARE = f"<!--ID: {ID}-->", f"%%ID: {ID}%%", f"ID: {ID}"
REMNOTE = "regexps:\n  Basic: remnote\n"
HEADINGS = "regexps:\n  Basic: header-paragraph\n"
REVIEWED = "syntaxes: [obsidian-spaced-repetition]\n"
TAGGED = "syntaxes: [flashcards-obsidian]\n"
CASES = {
    **{
        f"remnote {place!r} {mark[:3]}": (REMNOTE, place.format(mark))
        for mark in (COMMENT, HIDDEN)
        for place in (
            "q::a {}\n",
            "- x\n\t- q::a {}\n\t- y\n",
            "- q::a\n  {}\n",
            "> q::a\n> {}\n",
            "q::a\n\n{}\n",
            "q::a\n<!--SR:!2024-01-01,3,250-->\n{}\n",
            "q::a {} <!--SR:!2024-01-01,3,250-->\n",
            "## q::a {}\ntext\n",
            "q::a {} ^block\n",
            "q::a\r\n{}\r\n",
        )
    },
    **{f"remnote bare {p!r}": (REMNOTE, p.format(BARE)) for p in ("q::a\n{}\n", "- q::a\n  {}\n")},
    **{
        f"heading {place!r}": (HEADINGS, place.format(COMMENT))
        for place in ("## q {}\na\n", "## q\na {}\n", "## q\na\n  {}\n", "## q\na\n\n{}\n")
    },
    **{
        f"reviewed {place!r} {mark[:3]}": (REVIEWED, "#flashcards\n\n" + place.format(mark))
        for mark in (COMMENT, HIDDEN)
        for place in ("q::a {}\n", "q\n?\na {}\n", "q {}\n?\na\n", "q::a {} <!--SR:!1--> ^b\n")
    },
    **{
        f"tagged {place!r} {mark[:3]}": (TAGGED, place.format(mark))
        for mark in (COMMENT, HIDDEN, f"^{ID}")
        for place in ("q #card\na\n{}\n", "q #card\na {}\n")
    },
    "block": ("", f"START\nBasic\nq\nBack: a\n{HIDDEN}\nEND\n"),
    "quoted block": ("", f"> START\n> Basic\n> q\n> Back: a\n> {BARE}\n> END\n"),
    "inline": ("", f"STARTI [Basic] q Back: a {HIDDEN} ENDI\n"),
    "inline in a heading": ("", f"# STARTI [Basic] q Back: a ENDI\n{COMMENT}\n"),
}


@pytest.mark.parametrize(("config", "text"), CASES.values(), ids=CASES)
def test_id_is_read(tmp_path: Path, config: str, text: str) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": text, "vaultdeck.yaml": config})
    built = build_package(vault, tmp_path / "x.apkg")
    assert [note.id for note in built.linked.notes] == [ID]
    assert not built.diagnostics
    assert (vault / "a.md").read_bytes().decode() == text
    fields = built.linked.notes[0].note.fields
    assert not any("ID" in field or "--" in field or str(ID) in field for field in fields[:2])
