"""MathJax keeps definitions from card to card, so that they are judged together."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.browser import Reviewer, View
from tests.support.helpers import build, card, problems, write_vault
from tests.support.rendered import render_vault
from vaultdeck.build.outcome import Build

NEW = [f"\\z{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
KNOWN = [f"\\{name}" for name in "alpha beta gamma delta eta theta iota kappa mu nu xi pi".split()]


def chain(names: Sequence[str]) -> dict[str, str]:
    """Return notes of which each defines one macro by the next one, twice; the last uses the first."""
    formulas = [
        f"\\def{name}{{\\sqrt{{{after}}}\\sqrt{{{after}}}}}x"
        for name, after in itertools.pairwise(names)
    ]
    return {
        f"{number:02}.md": card(f"q{number}", f"${formula}$")
        for number, formula in enumerate([*formulas, names[0]])
    }


def backs(result: Build) -> list[str]:
    return [stamped.note.fields[1] for stamped in result.stamped.notes]


@pytest.mark.parametrize("names", [NEW, [*KNOWN, "\\rho", "\\tau", "\\phi"]])
def test_chain_over_many_notes_is_text(tmp_path: Path, names: Sequence[str]) -> None:
    result = build(write_vault(tmp_path, chain(names)))
    assert "unsafe-math" in {problem.code for problem in result.diagnostics}
    assert "\\(\\z" not in "".join(backs(result))
    # The end of the chain is harmless.
    assert sum("\\(" in back for back in backs(result)) <= 10


HEADER = "# vaultdeck.lock 1: what is in Anki. Commit it with the notes; only vaultdeck writes it."
TYPE = {"name": "T", "fields": ["Front", "Back", "More"], "css": "", "cloze": False}
TYPE["templates"] = [["Card 1", "{{Front}}", "{{Back}} {{More}}"]]


@pytest.mark.parametrize("half", [0, 12, 24])
def test_chain_that_goes_on_in_the_fields_of_a_lock_is_text(tmp_path: Path, half: int) -> None:
    """The first of the formulas stand in notes, in decks of their own; the lock keeps the others."""
    formulas = [text.partition("Back: ")[2].partition("\n")[0] for text in chain(NEW).values()]
    kept = [f"\\({tex[1:-1]}\\)" for tex in formulas[half:]]
    notes = [f"TARGET DECK: d{n}\n\n{card('q', text)}" for n, text in enumerate(formulas[:half])]
    number = 1_790_000_100_000
    lines = [f"type\t{number}\t{json.dumps(TYPE)}\n"]
    for n, html in enumerate(kept, number):
        notes.append(f"START\nBasic\nq{n}\nBack: a\n<!--ID: {n}-->\nEND\n")
        more = json.dumps({"type": number, "fields": {"More": html}})
        lines.append(f"{n}\tg{n}\t1790000200\tx\t1\tv\tBasic\t{more}\n")
    files = {f"{n:02}.md": text for n, text in enumerate(notes)}
    files["vaultdeck.lock"] = f"{HEADER}\nadopted\n{''.join(lines)}# end\n"
    result = build(write_vault(tmp_path, files))
    assert "unsafe-math" in {problem.code for problem in result.diagnostics}
    fields = [html for stamped in result.stamped.notes for html in stamped.note.fields]
    assert sum("\\(" in html for html in fields) <= 10
    again = build(tmp_path)
    assert [stamped.note.fields for stamped in again.stamped.notes] == [
        stamped.note.fields for stamped in result.stamped.notes
    ]


def test_build_says_it_for_each_note(tmp_path: Path) -> None:
    result = build(write_vault(tmp_path, chain(NEW)))
    assert "00.md:1:1 unsafe-math" in problems(result.diagnostics)
    told = next(p for p in result.diagnostics if p.code == "unsafe-math")
    assert "other notes define more" in told.message


def test_notes_that_define_a_macro_each_in_its_way_keep_it(tmp_path: Path) -> None:
    formulas = [
        r"\newcommand{\dd}{\mathrm{d}}\newcommand{\dv}[2]{\frac{\dd #1}{\dd #2}}\dv{f}{x}",
        r"\newcommand{\dd}{d}\dd x",
        r"\def\dv#1{#1'}\dv{f}",
        r"\renewcommand{\vec}[1]{\mathbf{#1}}\vec{x}",
        r"\renewcommand{\vec}[1]{\overrightarrow{#1}}\vec{x}",
        r"\let\eps\varepsilon\eps",
        r"\newcommand{\eps}{\epsilon}\eps",
    ]
    notes = {f"{n}.md": card(f"q{n}", f"${formula}$") for n, formula in enumerate(formulas)}
    result = build(write_vault(tmp_path, notes))
    assert result.diagnostics == []
    assert all("\\(" in back for back in backs(result))


def test_definition_that_is_not_written_out_is_text(tmp_path: Path) -> None:
    result = build(write_vault(tmp_path, {"a.md": card("q", r"<div>\(\d<wbr>ef\a{b}\a\)</div>")}))
    assert [problem.code for problem in result.diagnostics] == ["unsafe-math"]


def test_reviewer_shows_the_whole_chain(tmp_path: Path, reviewer: Reviewer) -> None:
    """Without the check the last card would take hours."""
    vault = render_vault(write_vault(tmp_path / "vault", chain(NEW)), tmp_path / "work")
    sides = reviewer.inspect(vault.cards, vault.media, View(1000, False))
    assert len(sides) == 2 * len(NEW)
