"""The check of formulas, without MathJax; `test_tex_browser` holds it against MathJax itself."""

from __future__ import annotations

import re

import pytest

from tests.support.tex_corpus import bad_formulas, good_formulas
from tests.support.tex_grammar import random_formulas
from vaultdeck.mathjax import TexProblem, check_tex, find_definitions, find_unsafe
from vaultdeck.mathjax.check import strip_clozes
from vaultdeck.mathjax.hints import ENVIRONMENTS_INSTEAD, INSTEAD
from vaultdeck.mathjax.tables import load_tables

NOTES = {"math-label", "math-reference", "math-text-macro"}


def marked(tex: str, problem: TexProblem) -> str:
    return tex[problem.start : problem.end]


@pytest.mark.parametrize("tex", good_formulas())
def test_nothing_is_said_of_a_formula_that_is_shown(tex: str) -> None:
    assert [problem for problem in check_tex(tex) if problem.code not in NOTES] == []


@pytest.mark.parametrize(("code", "tex"), bad_formulas())
def test_what_is_not_shown_is_found(code: str, tex: str) -> None:
    problems = check_tex(tex)
    assert problems[0].code == code
    for problem in problems:
        assert 0 <= problem.start < problem.end <= len(tex)
        assert "\n" not in problem.message


@pytest.mark.parametrize(
    ("tex", "part", "message", "hint"),
    [
        (
            r"a + \bm{x}",
            r"\bm",
            r"MathJax in Anki does not know '\bm'",
            r"write '\boldsymbol{x}' instead",
        ),
        (
            r"\dv{x}",
            r"\dv",
            r"MathJax in Anki does not know '\dv'",
            r"write '\frac{\mathrm{d}f}{\mathrm{d}x}' instead, or put '\require{physics}' before it",
        ),
        (
            r"\alhpa",
            r"\alhpa",
            r"MathJax in Anki does not know '\alhpa'",
            r"did you mean '\alpha'?",
        ),
        (
            r"\begin{algn}a\end{algn}",
            r"\begin{algn}",
            "MathJax in Anki does not know the environment 'algn'",
            "did you mean 'align'?",
        ),
        (
            r"\left{x\right}",
            r"\left{",
            r"'\left' is not followed by a delimiter",
            r"write '\left\{'",
        ),
        (
            r"\text{50\%}",
            r"\%",
            r"'\%' in a text is shown as it is written",
            "put it between '$' in the text, or outside of it",
        ),
        (
            r"x \label{a}",
            r"\label{a}",
            r"a '\label' is removed: Anki would keep it from card to card",
            r"use '\tag{…}' to show a number",
        ),
        (
            r"by \eqref{a}",
            r"\eqref{a}",
            r"'\eqref' shows ??? in Anki: cards have no labels",
            "write out what it refers to",
        ),
        (
            r"\require{amsmath}x",
            r"\require{amsmath}",
            "MathJax in Anki has no package 'amsmath'",
            r"remove '\require{amsmath}': what it holds is there without it",
        ),
        (
            r"\frac{a}",
            r"\frac",
            r"'\frac' lacks an argument",
            r"write '\frac{…}'",
        ),
    ],
)
def test_a_problem_says_where_what_and_what_to_do(
    tex: str, part: str, message: str, hint: str
) -> None:
    (problem,) = check_tex(tex)
    assert (marked(tex, problem), problem.message, problem.hint) == (part, message, hint)


def test_an_unknown_macro_is_reported_once_and_only_the_first_error() -> None:
    codes = [problem.code for problem in check_tex(r"\foo \foo x_1_2 \frac{a} \bar{\baz}")]
    assert codes == ["math-unknown-macro", "math-syntax", "math-unknown-macro"]


@pytest.mark.parametrize(
    "tex",
    [
        r"x_{{c1::5}}",
        r"\frac{ {{c1::a}} }{ {{c2::b::hint with \foo}} }",
        r"{{c1::\frac{a}{b}}}",
        r"{{c1::\sqrt{ {{c2::x}} }}}",
        r"{{c1,2::a}} + \sqrt{{{c1::b}}}",
    ],
)
def test_cloze_deletions_are_no_tex(tex: str) -> None:
    assert check_tex(tex, is_cloze=True) == ()


