"""One formula as its author wrote it: what Anki cannot show of it, and what is mended so that it shows."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

from vaultdeck.mathjax.definitions import find_definitions
from vaultdeck.mathjax.findings import TexProblem
from vaultdeck.mathjax.macros import read_formula
from vaultdeck.regexps import regexp

# All that can go wrong needs one of these; most formulas in a vault have none.
ACTIVE = regexp(r"[\\{}&#^_']")
# What can open or close: `\{` does neither; `}}` may be one close or two.
CLOZE_IN_TEX = regexp(r"\\.|(?P<cloze>\{\{c[0-9]+(?:,[0-9]+)*::)|\{|\}|::", re.DOTALL)
PLAIN_BRACE = -1
# Anki's MathJax keeps labels from card to card and refuses to meet one twice.
TEX_LABEL = regexp(r"\\label\s*\{[^{}]*\}")
# Signs of money, at which Anki's MathJax gives up, but for those in text.
CURRENCY = regexp(r"\\(?:text[a-z]*|[mh]box)\s*\{[^{}]*\}|(?P<sign>[\u20a0-\u20c0])", re.DOTALL)


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
    problems = read_formula(text, defined | find_definitions(text))
    if offsets is None:
        return tuple(problems)
    places = [offsets[p.end - 1] + 1 if p.end > p.start else offsets[p.end] for p in problems]
    return tuple(
        replace(problem, start=offsets[problem.start], end=end)
        for problem, end in zip(problems, places, strict=True)
    )


def strip_clozes(tex: str) -> tuple[str, list[int]]:
    """Return TeX without deletions, and for each of its characters (and its end) the old offset.

    `x = {{c1::\\frac{a}{b}::hint}}` is `x = \\frac{a}{b}` to MathJax. A deletion reaches as far as its
    braces say (the renderer sees to that), and what follows the first `::` in it is its hint.
    """
    removed = _find_removed(tex)
    pieces = []
    offsets: list[int] = []
    done = 0
    for start, end in [*removed, (len(tex), len(tex) + 1)]:
        if start >= done:
            pieces.append(tex[done:start])
            offsets += range(done, start)
        done = max(done, end)
    return "".join(pieces), [*offsets, len(tex)]


def _find_removed(tex: str) -> list[tuple[int, int]]:
    """Return the spans of openers, hints and closers of the deletions that are closed, in order."""
    removed: list[tuple[int, int]] = []
    # For each open brace or deletion where it opened, and where its text and its hint begin.
    stack: list[tuple[int, int, int]] = []
    skip = 0
    for match in CLOZE_IN_TEX.finditer(tex):
        if match.start() < skip:
            continue
        text = match[0]
        if match["cloze"]:
            stack.append((match.start(), match.end(), PLAIN_BRACE))
        elif text == "{":
            stack.append((PLAIN_BRACE, PLAIN_BRACE, PLAIN_BRACE))
        elif text == "::" and stack and stack[-1][0] != PLAIN_BRACE and stack[-1][2] == PLAIN_BRACE:
            stack[-1] = (*stack[-1][:2], match.start())
        elif text == "}" and stack:
            opened, begins, hint = stack[-1]
            if opened == PLAIN_BRACE:
                stack.pop()
            elif tex.startswith("}}", match.start()):
                stack.pop()
                skip = match.start() + 2
                removed += [
                    (opened, begins),
                    (hint if hint != PLAIN_BRACE else match.start(), skip),
                ]
    return sorted(removed)


def mend_tex(tex: str) -> str:
    """Return a formula without labels, and with signs of money as text."""
    return CURRENCY.sub(_as_text, TEX_LABEL.sub("", tex))


def _as_text(match: re.Match[str]) -> str:
    # With a space, as two braces would close a deletion.
    return f"{{\\text{{{match['sign']}}} }}" if match["sign"] else match[0]
