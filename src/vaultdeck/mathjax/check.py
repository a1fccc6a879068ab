"""The check of one formula, as its author wrote it."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

from vaultdeck.mathjax.definitions import find_definitions
from vaultdeck.mathjax.findings import TexProblem
from vaultdeck.mathjax.formula import Formula
from vaultdeck.mathjax.without_clozes import strip_clozes

# All that can go wrong needs one of these; most formulas in a vault have none.
ACTIVE = re.compile(r"[\\{}&#^_']")


@functools.lru_cache(maxsize=4096)
def check_tex(
    tex: str, *, is_cloze: bool = False, defined: frozenset[str] = frozenset()
) -> tuple[TexProblem, ...]:
    """Return what Anki's MathJax cannot show of a formula, in the order of the offsets.

    `is_cloze` says that `{{c1::…}}` in it are deletions, which Anki removes before it typesets;
    `defined` is what `find_definitions` found in the formulas before. Offsets are into `tex`.
    """
    if ACTIVE.search(tex) is None:
        return ()
    text, offsets = tex, None
    if is_cloze and "{{c" in tex:
        text, offsets = strip_clozes(tex)
    problems = Formula(text, defined | find_definitions(text)).check().all()
    if offsets is None:
        return tuple(problems)
    places = [offsets[p.end - 1] + 1 if p.end > p.start else offsets[p.end] for p in problems]
    return tuple(
        replace(problem, start=offsets[problem.start], end=end)
        for problem, end in zip(problems, places, strict=True)
    )