def test_places_count_the_cloze_deletions() -> None:
    tex = r"a_{{c1::\foo::why}} + {{c2::\bar{\baz} }}"
    assert [marked(tex, problem) for problem in check_tex(tex, is_cloze=True)] == ["\\foo", "\\baz"]


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"x = {{c1::\frac{a}{b}::a hint}}!", r"x = \frac{a}{b}!"),
        (r"{{c1::a {{c2::b}} c}}", "a b c"),
        (r"{{c1::a", "{{c1::a"),
        (r"{{c1::a}", "{{c1::a}"),
        (r"\{{c1::a}}", r"\{{c1::a}}"),
        (r"{{x}}", "{{x}}"),
    ],
)
def test_clozes_are_stripped_by_their_braces(tex: str, plain: str) -> None:
    text, offsets = strip_clozes(tex)
    assert text == plain
    assert [tex[offset] for offset in offsets[:-1]] == list(plain)
    assert offsets[-1] == len(tex)


def test_definitions_of_earlier_formulas_are_known() -> None:
    earlier = r"\newcommand{\R}{\mathbb R} \newenvironment{e}{}{} \let\x=y \newcommand{foo}{x}"
    defined = find_definitions(earlier)
    assert defined == {"\\R", "e", "\\x", "\\foo"}
    assert check_tex(r"\R \x \foo \begin{e} \end{e}", defined=defined) == ()
    assert "\\dv" in find_definitions(r"\require{physics}")
    assert find_definitions("x") == find_definitions(r"\newcommand") == frozenset()


def test_the_table_holds_what_is_popular() -> None:
    tables = load_tables()
    assert tables.macros["frac"] == "mm"
    assert tables.macros["sqrt"] == "Bm"
    assert tables.macros["text"] == "t"
    assert {"alpha", "pm", " ", ",", "{"} <= tables.macros.keys()
    assert {"align*", "pmatrix", "cases"} <= tables.tables
    assert "equation" in tables.environments.keys() - tables.tables
    assert {"(", ".", "\\{", "\\lvert"} <= tables.delimiters
    assert not {"bm", "mathds", "SI", "dv", "(", "tikzcd"} & tables.macros.keys()


