"""Cards in Anki's reviewer, before and after their pasted sections became embeds: the same picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.support.browser import Reviewer, View
from tests.support.helpers import card, run, write_vault
from tests.support.rendered import render_vault

ID = 1_700_000_000_000
# A section by what stands at its end, and a note by what stands at its beginning.
SECTIONS = {
    "heading": "## Rate\nIt is linear at the best, and not often.\n### Order\nas many digits as before",
    "list": "## Rate\nIt is linear at the best, and not often.\n\n- a list\n\n  of loose items\n- below",
    "callout": "## Hint\nlook at this one\n> [!tip] so\n> it is done in two steps",
    "quote": "## Hint\nlook at this one\n\n> as he said it himself once, and never again",
    "code": "## Loop\nwhat it does\n```python\nwhile True:\n    descend()\n```",
    "table": "## Both\nthe two of them\n\n| a | b |\n|---|---|\n| the first | the second |",
    "math": "## Step\nit is as long as the gradient\n$$\n\\alpha \\nabla f\n$$",
    "raw html": "## Frame\nof another kind\n\n<div>\n\n### Framed\n\n</div>",
}
BACKS = ["{}", "above\n\n{}", "{}\n\n***\nbelow", "{}\n\nbelow", "above\n\n{}\n\n***\n{}"]
MORE = "\n\nand more of them stands behind these"
NOTES = [text.split("\n", 2)[2].strip() + MORE for text in SECTIONS.values()]
NOTES[-1] = FRAMED = f"<div>\n\n### Framed\n\n</div>{MORE}"


def draw(vault: Path, work: Path, reviewer: Reviewer) -> dict[int, bytes]:
    """Return the pictures of the answers of a vault's cards by the IDs of their notes."""
    rendered, view = render_vault(vault, work), View(420, False)
    return {
        shown.note_id: reviewer.draw(shown, rendered.media, view, is_answer=True)
        for shown in rendered.cards
    }


def test_pictures_are_the_same_before_and_after(tmp_path: Path, reviewer: Reviewer) -> None:
    backs = [back.replace("{}", text) for text in SECTIONS.values() for back in BACKS] + NOTES
    blocks = [card("q", f"\n{back}", note_id=ID + n) for n, back in enumerate(backs)]
    notes = {f"{number}.md": text for number, text in enumerate([*SECTIONS.values(), *NOTES])}
    vault = write_vault(tmp_path / "vault", {**notes, "cards.md": "\n".join(blocks)})
    before = draw(vault, tmp_path / "before", reviewer)
    assert run("embed", vault, "--all", cwd=vault).returncode == 0
    left = [c for c in (vault / "cards.md").read_text("utf-8").split("END") if "![[" not in c]
    assert left == ["\n"]
    after = draw(vault, tmp_path / "after", reviewer)
    assert [backs[i - ID] for i in before if before[i] != after[i]] == []


def nested() -> Iterator[tuple[str, str]]:
    for depth in range(1, 5):
        yield f"{depth}.md", f"![[{depth + 1}]]\n"
    yield "5.md", SECTIONS["math"]


def test_an_embed_that_holds_nothing_but_embeds_has_their_margins(
    tmp_path: Path, reviewer: Reviewer
) -> None:
    blocks = card("q", f"\n{SECTIONS['math']}", note_id=ID) + card("q", "![[1]]", note_id=ID + 1)
    vault = write_vault(tmp_path / "vault", {**dict(nested()), "cards.md": blocks})
    pasted, embedded = draw(vault, tmp_path / "work", reviewer).values()
    assert pasted == embedded


def test_a_frame_that_is_no_embed_keeps_the_margins_in_it(
    tmp_path: Path, reviewer: Reviewer
) -> None:
    vault = write_vault(tmp_path / "vault", {"cards.md": card("q", FRAMED)})
    (pictured,) = render_vault(vault, tmp_path / "work").cards
    reviewer.open(tmp_path, View(420, False))
    reviewer.show(pictured, True, View(420, False))
    margin = "return getComputedStyle(document.querySelector('.vd h3')).marginTop"
    assert float(reviewer.driver.execute_script(margin).removesuffix("px")) > 10
