"""SVG drawings: an honest one is packed as it is, in a hostile one nothing runs or loads."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from tests.support.browser import Reviewer, View
from tests.support.helpers import build_package, card, problems, write_vault
from tests.support.rendered import RenderedCard
from tests.support.svg_corpus import HONEST, NS, hostile
from vaultdeck.anki.svg import Drawing, NotADrawingError, clean_svg
from vaultdeck.anki.svg_rules import judge_css


@pytest.mark.parametrize("program", HONEST)
def test_an_honest_drawing_keeps_its_bytes(program: str) -> None:
    data = HONEST[program].encode()
    assert clean_svg(data) == Drawing(data)


@pytest.mark.parametrize("data", hostile())
def test_an_attack_is_cut_out_and_nothing_is_left_to_cut(data: bytes) -> None:
    try:
        cleaned = clean_svg(data)
    except NotADrawingError:
        return
    again = clean_svg(cleaned.data)
    assert again == Drawing(cleaned.data)
    if not cleaned.lost:
        assert b"data:image/svg+xml,&lt;" in data, "a drawing in an image element runs nothing"


def test_only_what_is_unsafe_is_cut() -> None:
    data = (
        f'<svg {NS}>\r\n<g  id = "a"   onload=">" fill=\'red\'><b/>ä</g><script/><?xml-a b?></svg>'
    )
    cleaned = clean_svg(data.encode())
    assert cleaned.data.decode() == f"<svg {NS}>\r\n<g  id = \"a\" fill='red'>ä</g></svg>"
    lost = ("attribute 'onload'", "element 'b'", "element 'script'", "instruction 'xml-a'")
    assert cleaned.lost == lost


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "latin-1"])
def test_a_drawing_in_another_encoding_is_read(codec: str) -> None:
    text = f'<?xml version="1.0" encoding="{codec.removesuffix("-sig")}"?><svg {NS}>ä{{}}</svg>'
    data = text.format("").encode(codec)
    assert clean_svg(data) == Drawing(data)
    cut = clean_svg(text.format("<script/>").encode(codec)).data
    assert "ä</svg>" in cut.decode()
    assert clean_svg(cut) == Drawing(cut)


@pytest.mark.parametrize(
    "css",
    [
        "a{b:c(d)}", "a{b:'", "@x;", "a{b:url(//c)}", "a{b:url(c d)}", "a{b:url('c'd)}", "\\", "a{b:url(",
        "a{b:\\\n}", "a{b:expression(c)}", "a{b:url(data:text/html,x)}", 'a{b:url("\'#c")}',
    ],
)  # fmt: skip
def test_css_that_is_not_known_to_load_nothing_goes(css: str) -> None:
    assert judge_css(css) is not None


def test_the_lock_knows_what_is_packed_and_the_page_shows_it(tmp_path: Path) -> None:
    hostile_svg = f'<svg {NS}><script>1</script><rect width="9"/></svg>'
    clean = clean_svg(hostile_svg.encode()).data
    files = {"n.md": card("q", "![[a.svg]]", note_id=5), "a.svg": hostile_svg}
    vault = write_vault(tmp_path / "v", files)
    result = build_package(vault, tmp_path / "x.apkg")
    assert problems(result.diagnostics) == ["n.md:4:7 unsafe-media"]
    assert "without what runs or loads: element 'script'" in result.diagnostics[0].message
    (ref,) = result.stamped.notes[0].note.files
    assert ref.digest == hashlib.sha256(clean).hexdigest()[:20]
    with zipfile.ZipFile(tmp_path / "x.apkg") as package:
        assert package.read("0") == clean
    again = build_package(vault, tmp_path / "x.apkg", now=2_000_000_000)
    assert problems(again.diagnostics) == ["n.md:4:7 unsafe-media"]


def test_hostile_drawings_run_and_load_nothing_shown_or_opened(
    reviewer: Reviewer, tmp_path: Path
) -> None:
    reviewer.forget()
    names = []
    for number, data in enumerate(hostile()):
        try:
            cleaned = clean_svg(data)
        except NotADrawingError:
            continue
        names.append(f"{number}.svg")
        (tmp_path / names[-1]).write_bytes(cleaned.data)
    pictures = "".join(f'<img src="{name}">' for name in names)
    shown = [RenderedCard("here", 1, 0, (), pictures, pictures)]
    sides = reviewer.inspect(shown, tmp_path, View(1000, False))
    assert not any(side.report["hostile"] for side in sides)
    base = reviewer.driver.current_url.rpartition("/")[0]
    for name in names:
        reviewer.driver.get(f"{base}/{name}")
        pwned = reviewer.driver.execute_script(
            "for (const e of document.querySelectorAll('*'))"
            " for (const t of ['click', 'focus', 'toggle']) "
            " e.dispatchEvent(new Event(t, {bubbles: true}));"
            "for (const a of document.querySelectorAll('*'))"
            " if (/^\\s*(java|vb)script/i.test(a.href?.baseVal ?? a.href ?? '')) return 'link';"
            "return window.pwned"
        )
        assert pwned is None, (tmp_path / name).read_text()
    assert reviewer.foreign_requests() == []