def test_hints_are_only_for_what_is_unknown() -> None:
    tables = load_tables()
    assert not INSTEAD.keys() & (tables.macros.keys() | tables.defining)
    assert not ENVIRONMENTS_INSTEAD.keys() & tables.environments.keys()


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "}",
        "\\sqrt{",
        "\\sqrt[",
        "\\sqrt[{",
        "\\frac{a}{",
        "\\text{$",
        "\\text{",
        "{{c1::",
        "}}",
        "\\left(",
        "\\begin{align}",
        "\\def\\x",
        "\\verb|",
        "\\newcommand{",
        "\\foo{",
        "\\R{",
        "\\R[",
        "\\ref{",
        "\\",
        "%",
        "_",
        "'",
        "&",
        "\\kern" + " " * 59_000,
        "\\def" + " " * 59_000,
    ],
)
def test_long_formula_ends(piece: str) -> None:
    """Were the time to grow with the square of the length, this would take minutes."""
    tex = piece * (60_000 // len(piece))
    check_tex(tex, is_cloze=True, defined=frozenset({"\\R"}))
    check_tex(tex + "}" * tex.count("{"), is_cloze=True, defined=frozenset({"\\R"}))


# Honest, but able to do more than show a formula: text in Anki.
ABLE = ("\\href", "\\unicode")


@pytest.mark.parametrize("tex", [t for t in good_formulas() if not t.startswith(ABLE)])
def test_nothing_is_refused_of_an_honest_formula(tex: str) -> None:
    assert find_unsafe(tex) == ""


@pytest.mark.parametrize("seed", range(3))
def test_of_random_formulas_only_the_able_macros_are_refused(seed: int) -> None:
    able = re.compile(
        r"href|unicode|verb|color|bbox|let|def|command|environment|Declare|\\ce|rule|require|xmat"
    )
    formulas = [tex for tex in random_formulas(seed, 700) if not able.search(tex)]
    assert len(formulas) > 300
    assert [tex for tex in formulas if find_unsafe(tex)] == []


@pytest.mark.parametrize(
    "tex",
    [
        r"\newcommand{\R}{\mathbb{R}}",
        r"\newcommand{\pdv}[2]{\frac{\partial #1}{\partial #2}}\pdv{f}{x}",
        r"\newcommand{\norm}[2][2]{\left\lVert #2 \right\rVert_{#1}}",
        r"\newcommand{\red}[1]{\color{red}{#1}}\red{x}",
        r"\newcommand{\hl}[1]{\bbox[yellow]{#1}}\hl{x}",
        r"\newcommand{\set}[2]{\{#1 : #2\}}\newcommand{\E}{\mathbb{E}}\E[\E[X]]",
        r"\renewcommand{\vec}[1]{\mathbf{#1}}",
        r"\renewcommand{\epsilon}{\varepsilon}",
        r"\renewcommand\Re{\operatorname{Re}}",
        r"\DeclareMathOperator*{\argmax}{arg\,max}\argmax_x",
        r"\DeclarePairedDelimiter\abs{\lvert}{\rvert}\abs{x}",
        r"\def\half{\tfrac12}\half \let\eps=\varepsilon",
        r"\newenvironment{sys}{\left\{\begin{array}{l}}{\end{array}\right.}",
        r"\textcolor{#ff0000}{x} \color[RGB]{255, 0, 0} \colorbox{light blue}{x}",
        r"\begin{alignat}{2}a &= b\end{alignat} \\[0.5em] \hspace{-1em} \rule{1cm}{2pt}",
        r"\cancel{x} \enclose{updiagonalstrike,circle}{x} \cancelto{0}{x}",
        r'\enclose{circle}[mathcolor="red"]{x}',
        r"\let\epsilon\varepsilon \let\to=\rightarrow \let\tfrac\frac \let\bf\mathbf \bf x",
        r"\R \to \foo{\bar{x}} \unknown",
        r"\overbracket[1pt][4pt]{x} \framebox[5em]{x} \xmathstrut[0.1]{0.2} \MoveEqLeft[3] x \skew5\hat{x}",
        r"\bbox[5px,#123456]{x} \cancel[data-padding=2]{x} \sqrt[\uproot{5}\leftroot{-2}3]{x}",
        r"\begin{align}[1000 + x] a\end{align} \cellcolor[RGB]{255,255,0} \sqrt[100]{x}",
    ],
)
def test_macros_of_users_stay(tex: str) -> None:
    assert find_unsafe(tex) == ""


@pytest.mark.parametrize(
    "tex",
    [
        r"\overbracket[9999pt]{x}",
        r"\underbracket[1pt][99em]{x}",
        r"\framebox[width=9999em]{x}",
        r"\mathmakebox[99999]{x}",
        r"\xmathstrut{99999}",
        r"\xmathstrut[0.1]{999}",
        r"\bbox[-999em]{x}",
        r"\cancel[data-padding=999]{x}",
        r"\enclose{circle}[data-thickness=9999]{x}",
        r"\MoveEqLeft[999] x",
        r"\skew{-999}{\hat}{x}",
        r"\sqrt[\uproot{-999}3]{x}",
        r"\begin{multlined}[t][999em]x\end{multlined}",
    ],
)
def test_no_value_leads_far_away(tex: str) -> None:
    assert "with a length of more than 50em" in find_unsafe(tex)


@pytest.mark.parametrize(
    "target", ["href", "bbox", "color", "ce", "require", "left", "begin", "verb", "def", "unknown"]
)
def test_let_copies_harmless_macros_only(target: str) -> None:
    assert find_unsafe(rf"\let\mine\{target}") != ""
