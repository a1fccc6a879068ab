"""The preview: cards as the real Anki shows them, and a page that nothing can break out of."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.helpers import PNG, Anki, build, build_package, card, run, write_vault
from vaultdeck.anki.cards import card_numbers
from vaultdeck.anki.templates import TemplateError, parse
from vaultdeck.model import Location, Note, NoteType, StampedNote, Template
from vaultdeck.report.preview import PreviewOptions, write_preview
from vaultdeck.report.preview.mathjax import INTEGRITY
from vaultdeck.report.preview.page import script_json
from vaultdeck.report.preview.sides import render_cards, show_cards

EXAMPLES = Path(__file__).parents[3] / "examples" / "study-notes"
# What no reader sees: Anki's escapes of hidden text, random ids, inline handlers, sounds' numbers.
INSIGNIFICANT = [
    (re.compile(r' data-cloze="[^"]*"'), ""),
    (re.compile(r'\s*onclick="[^"]*"\s*'), " "),
    (re.compile(r'(?<=<div) id="hint[0-9a-f]+"'), ""),
    (re.compile(r"\[anki:play:[qa]:[0-9]+\]|\[sound:[^\]]+\]"), "(sound)"),
    (re.compile(r'<span class="replay-button".*?</span>'), "(sound)"),
    (re.compile(r"\s+|(?<=>)\s+|\s+(?=<)"), ""),
]
ANKI_ERROR = re.compile(r"templates/errors\.html")


def plain(side: str) -> str:
    for pattern, replacement in INSIGNIFICANT:
        side = pattern.sub(replacement, side)
    return side


def test_all_cards_of_the_examples_look_as_in_anki(tmp_path: Path, anki: Anki) -> None:
    vault = tmp_path / "study-notes"
    shutil.copytree(EXAMPLES, vault)
    result = build_package(vault, tmp_path / "x.apkg")
    anki.import_package(tmp_path / "x.apkg")
    assert len(result.stamped.notes) == 7
    for stamped in result.stamped.notes:
        ours = [(plain(side.front), plain(side.back)) for side in render_cards(stamped)]
        theirs = [(plain(q), plain(a)) for q, a in anki.sides(stamped.id)]
        assert ours == theirs


FIELDS = ("Front", "Back", "Ex tra")
VALUES = ("f <b>1</b> &amp; &lt;x&gt;&nbsp;y<br>z", "b", "")
TEMPLATES = [
    ("{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),
    ("{{ Front }}|{{text:Front}}|{{Tags}}|{{Deck}}|{{Subdeck}}|{{Card}}|{{CardFlag}}", "{{Back}}"),
    (
        "{{#Ex tra}}x{{/Ex tra}}{{^Ex tra}}no{{/Ex tra}}{{Front}}",
        "{{#Front}}{{#Back}}2{{/Back}}{{/Front}}",
    ),
    ("{{# Front }}x{{/ Front }}{{Front}}", "b"),
    ("{{hint:Front}} {{hint:Ex tra}}", "{{text:hint:Back}} {{hint:text:Front}}"),
    ("{{Front}}{{type:Back}}", "{{Front}}<hr>{{type:Back}}"),
    ("{{Front}}{{type:nc:Back}} {{type:Ex tra}}", "{{FrontSide}}"),
    ("{{unknown:Front}}{{kanji:Front}} {{furigana:Back}}", "x{{foo:bar:Back}}"),
    ("{{tts en_US:Back}}{{Front}}", "x"),
    ("{{Front}}{{#Tags}}tagged{{/Tags}}{{#Deck}}D{{/Deck}}{{^CardFlag}}nf{{/CardFlag}}", "x"),
    ("{{=<% %>=}}<%Front%> {{Back}}", "x"),
    ("<!-- {{Front}} {{Nope}} -->{{Front}}", "x"),
    ("{{{Front}}}", "x"),
    ("{{FrontSide}}{{Front}}", "{{text:FrontSide}}|{{FrontSide}}"),
    ("{{cloze:Front}}", "x"),
    ("{{Front}} }} {{Back}}", "x"),
    ("{{Front}} {{ {{{Back", "{{Front}} <!-- {{Back"),
    # Blank fronts: Anki shows an error.
    ("{{Ex tra}}", "x"),
    ("{{#Ex tra}}{{Front}}{{/Ex tra}}", "x"),
    ("{{Ex tra}} {{Tags}}", "x"),
    # Mistakes.
    ("{{Front}} {{}}", "x"),
    ("{{Front}}", "{{#FrontSide}}F{{/FrontSide}}"),
]


@pytest.mark.parametrize(("front", "back"), TEMPLATES)
def test_templates_are_filled_as_anki_fills_them(front: str, back: str, anki: Anki) -> None:
    compare(anki, front, back, FIELDS, VALUES)


@pytest.mark.parametrize(
    "value",
    ["日本[にほん] 語[ご]x [sound:a.mp3] a b[c]", "a[b] <b>c[d]</b>&nbsp;e[f]", "a[] []b [c]"],
)
def test_readings_stand_over_their_words(value: str, anki: Anki) -> None:
    compare(anki, "{{furigana:Front}}|{{kana:Front}}|{{kanji:Front}}", "x", ("Front",), (value,))


@pytest.mark.parametrize("value", ["<br> <div></div>", "<BR/>", "&nbsp;", "<p></p>", " \n "])
def test_a_field_is_empty_when_anki_says_so(value: str, anki: Anki) -> None:
    compare(anki, "{{#Back}}filled{{/Back}}{{Front}}", "x", ("Front", "Back"), ("f", value))


CLOZES = [
    "a {{c1::b}} c {{c2::d::hint}}",
    "{{c1::x {{c2::y::h2}} z::h1}}",
    "{{c1,2::x}} {{c3::y}}",
    "close }} {{c1::a}}",
    "{{c1::a::b::c}}",
    "{{c1::}} {{c1::::h}}",
    r"\({{c1::x^2}} + {{c2::y}}\)",
    r"\[a {{c1::\frac{a}{b} }}\]",
    r"{{c1::\(x\)}}",
    "{{c1::<b>x</b>::<i>h</i>}}",
    "{{c01::x}}",
    '{{c1:: a"b&amp;c<d> }}',
    "{{C1::x}} {{c1::y}}",
    "{{c1::x}}{{c1::y {{c1::z}} }}",
    "{{c1::a {{c2::b::hb}} c {{c3::d}}::outer}}",
    "{{c1::a {{c2::b}} ::h {{c3::e}} }}",
    r"\(\frac{a}{{{c1::b}}}\)",
    r"{{c2::\(a {{c1::b}}\)}}",
    "{{c1::a {{c2::b}} ::h {{c3::e}} f::g}}",
    "{{c1::x}} {{c2::open",
    "no deletion",
    # Anki opens ten within each other.
    "".join(f"{{{{c{number}::a " for number in range(1, 13)) + "z}}" * 12,
]


@pytest.mark.parametrize("text", CLOZES)
def test_clozes_are_hidden_as_anki_hides_them(text: str, anki: Anki) -> None:
    back = (
        "{{cloze:Text}} {{cloze-only:Text}} {{text:cloze:Text}}|{{cloze:Extra}}|{{type:cloze:Text}}"
    )
    front = "{{#c1}}one{{/c1}}{{^c2}}not two{{/c2}}{{cloze:Text}} {{cloze-only:Text}}"
    compare(anki, front, back, ("Text", "Extra"), (text, "{{c1::ex}}"), is_cloze=True)


def compare(
    anki: Anki,
    front: str,
    back: str,
    fields: Sequence[str],
    values: Sequence[str],
    *,
    is_cloze: bool = False,
) -> None:
    """Show a note with these templates here and in Anki, which must agree or both refuse."""
    theirs = anki_sides(anki.col, front, back, fields, values, is_cloze)
    kind = NoteType(
        "Kind",
        1,
        tuple(fields),
        (None,) * len(fields),
        (Template("Card 1", None, front, back),),
        "",
        is_cloze,
    )
    note = Note(Location("a.md"), "Kind", kind, "Deck::Sub", ("b", "A::c"), tuple(values))
    ours = {side.number: side for side in render_cards(stamp(note))}
    for number, question, answer in theirs:
        if ANKI_ERROR.search(question):
            assert ours[number].failure
        else:
            assert not ours[number].failure
            assert plain(ours[number].front) == plain(question)
            assert plain(ours[number].back) == plain(answer)
    assert sorted(ours) == sorted(number for number, _, _ in theirs)


def anki_sides(
    col: Any, front: str, back: str, fields: Sequence[str], values: Sequence[str], is_cloze: bool
) -> list[tuple[int, str, str]]:
    """Return number, front and back of each card that Anki makes of a note."""
    kind = col.models.new("Kind")
    kind["type"] = int(is_cloze)
    for name in fields:
        col.models.add_field(kind, col.models.new_field(name))
    template = col.models.new_template("Card 1")
    template["qfmt"], template["afmt"] = front, back
    col.models.add_template(kind, template)
    col.models.add(kind)
    note = col.new_note(col.models.by_name("Kind"))
    for name, value in zip(fields, values, strict=True):
        note[name] = value
    note.tags = ["b", "A::c"]
    col.add_note(note, col.decks.id("Deck::Sub"))
    outputs = [(card.ord + 1, card.render_output(reload=True)) for card in note.cards()]
    return [(number, out.question_text, out.answer_text) for number, out in outputs]


@pytest.mark.parametrize("template", ["{{#Front}}x", "{{Front}} {{/Front}}", "{{#A}}{{/B}}"])
def test_a_template_that_anki_refuses_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        parse(template)


def stamp(note: Note) -> StampedNote:
    return StampedNote(note, 1, "guid", 1, card_numbers(note.note_type, note.fields))


def sides(kind: NoteType, values: Sequence[str]) -> list[tuple[str, str]]:
    note = Note(Location("a.md"), "Kind", kind, "Deck", (), tuple(values))
    return [(side.front, side.back) for side in show_cards(stamp(note))]


def kind_of(front: str, back: str, *fields: str, is_cloze: bool = False) -> NoteType:
    template = Template("Card 1", None, front, back)
    return NoteType("Kind", 1, fields, (None,) * len(fields), (template,), "", is_cloze)


def test_a_typed_answer_is_a_box_in_front_and_the_answer_behind() -> None:
    kind = kind_of("{{Front}}{{type:Back}}", "{{type:nc:Back}}", "Front", "Back")
    [(front, back)] = sides(kind, ("f", "<b>x</b> &lt; y"))
    assert 'f<input id="typeans"' in front
    assert back == '<code id="typeans">x &lt; y</code>'
    assert sides(kind, ("f", "")) == [("f", "")]


def test_a_typed_cloze_is_what_the_card_hides() -> None:
    kind = kind_of("{{cloze:Text}}", "{{type:cloze:Text}}", "Text", is_cloze=True)
    backs = [back for _, back in sides(kind, ("{{c1::a}} {{c2::b::hint}} {{c1::c}}",))]
    assert backs == ['<code id="typeans">a, c</code>', '<code id="typeans">b</code>']


def test_a_sound_can_be_played() -> None:
    [(front, _)] = sides(kind_of("{{F}}", "x", "F"), ("[sound:a &amp; b.mp3] [sound:c.mp4]",))
    assert '<audio controls preload="none" src="a &amp; b.mp3"></audio>' in front
    assert "<video" in front


HOSTILE = """</script><script>alert(1)</script><!-- x --> <img src=x onerror=alert(2)> a\u2028b"""


def page_of(vault: Path, page: Path, **options: Any) -> tuple[str, dict[str, Any]]:
    """Return the page of a vault and the data in it."""
    write_preview(build(vault), vault, page, PreviewOptions(**options))
    text = page.read_bytes().decode()
    found = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert len(found) == 1
    return text, json.loads(found[0])


def test_nothing_in_a_vault_breaks_out_of_the_data(tmp_path: Path) -> None:
    deck = "TARGET DECK: </script><script>alert(3)</script>\n"
    text = deck + card(HOSTILE, f"`{HOSTILE}`") + "START\n" + HOSTILE
    vault = write_vault(tmp_path / "v</script>", {"a&amp;<b>.md": text})
    page, data = page_of(vault, tmp_path / "x.html")
    assert page.count("<script") == page.count("</script") == 2
    assert "alert(" not in re.sub(r'(?s)<script type="application/json".*?</script>', "", page)
    inside = re.findall(r'(?s)id="data">(.*?)</script>', page)[0]
    assert not set("<>&\u2028\u2029") & set(inside)
    assert data["notes"][0]["deck"].startswith("＜/script>")
    assert data["problems"][0]["path"] == "a&amp;<b>.md"


def test_data_survives_json() -> None:
    data = {"a": "</script> <!-- \u2028\u2029 & \ud800 é", "b": [1, None]}
    text = script_json(data)
    text.encode()
    assert json.loads(text) == data


def test_only_the_scripts_of_the_page_may_run(tmp_path: Path) -> None:
    page, _ = page_of(EXAMPLES, tmp_path / "x.html")
    policy = html.unescape(
        re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[0]
    )
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    script = re.findall(r"(?s)<script>(.*?)</script>", page)[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert rules["script-src"].split()[0] == f"'sha256-{digest}'"
    assert "unsafe" not in rules["script-src"]
    assert rules["default-src"] == rules["connect-src"] == "'none'"
    assert not re.search(r"<[^>]* on[a-z]+=", re.sub(r"(?s)<script.*?</script>", "", page))


def test_mathjax_is_the_one_that_anki_has() -> None:
    from importlib.util import find_spec

    spec = find_spec("_aqt")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("aqt is not installed")
    web = Path(spec.submodule_search_locations[0]) / "data" / "web" / "js"
    data = (web / "vendor" / "mathjax" / "tex-chtml-full.js").read_bytes()
    assert f"sha384-{base64.b64encode(hashlib.sha384(data).digest()).decode()}" == INTEGRITY


def test_a_local_mathjax_goes_into_the_page_with_its_fonts(tmp_path: Path) -> None:
    fonts = tmp_path / "mj" / "es5" / "output" / "chtml" / "fonts" / "woff-v2"
    fonts.mkdir(parents=True)
    (fonts / "MathJax_Zero.woff").write_bytes(b"font")
    (tmp_path / "mj" / "es5" / "tex-chtml-full.js").write_bytes(b"x = '</script>';\r\n")
    page, data = page_of(EXAMPLES, tmp_path / "x.html", mathjax=tmp_path / "mj")
    assert data["mathjax"]["code"] == "x = '</script>';\n"
    assert data["mathjax"]["fonts"] == {"MathJax_Zero.woff": "data:font/woff;base64,Zm9udA=="}
    assert "src=" not in re.sub(r"(?s)<script.*?</script>", "", page)


def test_small_media_stand_in_the_page_and_large_ones_beside_it(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": card("![[s.png]]", "![[large.png]]"),
        "s.png": PNG,
        "large.png": PNG + bytes(300_000),
    }
    vault = write_vault(tmp_path / "v", files)
    beside = tmp_path / "my page_files"
    beside.mkdir()
    (beside / "kept.txt").write_text("somebody else's")
    _, data = page_of(vault, tmp_path / "my page.html")
    assert data["media"]["s.png"].startswith("data:image/png;base64,")
    folder, _, name = data["media"]["large.png"].partition("/")
    assert folder == "my%20page_files"
    assert (beside / name).read_bytes() == files["large.png"]
    (vault / "large.png").write_bytes(PNG + bytes(400_000))
    _, data = page_of(vault, tmp_path / "my page.html")
    names = {data["media"]["large.png"].partition("/")[2], "kept.txt"}
    assert {file.name for file in beside.iterdir()} == names


def test_problems_stand_beside_their_cards(tmp_path: Path) -> None:
    files = {
        "a.md": card("![[gone]]") + "\n" + card("![[part]]") + "\nSTART\nBasic\nunclosed\n",
        "part.md": "text\n\n![[also gone]]\n",
    }
    _, data = page_of(write_vault(tmp_path / "v", files), tmp_path / "x.html")
    codes = [[problem["code"] for problem in note["problems"]] for note in data["notes"]]
    assert codes == [["embed-not-found"], ["embed-not-found"]]
    (problem,) = data["notes"][1]["problems"]
    assert (problem["path"], problem["line"], problem["column"]) == ("part.md", 3, 1)
    assert [problem["code"] for problem in data["problems"]] == ["unclosed-block"]


def test_only_chosen_notes_are_shown(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("a"), "b/c.md": card("c")})
    _, data = page_of(vault, tmp_path / "x.html", chosen=("b",))
    assert [note["path"] for note in data["notes"]] == ["b/c.md"]


def test_only_the_problems_of_chosen_notes_are_told(tmp_path: Path) -> None:
    files = {".obsidian/app.json": "{}", "a.md": "START\n", "b/c.md": card("c")}
    vault = write_vault(tmp_path / "v", files)
    done = run("preview", vault, vault / "b", "-o", "x.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    done = run("preview", vault, "-o", "x.html", cwd=tmp_path)
    assert done.returncode == 1
    assert "a.md:1:1: error unclosed-block" in done.stderr


def test_the_same_build_gives_the_same_page_and_writes_nothing_else(tmp_path: Path) -> None:
    vault = tmp_path / "study-notes"
    shutil.copytree(EXAMPLES, vault)
    before = {path: path.read_bytes() for path in vault.rglob("*") if path.is_file()}
    (tmp_path / "out").mkdir()
    first, _ = page_of(vault, tmp_path / "out" / "x.html")
    second, _ = page_of(vault, tmp_path / "out" / "x.html")
    assert first == second
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["x.html"]
    assert before == {path: path.read_bytes() for path in vault.rglob("*") if path.is_file()}
