"""What a card is under: headings, deck and tags of its note file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.helpers import build, card, fields, problems, write_vault

HEADINGS = "regexps:\n  Basic: header-paragraph\n"
REVIEWED = "syntaxes: [obsidian-spaced-repetition]\n"
TAGGED = "syntaxes: [flashcards-obsidian]\n"


def built(folder: Path, text: str, settings: str = "", **options: Any) -> Any:
    return build(write_vault(folder / "v", {"n.md": text, "vaultdeck.yaml": settings}), **options)


@pytest.mark.parametrize(
    ("settings", "text", "context", "leads_to"),
    [
        pytest.param(
            HEADINGS,
            "# Topic\n\n## First?\na\n\n## Second?\nb\n",
            ["n &gt; Topic", "n &gt; Topic"],
            ["First?", "Second?"],
            id="a card's own heading is no context, and the link leads to it",
        ),
        pytest.param(
            HEADINGS,
            "# A #x/y ##\n## Q <!--ID: 1700000000001--> ^b\na\n\n# #t\n" + card("s"),
            ["n &gt; A", "n"],
            ["Q", " t"],
            id="tags and IDs are no part of a heading's name; tags are in a link to it",
        ),
        pytest.param(
            REVIEWED,
            "#flashcards\n# A\n## q::a\n\n## B\n\nr\n?\ns\n",
            ["n &gt; A", "n &gt; A &gt; B"],
            ["q  a", "B"],
            id="obsidian-spaced-repetition",
        ),
        pytest.param(
            TAGGED,
            "# A\n## q #card\na\n\n## r #card\nb\n",
            ["n &gt; A", "n &gt; A"],
            ["q  card", "r  card"],
            id="flashcards-obsidian: the card's tag is in the link only",
        ),
        pytest.param(
            "",
            "# A\n## STARTI [Basic] q Back: a ENDI\n\n# C# and `#b`\n" + card("r"),
            ["n &gt; A", "n &gt; C# and <code>#b</code>"],
            ["STARTI [Basic] q Back  a ENDI", "C  and ` b`"],
            id="an inline note in a heading; what is no tag stays",
        ),
        pytest.param(
            HEADINGS,
            "# A\n## \n### q\na\n",
            ["n &gt; A"],
            ["q"],
            id="a heading without text",
        ),
        pytest.param(
            "",
            "Title\n=====\n\n"
            + card("q")
            + "\n## Sub\n- item\n==\n\n<!--\n# hidden\n-->\n"
            + card("r"),
            ["n &gt; Title", "n &gt; Title &gt; Sub"],
            ["Title", "Sub"],
            id="a heading by its underline; none in a comment",
        ),
        pytest.param(
            "",
            "\ufeff# A\n%%\n# hidden\n%%\n"
            + card("q")
            + "\ntext `%%` %% one\n\n## hidden\ntwo %% three\n\n- item 100%%\n\n9\\%% of\n\n## B\n"
            + card("r")
            + "%%",
            ["n &gt; A", "n &gt; A &gt; B"],
            ["A", "B"],
            id="below a BOM; none in Obsidian's comments, which end with an item of a list",
        ),
    ],
)
def test_context_and_link(
    tmp_path: Path, settings: str, text: str, context: list[str], leads_to: list[str]
) -> None:
    from urllib.parse import quote

    result = built(tmp_path, text, settings)
    notes = [fields(result, number) for number in range(len(result.stamped.notes))]
    notes.sort(key=lambda note: note["Source"] in str(leads_to))
    assert sorted(note["Context"].replace(" > ", " &gt; ") for note in notes) == sorted(context)
    for heading in leads_to:
        assert sum(f'file=n{quote("#" + heading, safe="")}"' in n["Source"] for n in notes) == 1


@pytest.mark.parametrize(
    ("properties", "deck", "tags"),
    [
        ("Tags: [biology]\nDeck: Studies", "Studies", ("biology",)),
        ("TAG: a/b\ntarget deck: X::Y", "X::Y", ("a::b",)),
        ('deck: "[[area/Studies|the studies]]"', "Studies", ()),
        ("deck: [[Studies]]", "Studies", ()),
        ("Deck: [[area/Studies#Part|the studies]]", "Studies", ()),
        ("deck: [One]", "One", ()),
        ("deck: '[Studies](area/My%20Studies.md)'", "My Studies", ()),
        ("deck:", "v", ()),
    ],
)
def test_properties_name_deck_and_tags(
    tmp_path: Path, properties: str, deck: str, tags: tuple[str, ...]
) -> None:
    result = built(tmp_path, f"---\n{properties}\n---\n{card('q')}")
    note = result.stamped.notes[0].note
    assert (note.deck, note.tags) == (deck, (*tags, "vaultdeck"))


def test_deck_that_is_a_list_is_an_error_and_a_line_of_the_note_settles_it(tmp_path: Path) -> None:
    text = f"---\ntags: x\nDeck: [a, b]\n---\n{card('q', note_id=1_700_000_000_001)}"
    result = built(tmp_path / "1", text)
    assert problems(result.diagnostics)[-1] == "n.md:3:1 bad-deck"
    assert not result.stamped.notes
    result = built(tmp_path / "2", text + "TARGET DECK: C\n")
    assert [n.note.deck for n in result.stamped.notes] == ["C"]


TAGS = "हिन्दी पाठ/३ été عَرَبي in/❌line ⭐/b ✅done a_b-c 1a 日本".split()


@pytest.mark.parametrize("tag", TAGS)
def test_tag_is_cut_as_a_whole(tmp_path: Path, tag: str) -> None:
    result = built(tmp_path, card("q", f"a #{tag} b"), "cut_tags: true\n")
    assert result.stamped.notes[0].note.tags == (tag.replace("/", "::"), "vaultdeck")
    assert fields(result)["Back"] == "a  b"


@pytest.mark.parametrize("text", ["#1", "#12/3", "#", "a#b", "#!", "# x", "#–"])
def test_what_is_no_tag_is_text(tmp_path: Path, text: str) -> None:
    result = built(tmp_path, card("q", f"a {text} b"), "cut_tags: true\n")
    assert result.stamped.notes[0].note.tags == ("vaultdeck",)


STYLED = "regexps:\n  Cloze: highlight-cloze\n  Basic: ruled\nhighlight_clozes: true\ncurly_clozes: true\n"


def test_properties_are_no_text_of_a_card(tmp_path: Path) -> None:
    text = "---\ntags: [bio]\nsource: x\n---\nThe ==heart== pumps.\n"
    result = built(tmp_path / "1", text, STYLED)
    assert [fields(result, n)["Text"] for n in range(len(result.stamped.notes))] == [
        "The {{c1::heart}} pumps."
    ]
    text = "---\ntags: [bio]\nup: x\n---\nPlain text.\n"
    assert not built(tmp_path / "2", text, STYLED).stamped.notes


@pytest.mark.parametrize("line", ["- XML-Tags: a pair", "- some Tags: a pair"])
def test_tags_amid_an_answer_are_text_and_the_card_is_one(tmp_path: Path, line: str) -> None:
    result = built(tmp_path, f"## Q\n- first\n{line}\n- last\n", HEADINGS)
    assert len(result.stamped.notes) == 1
    assert result.stamped.notes[0].note.tags == ("vaultdeck",)
    assert "last" in fields(result)["Back"]
    assert not result.diagnostics


def test_hint_for_a_card_of_a_regexp_is_about_the_regexp(tmp_path: Path) -> None:
    result = built(tmp_path, "q\n---\n\nanswer\n", "regexps:\n  Basic: ruled\n")
    assert [d.code for d in result.diagnostics] == ["empty-back"]
    assert "regexp" in result.diagnostics[0].hint


def test_a_deletion_that_the_regexp_does_not_find_whole_is_no_card(tmp_path: Path) -> None:
    lines = "regexps:\n  Cloze: '^(.*\\{\\{c.*)$'\n"
    text = "The {{c1::one\ntwo}} sky\n\nA {{c2::whole}} one\n"
    result = built(tmp_path / "1", text, lines)
    assert [fields(result, n)["Text"] for n in range(len(result.stamped.notes))] == [
        "A {{c2::whole}} one"
    ]
    assert problems(result.diagnostics) == ["n.md:1:5 cloze-unclosed"]
    paragraphs = "regexps:\n  Cloze: cloze-paragraph\n"
    result = built(tmp_path / "2", text, paragraphs)
    assert len(result.stamped.notes) == 2 and not result.diagnostics
