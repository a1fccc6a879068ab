r"""Formulas in the title of a card, as text that a person reads: `\(x\in\mathbb{R}^2\)` → `x∈ℝ²`.

Only the commonest macros have a sign; of others the name is left, of groups what is in them.
"""

from __future__ import annotations

import re

from vaultdeck.regexps import regexp

# The length is bounded, so that brackets that nothing closes cost no more.
FORMULA = regexp(r"\\\((.{0,1000}?)\\\)|\\\[(.{0,1000}?)\\\]", re.DOTALL)
FRACTION = regexp(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
# Macros that only dress or space what follows.
DRESS = regexp(
    r"\\(?:mathrm|mathbf|mathit|mathsf|mathcal|operatorname\*?|text|textbf|textit|boldsymbol|left|right"
    r"|displaystyle|bigg?|Bigg?|limits)(?![A-Za-z])|\\[!]"
)
SPACE = regexp(r"\\(?:quad|qquad)(?![A-Za-z])|\\[,;: ]|~")
DOUBLE = regexp(r"\\mathbb\s*\{?\s*([CNPQRZ])\s*\}?")
DOUBLES = dict(zip("CNPQRZ", "ℂℕℙℚℝℤ", strict=True))
SCRIPTED = regexp(r"([\^_])(?:\{([0-9+\-=()n]+)\}|([0-9n]))")
HIGH = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
LOW = str.maketrans("0123456789+-=()n", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ")
MACRO_OR_BRACE = regexp(r"\\([A-Za-z]+)[ ]?|\\([{}%$&#_|])|[{}]")
SIGNS = {
    **dict(
        zip(
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau"
            " upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
            "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
            strict=True,
        )
    ),
    **dict(
        zip(
            "varepsilon varphi in notin subset subseteq cup cap emptyset forall exists le leq ge geq ne neq"
            " approx equiv sim times cdot pm to rightarrow leftarrow Rightarrow iff mapsto infty partial"
            " nabla sum prod int sqrt circ ldots dots cdots lVert rVert Vert langle rangle".split(),
            "εφ∈∉⊂⊆∪∩∅∀∃≤≤≥≥≠≠≈≡∼×·±→→←⇒⇔↦∞∂∇∑∏∫√∘………‖‖‖⟨⟩",
            strict=True,
        )
    ),
}


def read_formulas(text: str) -> str:
    """Return a text with each formula as a person reads it."""
    return FORMULA.sub(lambda match: _read(match[1] or match[2] or ""), text)


def _read(tex: str) -> str:
    tex = FRACTION.sub(r"\1/\2", tex)
    tex = SPACE.sub(" ", DRESS.sub("", tex))
    tex = DOUBLE.sub(lambda match: DOUBLES[match[1]], tex)
    tex = SCRIPTED.sub(lambda m: (m[2] or m[3]).translate(HIGH if m[1] == "^" else LOW), tex)
    signs = MACRO_OR_BRACE.sub(lambda m: SIGNS.get(m[1], f"{m[1]} ") if m[1] else m[2] or "", tex)
    return signs.strip()
