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
from bisect import bisect_right
from collections.abc import Iterator

import regex

from vaultdeck.model import CardBlock, Field, NoteType, Span
from vaultdeck.parse.body import make_field, read_id
from vaultdeck.parse.curly import find_opaque, has_cloze
from vaultdeck.parse.directives import directive_spans
from vaultdeck.parse.javascript import translate
from vaultdeck.parse.lines import split_lines
from vaultdeck.parse.reading import Reading
from vaultdeck.parse.tags import split_tags

# What the passes put behind a pattern.
TAGS = r"Tags: (?P<vaultdeck_tags>[^\n\r]*)"
ID = r"\n?(?:<!--)?ID: (?P<vaultdeck_id>[0-9]+)[^\n\r]*"
PASSES = (TAGS + ID, ID, TAGS, "")
# Seconds for one pattern in one note file; far more than any sane pattern needs.
TIME_LIMIT = 2.0


@functools.lru_cache(maxsize=256)
def _compile(pattern: str, suffix: str) -> regex.Pattern[str]:
    """Return a compiled pattern; raises regex.error."""
    return regex.compile(translate(pattern) + suffix)


def read_regexps(reading: Reading) -> Iterator[CardBlock]:
    """Yield the cards that the settings' regexps find.

    Diagnostics: `bad-regexp`, `slow-regexp`, `unknown-note-type`, `malformed-id`.
    """
    if not reading.config.regexps:
        return
    text, config = reading.source.text, reading.config
    shadow = _Shadow(text)
    taken = [*reading.taken, *directive_spans(reading.source, config.markers), *find_opaque(text)]
    for name, pattern in config.regexps.items():
        note_type = config.note_types.get(name)
        if note_type is None:
            message = f"no note type named '{name}': its regexp is not used"
            reading.report("unknown-note-type", 0, 0, message)
            continue
        accepted: list[Span] = []
        for suffix in PASSES:
            for match in _find(reading, shadow, name, pattern, suffix):
                span = Span(shadow.offset(match.start()), shadow.offset(match.end()))
                if _is_taken(span, taken) or _is_taken(span, accepted):
                    continue
                block = _card(reading, shadow, match, span, name, note_type)
                if block is not None:
                    accepted.append(span)
                    yield block
        taken += accepted
        reading.taken += accepted


class _Shadow:
    """The text with all newlines as `\\n`, which patterns expect, and the way back to its offsets."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self._ends = [match.start() - n for n, match in enumerate(re.finditer("\r\n", text))]

    def offset(self, position: int) -> int:
        """Return the offset in the file of a position in the text."""
        return position + bisect_right(self._ends, position - 1)


def _find(
    reading: Reading, shadow: _Shadow, name: str, pattern: str, suffix: str
) -> Iterator[regex.Match[str]]:
    """Yield the matches of one pass, in order; report a pattern that is wrong or runs away."""
    try:
        yield from _compile(pattern, suffix).finditer(shadow.text, timeout=TIME_LIMIT)
    except regex.error as error:
        if not suffix:
            message = f"the regexp of '{name}' is not valid: {error}"
            reading.report("bad-regexp", 0, 0, message)
    except TimeoutError:
        message = f"the regexp of '{name}' takes too long on this note: its cards may be missing"
        hint = "split the long paragraph, or write the pattern so that it begins with `^`"
        reading.report("slow-regexp", 0, 0, message, hint)


def _is_taken(span: Span, taken: list[Span]) -> bool:
    """Tell whether a match lies wholly in a taken part, with a character of slack on both sides."""
    return any(t.start - 1 <= span.start and span.end <= t.end + 1 for t in taken)


def _card(
    reading: Reading,
    shadow: _Shadow,
    match: regex.Match[str],
    span: Span,
    name: str,
    note_type: NoteType,
) -> CardBlock | None:
    groups = match.groupdict()
    number, id_span = None, None
    if groups.get("vaultdeck_id"):
        id_span = Span(*(shadow.offset(at) for at in match.span("vaultdeck_id")))
        number = read_id(reading, groups["vaultdeck_id"], id_span)
        if number is None:
            return None
    fields = tuple(_fields(reading, shadow, match, note_type))
    if note_type.is_cloze and not any(has_cloze(field.text, reading.config) for field in fields):
        return None
    text = reading.source.text
    newline = "\r\n" if "\r\n" in text else "\n"
    before = "" if text.endswith("\n", 0, span.end) else newline
    return CardBlock(
        span=span,
        note_type=name,
        fields=fields,
        slot=reading.slot(span.end, before=before, after=newline),
        tags=tuple(split_tags(groups.get("vaultdeck_tags") or "")),
        id=number,
        id_span=id_span,
    )


def _fields(
    reading: Reading, shadow: _Shadow, match: regex.Match[str], note_type: NoteType
) -> Iterator[Field]:
    """Yield the fields: group i is field i; a group that took no part leaves its field empty."""
    own = {"vaultdeck_tags", "vaultdeck_id"}
    indices = [match.re.groupindex[key] for key in own if key in match.re.groupindex]
    groups = [i for i in range(1, match.re.groups + 1) if i not in indices]
    for name, group in zip(note_type.written, groups, strict=False):
        start, end = match.span(group)
        if start < 0:
            yield Field(name, "", ())
            continue
        lines = split_lines(reading.source.text, shadow.offset(start), shadow.offset(end))
        yield make_field(name, list(lines))
