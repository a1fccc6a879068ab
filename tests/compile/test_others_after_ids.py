"""Other plugins have the cards and schedules that they had, when vaultdeck has written its IDs.

Told by these plugins' own rules (`plugin_rules`), for IDs of every syntax.
"""

from __future__ import annotations

import functools
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from tests.support import plugin_rules
from tests.support.helpers import write_vault
from tests.support.obsidian_to_anki_rules import Found, obsidian_to_anki
from tests.support.plain_styles import PLAIN_STYLES
from tests.support.plugin_vaults import (
    FLASHCARDS_LINES,
    FLASHCARDS_SETTINGS,
    SPACED_LINES,
    SPACED_SETTINGS,
)
from vaultdeck.cards import parse_file
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.compile.placing import place_ids
from vaultdeck.model import Rewritten, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.settings import other_plugins
from vaultdeck.settings.read import read_config
from vaultdeck.vault.note_edits import id_edit

# What writes the IDs, beside the plugin itself.
WRITERS = {
    "blocks": "syntaxes: [block, inline]\n",
    "remnote": "syntaxes: [regexp]\nregexps:\n  Basic: remnote\n",
    "headings": "syntaxes: [regexp]\nregexps:\n  Basic: header-paragraph\n",
    "highlights": "syntaxes: [regexp]\nregexps:\n  Cloze: highlight-cloze\nhighlight_clozes: true\n",
    "spaced repetition": "syntaxes: [obsidian-spaced-repetition]\n",
    "flashcards": "syntaxes: [flashcards-obsidian]\n",
}
BLOCKS = [
    "START\nBasic\nq\nBack: a\nEND",
    "x STARTI [Basic] q Back: a ENDI",
    "# STARTI [Basic] q ENDI",
]
SCHEDULES = ["<!--SR:!2024-01-01,3,250-->", "<!--SR:!2024-01-01,3,250!2025-02-02,1,230-->"]


@functools.cache
def config_of(writer: str) -> Config:
    settings = (
        f"regexps:\n  {STYLES[writer][0]}: {writer}\n" if writer in STYLES else WRITERS[writer]
    )
    with tempfile.TemporaryDirectory() as folder:
        write_vault(Path(folder), {"vaultdeck.yaml": settings})
        return read_config(Path(folder))[0]


def written(text: str, path: str, config: Config) -> str:
    """Return a note with the IDs that a build writes."""
    parsed, problems = parse_file(SourceFile(path, text), config)
    cards = [card for card in parsed.blocks if card.id is None]
    placed, _ = place_ids(parsed, problems, config, cards)
    edits = [id_edit(card, 1700000000000 + number) for number, card in enumerate(placed)]
    return Rewritten(text, edits).text


@pytest.mark.parametrize("writer", WRITERS)
@given(
    data=SPACED_SETTINGS,
    lines=st.lists(SPACED_LINES | st.sampled_from(BLOCKS + SCHEDULES * 5 + [""] * 5), max_size=20),
)
@settings(max_examples=60)
def test_spaced_repetition_has_its_cards_and_schedules(
    writer: str, data: dict[str, Any], lines: list[str]
) -> None:
    # Any comment behind a text is a card of this separator.
    assume(data["singleLineCardSeparator"] != "->")
    rules, _ = other_plugins.spaced_repetition_settings({"settings": data})
    text = "\n".join(["#flashcards", "#law", "", *lines])
    after = written(text, "n.md", replace(config_of(writer), spaced_repetition=rules))
    told: tuple[list[str], list[str]] = [], []
    cards = [
        plugin_rules.spaced_repetition("n.md", note, data, schedules)
        for note, schedules in zip((text, after), told, strict=True)
    ]
    assert cards[0] == cards[1]
    assert told[0] == told[1]


