"""Formulas in Anki's reviewer: a card scrolls only where something seen reaches over its edge."""

from __future__ import annotations

from pathlib import Path

from tests.support.browser import Reviewer, View
from tests.support.helpers import card, write_vault
from tests.support.rendered import render_vault

# What of a card's text scrolls, and whether a formula that is seen is wider than the text.
SCROLLS = """
return [...document.querySelectorAll(".vd")].map((text) => {
  const edge = text.getBoundingClientRect().right + 1;
  const seen = [...text.querySelectorAll("mjx-container > mjx-math *")];
  const wide = seen.some((part) => part.getBoundingClientRect().right > edge);
  return [text.scrollWidth > text.clientWidth, wide];
});
"""


def test_cards_scroll_only_for_what_is_seen(tmp_path: Path, reviewer: Reviewer) -> None:
    wide = "+".join(f"x_{{{number}}}" for number in range(40))
    backs = [f"{'of ' * words}$p_n(x^\\prime)^2$ it is" for words in range(1, 14)]
    backs += [f"1. {back}" for back in backs]
    blocks = [card("q", back) for back in [*backs, f"so ${wide}$"]]
    rendered = render_vault(
        write_vault(tmp_path / "v", {"n.md": "\n".join(blocks)}), tmp_path / "w"
    )
    shown = []
    for width in (360, 390, 420):
        view = View(width, False)
        reviewer.open(rendered.media, view)
        for one in rendered.cards:
            reviewer.show(one, True, view)
            shown += reviewer.driver.execute_script(SCROLLS)
    assert [True, True] in shown
    assert [is_scrolling for is_scrolling, is_wide in shown if is_scrolling != is_wide] == []
