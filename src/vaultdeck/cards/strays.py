"""What looks like a part of a card and belongs to none."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from vaultdeck.cards.ids import CARET_ID, ID_COMMENT, as_id, find_comments
from vaultdeck.cards.lines import strip_end
from vaultdeck.cards.opaque import find_code
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.cards.syntaxes.flashcards import NAME as FLASHCARDS
from vaultdeck.cards.syntaxes.spaced_repetition import NAME as SPACED_REPETITION
from vaultdeck.cards.syntaxes.spaced_repetition_pieces import SCHEDULE
from vaultdeck.model import CardBlock, Span
from vaultdeck.model.diagnostics import ERROR, Diagnostic
from vaultdeck.model.diagnostics.words import counted
from vaultdeck.regexps import regexp
from vaultdeck.vault.globs import is_within

# How flashcards-obsidian writes an ID that has a line to itself.
CARET_LINE = regexp(rf"^{CARET_ID.pattern}", re.MULTILINE)


def without_strays(reading: Reading, blocks: Sequence[CardBlock]) -> list[Diagnostic]:
    """Return the problems that were found, without end markers that belong to another syntax's card."""
    kept = []
    cards = None
    for problem in reading.problems:
        if problem.code == "stray-end":
            cards = cards or Spans(block.span for block in blocks)
            at = reading.source.offset(problem.location.line, problem.location.column)
            if cards.meet(at, at):
                continue
        kept.append(problem)
    return kept


def find_stray_ids(
    reading: Reading, blocks: Sequence[CardBlock], deleted: Collection[int]
) -> list[Diagnostic]:
    """Return `stray-id` for each ID that is in no card, in no code, and not deleted.

    An ID in what is reported as an error anyway is not reported a second time.
    """
    text = reading.source.text
    wrong = [problem for problem in reading.problems if problem.severity == ERROR]
    if any(problem.traits.hides_ids for problem in wrong):
        return []
    found = [*find_comments(ID_COMMENT, text)]
    if FLASHCARDS in reading.config.syntaxes:
        found += CARET_LINE.finditer(text)
    own = Spans([*reading.taken, *(block.id_span for block in blocks if block.id_span)])
    found = [match for match in found if not own.meet(match.start(), match.start())]
    if not found:
        return []
    code = Spans(find_code(text))
    lines = Spans(Span(p.location.line, p.location.end_line + 1) for p in wrong)
    strays = []
    for match in found:
        is_deleted = as_id(match["id"]) in deleted
        at = match.start()
        if is_deleted or code.meet(at, at):
            continue
        location = reading.source.locate(at, match.end())
        if lines.meet(location.line, location.line):
            continue
        message = f"ID {match['id']} belongs to no card: if its note is in Anki, nothing updates it"
        hint = (
            "restore the card above it, or name what finds it (`regexps`, `syntaxes` in "
            "vaultdeck.yaml), or remove the ID"
        )
        strays.append(Diagnostic("stray-id", location, message, hint))
    return strays


def find_stray_schedules(reading: Reading, blocks: Sequence[CardBlock]) -> list[Diagnostic]:
    """Return `stray-schedule`, once for a note, where the settings find no card that was reviewed.

    A schedule in or right below what is reported anyway is not reported a second time.
    """
    source, config = reading.source, reading.config
    is_left_out = is_within(source.path, config.spaced_repetition.ignore)
    if SPACED_REPETITION not in config.syntaxes or is_left_out:
        return []
    found = [*SCHEDULE.finditer(source.text)]
    if not found:
        return []
    told = (source.span(problem.location) for problem in reading.problems)
    known = Spans([*reading.taken, *(block.span for block in blocks), *told])
    code = Spans(find_code(source.text))
    strays = []
    for match in found:
        end = strip_end(source.text, match.start(), " \t\r\n")
        if not (known.meet(end - 1, match.end()) or code.meet(match.start(), match.start())):
            strays.append(match)
    if not strays:
        return []
    location = source.locate(*strays[0].span())
    number = counted(len(strays), "schedule")
    message = f"no card stands above {number} of {SPACED_REPETITION} in this note"
    hint = (
        f"name the tags and separators that the cards have under `{SPACED_REPETITION}` in "
        "vaultdeck.yaml, or remove the schedules"
    )
    return [Diagnostic("stray-schedule", location, message, hint)]
