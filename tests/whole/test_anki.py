"""Packages in a real Anki collection: the only proof that counts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.support.helpers import PNG, Anki, build_package, card, write_vault
from vaultdeck.build.options import Mode

ID = 1_700_000_000_000

# The kind of note the tool was made for: lists with wikilinks, inline and display math, headings.
LECTURE = """\
## vanishing gradients
### cause
- the gradient is a product of $L$ [[Jacobian|Jacobians]], with $\\|J\\| < 1$ it shrinks
- with [[sigmoid]] units we have $\\sigma'(x) \\le \\frac{1}{4}$

$$
\\begin{split}
\\frac{\\partial E}{\\partial h_1}
&= \\frac{\\partial E}{\\partial h_L} \\prod_{l=2}^{L} J_l \\\\
&< c^{L-1} & \\text{for } c < 1 \\\\
\\end{split}
$$
#### remedy
- residual connections keep an identity path
\t→ the product becomes a sum
### aside
not part of it

# anki

START
Basic
[[vanishing gradients]]: cause
- when does it happen?
- what helps?

Back:

![[#cause]]

Tags: mathematics WS2526
<!--ID: 1700000000001-->
END


START
Basic
[[vanishing gradients]]: in one formula
Back:
### pasted
- text
- the [[Jacobian|product]]

$$
 x <  y
$$

Tags: mathematics
<!--ID: 1700000000002-->
END
"""


def test_lecture_note_becomes_two_cards(anki: Anki, tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "my vault", {"vanishing gradients.md": LECTURE})
    result = build_package(vault, tmp_path / "deck.apkg")
    assert {problem.code for problem in result.diagnostics} == {"link-not-found"}
    imported = anki.import_package(tmp_path / "deck.apkg")
    assert (imported.new, imported.found) == (2, 2)
    assert anki.problems() == []
    assert sorted(anki.col.find_notes("")) == [ID + 1, ID + 2]
    note = anki.note(ID + 1)
    assert set(note.tags) == {"mathematics", "WS2526", "vaultdeck"}
    assert anki.deck_of(ID + 1) == "my vault"
    ((question, answer),) = anki.sides(ID + 1)
    assert "<li>when does it happen?</li>" in question
    assert "<h3>cause</h3>" in answer
    assert ">Jacobians</a>, with \\(\\|J\\| &lt; 1\\) it shrinks" in answer
    assert "&amp;&lt; c^{L-1} &amp; \\text{for } c &lt; 1 \\\\" in answer
    assert "keep an identity path<br />\n→ the product" in answer
    assert "not part of it" not in answer
    assert "$" not in answer
    assert "\\[\n x &lt;  y\n\\]" in note_field(anki, ID + 2, "Back")


def note_field(anki: Anki, note_id: int, name: str) -> str:
    return str(anki.note(note_id)[name])


def test_second_import_changes_nothing(anki: Anki, tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q", note_id=ID + 1), "b.md": card("no id")})
    build_package(vault, tmp_path / "deck.apkg")
    assert anki.import_package(tmp_path / "deck.apkg").new == 2
    again = anki.import_package(tmp_path / "deck.apkg")
    assert (again.new, again.updated, again.duplicate) == (0, 0, 2)


def test_later_build_updates_the_note_in_place(anki: Anki, tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q", "old", note_id=ID + 1)})
    build_package(vault, tmp_path / "deck.apkg", now=1000)
    anki.import_package(tmp_path / "deck.apkg")
    write_vault(vault, {"a.md": card("q", "new", note_id=ID + 1)})
    build_package(vault, tmp_path / "deck.apkg", now=1001)
    assert anki.import_package(tmp_path / "deck.apkg").updated == 1
    assert note_field(anki, ID + 1, "Back") == "new"


def test_note_types_are_ours_and_leave_the_stock_ones_alone(anki: Anki, tmp_path: Path) -> None:
    kinds = [
        "Basic",
        "Basic (and reversed card)",
        "Basic (optional reversed card)",
        "Basic (type in the answer)",
        "Cloze",
    ]
    text = "".join(
        card("q {{c1::x}} " + kind, kind=kind, note_id=ID + 10 * i) for i, kind in enumerate(kinds)
    )
    build_package(write_vault(tmp_path / "v", {"a.md": text}), tmp_path / "deck.apkg")
    before = set(anki.col.models.all_names())
    anki.import_package(tmp_path / "deck.apkg")
    added = set(anki.col.models.all_names()) - before
    assert added == {f"{kind} (vaultdeck)" for kind in kinds}
    assert anki.problems() == []
    counts = [len(anki.note(ID + 10 * i).cards()) for i in range(len(kinds))]
    assert counts == [1, 2, 1, 1, 1]


def test_optional_reversed_card_appears_when_asked_for(anki: Anki, tmp_path: Path) -> None:
    text = card("q", "a\nAdd Reverse: y", kind="Basic (optional reversed card)", note_id=ID)
    build_package(write_vault(tmp_path / "v", {"a.md": text}), tmp_path / "deck.apkg")
    anki.import_package(tmp_path / "deck.apkg")
    assert len(anki.sides(ID)) == 2


def test_cards_keep_ids_by_note_and_ordinal_beside_neighbours(anki: Anki, tmp_path: Path) -> None:
    reverse = "Basic (and reversed card)"
    text = "".join(card(f"q{i}", kind=reverse, note_id=ID + i) for i in range(3))
    build_package(write_vault(tmp_path / "v", {"a.md": text}), tmp_path / "deck.apkg")
    anki.import_package(tmp_path / "deck.apkg")
    first = [anki.note(ID + i).cards()[0].id for i in range(3)]
    assert first == [ID, ID + 1, ID + 2]
    assert len({c for i in range(3) for c in anki.note(ID + i).card_ids()}) == 6


@pytest.mark.parametrize(
    ("text", "ordinals"),
    [
        ("no deletion at all", [0]),
        ("{{c1::a {{c2::b}} c}}", [0, 1]),
        ("{{c2::only the second}}", [1]),
        ("{{c1,3::two numbers}}", [0, 2]),
        ("{{c1::$\\frac{a}{b}$}} and {{c2::`std::x`}}", [0, 1]),
        ("$$ {{c1::\\frac{a}{b}}} $$", [0]),
    ],
)
def test_cloze_note_gets_the_cards_that_anki_would_make(
    anki: Anki, tmp_path: Path, text: str, ordinals: list[int]
) -> None:
    block = f"START\nCloze\n{text}\n<!--ID: {ID}-->\nEND\n"
    build_package(write_vault(tmp_path / "v", {"a.md": block}), tmp_path / "deck.apkg")
    anki.import_package(tmp_path / "deck.apkg")
    assert [card.ord for card in anki.note(ID).cards()] == ordinals
    # Anki itself makes a card for a note without deletions, and calls it empty.
    empty = [note.note_id for note in anki.col.get_empty_cards().notes]
    assert empty == ([] if "{{c" in text else [ID])


def test_braces_of_math_do_not_end_a_deletion(anki: Anki, tmp_path: Path) -> None:
    block = (
        f"START\nCloze\nso {{{{c1::$\\sqrt{{\\frac{{a}}{{b}}}}$}}}} it is\n<!--ID: {ID}-->\nEND\n"
    )
    build_package(write_vault(tmp_path / "v", {"a.md": block}), tmp_path / "deck.apkg")
    anki.import_package(tmp_path / "deck.apkg")
    ((question, answer),) = anki.sides(ID)
    assert "[...]</span> it is" in question
    assert "frac" not in question.partition("data-cloze")[2].partition(">")[2]
    assert "\\(\\sqrt{\\frac{a}{b} }\\)</span> it is" in answer


def test_deletion_in_an_embedded_note_is_text_in_the_host(anki: Anki, tmp_path: Path) -> None:
    files = {
        "a.md": f"START\nCloze\n{{{{c1::mine}}}} ![[b]]\n<!--ID: {ID}-->\nEND\n",
        "b.md": "theirs: {{c2::x}} `{{c3::y}}` $\\frac{a}{{b}}$",
    }
    build_package(write_vault(tmp_path / "v", files), tmp_path / "deck.apkg")
    anki.import_package(tmp_path / "deck.apkg")
    assert len(anki.sides(ID)) == 1
    assert "theirs: &#123;&#123;c2" in anki.sides(ID)[0][0]


def test_decks_come_with_their_parents(anki: Anki, tmp_path: Path) -> None:
    files = {
        "a.md": "TARGET DECK: Science::Physics\n" + card("a", note_id=ID),
        "b.md": '---\ndeck: "science :: Chemistry"\n---\n' + card("b", note_id=ID + 1),
        "c.md": "TARGET DECK\nDefault\n" + card("c", note_id=ID + 2),
        "d.md": card("d", note_id=ID + 3),
    }
    build_package(write_vault(tmp_path / "vault", files), tmp_path / "deck.apkg", deck="Inbox")
    anki.import_package(tmp_path / "deck.apkg")
    decks = [anki.deck_of(ID + i) for i in range(4)]
    assert decks == ["Science::Physics", "Science::Chemistry", "Default", "Inbox"]
    assert {"Science"} <= {deck.name for deck in anki.col.decks.all_names_and_ids()}


def test_media_arrive_under_safe_names(anki: Anki, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": card("![[Plain Name.png]] ![[one/same.png]] ![](two/same.png)", note_id=ID),
        "b.md": card(
            "![[50% off's.png]] ![[_hidden.png]] ![](%C3%BCml%C3%A4ut.png)", note_id=ID + 1
        ),
        "Plain Name.png": PNG,
        "one/same.png": PNG,
        "two/SAME.png": PNG + b"other",
        "deep/50% off's.png": PNG,
        "_hidden.png": PNG,
        "ümläut.png": PNG,
    }
    result = build_package(write_vault(tmp_path / "v", files), tmp_path / "deck.apkg")
    assert result.diagnostics == []
    anki.import_package(tmp_path / "deck.apkg")
    assert anki.problems() == []
    names = sorted(p.name for p in Path(anki.col.media.dir()).iterdir())
    assert {"Plain Name.png", "ümläut.png"} <= set(names)
    assert len(names) == 6


def test_new_cards_come_in_vault_order(anki: Anki, tmp_path: Path) -> None:
    files = {
        "b.md": card("third", note_id=ID + 1),
        "A/x.md": card("first", note_id=ID + 3) + card("second", note_id=ID + 2),
    }
    build_package(write_vault(tmp_path / "v", files), tmp_path / "deck.apkg")
    anki.import_package(tmp_path / "deck.apkg")
    fronts = [anki.note(n)["Front"] for n in anki.col.find_notes("", order="c.due asc")]
    assert fronts == ["first", "second", "third"]


def test_same_vault_and_time_give_the_same_bytes(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": card("![[x.png]]", note_id=ID) + card("q", note_id=ID + 1),
        "b.md": "TARGET DECK: B\n" + card("{{c1::x}} {{c2::y}}", kind="Cloze", note_id=ID + 2),
        "x.png": PNG,
    }
    one = write_vault(tmp_path / "one" / "vault", files)
    two = write_vault(tmp_path / "two" / "vault", dict(reversed(list(files.items()))))
    build_package(one, tmp_path / "one.apkg")
    build_package(two, tmp_path / "two.apkg")
    assert (tmp_path / "one.apkg").read_bytes() == (tmp_path / "two.apkg").read_bytes()


def test_package_deflates_what_shrinks_and_leaves_nothing_beside(tmp_path: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    text = card("![[a.png]] ![[b.svg]]")
    vault = write_vault(tmp_path / "v", {"a.md": text, "a.png": PNG, "b.svg": svg})
    build_package(vault, tmp_path / "d.apkg")
    with zipfile.ZipFile(tmp_path / "d.apkg") as package:
        assert package.namelist() == ["collection.anki2", "media", "0", "1"]
        kinds = [entry.compress_type for entry in package.infolist()]
        assert (package.read("0"), package.read("1")) == (PNG, svg)
    assert kinds == [zipfile.ZIP_DEFLATED] * 2 + [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d.apkg", "v"]


def test_examples_build_without_a_problem(anki: Anki, tmp_path: Path) -> None:
    examples = Path(__file__).parents[2] / "examples" / "study-notes"
    result = build_package(examples, tmp_path / "deck.apkg", mode=Mode.LOCKED)
    assert result.diagnostics == []
    imported = anki.import_package(tmp_path / "deck.apkg")
    assert imported.new == len(result.stamped.notes) == 7
    assert anki.problems() == []
    decks = {deck.name for deck in anki.col.decks.all_names_and_ids()}
    assert {"Mathematics::Optimization", "Physiology"} <= decks
