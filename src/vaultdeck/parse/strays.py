"""What looks like a part of a card and belongs to none."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from vaultdeck.diagnostics import ERROR, Diagnostic
from vaultdeck.model import CardBlock
from vaultdeck.parse.fences import code_spans
from vaultdeck.parse.ids import ID_COMMENT, is_code_span
from vaultdeck.parse.reading import Reading

# How flashcards-obsidian writes an ID, alone on a line.
CARET_ID = re.compile(r"^\^(?P<id>[1-9][0-9]{12})[ \t]*$", re.MULTILINE)


def without_strays(reading: Reading, blocks: Sequence[CardBlock]) -> list[Diagnostic]:
    """Return the problems that were found, without end markers that belong to another syntax's card."""
    strays = [problem for problem in reading.problems if problem.code == "stray-end"]
    if not strays:
        return reading.problems
    places = [reading.source.locate(block.span.start, block.span.end) for block in blocks]
    claimed = [
        stray
        for stray in strays
        if any(place.line <= stray.location.line <= place.end_line for place in places)
    ]
    return [problem for problem in reading.problems if problem not in claimed]


def find_stray_ids(
    reading: Reading, blocks: Sequence[CardBlock], deleted: Collection[int]
) -> list[Diagnostic]:
    """Return `stray-id` for each ID that is in no card, in no code, and not deleted.

    Nor is one reported that stands in what is wrong anyway.
    """
    text = reading.source.text
    patterns = [
        ID_COMMENT,
        *([CARET_ID] if "flashcards-obsidian" in reading.config.syntaxes else []),
    ]
    matches = (match for pattern in patterns for match in pattern.finditer(text))
    # No ID has more digits.
    found = [match for match in matches if int(match["id"][:20]) not in deleted]
    if not found:
        return []
    spans = [*reading.taken, *code_spans(text, reading.config.markers)]
    spans += [block.id_span for block in blocks if block.id_span]
    wrong = [problem for problem in reading.problems if problem.severity == ERROR]
    if any(problem.code in ("slow-regexp", "unclosed-block") for problem in wrong):
        return []
    strays = []
    for match in found:
        if is_code_span(text, match) or any(s.start <= match.start() < s.end for s in spans):
            continue
        location = reading.source.locate(match.start(), match.end())
        if any(p.location.line <= location.line <= p.location.end_line for p in wrong):
            continue
        message = f"ID {match['id']} belongs to no card: if its note is in Anki, nothing updates it"
        hint = (
            "restore the card above it, or name what finds it (`regexps`, `syntaxes` in "
            "vaultdeck.yaml), or remove the ID"
        )
        strays.append(Diagnostic("stray-id", location, message, hint))
    return strays
