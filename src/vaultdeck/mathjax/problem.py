"""One thing in a formula that Anki does not show as it is meant."""

from __future__ import annotations

from dataclasses import dataclass

SYNTAX = "math-syntax"
UNKNOWN_MACRO = "math-unknown-macro"
UNKNOWN_ENVIRONMENT = "math-unknown-environment"
UNKNOWN_PACKAGE = "math-unknown-package"
MATH_LABEL = "math-label"
MATH_REFERENCE = "math-reference"
TEXT_MACRO = "math-text-macro"


@dataclass(frozen=True, slots=True)
class TexProblem:
    """A problem at a part of the TeX; `hint` is an action that mends it, if one is known."""

    start: int
    end: int
    code: str
    message: str
    hint: str = ""
