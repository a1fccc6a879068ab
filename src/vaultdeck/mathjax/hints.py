"""What to write in the place of something that MathJax does not know.

Each suggestion is made only where MathJax in Anki shows it; a test asks MathJax itself.
"""

from __future__ import annotations

import functools

from vaultdeck.mathjax.tables import load_tables
from vaultdeck.spelling import nearest

# Macros of LaTeX packages that MathJax lacks. Where a whole formula can be shown, it is an example.
INSTEAD = {
    "bm": r"\boldsymbol{x}",
    "boldmath": r"\boldsymbol{x}",
    "mathbold": r"\boldsymbol{x}",
    "vb": r"\mathbf{x}",
    "vu": r"\hat{\mathbf{x}}",
    "mathds": r"\mathbb{1}",
    "mathbbm": r"\mathbb{1}",
    "mathbbmss": r"\mathbb{1}",
    "mathrsfs": r"\mathscr{A}",
    "SI": r"5\,\mathrm{m}",
    "si": r"\mathrm{m}",
    "qty": r"5\,\mathrm{m}",
    "unit": r"\mathrm{m}",
    "num": r"1.5 \times 10^{3}",
    "ang": r"90^\circ",
    "dd": r"\mathrm{d}x",
    "diff": r"\mathrm{d}x",
    "dv": r"\frac{\mathrm{d}f}{\mathrm{d}x}",
    "odv": r"\frac{\mathrm{d}f}{\mathrm{d}x}",
    "pdv": r"\frac{\partial f}{\partial x}",
    "abs": r"\left| x \right|",
    "norm": r"\left\| x \right\|",
    "ceil": r"\lceil x \rceil",
    "floor": r"\lfloor x \rfloor",
    "argmax": r"\operatorname*{arg\,max}",
    "argmin": r"\operatorname*{arg\,min}",
    "R": r"\mathbb{R}",
    "N": r"\mathbb{N}",
    "Z": r"\mathbb{Z}",
    "Q": r"\mathbb{Q}",
    "C": r"\mathbb{C}",
    "reals": r"\mathbb{R}",
    "E": r"\mathbb{E}",
    "tr": r"\operatorname{tr}",
    "Tr": r"\operatorname{Tr}",
    "rank": r"\operatorname{rank}",
    "sgn": r"\operatorname{sgn}",
    "sign": r"\operatorname{sgn}",
    "diag": r"\operatorname{diag}",
    "Var": r"\operatorname{Var}",
    "Cov": r"\operatorname{Cov}",
    "grad": r"\nabla",
    "curl": r"\nabla\times",
    "and": r"\land",
    "or": r"\lor",
    "sub": r"\subset",
    "sube": r"\subseteq",
    "empty": r"\emptyset",
    "infin": r"\infty",
    "real": r"\Re",
    "image": r"\Im",
    "llbracket": r"[\![",
    "rrbracket": r"]\!]",
    "textsubscript": r"_{\text{x}}",
    "textsuperscript": r"^{\text{x}}",
    "emph": r"\textit{x}",
    "textsc": r"\text{x}",
    "ensuremath": r"\mathrm{x}",
    "slashed": r"\not{D}",
    "degrees": r"^\circ",
    "lbracket": r"\lbrack",
    "rbracket": r"\rbrack",
    "providecommand": r"\newcommand{\x}{y}",
    "gdef": r"\def\x{y}",
}
ENVIRONMENTS_INSTEAD = {
    "tikzcd": "CD",
    "tikzpicture": "a picture",
    "tabular": "array",
    "align**": "align*",
    "gathered*": "gathered",
    "aligned*": "aligned",
    "split*": "split",
    "itemize": "array",
    "enumerate": "array",
    "displaymath": "equation*",
    "math": "equation*",
    "alignedat*": "alignedat",
}
# Packages of LaTeX that MathJax has built in: there is nothing to load.
BUILT_IN = frozenset("amsmath amssymb amsfonts amsthm AMSmath AMSsymbols HTML noErrors".split())


@functools.lru_cache(maxsize=1024)
def hint_macro(name: str) -> str:
    """Return what to do about an unknown macro, `""` if there is no advice."""
    tables = load_tables()
    if name in INSTEAD:
        hint = f"write '{INSTEAD[name]}' instead"
        if f"\\{name}" in tables.physics:
            hint += r", or put '\require{physics}' before it"
        return hint
    if f"\\{name}" in tables.physics:
        return r"put '\require{physics}' before it"
    known = sorted({*tables.macros, *tables.defining, "begin", "end", "left", "right"})
    near = nearest(name, known, 0.75)
    if len(name) > 2 and near:
        return f"did you mean '\\{near}'?"
    return rf"define it with '\newcommand{{\{name}}}{{…}}' in the formula" if name.isalpha() else ""


@functools.lru_cache(maxsize=256)
def hint_environment(name: str) -> str:
    """Return what to do about an unknown environment."""
    if name in ENVIRONMENTS_INSTEAD:
        return f"use {ENVIRONMENTS_INSTEAD[name]} instead"
    near = nearest(name, sorted(load_tables().environments), 0.7)
    return f"did you mean '{near}'?" if near else ""


def hint_package(name: str) -> str:
    """Return what to do about a package that cannot be loaded."""
    if name in BUILT_IN:
        return f"remove '\\require{{{name}}}': what it holds is there without it"
    near = nearest(name, sorted(load_tables().packages), 0.7)
    return f"did you mean '{near}'?" if near else f"remove '\\require{{{name}}}'"
