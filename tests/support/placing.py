"""A note before and after its IDs are written: each form of card, and what must not change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.support.helpers import NOW, build, build_package, write_vault
from vaultdeck.build.options import Mode
from vaultdeck.build.outcome import Build

# Settings by name: each card syntax, and some together.
SETTINGS = {
    "blocks": "syntaxes: [block, inline]\n",
    "remnote": "regexps:\n  Basic: remnote\n",
    "headings": "regexps:\n  Basic: header-paragraph\n",
    "ruled": "regexps:\n  Basic: ruled\n",
    "questions": "regexps:\n  Basic: question-answer\n",
    "highlights": "regexps:\n  Cloze: highlight-cloze\n  Basic: table\n"
    "highlight_clozes: true\ncurly_clozes: true\n",
    "curly": "regexps:\n  Cloze: cloze-paragraph\n  Basic: neuracache\ncurly_clozes: true\n",
    "lines": "syntaxes: [regexp, obsidian-spaced-repetition]\nregexps:\n"
    "  Basic: '^Q:(.*)\\n((?:.+\\n?)+)'\n",
    "reviewed": "syntaxes: [obsidian-spaced-repetition]\n",
    "flashcards": "syntaxes: [flashcards-obsidian]\n",
    "ruled and reviewed": "syntaxes: [block, inline, regexp, obsidian-spaced-repetition]\n"
    "regexps:\n  Basic: ruled\n",
    "blocks and flashcards": "syntaxes: [block, flashcards-obsidian]\ncut_tags: true\n",
}
# Another note shows all of this one.
SHOWS = "START\nBasic\nq\nBack: ![[a]] [[a#h]]\n<!--ID: 1700000000001-->\nEND\n"


def says(result: Build) -> tuple[list[Any], list[Any]]:
    """Return what a build says of the notes: their cards, and what is wrong, but for new IDs."""
    notes = [linked.note for linked in result.stamped.notes]
    cards = sorted((n.location.path, n.kind, n.deck, n.tags, n.fields) for n in notes)
    problems = sorted((d.location.path, d.code) for d in result.diagnostics)
    return cards, [problem for problem in problems if problem[1] != "missing-id"]


# Where one of these stands, an ID may have no place that leaves all as it looks.
OPENING = re.compile(r"^(?:```|\$\$|---|===|%%|\||<|\t|FROZEN)|-->", re.MULTILINE)


def check_that_nothing_changes(folder: Path, name: str, text: str) -> str:
    """Build a note thrice: before, with IDs, and locked; return it with its IDs.

    Its cards are the same, and what another note shows of it, unless that cannot be.
    """
    files = {"a.md": text, "vaultdeck.yaml": SETTINGS[name], "b.md": SHOWS}
    vault, package = write_vault(folder / "v", files), folder / "x.apkg"
    before = build(vault)
    written = build_package(vault, package)
    after = build(vault)
    if OPENING.search(text):
        own = [
            [card for card in says(result)[0] if card[0] == "a.md"] for result in (after, before)
        ]
        assert own[0] == own[1]
        assert says(after)[1] == says(before)[1]
    else:
        assert says(after) == says(before)
    assert [n.id for n in after.stamped.notes] == [n.id for n in written.stamped.notes]
    if after.stamped.notes and not written.has_errors and says(after) == says(before):
        locked = build_package(vault, package, now=NOW + 99, mode=Mode.LOCKED)
        assert not locked.has_errors
    return (vault / "a.md").read_bytes().decode()
