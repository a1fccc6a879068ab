"""What Anki's MathJax cannot show.

    \\bm{x}             an unknown macro is painted red
    \\frac{a}           a formula that cannot be read is shown as raw TeX
    \\label{eq:1}       is kept from card to card, so `mend_tex` removes it

`check_tex` reads a formula as MathJax 3.2.2 does, with the settings that Anki gives it. In doubt it says
nothing: a warning of a formula that Anki shows well would be worse than none. `find_unsafe` says what of a
formula is not known to be harmless; in doubt a formula is not.

check.py             begin here: a formula as its author wrote it, without its deletions; what is mended in it
formula.py           a formula and its parts, read as MathJax reads them: walk.py goes through one, macros.py
                     knows what macros take; scripts.py: `x_1^2`; text.py: `\\text{…}`
reader.py            names, arguments, delimiters
tables.py            what MathJax knows, from mathjax.txt
definitions.py       what a formula defines for those behind it; expansion.py: how far that expands
findings.py          what was found; hints.py: what to write instead
unsafe.py            what is not known to be harmless, by rules.py, meanings.py, colors.py and lengths.py
"""

from vaultdeck.mathjax.check import check_tex, mend_tex
from vaultdeck.mathjax.definitions import find_definitions
from vaultdeck.mathjax.findings import TexProblem
from vaultdeck.mathjax.unsafe import find_unsafe

__all__ = ["TexProblem", "check_tex", "find_definitions", "find_unsafe", "mend_tex"]
