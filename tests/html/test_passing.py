"""What passes the gate quickly is what the gate itself would have let pass as it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultdeck.html.gate import Guarded, _Gate
from vaultdeck.html.passing import all_pass
from vaultdeck.mathjax.expansion import Expansions

PIECES = (
    *("\\", "\\(", "\\)", "\\[", "\\]", "(", ")", "{", "}", "{{", "}}", "::", "{{c1::", "{{c2::"),
    *("x", "a_1", "\\frac{1}{x}", "\\href{javascript:x}{y}", "\\def\\a{b}", "\\text{", "\\\\[2pt]"),
    *("&lt;", "&amp;", "&quot;", "&#92;", "&bsol;", "&lpar;", "&nbsp;", "\n", "$", "\\(x\\)"),
    *("<br />", "<wbr>", "<!-- ", " -->", "<p>", "</p>", "<code>", "</code>", "<pre>", "</pre>"),
    *(
        '<span class="k">',
        "</span>",
        '<code class="language-tex">',
        '<span class="mathjax_ignore">',
    ),
    *('<code class="mathjax_process">', '<img alt="\\(x\\)">', '<img alt="\\(" src="x.png">'),
    *("\\(\\href{javascript:x}{y}\\)", "\\[\\sqrt{x}\\]", "\\(a &lt; b\\)", "<code>\\(x\\)</code>"),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.booleans())
def test_what_passes_quickly_passes_the_gate_unchanged(html: str, is_cloze: bool) -> None:
    if all_pass({"": html}, is_cloze=is_cloze) and "\\" in html:
        assert _Gate(html, is_cloze).run(Expansions()) == Guarded(html)
        assert not list(_Gate(html, is_cloze).definitions())


@pytest.mark.parametrize(
    ("html", "is_cloze"),
    [
        ("<p>If \\(x_1 &lt; y\\), <code>\\frac\\(</code></p>", False),
        ("<p>a\\b and \\[\\begin{matrix}1\\\\[2pt]2\\end{matrix}\\]</p>", False),
        ('<pre><code class="language-tex">\\[<span class="k">\\def</span></code></pre>', False),
        ("The {{c1::norm \\(\\lVert x \\rVert\\)}} is \\(2\\)", True),
    ],
)
def test_plain_formulas_and_code_pass_quickly(html: str, is_cloze: bool) -> None:
    assert all_pass({"": html}, is_cloze=is_cloze)


@pytest.mark.parametrize(
    ("html", "is_cloze"),
    [
        ("\\(\\href{javascript:x}{y}\\)", False),
        ("\\(x", False),
        ("x\\)", False),
        ("\\<wbr>(x\\)", False),
        ("\\<code>x</code>(y\\)", False),
        ("a\\", False),
        ("&#92;(x)", False),
        ("\\(\\def\\a{b}\\)", False),
        ('<code class="mathjax_process">\\(\\href{javascript:x}{y}\\)</code>', False),
        ("<!-- <code> -->\\(\\href{javascript:x}{y}\\)</code>", False),
        ("<code><b></code>\\(\\href{javascript:x}{y}\\)</b>", False),
        ("\\(x_{{c1::1}}\\)", True),
        ("<code>\\(x\\)</code>", True),
        ('<img alt="\\(x\\)">', True),
    ],
)
def test_what_is_doubtful_is_left_to_the_gate(html: str, is_cloze: bool) -> None:
    assert not all_pass({"": html}, is_cloze=is_cloze)
