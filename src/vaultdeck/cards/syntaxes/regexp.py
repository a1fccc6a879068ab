"""Cards by regular expression, one pattern a note type, as the plugin's users write them.

    regexps:
      Basic: '^Q: (.+)\\nA: (.+)'

Group i fills field i. A pattern is tried four times: with tags and an ID behind it, with an ID, with
tags, and bare; what an earlier match holds is not matched again. Nor is what lies wholly in a block, an
inline note, a directive, math or code.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from vaultdeck.cards.body import make_field
from vaultdeck.cards.curly_clozes import NATIVE, has_cloze
from vaultdeck.cards.directives import directive_spans
from vaultdeck.cards.ids import (
    ID_COMMENT,
    cut_spans,
    find_comments,
    find_ids,
    is_deleted_at,
    read_id,
    report_misplaced_id,
)
from vaultdeck.cards.lines import INVISIBLE, split_lines
from vaultdeck.cards.opaque import find_opaque
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.slots import text_slots, word_slots
from vaultdeck.cards.spans import Spans
from vaultdeck.cards.syntaxes.regexp_search import PASSES, TAGS_PART, Match, PatternSearch
from vaultdeck.cards.syntaxes.regexp_shadow import Shadow
from vaultdeck.cards.tags import split_tags
from vaultdeck.model import CardBlock, Field, NoteType, Span
from vaultdeck.model.diagnostics import shorten
from vaultdeck.regexps import regexp

# White space and comments, which show nothing.
NOTHING_SHOWN = regexp(rf"(?:[{INVISIBLE}\n]|%%(?:(?!%%).)*%%|<!--(?:(?!-->).)*-->)*", re.DOTALL)


def read_regexps(reading: Reading) -> Iterator[CardBlock]:
    """Yield the cards that the settings' regexps find; they are valid and of known note types.

    Diagnostics: `slow-regexp`, `overlapping-cards`, `malformed-id`, `cloze-unclosed`.
    """
    if not reading.config.regexps:
        return
    source, config = reading.source, reading.config
    plain = Shadow(source.text, reading.taken)
    code = [plain.span(part.span) for part in find_opaque(plain.text)]
    opaque = Spans(code)
    hidden = [*directive_spans(source.text, config.markers, config.deck_scope), *code]
    # Whether obsidian-spaced-repetition may have cards in the note.
    words = ("<!--SR:", *config.spaced_repetition.tags)
    is_reviewed = any(word in source.text for word in words)
    for name, pattern in config.regexps.items():
        note_type = config.note_types[name]
        searched = PatternSearch(reading, name, pattern)
        if searched.is_given_up:
            searched.report_given_up()
            continue
        amid = searched.find_amid(plain)
        if amid is None:
            continue
        shadow = Shadow(source.text, reading.taken, amid) if amid else plain
        accepted: list[Span] = []
        # Where these stand in the text that is searched.
        held: list[Span] = []
        rejected: list[tuple[Span, Span]] = []
        others = Spans(reading.taken)
        for suffix in PASSES:
            taken = Spans([*reading.taken, *hidden, *accepted])
            found = searched.find_matches(shadow, suffix)
            if found is None:
                break
            own, own_held = Spans(accepted), Spans(held)
            found.reverse()
            while found:
                match = found.pop()
                span = shadow.span(Span(*match.span()))
                # With a character of slack on both sides, as in the plugin.
                if taken.hold(span.start + 1, span.end - 1) or is_deleted_at(
                    source.text, span.end, config.markers
                ):
                    continue
                # Two matches of one text give one card; below it there may be another.
                if own.lie_in(span.start, span.end):
                    last = own_held.last_met(*match.span())
                    pos = last.end if last else match.end()
                    found += reversed(searched.find_behind(match, suffix, pos))
                    continue
                if suffix == TAGS_PART and searched.goes_on(match):
                    continue
                block = _card(
                    reading, shadow, match, span, name, note_type, is_reviewed=is_reviewed
                )
                if block is None:
                    if not suffix:
                        _report_unclosed(reading, span)
                    continue
                other = others.last_met(span.start, span.end)
                if other is not None:
                    # Neither card could keep its own ID.
                    rejected.append((span, other))
                    continue
                cut = opaque.last_met(span.end, span.end)
                if cut and cut.start < span.end:
                    # In the code or math that it ends amid, an ID would be shown.
                    before = word_slots(reading, span.start, cut.start)
                    block = replace(block, slots=(*before, *block.slots))
                accepted.append(span)
                held.append(Span(*match.span()))
                if _is_empty(block):
                    reading.empty.append(block)
                else:
                    _report_ids(reading, shadow, span, block)
                yield block
        _report_overlaps(reading, rejected, accepted)
        empty = {block.span for block in reading.empty}
        reading.taken += [span for span in accepted if span not in empty]


def _is_empty(block: CardBlock) -> bool:
    """Tell whether a card has no question."""
    return bool(NOTHING_SHOWN.fullmatch(block.fields[0].text))


def _report_ids(reading: Reading, shadow: Shadow, span: Span, block: CardBlock) -> None:
    """Report the IDs in a card's text: its own amid it, and others, of cards taken for one."""
    text = reading.source.text
    own = block.id_span.start if block.id_span else -1
    lifted = [match.start("id") for _, match in shadow.lifted_in(span)]
    for match in ID_COMMENT.finditer(text, span.start, span.end):
        below = text[match.end() : span.end].partition("\n")[2]
        if match.start("id") != own:
            message = f"ID {match['id']} stands in the text of a card, and is not that card's"
            hint = "put an empty line between the two cards, or narrow the regexp"
            reading.report("extra-id", match.start(), match.end(), message, hint)
        elif below.strip() and own not in lifted:
            report_misplaced_id(reading, block.id, Span(*match.span()), "below the card")


def _report_unclosed(reading: Reading, span: Span) -> None:
    """Report the deletion in what is no card because nothing of the match closes it."""
    opening = NATIVE.search(reading.source.text, span.start, span.end)
    if opening:
        message = f"'{opening[0]}' is not closed in what the regexp finds: this is no card"
        hint = "close it with '}}', or write the regexp so that it finds all of it"
        reading.report("cloze-unclosed", opening.start(), opening.end(), message, hint)


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
            begin = reading.source.text[other.start : other.end].strip().partition("\n")[0]
            message = f"this overlaps the card '{shorten(begin.strip())}': it is left out"
            hint = "put an empty line between the two, or narrow the regexp"
            reading.report("overlapping-cards", span.start, span.end, message, hint)


def _card(
    reading: Reading,
    shadow: Shadow,
    match: Match,
    span: Span,
    name: str,
    note_type: NoteType,
    *,
    is_reviewed: bool,
) -> CardBlock | None:
    groups = match.groupdict()
    lifted = shadow.lifted_in(span)
    unseen = [taken for taken, _ in lifted]
    found = lifted[0][1] if lifted else None
    digits, number, id_span = groups.get("vaultdeck_id"), None, None
    if digits:
        id_span = shadow.span(Span(*match.span("vaultdeck_id")))
        # A pattern that repeats lines may end in the comment.
        comments = find_comments(ID_COMMENT, reading.source.text, span.start, span.end)
        unseen += [Span(*own.span()) for own in comments if own.start("id") == id_span.start]
    elif found is None and (found := _find_amid(reading, span)):
        unseen = [Span(*found.span())]
    if not digits and found:
        digits, id_span = found["id"], Span(*found.span("id"))
    if digits and id_span:
        number = read_id(reading, digits, id_span)
        if number is None:
            return None
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


def _find_amid(reading: Reading, span: Span) -> re.Match[str] | None:
    """Return the ID amid a card's text; of several nobody knows which is the card's."""
    inside = find_ids(reading.source.text, span.start, span.end, reading.config.markers)
    return inside[0] if len(inside) == 1 and inside[0].re.pattern == ID_COMMENT.pattern else None


def _fields(
    reading: Reading,
    shadow: Shadow,
    match: Match,
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
