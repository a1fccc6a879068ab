"""What is wrong with the formulas of a field: what Anki's MathJax cannot show, and what is not harmless."""

from __future__ import annotations

from markdown_it.token import Token

from vaultdeck.embeds.lookup import Frame
from vaultdeck.mathjax import check_tex, find_definitions, find_unsafe
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.regexps import regexp

LETTERS = regexp(r"[^A-Za-z\\]+")


def check_formula(token: Token, inline: Token, frame: Frame) -> None:
    """Report what is wrong with a formula; what it defines holds for the rest of the card."""
    card, tex = frame.card, token.content
    is_cloze = card.is_cloze and frame.document is None
    start = token.meta["pos"]
    problems = check_tex(tex, is_cloze=is_cloze, defined=card.defined)
    for problem in problems:
        location = frame.locate(inline, start + problem.start, start + problem.end)
        frame.report(Diagnostic(problem.code, location, problem.message, problem.hint))
    reason = find_unsafe(tex)
    if reason:
        card.told.add(spell_letters(tex))
        if all(problem.code != "math-unknown-package" for problem in problems):
            location = frame.locate(inline, start, start + len(tex))
            frame.report(unsafe_math(location, reason))
    card.defined |= find_definitions(tex)


def unsafe_math(location: Location, reason: str) -> Diagnostic:
    """Return `unsafe-math`; `reason` says what is not known to be harmless."""
    message = f"this formula is shown as text, as it may not be harmless: {reason}"
    return Diagnostic("unsafe-math", location, message, "write it without")


def spell_letters(tex: str) -> str:
    """Return what of a formula stays the same in the HTML of a field."""
    return LETTERS.sub("", tex)
