"""Properties: the YAML at the very top of a note file.

---
tags: [algebra, groups]
TARGET DECK: Mathematics::Algebra
---
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import SourceFile

FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<yaml>(?:.*\n)*?)---[ \t]*\r?(?:\n|\Z)")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def end_of_properties(text: str) -> int:
    """Return the offset just behind the properties, 0 if there are none."""
    match = FRONT_MATTER.match(text)
    return match.end() if match else 0


def read_properties(source: SourceFile) -> tuple[dict[str, Any], list[Diagnostic]]:
    """Return the properties by name, empty if they are missing or broken (`bad-properties`)."""
    match = FRONT_MATTER.match(source.text)
    if match is None:
        return {}, []
    try:
        data = yaml.load(match["yaml"].replace("\t", "    "), Loader=_Loader)
    except yaml.YAMLError as error:
        line = (
            error.problem_mark.line + 1
            if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark
            else 0
        )
        span = source.line_span(line)
        problem = str(getattr(error, "problem", None) or "cannot be read")
        message = f"the properties are not valid YAML: {problem}"
        hint = "put text with ':' or '#' in it between quotes"
        return {}, [
            Diagnostic("bad-properties", source.locate(span.start, span.end), message, hint)
        ]
    except (RecursionError, ValueError) as error:
        message = f"the properties cannot be read: {error}"
        return {}, [Diagnostic("bad-properties", source.locate(0, match.end()), message)]
    return (data, []) if isinstance(data, dict) else ({}, [])


def texts_of(value: object) -> list[str]:
    """Return a property's value as a list of texts: a text is split, a list taken item by item."""
    if isinstance(value, str):
        return re.split(r"[\s,]+", value)
    if isinstance(value, list):
        return [str(item) for item in value if isinstance(item, str | int | float)]
    return [str(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []
