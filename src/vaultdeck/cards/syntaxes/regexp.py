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
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from vaultdeck.cards.body import make_field, read_id
from vaultdeck.cards.clozes import has_cloze
from vaultdeck.cards.deleted import is_deleted_at
from vaultdeck.cards.directives import directive_spans
from vaultdeck.cards.ids import ID_COMMENT, cut_spans
from vaultdeck.cards.lines import split_lines
from vaultdeck.cards.opaque import Spans, find_opaque
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.shadow import Shadow
from vaultdeck.cards.slots import text_slots
from vaultdeck.cards.syntaxes.regexp_javascript import translate
from vaultdeck.cards.tags import split_tags
from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import CardBlock, Field, Location, NoteType, Span

if TYPE_CHECKING:
    import regex

Result = TypeVar("Result")
# What the passes put behind a pattern.
TAGS = r"(?<!\S)Tags: (?P<vaultdeck_tags>[^\n\r]*)"
ID = r"\n?(?:<!--)?ID: (?P<vaultdeck_id>[0-9]+)[^\n\r]*"
PASSES = (TAGS + ID, ID, TAGS, "")
# CPU seconds for one pass of a pattern over one note file; far more than any sane pattern needs.
TIME_LIMIT = 5.0
# CPU seconds that a sane pattern needs for a pass, at the most: for any note, and for a character.
NEEDED = 0.005
NEEDED_A_CHARACTER = 2e-6
# What a pattern may need beyond that in all notes that a process compiles.
BUDGET = 20.0


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
        if reading.spent.get(name, 0) >= BUDGET:
            _report_given_up(reading, name)
            continue
        accepted: list[Span] = []
        rejected: list[tuple[Span, Span]] = []
        others = Spans(reading.taken)
        for suffix in PASSES:
            taken = Spans([*reading.taken, *hidden, *accepted])
            found = _find(reading, shadow, name, pattern, suffix)
            if found is None:
                break
            own = Spans(accepted)
            for match in found:
                span = shadow.span(Span(*match.span()))
                # With a character of slack on both sides, as in the plugin.
                if taken.hold(span.start + 1, span.end - 1) or is_deleted_at(
                    source.text, span.end, config.markers
                ):
                    continue
                # Two matches of one text give one card.
                if own.lie_in(span.start, span.end):
                    continue
                if suffix == TAGS and _goes_on(reading, name, pattern, match):
                    continue
                block = _card(
                    reading, shadow, match, span, name, note_type, is_reviewed=is_reviewed
                )
                if block is None:
                    continue
                other = others.last_met(span.start, span.end)
                if other is not None:
                    # Neither card could keep its own ID.
                    rejected.append((span, other))
                    continue
                accepted.append(span)
                _report_other_ids(reading, span, block)
                yield block
        _report_overlaps(reading, rejected, accepted)
        reading.taken += accepted


def _goes_on(reading: Reading, name: str, pattern: str, match: regex.Match[str]) -> bool:
    """Tell whether a card has more text below what seem to be its tags: then they are text."""
    if reading.spent.get(name, 0) >= BUDGET:
        return False
    text, start = match.string, match.start()
    bare = _run(
        reading,
        name,
        lambda limit: _compile(pattern, "").match(text, start, timeout=limit),
        NEEDED_A_CHARACTER * (match.end() - start),
    )
    return bare is not None and bare.end() > match.end()


def _report_other_ids(reading: Reading, span: Span, block: CardBlock) -> None:
    """Report the IDs in a card's text: the pattern has taken several cards for one."""
    own = block.id_span.start if block.id_span else -1
    for match in ID_COMMENT.finditer(reading.source.text, span.start, span.end):
        if match.start("id") != own:
            message = f"ID {match['id']} stands in the text of a card, and is not that card's"
            hint = "put an empty line between the two cards, or narrow the regexp"
            reading.report("extra-id", match.start(), match.end(), message, hint)


def _report_overlaps(
    reading: Reading, rejected: Iterable[tuple[Span, Span]], accepted: Sequence[Span]
) -> None:
    """Report each match that reached into another card, with that; several passes find the same."""
    cards = Spans(accepted)
    done: list[tuple[int, int]] = []
    for span, other in rejected:
        at = bisect_left(done, (span.end, 0))
        is_new = not at or done[at - 1][1] <= span.start
        if is_new and not cards.meet(span.start, span.end):
            done.insert(at, (span.start, span.end))
            line = reading.source.locate(other.start).line
            message = f"this overlaps the card in line {line}: it is left out"
            hint = "put an empty line between the two, or narrow the regexp"
            reading.report("overlapping-cards", span.start, span.end, message, hint)


def _find(
    reading: Reading, shadow: Shadow, name: str, pattern: str, suffix: str
) -> list[regex.Match[str]] | None:
    """Return the matches of one pass, in order; None, and reported, if the pattern runs away."""
    text = shadow.text
    # A match ends with the suffix. Behind its last place a pattern would only try all ways in vain.
    end = len(text) if not suffix else max((m.end() for m in re.finditer(suffix, text)), default=0)
    if suffix and not end:
        return []
    compiled = _compile(pattern, suffix)
    # All at once: the time limit is for the pattern alone.
    return _run(
        reading,
        name,
        lambda limit: list(compiled.finditer(text, endpos=end, timeout=limit)),
        NEEDED + NEEDED_A_CHARACTER * len(text),
    )


def _run(
    reading: Reading, name: str, search: Callable[[float], Result], needed: float
) -> Result | None:
    """Return what a search finds; None, and reported, if it takes longer than the seconds it is given.

    What it takes beyond the seconds `needed` is taken off the pattern's budget.
    """
    start = time.process_time()
    try:
        return search(TIME_LIMIT)
    except TimeoutError:
        message = f"the regexp of '{name}' takes too long on this note: its cards may be missing"
        hint = "split the long paragraph, or write the pattern so that it begins with `^`"
        reading.report("slow-regexp", 0, 0, message, hint)
        return None
    finally:
        beyond = time.process_time() - start - needed
        reading.spent[name] = reading.spent.get(name, 0) + max(beyond, 0)


def _report_given_up(reading: Reading, name: str) -> None:
    """Report a pattern that has used up its time, once for all notes: the problem is the settings'."""
    message = (
        f"the regexp of '{name}' took more than {BUDGET:.0f} seconds beyond what patterns need: "
        "it was given up, and its cards in the other notes are left out"
    )
    hint = (
        "write the pattern so that it begins with `^` and repeats nothing that holds a repetition"
    )
    place = Location(reading.config.origin or reading.source.path)
    reading.problems.append(Diagnostic("slow-regexp", place, message, hint))


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
