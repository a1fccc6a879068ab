"""A note runs nothing through the filters of an adopted note type's templates: shown in Anki's reviewer."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from tests.support.attack_corpus import CORE, RUN, attacks
from tests.support.browser import Reviewer, View
from tests.support.helpers import build as build_vault
from tests.support.helpers import fields, write_vault
from tests.support.rendered import render_vault
from vaultdeck.anki.filters import inert_name

ID = 1_790_000_100_000
VIEW = View(1000, False)
LOCK = """# vaultdeck.lock 1: what is in Anki. Commit it with the notes; only vaultdeck writes it.
adopted
type\t1500000000001\t{"name":"Mine","fields":["Front","Back"],"templates":[["Card 1","FRONT","BACK"]],\
"css":"","cloze":false}
"""
EVENT = 'onerror="window.pwned=1"'
# What a filter would make code of.
FILTERED = [
    r"\<img src=x onerror=window.pwned=1>",
    "&lt;img src=x onerror=window.pwned=1&gt;",
    "`<img src=x onerror=window.pwned=1>`",
    "`&lt;img src=x onerror=window.pwned=1&gt;`",
    "```\n</style><script>window.pwned=1</script>\n```",
    f"`\\(\\href{{{RUN}}}{{x}}\\)`",
    f"<code>\\(</code>\\href{{{RUN}}}{{x}}<b>\\)</b>",
    f"\\\\(\\hr<b>ef</b>{{{RUN}}}{{x}}\\\\)",
    f"\\\\(<code>\\href{{{RUN}}}{{x}}</code>\\\\)",
    f"<b>\\</b>(\\href{{{RUN}}}{{x}}\\)",
    f'<b title="a>\\(\\href{{{RUN}}}{{x}}\\)">b</b>',
    '<b title="a>&lt;img src=x onerror=window.pwned=1 b">b</b>',
    "$a<img src=x onerror=window.pwned=1>$",
    f'<img src="x" alt="y[">a]" {EVENT} z="<b title="d">e</b>',
    f'<b>x</b><img src="x" alt="y[">a]" {EVENT} z="<b title="d">e</b>',
    '<i lang="a" title="x["> a]" tabindex=0 autofocus onfocus="window.pwned=1" z="<b title="d">e</b>',
    f'<img src="x" title="a["><b title="b]" {EVENT}>c]" {EVENT} d="<b title="d">e</b>',
    f'[<i title="a]" lang="{EVENT}">b]</i>',
    f'a[<img src="x" alt="b] {EVENT} ">',
    f'![y\\[](x.png) a]" {EVENT} z="<b title="d">e</b>',
    f'[a](https://a.invalid "y[") a]" {EVENT} z="<b title="d">e</b>',
]


def vault_of(texts: list[str], front: str, back: str) -> dict[str, str | bytes]:
    """Return the notes of a note type whose templates are these; only a lock knows it."""
    notes, lines = [], []
    for number, text in enumerate(texts, ID):
        notes.append(f"START\nBasic\n{text}\nBack:\n{text}\n<!--ID: {number}-->\nEND\n")
        more = '{"type":1500000000001}'
        lines.append(f"{number}\tg{number}\t1790000200\tx\t1\tv\tBasic\t{more}\n")
    lock = LOCK.replace("FRONT", front).replace("BACK", back)
    return {"n.md": "\n".join(notes), "vaultdeck.lock": f"{lock}{''.join(lines)}# end\n"}


@pytest.mark.parametrize(
    "filters", ["text", "kanji", "kana", "furigana", "text:text", "text:kanji"]
)
def test_nothing_runs_through_filters(reviewer: Reviewer, tmp_path: Path, filters: str) -> None:
    texts = [*FILTERED, *CORE, *(f"`{core}`" for core in CORE)]
    texts += [html.escape(attack) for attack in attacks()] if filters == "text" else []
    files = vault_of(texts, f"{{{{{filters}:Front}}}}", f"{{{{{filters}:Back}}}}")
    vault = render_vault(write_vault(tmp_path / "vault", files), tmp_path / "work")
    assert len(vault.cards) > len(texts) - 10
    reviewer.forget()
    wrong = [
        f"{side}: {side.report['hostile']}: {side.html.partition('</style>')[2][:300]}"
        for side in reviewer.inspect(vault.cards, vault.media, VIEW)
        if side.report["hostile"]
    ]
    assert not wrong, "\n".join(["", *wrong])
    assert reviewer.foreign_requests() == []


def test_only_filters_change_a_field(tmp_path: Path) -> None:
    text = "a\\<b <b title='x[y]'>c</b> `d\\e` [f] &amp; g"
    shown = [
        fields(build_vault(write_vault(tmp_path / name, vault_of([text], front, "{{Back}}"))))[
            "Front"
        ]
        for name, front in (("a", "{{Front}}"), ("b", "{{kana:Front}}"), ("c", "{{text:Front}}"))
    ]
    assert "\u2060" not in shown[0] + shown[1]
    assert shown[1] == shown[0].replace("x[y]", "x&#91;y]")
    assert shown[2].replace("\u2060", "") == shown[1]
    assert "a&lt;\u2060b" in shown[2]


# A template that shows the names of decks and tags, as they are and through filters.
NAMING = {
    "vaultdeck.yaml": "note_types: [T]\n",
    "T/notetype.yaml": "name: T\nfields: {Front: 5579810917580761, Back: 8193510243090591}\n"
    "templates: {Card: {id: 7815407960292060, file: card}}\n",
    "T/card.front.html": "{{Front}} {{Tags}} {{Deck}}{{Subdeck}}{{text:Tags}} {{kanji:Deck}}",
    "T/card.back.html": "<b class='{{Tags}}'>x</b> {{text:Deck}}({{Deck}}) {{Tags}}{{Back}}",
}
NAMES = [
    "<script>window.pwned=1</script>",
    "<svg\x0conload=window.pwned=1>",
    "<[x]script>window.pwned=1</script>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "&#60;script&#62;window.pwned=1&#60;/script&#62;",
    f"\\(\\href{{{RUN}}}{{x}}\\)",
    f"\\[\\href{{{RUN}}}{{x}}\\]",
    f"(\\href{{{RUN}}}{{x}}\\",
    'a"onmouseover="window.pwned=1',
    "[sound:x.mp3]",
    "[[x]sound:x.mp3]",
    "[anki:tts]x[/anki:tts]",
    "[latex]x[/latex]",
    "[[type:Front]]",
    "x[",
]


def test_names_of_decks_and_tags_run_nothing(reviewer: Reviewer, tmp_path: Path) -> None:
    files = dict(NAMING)
    for number, name in enumerate(NAMES):
        card = f"START\nT\nq{number}\nBack: sound:x.mp3]\nTags: {name}\nEND\n"
        files[f"{number}.md"] = f"TARGET DECK: {name}\n\n{card}\nFILE TAGS: {name}\n"
    vault = render_vault(write_vault(tmp_path / "vault", files), tmp_path / "work")
    reviewer.forget()
    sides = reviewer.inspect(vault.cards, vault.media, VIEW)
    wrong = [f"{side}: {found}" for side in sides for found in side.report["hostile"]]
    assert not wrong, "\n".join(["", *wrong])
    assert reviewer.foreign_requests() == []
    shown = "\n".join(side.html.partition("</style>")[2] for side in sides)
    assert not any(active in shown for active in ("replay-button", "<input", "latex-"))


def test_honest_names_stay() -> None:
    names = [
        "R&D",
        "Q & A",
        "a < b",
        "x <= y",
        "<3",
        'Der "Club"',
        "[draft]",
        "C:\\x",
        "$$",
        "x>y",
        "::",
    ]
    assert [inert_name(name) for name in names] == names