@pytest.mark.parametrize("writer", ["blocks", "flashcards"])
@given(data=FLASHCARDS_SETTINGS, lines=st.lists(FLASHCARDS_LINES, max_size=20))
@settings(max_examples=60)
def test_flashcards_obsidian_has_its_cards(
    writer: str, data: dict[str, Any], lines: list[str]
) -> None:
    spelled = {k: v.replace("|", "\\|") if isinstance(v, str) else v for k, v in data.items()}
    rules, _ = other_plugins.flashcards_settings(spelled)
    head = "---\ncards-deck: D\n---\n"
    text = head + "\n".join(lines)
    after = written(text, "n.md", replace(config_of(writer), flashcards=rules))
    assume(after.startswith(head))
    try:
        wanted = plugin_rules.flashcards("\n".join(lines), data)
        assert plugin_rules.flashcards(after.removeprefix(head), data) == wanted
    except plugin_rules.UndocumentedError:
        reject()


NOTES = [
    *BLOCKS[:2],
    "START\nCloze\nA {{c1::b}}\nTags: x y\nEND",
    "START\nBasic\nq\nBack: a\n\nEND",
    "STARTI [Cloze] {{c1::x}} Tags: t ENDI",
    *("q::a", "q::a Tags: t", "and\nthe x::y", "```\nq::a\n```", "`q::a`", "$q::a$"),
    *("## Head\ntext", "# One\n\ntext\nmore", "## Head\n### Sub\nq::a"),
    *("Q: what\nA: this\nand that", "word #flashcard\nanswer", "A {{c1::gap}} and ==high=="),
    *("q\n---\na", "q\n---", "| q |\n|---|\n| a |"),
    *("TARGET DECK: D", "FILE TAGS: x", "prose", "prose\n<!-- c -->"),
    # What stands between, and in, the cards of a vault.
    *(
        "> [!note] T\n> text",
        "- x\n  - y\n\t- z",
        "1. one\n   - two",
        "```py\nx = 1\n```",
        "😀 text 👩‍🔬",
    ),
    *("שאלה::תשובה", "😀::👩‍🔬", "## مرحبا\nجواب", "Q: 質問\nA: 答え", "שאלה #flashcard\nתשובה"),
    "START\nBasic\nשאלה\nBack: 😀\n- x\n\t- y\nEND",
    "START\nBasic\n| a | b |\n|---|---|\n| c | d |\nBack:\n> [!tip] t\n> x\n\n```\ny\n```\nEND",
]
NESTED = [
    *("q::a\nr::b", "the x::y\nand z", "- q::a\n- r::b", "- x\n\t- q::a"),
    *("> q::a", "| q::a | b |", "1. q::a Tags: t", "The {{c1::one\ntwo}} ==x=="),
]


def plugin_s_notes(text: str, style: str) -> list[Found]:
    regexps = {STYLES[style][0]: PLAIN_STYLES[style]} if style in STYLES else {}
    return sorted(obsidian_to_anki(text, regexps))


def without_id(note: Found) -> Found:
    """Return a note as it is without its ID, of which the plugin keeps the beginning behind a text."""
    fields = tuple(text.removesuffix("<!--").rstrip() for text in note.fields)
    return note._replace(fields=fields, tags=tuple(t for t in note.tags if t != "<!--"), id=None)


@pytest.mark.parametrize("writer", ["blocks", *STYLES])
@given(pieces=st.lists(st.sampled_from(NOTES), min_size=1, max_size=6))
@settings(max_examples=60)
def test_obsidian_to_anki_has_its_notes_and_their_ids(writer: str, pieces: list[str]) -> None:
    text = "\n\n".join(pieces)
    parsed, problems = parse_file(SourceFile("n.md", text), config_of(writer))
    assume(not problems)
    before = plugin_s_notes(text, writer)
    assert len(parsed.blocks) == len(before)
    after = plugin_s_notes(written(text, "n.md", config_of(writer)), writer)
    assert sorted(note._replace(id=None) for note in after) == before
    assert len({note.id for note in after} - {None}) == len(before)


@pytest.mark.parametrize("writer", ["remnote", "highlight-cloze", "ruled"])
@given(pieces=st.lists(st.sampled_from(NOTES + NESTED), min_size=1, max_size=6))
@settings(max_examples=60)
def test_obsidian_to_anki_finds_its_notes_by_ids_behind_their_text(
    writer: str, pieces: list[str]
) -> None:
    text = "\n\n".join(["#flashcards", *pieces])
    after = plugin_s_notes(written(text, "n.md", config_of(writer)), writer)
    assert sorted(map(without_id, after)) == plugin_s_notes(text, writer)
    assert all(note.id for note in after)
