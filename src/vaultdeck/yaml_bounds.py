"""A bound on YAML before it is parsed: the C parser's stack ends at some 20,000 levels of nesting."""

from __future__ import annotations

import re

MAX_NESTING = 100
# Lists that nest on one line: `- - - …`.
COMPACT_NESTING = re.compile(rf"(?:[-?:][ \t]+){{{MAX_NESTING}}}")
BRACKET = re.compile(r"[\[\]{}]")


def nests_too_deeply(text: str) -> bool:
    """Tell whether brackets or lists on one line nest more than `MAX_NESTING` deep."""
    if COMPACT_NESTING.search(text):
        return True
    depth = 0
    for char in BRACKET.findall(text):
        depth = max(depth + (1 if char in "[{" else -1), 0)
        if depth > MAX_NESTING:
            return True
    return False
