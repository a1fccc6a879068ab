"""The card syntaxes of other plugins: as written, written back, and under hostile text."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import Case, params
from tests.support.helpers import CONFIG, build, write_vault
from vaultdeck.cards.ids import CARET_ID
from vaultdeck.cards.reading import Reading, Syntax
from vaultdeck.cards.syntaxes.flashcards import read_flashcards
from vaultdeck.cards.syntaxes.flashcards_rows import DELETION, card_tag
from vaultdeck.cards.syntaxes.paragraphs import COMMENTS
from vaultdeck.cards.syntaxes.spaced_repetition import read_spaced_repetition
from vaultdeck.cards.syntaxes.spaced_repetition_topics import tag_pattern
from vaultdeck.model import CardBlock, Rewritten, SourceFile, Span
from vaultdeck.vault.note_edits import id_edit

CARD_TAG, TAG = card_tag("card"), tag_pattern(("flashcards",))

SYNTAXES = {"spaced_repetition": read_spaced_repetition, "flashcards": read_flashcards}
FIRST_ID = 1_760_000_000_001


def read(syntax: Syntax, text: str) -> tuple[list[CardBlock], Reading]:
    reading = Reading(SourceFile("note.md", text), CONFIG)
    return list(syntax(reading)), reading


def write_ids(syntax: Syntax, text: str) -> str:
    cards, _ = read(syntax, text)
    return Rewritten(
        text, [id_edit(card, FIRST_ID + n) for n, card in enumerate(cards) if not card.id]
    ).text


@pytest.mark.parametrize(
    ("name", "case"),
    [
        pytest.param(name, *param.values, id=f"{name}: {param.id}")  # type: ignore[attr-defined]
        for name in SYNTAXES
        for param in params(f"{name}.md")
    ],
)
def test_card_is_read_as_written(name: str, case: Case) -> None:
    cards, reading = read(SYNTAXES[name], case.input)
    lines = []
    for card in cards:
        at = reading.source.locate(card.span.start, card.span.end)
        lines.append(f"card {at.line}-{at.end_line} {card.note_type}")
        lines += [f"  deck: {card.deck}"] if card.deck else []
        lines += [f"  {f.name}: {f.text!r}" for f in card.fields if f.text]
        lines += [f"  tags: {' '.join(card.tags)}"] if card.tags else []
        lines += [f"  id: {card.id}"] if card.id else []
    lines += [f"{p.code} {p.location.line}:{p.location.column}" for p in reading.problems]
    assert "\n".join(lines) == case.expected.rstrip("\n")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("spaced_repetition", "#flashcards\nq::a\n", "#flashcards\nq::a <!--ID: {}-->\n"),
        ("spaced_repetition", "#flashcards\nq::a", "#flashcards\nq::a <!--ID: {}-->"),
        (
            "spaced_repetition",
            "#flashcards\r\nq::a\r\n<!--SR:!2024-08-16,51,230-->\r\n",
            "#flashcards\r\nq::a <!--ID: {}-->\r\n<!--SR:!2024-08-16,51,230-->\r\n",
        ),
        (
            "spaced_repetition",
            "#flashcards\nq::a <!--SR:!2024-08-16,51,230-->\nq\n?\na\n  \n",
            "#flashcards\nq::a <!--ID: {}--> <!--SR:!2024-08-16,51,230-->\nq\n?\na <!--ID: {}-->\n  \n",
        ),
        (
            "spaced_repetition",
            "#flashcards\nq\n?\n| a |\n|---|\n| b |\n",
            "#flashcards\nq <!--ID: {}-->\n?\n| a |\n|---|\n| b |\n",
        ),
        (
            "spaced_repetition",
            "#flashcards\nq\n??\nhence\n$$\nx\n$$\n",
            "#flashcards\nq\n??\nhence <!--ID: {}-->\n$$\nx\n$$\n",
        ),
        (
            "spaced_repetition",
            "#flashcards\n\nq\n?\n```\na\n\nb\n```\n\nprose",
            "#flashcards\n\nq <!--ID: {}-->\n?\n```\na\n\nb\n```\n\nprose",
        ),
        ("flashcards", "q #card\na\n\nprose", "q #card\na\n^{}\n\nprose"),
        ("flashcards", "q #card\r\n\r\na\r\n", "q #card\r\n\r\na\r\n^{}\r\n"),
        ("flashcards", "q #card-spaced\nprose", "q #card-spaced\n^{}\nprose"),
        ("flashcards", "---\ncards-deck: D\n---\nq::a", "---\ncards-deck: D\n---\nq::a\n^{}"),
        (
            "flashcards",
            "---\ncards-deck: D\n---\n- a ==x==\n",
            "---\ncards-deck: D\n---\n- a ==x==\n^{}\n",
        ),
    ],
)
def test_new_id_goes_where_the_plugin_leaves_it_in_peace(
    name: str, before: str, after: str
) -> None:
    written = write_ids(SYNTAXES[name], before)
    numbers = [FIRST_ID + number for number in range(after.count("{}"))]
    assert written == after.format(*numbers)
    assert [card.id for card in read(SYNTAXES[name], written)[0]] == numbers


def test_bare_ids_are_read_back() -> None:
    config = replace(CONFIG, id_comments=False)
    text = "#flashcards\na ==x==\n\nq::a\n\nq\n?\na"
    cards = list(read_spaced_repetition(Reading(SourceFile("note.md", text), config)))
    written = Rewritten(text, [id_edit(card, FIRST_ID + n) for n, card in enumerate(cards)]).text
    assert written == (
        f"#flashcards\na ==x==\nID: {FIRST_ID}\n\nq::a\nID: {FIRST_ID + 1}\n\n"
        f"q\n?\na\nID: {FIRST_ID + 2}"
    )
    again = list(read_spaced_repetition(Reading(SourceFile("note.md", written), config)))
    assert [card.id for card in again] == [FIRST_ID, FIRST_ID + 1, FIRST_ID + 2]
    assert [card.fields for card in again][2][1].text == "a"


@pytest.mark.parametrize("syntax", SYNTAXES.values(), ids=SYNTAXES)
def test_what_is_taken_is_no_card(syntax: Syntax) -> None:
    text = "#flashcards\nq #card\na\n\nSTART\nb::c\n==x==\nEND\n"
    start = text.index("START")
    reading = Reading(SourceFile("note.md", text), CONFIG, [Span(start, len(text) - 1)])
    assert all(card.span.end < start for card in syntax(reading))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (TAG, "#flashcardset"),
        (TAG, "a#flashcards"),
        (DELETION, "{{date}}"),
        (DELETION, "{\n}"),
        (CARET_ID, "^123"),
        (CARET_ID, "x^1234567890123 y"),
        (COMMENTS, "<!-- a --> b"),
    ],
)
def test_pattern_does_not_match(pattern: object, text: str) -> None:
    assert pattern.search(text) is None if pattern is not COMMENTS else not COMMENTS.fullmatch(text)  # type: ignore[attr-defined]


def test_card_tag_is_no_other_tag() -> None:
    assert not CARD_TAG.fullmatch("#cards")


PARTS = [
    *("#flashcards", "#flashcards/a/b ", "#card", " #card", " #card-spaced", "#card/reverse"),
    *("::", ":::", "\n", "\n\n", "\r\n", "?\n", "\n?\n", "\n??\n", "==", "==x==", "{2:x}", "{"),
    *(
        "`",
        "``",
        "\n```\n",
        "~~~\n",
        "$",
        "$$",
        "\\",
        "<!--",
        "-->",
        "<!--SR:!1-->",
        "<!--ID: 7-->",
    ),
    *(
        "<!--ID: x-->",
        "^1234567890123",
        "\n^1234567890123\n",
        "\nID: 5\n",
        "# ",
        "- ",
        "> ",
        "---\n",
    ),
    *(
        "cards-deck: D\n",
        "tags: flashcards\n",
        "a",
        "b ",
        " ",
        "\t",
        "1;;",
        ";;",
        "\ufeff",
        "\r",
        "\0",
    ),
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=30).map("".join)


@pytest.mark.parametrize("name", SYNTAXES)
@given(text=TEXTS)
def test_any_text_is_read_and_its_ids_stay(name: str, text: str) -> None:
    syntax = SYNTAXES[name]
    text = "#flashcards\n\n^1234567890123\n\n" + text
    before, _ = read(syntax, text)
    for card in before:
        for field in card.fields:
            assert len(field.origins) >= len(field.text.split("\n")) or not field.text
            assert all(card.span.start <= at <= card.span.end for at in field.origins)
            for line, at in zip(field.text.split("\n"), field.origins, strict=False):
                assert card.note_type == "Cloze" or text.startswith(line, at)
    ends = [(card.span.start, card.span.end) for card in before]
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(ends))
    written = write_ids(syntax, text)
    after, _ = read(syntax, written)
    wanted = [card.id or FIRST_ID + number for number, card in enumerate(before)]
    assert [card.id for card in after] == wanted
    assert [[f.text for f in card.fields] for card in after] == [
        [f.text for f in card.fields] for card in before
    ]
    assert write_ids(syntax, written) == written


@pytest.mark.parametrize("syntax", SYNTAXES.values(), ids=SYNTAXES)
@pytest.mark.parametrize(
    "unit",
    [
        *(
            "==",
            "==a",
            "== ",
            "{",
            "{a",
            "::",
            ": :",
            "`",
            "`a``",
            "$",
            "$a",
            "$$ ",
            "$ $$",
            "<!--",
        ),
        *("<!--\n", "<!--SR:", "<!--ID:", "<!--ID: 1-->", "-->", " #card", "#card ", "#card\n"),
        *(
            "a #card\n",
            "a #card-spaced\n",
            "a #card\n\n",
            "a #card\nb\n^1234567890123\n",
            " ",
            "\n",
        ),
        *(
            "a::b\n",
            "==x== ",
            "?\n",
            "a\n?\n",
            "^1234567890123",
            "```\n",
            "```a\n",
            "- ",
            "> ",
            "\\",
        ),
        *(
            "#flashcards/",
            "#flashcards ",
            "# a\n",
            "TARGET DECK\n",
            "\n \n",
            "\t \n",
            "\r",
            "$$\n",
            "==a;;",
        ),
    ],
)
def test_long_hostile_text_is_read(syntax: Syntax, unit: str) -> None:
    text = "#flashcards #card\n\na #card\n" + unit * (10_000 // len(unit))
    for block in syntax(Reading(SourceFile("note.md", text), CONFIG)):
        assert block.span.end <= len(text)


SPACED = ".obsidian/plugins/obsidian-spaced-repetition/data.json"
FLASHCARDS = ".obsidian/plugins/flashcards-obsidian/data.json"


@pytest.mark.parametrize(
    ("path", "settings", "syntax", "text", "cards"),
    [
        (SPACED, {"settings": {"flashcardTags": ["#exam", "#a/b"]}}, "obsidian-spaced-repetition",
         "#exam/x\n\nq::a\n", 1),
        (SPACED, {"settings": {"flashcardTags": ["#exam", "#a/b"]}}, "obsidian-spaced-repetition",
         "---\ntags: [a/b/c]\n---\nq::a\n", 1),
        (SPACED, {"settings": {"flashcardTags": ["#exam"]}}, "obsidian-spaced-repetition",
         "#flashcards\n\nq::a\n", 0),
        (SPACED, {"flashcardTags": 5}, "obsidian-spaced-repetition", "#flashcards\n\nq::a\n", 1),
        (SPACED, {"flashcardTags": ["#(x", ""]}, "obsidian-spaced-repetition", "#(x\n\nq::a\n", 1),
        (FLASHCARDS, {"flashcardsTag": "anki"}, "flashcards-obsidian", "q #anki-reverse\na\n", 1),
        (FLASHCARDS, {"flashcardsTag": "anki"}, "flashcards-obsidian", "q #card\na\n", 0),
    ],
)  # fmt: skip
def test_cards_are_known_by_the_tags_of_the_plugin_s_settings(
    tmp_path: Path, path: str, settings: object, syntax: str, text: str, cards: int
) -> None:
    files = {path: json.dumps(settings), "vaultdeck.yaml": f"syntaxes: [{syntax}]", "a.md": text}
    result = build(write_vault(tmp_path, files))
    assert len(result.stamped.notes) == cards


def test_an_id_of_another_syntax_does_not_make_a_note_one_of_flashcards_obsidian() -> None:
    assert len(read(read_flashcards, "q::a\n^1700000000001\n\nr::b\n")[0]) == 2
    assert read(read_flashcards, "q::a\n<!--ID: 1700000000001-->\n\nr::b\n")[0] == []
