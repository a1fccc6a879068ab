"""The macros that take raw text, and with which text they are harmless.

What is not named here and takes raw text by the table is not harmless.
"""

from __future__ import annotations

from vaultdeck.mathjax.lengths import TEX_NUMBER, UNIT
from vaultdeck.regexps import regexp

# A name, `#hex`, numbers of a colour model, `red!50`.
COLOR_VALUE = r"\s*(?:[A-Za-z0-9 .,!-]*|\#[0-9A-Fa-f]{3}(?:[0-9A-Fa-f]{3})?)\s*"
MODEL = r"\s*(?:\[\s*[A-Za-z]*\s*\]\s*)?"
BOX_VALUE = (
    rf"\s*(?:[-+]?\s*{TEX_NUMBER}\s*{UNIT}|[A-Za-z0-9]*|\#[0-9A-Fa-f]{{3}}(?:[0-9A-Fa-f]{{3}})?)\s*"
)
# `[color=red, data-padding=2]`
KEY_VALUES = r"\s*(?:\[[A-Za-z0-9=.,\" -]*\]|(?=[^\s\[]))"
BRACKET_VALUES = r"(?:\s*\[[A-Za-z0-9., -]*\])*"
# Compiled when a formula has the macro.
MACRO_RULES = {
    "color": rf"{MODEL}\{{{COLOR_VALUE}\}}",
    "textcolor": rf"{MODEL}\{{{COLOR_VALUE}\}}",
    "colorbox": rf"\s*\{{{COLOR_VALUE}\}}",
    "fcolorbox": rf"\s*\{{{COLOR_VALUE}\}}\s*\{{{COLOR_VALUE}\}}",
    "definecolor": rf"\s*\{{[A-Za-z0-9 -]*\}}\s*\{{[A-Za-z]*\}}\s*\{{{COLOR_VALUE}\}}",
    "cellcolor": rf"{MODEL}\{{{COLOR_VALUE}\}}{BRACKET_VALUES}",
    "rowcolor": rf"{MODEL}\{{{COLOR_VALUE}\}}{BRACKET_VALUES}",
    "columncolor": rf"{MODEL}\{{{COLOR_VALUE}\}}{BRACKET_VALUES}",
    "bbox": rf"\s*(?:\[{BOX_VALUE}(?:,{BOX_VALUE})?\]\s*)?\{{",
    "cancel": KEY_VALUES,
    "bcancel": KEY_VALUES,
    "xcancel": KEY_VALUES,
    "cancelto": KEY_VALUES,
    "enclose": rf"\s*\{{[a-z ,]*\}}{KEY_VALUES}",
    "MoveEqLeft": r"\s*(?:\[[0-9.]*\]|(?=[^\s\[]|$))",
    "xmathstrut": rf"{BRACKET_VALUES}\s*(?:\{{[0-9.]*\}}|[0-9])",
    "uproot": r"\s*(?:\{\s*-?[0-9]*\s*\}|[0-9])",
    "leftroot": r"\s*(?:\{\s*-?[0-9]*\s*\}|[0-9])",
    "skew": rf"\s*(?:\{{\s*-?\s*{TEX_NUMBER}\s*\}}|[0-9])",
    # Of physics: these make a matrix of any size.
    **dict.fromkeys(
        ("identitymatrix", "imat", "zeromatrix", "zmat"),
        r"\s*(?:\{\s*[0-9]{0,2}\s*\}|[0-9a-z])",
    ),
    **dict.fromkeys(
        ("xmatrix", "xmat"),
        r"\s*\*?\s*(?:\{[^{}#\\]*\}|[^{}#\\])(?:\s*(?:\{\s*[0-9]{0,2}\s*\}|[0-9])){2}",
    ),
}
# Environments that would repeat what their argument says.
NUMBER_PAIRS = regexp(r"\s*(?:\{\s*[0-9]{0,2}\s*\}|[0-9])")
BEGIN = {
    **dict.fromkeys("alignat alignat* xalignat xalignat* xxalignat".split(), NUMBER_PAIRS),
    "alignedat": regexp(rf"\s*(?:\[\s*[a-z]?\s*\])?{NUMBER_PAIRS.pattern}"),
}
# They take something else than the letters of the table say, all of it math or a name of a place.
READ_AS_MATH = frozenset(
    "AXC Aboxed ArrowBetweenLines Axiom AxiomC BIC BinaryInf BinaryInfC LL LeftLabel "
    "MTFlushSpaceAbove MTFlushSpaceBelow QuaternaryInf QuaternaryInfC QuinaryInf QuinaryInfC RL "
    "RightLabel TIC TrinaryInf TrinaryInfC UIC UnaryInf UnaryInfC adjustlimits alwaysDashedLine "
    "alwaysNoLine alwaysRootAtBottom alwaysRootAtTop alwaysSingleLine alwaysSolidLine buildrel cases "
    "dashedLine noLine root rootAtBottom rootAtTop shortvdotswithin singleLine solidLine toggle "
    "vdotswithin ce pu mathchoice genfrac prescript label ref eqref refeq tag".split()
)
# They take raw text that takes effect.
RAW = frozenset({"texttip", "mathtip"})
# A value in brackets, or a macro that names a style.
PLAIN_VALUE = regexp(r"\\?[A-Za-z0-9 .,=+*-]*")
