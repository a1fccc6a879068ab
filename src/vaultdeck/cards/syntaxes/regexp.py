"""Cards by regular expression, one pattern a note type, as the plugin's users write them.

    regexps:
      Basic: '^Q: (.+)\\nA: (.+)'

Group i fills field i. A pattern is tried four times: with tags and an ID behind it, with an ID, with
tags, and bare; what an earlier match holds is not matched again. Nor is what lies wholly in a block, an
inline note, a directive, math or code.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from vaultdeck.cards.body import make_field, read_id
from vaultdeck.cards.clozes import has_cloze
from vaultdeck.cards.deleted import is_deleted_at
from vaultdeck.cards.directives import directive_spans
from vaultdeck.cards.ids import ID_COMMENT, cut_spans
from vaultdeck.cards.javascript import translate
from vaultdeck.cards.lines import split_lines
from vaultdeck.cards.opaque import Spans, find_opaque
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.shadow import Shadow
from vaultdeck.cards.slots import text_slots
from vaultdeck.cards.tags import split_tags
from vaultdeck.model import CardBlock, Field, NoteType, Span

if TYPE_CHECKING:
    import regex

# What the passes put behind a pattern.
TAGS = r"(?<!\S)Tags: (?P<vaultdeck_tags>[^\n\r]*)"
ID = r"\n?(?:<!--)?ID: (?P<vaultdeck_id>[0-9]+)[^\n\r]*"
PASSES = (TAGS + ID, ID, TAGS, "")
# Seconds for one pattern in one note file; far more than any sane pattern needs.
TIME_LIMIT = 5.0
# In how many files a pattern may run out of time before it is given up.
MAX_TIMEOUTS = 3


@functools.lru_cache(maxsize=256)
def _compile(pattern: str, suffix: str) -> regex.Pattern[str]:
    """Return a compiled pattern; raises regex.error."""
    import regex

    if "vaultdeck_" in pattern:
        raise regex.error("group names that begin with 'vaultdeck_' are taken")
    return regex.compile(f"(?:{translate(pattern)}){suffix}")


def find_fault(pattern: str) -> str | None:
    """Return what is wrong with a pattern that somebody wrote, None if it can be used."""
    import regex

    try:
        if _compile(pattern, "").groups == 0:
            return "it has no group, so that it fills no field"
    except regex.error as error:
        # Its position is one in the translated pattern.
        return str(error).partition(" at position ")[0]
    except (OverflowError, RecursionError, ValueError):
        return "it is too large"
    return None


def read_regexps(reading: Reading) -> Iterator[CardBlock]:
    """Yield the cards that the settings' regexps find; they are valid and of known note types.

    Diagnostics: `slow-regexp`, `overlapping-cards`, `malformed-id`.
    """
    if not reading.config.regexps:
        return
    source, config = reading.source, reading.config
    shadow = Shadow(source.text, reading.taken)
    hidden = [
        *directive_spans(source, config),
        *(shadow.span(part.span) for part in find_opaque(shadow.text)),
    ]
    # Whether obsidian-spaced-repetition may have cards in the note.
    words = ("<!--SR:", *config.spaced_repetition.tags)
    is_reviewed = any(word in source.text for word in words)
    for name, pattern in config.regexps.items():
        note_type = config.note_types[name]
        timeouts = reading.timeouts.get(name, 0)
        if timeouts >= MAX_TIMEOUTS:
            _report_slow(reading, name, "took too long on other notes and is not tried on this one")
            continue
        accepted: list[Span] = []
        rejected: list[tuple[Span, Span]] = []
        others = Spans(reading.taken)
        for suffix in PASSES:
            taken = Spans([*reading.taken, *hidden, *accepted])
            own = Spans(accepted)
            for match in _find(reading, shadow, name, pattern, suffix):
                span = shadow.span(Span(*match.span()))
                # With a character of slack on both sides, as in the plugin.
                if taken.hold(span.start + 1, span.end - 1) or is_deleted_at(
                    source.text, span.end, config.markers
                ):
                    continue
                # Two matches of one text give one card.
                if own.meet(span.start, span.end) and _holds_any(span, accepted):
                    continue
                if suffix == TAGS and _goes_on(pattern, match):
                    continue
                block = _card(
                    reading, shadow, match, span, name, note_type, is_reviewed=is_reviewed
                )
                if block is None:
                    continue
                if others.meet(span.start, span.end):
                    other = _overlapped(reading.taken, span)
                    assert other is not None
                    rejected.append((span, other))
                    continue
                accepted.append(span)
                _report_other_ids(reading, span, block)
                yield block
            if reading.timeouts.get(name, 0) > timeouts:
                break
        _report_overlaps(reading, rejected, accepted)
        reading.taken += accepted


def _holds_any(span: Span, others: Iterable[Span]) -> bool:
    return any(span.start <= other.start and other.end <= span.end for other in others)


def _goes_on(pattern: str, match: regex.Match[str]) -> bool:
    """Tell whether a card has more text below what seem to be its tags: then they are text."""
    try:
        bare = _compile(pattern, "").match(match.string, match.start(), timeout=TIME_LIMIT)
    except TimeoutError:
        return False
    return bare is not None and bare.end() > match.end()


def _report_other_ids(reading: Reading, span: Span, block: CardBlock) -> None:
    """Report the IDs in a card's text: the pattern has taken several cards for one."""
    own = block.id_span.start if block.id_span else -1
    for match in ID_COMMENT.finditer(reading.source.text, span.start, span.end):
        if match.start("id") != own:
            message = f"ID {match['id']} stands in the text of a card, and is not that card's"
            hint = "put an empty line between the two cards, or narrow the regexp"
            reading.report("extra-id", match.start(), match.end(), message, hint)


