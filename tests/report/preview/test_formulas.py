"""Titles in the preview's list show formulas as a person reads them."""

from __future__ import annotations

import pytest

from vaultdeck.report.preview.formulas import read_formulas


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (r"\(A\)", "A"),
        (r"is \(x\in\mathbb{R}^2\) so?", "is x∈ℝ² so?"),
        (r"\[\frac{a}{b} \leq \alpha_1\]", "a/b ≤α₁"),
        (r"\(\lVert x \rVert_{2}\)", "‖x ‖₂"),
        (r"\(\operatorname{rank}(A)\) and \(\det A\)", "rank(A) and det A"),
        (r"\(a^{k+1}\)", "a^k+1"),
        (r"\(\{1,2\}\)", "{1,2}"),
        # No formula.
        (r"a \frac{b} {c} $x$", r"a \frac{b} {c} $x$"),
        (r"an open \(x", r"an open \(x"),
    ],
)
def test_formulas_read_as_text(text: str, title: str) -> None:
    assert read_formulas(text) == title


def test_a_formula_that_is_too_long_or_not_closed_stays_as_it_is() -> None:
    for text in (r"\(" + "x" * 2000 + r"\)", r"\(" * 50_000):
        assert read_formulas(text) == text
