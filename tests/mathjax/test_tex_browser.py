"""The check of formulas against Anki's own MathJax, where that and Chromium are installed."""

from __future__ import annotations

import pytest

from tests.support.mathjax import Verdict, ask, find_bundle, judge
from tests.support.tex_corpus import bad_formulas, good_formulas
from tests.support.tex_grammar import random_formulas
from tools.mathjax_table import DEFINING, PROBE, SPECIAL, TABLE, render
from vaultdeck.mathjax import check_tex
from vaultdeck.mathjax.hints import INSTEAD
from vaultdeck.mathjax.tables import load_tables

pytestmark = pytest.mark.skipif(find_bundle() is None, reason="needs Chromium and aqt")

# Problems of formulas that MathJax shows all the same, though not as they are meant.
NOTES = {"math-label", "math-reference", "math-text-macro"}
KNOWN = "MathJax in Anki does not know '"
# Suggestions that are only part of a formula.
FRAGMENTS = {"providecommand", "gdef"}


def false_alarms(formulas: list[str], verdicts: list[Verdict]) -> list[tuple[str, str]]:
    """Return what the check says against formulas, or parts of them, that MathJax shows."""
    alarms = []
    for tex, verdict in zip(formulas, verdicts, strict=True):
        for problem in check_tex(tex):
            if problem.code in NOTES or verdict.error:
                continue
            name = problem.message.removeprefix(KNOWN).removesuffix("'")
            if problem.code != "math-unknown-macro" or name not in verdict.undefined:
                alarms.append((tex, problem.message))
    return alarms


def with_arguments(name: str, taken: str) -> str:
    """Return a macro with all that it takes."""
    groups = {"m": "{x}", "t": "{x}", "o": "{1}", "d": "(", "D": "(", "n": "{1em}", "A": "{x}"}
    arguments = "".join(groups.get(letter, "") for letter in taken)
    return f"\\{name}{' ' if name.isalpha() else ''}{arguments}"


def test_good_formulas_are_good() -> None:
    verdicts = judge(good_formulas())
    said = zip(good_formulas(), verdicts, strict=True)
    assert [pair for pair in said if not pair[1].is_good] == []


def test_bad_formulas_are_bad() -> None:
    formulas = [tex for _, tex in bad_formulas()]
    said = zip(formulas, judge(formulas), strict=True)
    assert [tex for tex, verdict in said if verdict.is_good] == []
    assert false_alarms(formulas, judge(formulas)) == []


def test_inline_math_is_judged_alike() -> None:
    formulas = [*good_formulas(), *(tex for _, tex in bad_formulas())]
    assert false_alarms(formulas, judge(formulas, display=False)) == []


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "a{}_a_b",
        "a{}^a'",
        "x_{}_b",
        "\\sqrt{{{}}}",
        "\\begin{{matrix}} a & {} \\\\ c \\end{{matrix}}",
        "\\left( {} \\right)",
        "\\text{{${}$ a}}",
    ],
)
def test_no_macro_raises_a_false_alarm(frame: str) -> None:
    macros = load_tables().macros.items()
    formulas = [frame.format(with_arguments(name, taken)) for name, taken in macros]
    assert false_alarms(formulas, judge(formulas)) == []


@pytest.mark.parametrize("frame", ["{}", "\\left({}", "\\sqrt{}{{a}}{{b}}", "{{{}}}"])
def test_no_macro_without_arguments_raises_a_false_alarm(frame: str) -> None:
    formulas = [frame.format("\\" + name) for name in load_tables().macros]
    assert false_alarms(formulas, judge(formulas)) == []


def test_each_environment_is_known() -> None:
    tables = load_tables()
    formulas = []
    for name, taken in tables.environments.items():
        arguments = "".join({"o": "{2}", "n": "{1em}"}.get(letter, "") for letter in taken)
        arguments = "{equation}" if name == "empheq" else arguments
        cells = "a & b" if name in tables.tables and name not in ("CD", "empheq") else "a"
        formulas.append(f"\\begin{{{name}}}{arguments} {cells} \\end{{{name}}}")
    verdicts = judge(formulas)
    assert [tex for tex, said in zip(formulas, verdicts, strict=True) if not said.is_good] == []
    assert false_alarms(formulas, verdicts) == []


@pytest.mark.parametrize("seed", range(3))
def test_random_formulas_raise_no_false_alarm(seed: int) -> None:
    formulas = random_formulas(seed, 700)
    assert false_alarms(formulas, judge(formulas)) == []


def test_what_hints_suggest_is_shown() -> None:
    formulas = [tex for name, tex in INSTEAD.items() if name not in FRAGMENTS]
    said = zip(formulas, judge(formulas), strict=True)
    assert [tex for tex, verdict in said if not verdict.is_good] == []
    unknown = [f"\\{name}" for name in INSTEAD]
    assert [
        tex for tex, verdict in zip(unknown, judge(unknown), strict=True) if verdict.is_good
    ] == []


def test_the_table_is_what_mathjax_says() -> None:
    answer = ask(PROBE, sorted(SPECIAL | DEFINING))
    assert TABLE.read_text(encoding="utf-8") == render(answer)