def _overlapped(taken: Iterable[Span], span: Span) -> Span | None:
    """Return the first of the spans that a match reaches into: neither card could keep its own ID."""
    return next((t for t in taken if t.start < span.end and span.start < t.end), None)


def _report_overlaps(
    reading: Reading, rejected: Iterable[tuple[Span, Span]], accepted: Sequence[Span]
) -> None:
    """Report each match that reached into another card, with that; several passes find the same."""
    done = list(accepted)
    for span, other in rejected:
        if _overlapped(done, span) is None:
            done.append(span)
            line = reading.source.locate(other.start).line
            message = f"this overlaps the card in line {line}: it is left out"
            hint = "put an empty line between the two, or narrow the regexp"
            reading.report("overlapping-cards", span.start, span.end, message, hint)


def _find(
    reading: Reading, shadow: Shadow, name: str, pattern: str, suffix: str
) -> list[regex.Match[str]]:
    """Return the matches of one pass, in order; report a pattern that runs away."""
    text = shadow.text
    # A match ends with the suffix. Behind its last place a pattern would only try all ways in vain.
    end = len(text) if not suffix else max((m.end() for m in re.finditer(suffix, text)), default=0)
    if suffix and not end:
        return []
    try:
        # All at once: the time limit is for the pattern alone.
        return list(_compile(pattern, suffix).finditer(text, endpos=end, timeout=TIME_LIMIT))
    except TimeoutError:
        reading.timeouts[name] = reading.timeouts.get(name, 0) + 1
        _report_slow(reading, name, "takes too long on this note: its cards may be missing")
    return []


def _report_slow(reading: Reading, name: str, what: str) -> None:
    hint = "split the long paragraph, or write the pattern so that it begins with `^`"
    reading.report("slow-regexp", 0, 0, f"the regexp of '{name}' {what}", hint)


def _card(
    reading: Reading,
    shadow: Shadow,
    match: regex.Match[str],
    span: Span,
    name: str,
    note_type: NoteType,
    *,
    is_reviewed: bool,
) -> CardBlock | None:
    groups = match.groupdict()
    number, id_span = None, None
    if groups.get("vaultdeck_id"):
        id_span = shadow.span(Span(*match.span("vaultdeck_id")))
        number = read_id(reading, groups["vaultdeck_id"], id_span)
        if number is None:
            return None
    headed = shadow.headed_in(span)
    if number is None and headed:
        id_span = Span(*headed[0].span("id"))
        number = read_id(reading, headed[0]["id"], id_span)
        if number is None:
            return None
    unseen = [Span(*m.span()) for m in headed]
    fields = tuple(_fields(reading, shadow, match, note_type, unseen))
    if note_type.is_cloze and not any(has_cloze(field.text, reading.config) for field in fields):
        return None
    return CardBlock(
        span=span,
        note_type=name,
        fields=fields,
        slots=text_slots(reading, span.start, span.end, is_reviewed=is_reviewed),
        tags=tuple(split_tags(groups.get("vaultdeck_tags") or "")),
        id=number,
        id_span=id_span,
    )


def _fields(
    reading: Reading,
    shadow: Shadow,
    match: regex.Match[str],
    note_type: NoteType,
    unseen: Sequence[Span],
) -> Iterator[Field]:
    """Yield the fields: group i is field i; a group that took no part leaves its field empty.

    `unseen` are the IDs in the card's text.
    """
    own = {"vaultdeck_tags", "vaultdeck_id"}
    indices = [match.re.groupindex[key] for key in own if key in match.re.groupindex]
    groups = [i for i in range(1, match.re.groups + 1) if i not in indices]
    for name, group in zip(note_type.written, groups, strict=False):
        start, end = match.span(group)
        if start < 0:
            yield Field(name, "", ())
            continue
        text, first = reading.source.text, shadow.offset(start)
        # The indentation that the pattern passed over is that of the lines below, too.
        line = text.rfind("\n", 0, first) + 1
        first = line if not text[line:first].strip(" \t") else first
        lines = split_lines(text, first, shadow.offset(end))
        yield make_field(name, cut_spans(lines, unseen))
