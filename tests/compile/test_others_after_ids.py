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

from tests.settings.test_other_plugins import (
    FLASHCARDS_LINES,
    FLASHCARDS_SETTINGS,
    SPACED_LINES,
    SPACED_SETTINGS,
)
from tests.support import plugin_rules
from tests.support.helpers import write_vault
from vaultdeck.cards import parse_file
from vaultdeck.compile.placing import place_ids
from vaultdeck.config import Config
from vaultdeck.model import SourceFile
from vaultdeck.settings import other_plugins
from vaultdeck.settings.read import read_config
from vaultdeck.vault.id_edits import apply_edits, id_edit

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
    with tempfile.TemporaryDirectory() as folder:
        write_vault(Path(folder), {"vaultdeck.yaml": WRITERS[writer]})
        return read_config(Path(folder))[0]


def written(text: str, path: str, config: Config) -> str:
    """Return a note with the IDs that a build writes."""
    parsed, problems = parse_file(SourceFile(path, text), config)
    cards = [card for card in parsed.blocks if card.id is None]
    placed, _ = place_ids(parsed, problems, config, cards)
    edits = [id_edit(card, 1700000000000 + number) for number, card in enumerate(placed)]
    return apply_edits(text, edits)


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
    rules, _ = other_plugins.read_spaced_repetition({"settings": data})
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
    rules, _ = other_plugins.read_flashcards(spelled)
    head = "---\ncards-deck: D\n---\n"
    text = head + "\n".join(lines)
    after = written(text, "n.md", replace(config_of(writer), flashcards=rules))
    assume(after.startswith(head))
    try:
        wanted = plugin_rules.flashcards("\n".join(lines), data)
        assert plugin_rules.flashcards(after.removeprefix(head), data) == wanted
    except plugin_rules.UndocumentedError:
        reject()
