"""Cards in Anki's reviewer: what a person sees on a desktop and on a phone, by day and by night.

The vault `torture` holds every syntax; a card says by its tags what is special about it:

    shows-dollar      its text shows a `$` (or another sign of LEFTOVERS) on purpose
    expect/table/2    its answer side shows so many elements of that name
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support.browser import Reviewer, Side, View
from tests.support.rendered import RenderedCard, RenderedVault, render_vault

ROOT = Path(__file__).parents[2]
# What the torture vault holds on purpose.
MEANT = re.compile(
    "hostile.svg|html-dropped|shown-as-code|unsafe-link|unsafe-math|math-label|link-not-found|cloze-in-basic"
)
VAULTS = [ROOT / "examples" / "study-notes", ROOT / "tests" / "cases" / "torture"]
# Colours do not depend on the width, nor widths on the colours: two views show all there is.
VIEWS = [View(1000, False), View(390, True)]
# Markup that stays in sight only if nothing understood it; the tag `shows-<name>` allows it.
LEFTOVERS = {
    "dollar": "$",
    "wikilink": "[[",
    "cloze": "{{c",
    "comment": "%%",
    "braces": "}}",
    "highlight": "==",
    "footnote": "[^",
    "inline-footnote": "^[",
    "callout": "[!",
    "fence": "```",
    "strike": "~~",
    "environment": "\\begin",
    "tag": "</",
    "block-id": " ^",
}
SKIPPED = {"code", "pre", "script", "style", "textarea"}
# The note with a picture as it is, `|300`, `| 200`, `|300x200` and `|a text|150`.
SIZED = 1700007000001
VOID = {"br", "hr", "img", "input", "source", "wbr", "col", "area", "track"}


@pytest.fixture(scope="module")
def vaults(reviewer: Reviewer, tmp_path_factory: pytest.TempPathFactory) -> list[RenderedVault]:
    return [render_vault(vault, tmp_path_factory.mktemp(vault.name)) for vault in VAULTS]


@dataclass(frozen=True)
class Review:
    """Every side of every card in every view, and what the browser did meanwhile."""

    sides: list[Side]
    foreign_requests: list[str]
    complaints: list[str]


@pytest.fixture(scope="module")
def review(reviewer: Reviewer, vaults: list[RenderedVault]) -> Review:
    reviewer.forget()
    sides = [
        side
        for view in VIEWS
        for vault in vaults
        for side in reviewer.inspect(vault.cards, vault.media, view)
    ]
    return Review(sides, reviewer.foreign_requests(), reviewer.complaints())


@pytest.fixture
def sides(review: Review) -> list[Side]:
    return review.sides


def test_vaults_build_without_complaint_but_for_what_is_meant(
    vaults: list[RenderedVault],
) -> None:
    problems = [problem for vault in vaults for problem in vault.problems]
    meant = [problem for problem in problems if MEANT.search(problem)]
    claim([problem for problem in problems if problem not in meant])
    assert meant != []
    assert min(len(vault.cards) for vault in vaults) > 5


def test_every_formula_is_typeset(sides: list[Side]) -> None:
    wrong = []
    for side in sides:
        shown, expected = side.report["counts"].get("mjx-container", 0), count_formulas(side.html)
        if shown != expected:
            wrong.append(f"{side}: {shown} of {expected}")
    claim(wrong)


def test_mathjax_understands_every_formula(sides: list[Side]) -> None:
    claim(findings(sides, "mathProblems"))


def test_no_markup_is_left_over_in_sight(sides: list[Side]) -> None:
    left = [
        f"{side}: {sign} in {near(side.report['text'], sign)!r}"
        for side in sides
        for name, sign in LEFTOVERS.items()
        if sign in side.report["text"] and f"shows-{name}" not in side.card.tags
    ]
    claim(left)


def test_cards_show_the_signs_that_their_tags_allow(sides: list[Side]) -> None:
    allowed = {(side.card.note_id, tag) for side in sides for tag in side.card.tags}
    shown = {
        (side.card.note_id, f"shows-{name}")
        for side in sides
        for name, sign in LEFTOVERS.items()
        if sign in side.report["text"]
    }
    unused = sorted(allowed - shown)
    claim([f"{note}: {tag}" for note, tag in unused if tag.startswith("shows-")])


def test_cards_show_what_their_tags_expect(sides: list[Side]) -> None:
    wrong = []
    for side in sides:
        for tag in side.card.tags:
            if side.is_answer and tag.startswith("expect::"):
                _, element, number = tag.split("::")
                shown = side.report["counts"].get(element, 0)
                if shown != int(number):
                    wrong.append(f"{side}: {shown} of {number} {element}")
    claim(wrong)


def test_every_picture_sound_and_film_is_there(sides: list[Side]) -> None:
    claim(findings(sides, "brokenMedia"))


def test_nothing_in_a_note_runs_as_code(sides: list[Side]) -> None:
    claim(findings(sides, "hostile"))


def test_text_stands_out_from_its_ground_by_day_and_by_night(sides: list[Side]) -> None:
    claim(findings(sides, "faintTexts"))


def test_cards_are_no_wider_than_the_screen(sides: list[Side]) -> None:
    claim(findings(sides, "overflowing"))


def test_pictures_have_the_size_that_their_note_gives_them(sides: list[Side]) -> None:
    shown = {
        str(side.view): [tuple(size) for size in side.report["imageSizes"]]
        for side in sides
        if side.card.note_id == SIZED and side.is_answer
    }
    wide = [(600, 300), (300, 150), (200, 100), (300, 200), (150, 75)]
    on_a_phone = [(350, 175), *wide[1:]]
    assert shown == {str(view): wide if view.width > 600 else on_a_phone for view in VIEWS}


def test_nothing_is_asked_of_other_machines(review: Review) -> None:
    claim(sorted(set(review.foreign_requests)))


def test_the_console_is_quiet(review: Review) -> None:
    claim(review.complaints)


@pytest.mark.parametrize(
    ("html", "kind", "found"),
    [
        (r"\(\left( a\)", "mathProblems", "error: "),
        (r"\[\begin{align}a\end{split}\]", "mathProblems", "error: "),
        (r"\(\nosuchmacro x\)", "mathProblems", "painted red"),
        ('<img src="gone.png">', "brokenMedia", "gone.png"),
        ('<video src="gone.webm"></video>', "brokenMedia", "gone.webm"),
        ("<audio><source src=gone.mp3></audio>", "brokenMedia", "audio"),
        ('<img src="gone.png" onerror="window.pwned = 1">', "hostile", "onerror"),
        ('<img src="gone.png" onerror="window.pwned = 1">', "hostile", "window.pwned = 1"),
        ("<script>document.title = 'x'</script>", "hostile", "document.title = x"),
        ('<a href=" java&#9;script:x">x</a>', "hostile", "href="),
        ("<div style='width: 1200px'>x</div>", "overflowing", "1220 > 1000"),
        ("<pre>" + "wide " * 100 + "</pre>", "overflowing", "<pre>"),
        (
            "<p class=faint>x</p><style>.faint { color: #999 }</style>",
            "faintTexts",
            ": faint: x",
        ),
    ],
)
def test_the_reviewer_notices_what_is_wrong(
    reviewer: Reviewer, tmp_path: Path, html: str, kind: str, found: str
) -> None:
    card = RenderedCard("here", 1, 0, (), html, html)
    reviewer.forget()
    side = reviewer.inspect([card], tmp_path, View(1000, False))[0]
    assert found in "".join(findings([side], kind))
    assert reviewer.complaints() != [] or kind != "brokenMedia"


def test_a_request_to_another_machine_is_noticed(reviewer: Reviewer, tmp_path: Path) -> None:
    card = RenderedCard("here", 1, 0, (), "<img src=https://example.invalid/x.png>", "")
    reviewer.forget()
    reviewer.inspect([card], tmp_path, View(1000, False))
    assert set(reviewer.foreign_requests()) == {"https://example.invalid/x.png"}


@pytest.mark.parametrize(
    ("html", "formulas"),
    [
        (r"\(a\) and \[b\]", 2),
        (r"<code>\(a\)</code> <pre>\[b\]</pre>", 0),
        (r'<span class="mathjax_ignore">\(</span>a\)', 0),
        (r"\(a<br>b\) <p>\[c &lt; d\]</p>", 2),
        (r"<style>\(a\)</style><img><code>x</code>\(a\)", 1),
        (r"a \( without an end", 0),
    ],
)
def test_formulas_are_counted_as_mathjax_finds_them(html: str, formulas: int) -> None:
    assert count_formulas(html) == formulas


def claim(wrong: list[str]) -> None:
    """Fail if anything is wrong, and say all of it."""
    assert not wrong, "\n".join(["", *wrong])


def findings(sides: list[Side], kind: str) -> list[str]:
    return [f"{side}: {found}" for side in sides for found in side.report[kind]]  # type: ignore[literal-required]


def near(text: str, sign: str) -> str:
    """Return the text round the first place of a sign."""
    start = text.index(sign)
    return text[max(0, start - 25) : start + 35]


def count_formulas(html: str) -> int:
    r"""Return how many `\(…\)` and `\[…\]` stand in HTML where MathJax looks for them."""
    text = _MathText()
    text.feed(html)
    text.close()
    return text.count()


class _MathText(HTMLParser):
    """Collects the text of HTML outside of the elements that MathJax passes over."""

    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] = []
        self._skipped: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            ignored = "mathjax_ignore" in (dict(attrs).get("class") or "").split()
            self._skipped.append(ignored or tag in SKIPPED)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag not in VOID:
            self._skipped.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._skipped):
            self._text.append(data)

    def count(self) -> int:
        text, formulas, start = "".join(self._text), 0, 0
        while (opening := _first(text, ("\\(", "\\["), start)) >= 0:
            closing = text.find({"(": "\\)", "[": "\\]"}[text[opening + 1]], opening + 2)
            formulas += closing >= 0
            start = max(closing, opening) + 2
        return formulas


def _first(text: str, needles: tuple[str, ...], start: int) -> int:
    return min((p for n in needles if (p := text.find(n, start)) >= 0), default=-1)
