"""Files of the vault in raw HTML are packed like embeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.helpers import PNG, build, card, fields, problems, write_vault
from vaultdeck.report import summary

FILES: dict[str, str | bytes] = {"p.png": PNG, "d/q r.png": PNG, "a.mp3": b"ID3", "v.mp4": b"v"}
DATA = "data:image/png;base64,iVBORw0KGgo="


def back(tmp_path: Path, text: str, kind: str = "Basic") -> tuple[str, int, list[str]]:
    block = card(text, kind=kind, note_id=5) if kind == "Cloze" else card("q", text, note_id=5)
    result = build(write_vault(tmp_path, {"sub/n.md": block, **FILES}))
    shown = fields(result)
    return (
        shown["Back"] if "Back" in shown else shown["Text"],
        summary(result)["media"],
        problems(result.diagnostics),
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('<img src="p.png">', '<img src="p.png" alt="p.png">'),
        ('<img src="p.png" width="100">', '<img src="p.png" alt="p.png" width="100">'),
        (
            "<IMG SRC=p.png width='10' height='20px'>",
            '<img src="p.png" alt="p.png" width="10" height="20">',
        ),
        (
            'text <img src="p.png" alt="a &amp; b"/> text',
            'text <img src="p.png" alt="a &amp; b"> text',
        ),
        ('<div align="center">\n<img src="./p.png">\n</div>', '<img src="p.png" alt="p.png">'),
        ('<img src="/p.png">', '<img src="p.png" alt="p.png">'),
        ('<img src="d/q%20r.png">', '<img src="q r.png" alt="q r.png">'),
        ('<audio controls src="a.mp3"></audio>', "[sound:a.mp3]"),
        (
            '<video src="v.mp4" width="320"></video>',
            '<video controls src="v.mp4" width="320"></video>',
        ),
        (
            '<video controls>\n<source src="v.mp4" type="video/mp4">\n<source src="v.mp4"></video>',
            '<video controls src="v.mp4"></video>',
        ),
        ('x <video><source src="v.mp4"></video>', '<video controls src="v.mp4"></video>'),
        (f'<img src="{DATA}">', f'<img src="{DATA}" alt="">'),
        ('<img src="p.png" width="50%">', '<img src="p.png" alt="p.png" width="50%">'),
        (
            '<img src="p.png" style="zoom:40%;position:fixed" />',
            '<img src="p.png" alt="p.png" style="zoom:40%">',
        ),
        ('<img src="p.png" style="zoom:4" width="9e9">', '<img src="p.png" alt="p.png">'),
        ('<img align=right src="p.png">', '<img src="p.png" alt="p.png" align="right">'),
        (
            'a <audio controls src="a.mp3">your browser plays *nothing*</audio> b',
            "a [sound:a.mp3] b",
        ),
        (
            '<video>\n  <source src="v.mp4">\n  <p>no film</p>\n</video> b',
            '<video controls src="v.mp4"></video> b',
        ),
    ],
)
def test_a_file_in_raw_html_is_shown(tmp_path: Path, text: str, shown: str) -> None:
    html, media, wrong = back(tmp_path, text)
    html = html.replace('controls=""', "controls")
    assert (html.count(shown), wrong) == (1, [])
    assert media == (0 if "data:" in text else 1)
    assert html.count("<video") == shown.count("<video")


def test_a_picture_in_raw_html_is_a_front_and_a_deletion(tmp_path: Path) -> None:
    html, media, wrong = back(tmp_path, '{{c1::<img src="p.png">}}', "Cloze")
    assert (html, media, wrong) == ('{{c1::<img src="p.png" alt="p.png">}}', 1, [])
    result = build(write_vault(tmp_path, {"sub/n.md": card('<img src="p.png">'), **FILES}))
    assert result.diagnostics == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<img src="gone.png">', "embed-not-found"),
        ('<div>\n<img src="gone.png"></div>', "embed-not-found"),
        ('<img src="file:///home/me/p.png">', "media-unreadable"),
        ('<img src="app://local/home/me/p.png?123">', "media-unreadable"),
        ("![](file:///home/me/p.png)", "media-unreadable"),
        ("![a](<app://local/C:/my p.png>)", "media-unreadable"),
        ('<img src="C:\\me\\p.png">', "media-unreadable"),
        ("![a](C:\\me\\p.png)", "media-unreadable"),
        ("![a](d:/me/p.png)", "media-unreadable"),
    ],
)
def test_a_file_that_raw_html_cannot_show_is_named_at_its_line(
    tmp_path: Path, text: str, code: str
) -> None:
    html, media, wrong = back(tmp_path, text)
    line = 4 + text.partition("<img")[0].count("\n")
    column = 1 if line > 4 else 7
    assert wrong == [f"sub/n.md:{line}:{column} {code}"]
    assert "vd-missing" in html
    assert media == 0


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://example.org/p.png">',
        '<video controls><source src="https://example.org/v.mp4">*none*</video>',
        'text <img alt="p.png">',
        "`<img src=p.png>`",
    ],
)
def test_other_raw_html_is_what_it_was(tmp_path: Path, text: str) -> None:
    html, media, wrong = back(tmp_path, text)
    assert (media, wrong) == (0, [])
    assert "vd-missing" not in html
    assert "https:" not in text or "https:" in html


@pytest.mark.parametrize(
    "piece",
    [
        "<img ",
        '<img "',
        "<img src='",
        "<video>",
        "<source src=a.mp3>",
        "<div>",
        "<b",
        "[sound:",
        "<video><!--x-->",
    ],
)
def test_much_raw_html_takes_no_longer_than_its_length(tmp_path: Path, piece: str) -> None:
    result = build(write_vault(tmp_path, {"n.md": card("q", "<div>\n" + piece * 20_000)}))
    assert len(result.stamped.notes) <= 1


@pytest.mark.parametrize(
    ("text", "html", "media", "wrong"),
    [
        ("[sound:a.mp3] b", "[sound:a.mp3] b", 1, []),
        ("x [sound:sub/v.mp4]", "x [sound:v.mp4]", 1, []),
        ("[sound:no.mp3]", "&#91;sound:no.mp3]", 0, ["n.md:4:7 embed-not-found"]),
        ("\\[sound:a.mp3]", "&#91;sound:a.mp3]", 0, []),
        ("`[sound:a.mp3]`", "<code>&#91;sound:a.mp3]</code>", 0, []),
        # Each place for itself, whatever stands elsewhere.
        ("[sound:a.mp3] \\[sound:a.mp3]", "[sound:a.mp3] &#91;sound:a.mp3]", 1, []),
        ("\\[sound:a.mp3] [sound:a.mp3]", "&#91;sound:a.mp3] [sound:a.mp3]", 1, []),
        ("[sound:a.mp3](https://e.org)", '<a href="https://e.org">sound:a.mp3</a>', 0, []),
        ("<div>[sound:a.mp3]</div>", "<div>\n[sound:a.mp3]</div>", 1, []),
        (
            "<div>[sound:no.mp3]</div>",
            "<div>\n&#91;sound:no.mp3]</div>",
            0,
            ["n.md:4:12 embed-not-found"],
        ),
        ('<p title="[sound:a.mp3]">x</p>', '<p title="&#91;sound:a.mp3]">x</p>', 0, []),
    ],
)
def test_sounds_written_as_anki_does_are_packed(
    tmp_path: Path, text: str, html: str, media: int, wrong: list[str]
) -> None:
    note = f"START\nBasic\nq\nBack: {text}\n<!--ID: 1700000000001-->\nEND\n"
    files: dict[str, str | bytes] = {"n.md": note, "a.mp3": b"ID3\x04a"}
    files |= {"sub/v.mp4": b"\x00\x00\x00\x18ftypmp42"}
    result = build(write_vault(tmp_path / "v", files))
    built = result.stamped.notes[0].note
    assert (built.fields[1], len(built.media)) == (html, media)
    found = result.diagnostics
    assert [
        f"{d.location.path}:{d.location.line}:{d.location.column} {d.code}" for d in found
    ] == wrong


def test_a_picture_in_raw_html_that_anki_does_not_show_is_a_link(tmp_path: Path) -> None:
    note = 'START\nBasic\nq\nBack: <img src="a.heic">\n<!--ID: 1700000000001-->\nEND\n'
    result = build(write_vault(tmp_path / "v", {"n.md": note, "a.heic": b"h"}))
    assert problems(result.diagnostics) == ["n.md:4:7 media-not-shown"]
    assert 'file=a.heic">a.heic</a>' in fields(result)["Back"]


@pytest.mark.parametrize(
    ("text", "shown", "codes"),
    [
        ('a <input type="text" value="v"> b', "a  b", ["html-dropped"]),
        ("a <input type=radio> b", "a  b", ["html-dropped"]),
        ("<INPUT checked TYPE='CheckBox'> b", '<input checked="" type="checkbox"> b', []),
    ],
)
def test_the_only_input_is_that_of_a_task(
    tmp_path: Path, text: str, shown: str, codes: list[str]
) -> None:
    html, _, wrong = back(tmp_path, text)
    assert (html, [problem.partition(" ")[2] for problem in wrong]) == (shown, codes)
