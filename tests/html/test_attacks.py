"""Nothing in a note runs, loads or leaves the card: each attack is shown in Anki's reviewer and clicked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.attack_corpus import attacks, vault_files
from tests.support.browser import Reviewer, Side, View
from tests.support.helpers import write_vault
from tests.support.rendered import RenderedCard, RenderedVault, render_vault
from vaultdeck.html import make_safe

VIEW = View(1000, False)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> RenderedVault:
    work = tmp_path_factory.mktemp("attacks")
    return render_vault(write_vault(work / "vault", vault_files()), work / "work")


def test_the_corpus_is_large() -> None:
    assert len(set(attacks())) > 150


def test_nothing_runs_loads_or_leaves_the_card(reviewer: Reviewer, vault: RenderedVault) -> None:
    assert len(vault.cards) > 300
    reviewer.forget()
    sides = reviewer.inspect(vault.cards, vault.media, VIEW)
    wrong = [found for side in sides for found in _findings(side)]
    assert not wrong, "\n".join(["", *wrong])
    assert reviewer.foreign_requests() == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (r"\(\href{javascript:window.pwned=1}{x}\)", "window.pwned = 1"),
        ('<a href="javascript:window.pwned=1">x</a>', "window.pwned = 1"),
        (r"\(\style{position:fixed;top:0;left:0}{x}\)", "position: fixed"),
        ('<div class=vd><div style="position:absolute;inset:50% 0 0 0">x</div></div>', "outside"),
    ],
)
def test_the_reviewer_notices_an_attack(
    reviewer: Reviewer, tmp_path: Path, html: str, found: str
) -> None:
    card = RenderedCard("here", 1, 0, (), html, html)
    side = reviewer.inspect([card], tmp_path, VIEW)[0]
    assert found in "\n".join(_findings(side))
    reviewer.forget()


def _findings(side: Side) -> list[str]:
    kinds = (*side.report["hostile"], *side.report["escaping"])
    return [f"{side}: {found}: {side.html.partition('</style>')[2][:300]}" for found in kinds]


def test_fields_of_a_lock_pass_the_same_gate(reviewer: Reviewer, tmp_path: Path) -> None:
    safe = [make_safe(attack) for attack in attacks()]
    assert [make_safe(html) for html in safe] == safe
    # The card of another note type is as long as its text and pictures are, floating ones too.
    style = "<style>.vd { display: flow-root }</style>"
    fields = [f'{style}<div class="vd">{html}</div>' for html in safe]
    cards = [RenderedCard("lock", n, 0, (), html, html) for n, html in enumerate(fields)]
    reviewer.forget()
    sides = reviewer.inspect(cards, tmp_path, VIEW)
    wrong = [found for side in sides for found in _findings(side)]
    assert not wrong, "\n".join(["", *wrong])
    assert reviewer.foreign_requests() == []
