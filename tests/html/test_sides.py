"""Cards as Anki shows them: what it plays on each side, and where text of each direction begins."""

from __future__ import annotations

from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from tests.support.helpers import build, build_package, write_vault
from vaultdeck.anki.notetypes.builtin import load_builtin

TYPES = ["Basic", "Basic (and reversed card)", "Basic (optional reversed card)", "Mine"]


@pytest.mark.parametrize("kind", TYPES)
def test_sounds_of_the_question_are_not_played_again(tmp_path: Path, kind: str) -> None:
    names = "Mine" if kind == "Mine" else ""
    lines = ["START", kind, "q ![[q.mp3]]", "Back: a ![[a.mp3]]"]
    lines += ["Add Reverse: y"] if "optional" in kind else []
    files: dict[str, str | bytes] = {
        "n.md": "\n".join([*lines, "END", ""]),
        "q.mp3": b"ID3\x04q",
        "a.mp3": b"ID3\x04a",
        "vaultdeck.yaml": "fields:\n  Mine: [Front, Back]\n" if names else "",
    }
    vault, package = write_vault(tmp_path / "v", files), tmp_path / "x.apkg"
    build_package(vault, package)
    collection = Collection(str(tmp_path / "c.anki2"))
    try:
        options = ImportAnkiPackageOptions()
        collection.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(package), options=options)
        )
        cards = [collection.get_card(card) for card in sorted(collection.find_cards(""))]
        assert len(cards) == (1 if kind in ("Basic", "Mine") else 2)
        for card in cards:
            asked, answered = (
                [tag.filename for tag in tags]
                for tags in (card.question_av_tags(), card.answer_av_tags())
            )
            assert sorted([*asked, *answered]) == ["a.mp3", "q.mp3"]
    finally:
        collection.close()


def test_templates_that_changed_are_newer_than_those_before() -> None:
    assert {kind.mod for kind in load_builtin().values()} == {4}


def shown(tmp_path: Path, back: str) -> str:
    note = f"START\nBasic\nq\nBack:\n{back}\nEND\n"
    return build(write_vault(tmp_path / "v", {"n.md": note})).stamped.notes[0].note.fields[1]


# Markdown, and its HTML with the lines put one behind the other.
DIRECTIONS = [
    ("תשובה", "תשובה"),
    ("שלום\n\nhello", '<p dir="auto">שלום</p><p dir="auto">hello</p>'),
    ("- אחד\n- two", '<ul dir="rtl"><li>אחד</li><li>two</li></ul>'),
    ("- one\n- שניים", "<ul><li>one</li><li>שניים</li></ul>"),
    ("שלום\n- one", '<p dir="auto">שלום</p><ul dir="ltr"><li>one</li></ul>'),
    ("- א\n\t- b", '<ul dir="rtl"><li>א<ul dir="ltr"><li>b</li></ul></li></ul>'),
    ("$x^2$ הוא", "\u200f\\(x^2\\) הוא"),
    ("**$x$** הוא", "\u200f<strong>\\(x\\)</strong> הוא"),
    ("$x$ is", "\\(x\\) is"),
    ("$x$\n\nב", '<p dir="auto">\\(x\\)</p><p dir="auto">ב</p>'),
    ("$x$ is א\n\nב", '<p dir="auto">\\(x\\) is א</p><p dir="auto">ב</p>'),
    ("$x$ הוא\n\nב", '<p dir="rtl">\\(x\\) הוא</p><p dir="auto">ב</p>'),
    ("($x$) הוא", "\u200f(\\(x\\)) הוא"),
    ("`x` $y$ הוא", "<code>x</code> \\(y\\) הוא"),
    (
        "|$x$ א|b|\n|-|-|",
        '<table dir="rtl"><thead><tr><th dir="rtl">\\(x\\) א</th>'
        '<th dir="auto">b</th></tr></thead></table>',
    ),
    ("3. سؤال", '<ol start="3" dir="rtl"><li>سؤال</li></ol>'),
    ("# כותרת", '<h1 dir="auto">כותרת</h1>'),
    ("> ציטוט", '<blockquote dir="rtl"><p dir="auto">ציטוט</p></blockquote>'),
    (
        "> [!note] א\n> ב",
        '<div class="vd-callout vd-note" dir="rtl">'
        '<div class="vd-callout-title">א</div><p dir="auto">ב</p></div>',
    ),
    (
        "|א|b|\n|-|-|",
        '<table dir="rtl"><thead><tr><th dir="auto">א</th>'
        '<th dir="auto">b</th></tr></thead></table>',
    ),
    ("x\n\nhello", "<p>x</p><p>hello</p>"),
    ("- 1\n- a", "<ul><li>1</li><li>a</li></ul>"),
]


@pytest.mark.parametrize(("text", "html"), DIRECTIONS)
def test_blocks_say_their_direction_where_text_runs_from_right_to_left(
    tmp_path: Path, text: str, html: str
) -> None:
    assert shown(tmp_path, text).replace("\n", "") == html
