"""Cloze patterns of obsidian-spaced-repetition: how its deletions are written.

    ==[123;;]answer[;;hint]==                matches  ==x==, ==2;;x==, ==x;;hint==
    ==answer==[^\\[hint\\]][\\[^123\\]]          matches  ==x==, ==x==^[hint], ==x==[^2]

In brackets stand the parts that may be missing: the one with digits is the number, or which cards show,
hide or ask the deletion (`ahs`); the one with `hint` is the hint. Other text stands for itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from vaultdeck.cards.lines import Line
from vaultdeck.model import Span
from vaultdeck.model.value import value
from vaultdeck.regexps import regexp

# A part in brackets; a bracket that belongs to the text has a backslash before it, or two.
PART = regexp(r"\[((?:\\{1,2}[\[\]]|[^\[\]\\])+)\]")
ESCAPED = regexp(r"\\{1,2}([\[\]])")
DIGITS = regexp(r"[0-9]+")
ANSWER = "answer"
NUMBER_PART = r"(?P<number>[0-9]{1,9}|[ahs]{1,99})"
# Longer ones are no hints; the bound keeps the search linear.
HINT_PART = r"(?P<hint>[^\n]{1,200}?)"
# What Anki takes for a deletion's number.
CLOZE_NUMBER = regexp(r"[1-9][0-9]{0,2}")
# What stands for a deletion that is hidden while another one is asked.
HIDDEN = "—"
MAX_PATTERN_LENGTH = 100
MAX_ANSWER = 5_000


@value(frozen=True, slots=True)
class PatternDeletion:
    """A deletion on a line; number and hint are empty if it has none."""

    span: Span
    answer: Span
    number: str
    hint: Span


@value(frozen=True, slots=True)
class ClozePattern:
    """A pattern taken apart: `close` is the text that ends an answer, `inner` may stand before it."""

    opening: re.Pattern[str]
    inner: re.Pattern[str]
    close: str
    ending: re.Pattern[str]
    marks: str

    def find(self, line: str) -> Iterator[PatternDeletion]:
        """Yield the deletions of a line, each as short as it can be."""
        done = 0
        while match := self.opening.search(line, done):
            number, start = match["number"] or "", match.end()
            close = line.find(self.close, start + 1)
            if close < 0 and number:
                number, start = "", match.start("number")
                close = line.find(self.close, start + 1)
            if close < 0:
                return
            done = match.start() + 1
            ending = self.ending.match(line, close + len(self.close))
            if ending is None or close - start > MAX_ANSWER:
                continue
            inner = self.inner.fullmatch(line, start, close)
            if inner and inner["answer"].strip(self.marks):
                done = ending.end()
                found = [part for part in (match, inner, ending) if part["hint"]]
                hint = Span(*found[0].span("hint")) if found else Span(0, 0)
                number = number or inner["number"] or ending["number"] or ""
                answer = Span(*inner.span("answer"))
                yield PatternDeletion(Span(match.start(), done), answer, number, hint)


def read_cloze_pattern(written: str) -> ClozePattern | None:
    """Return a pattern of the settings taken apart; None if the text is no pattern.

    It needs the three parts once, and text at its beginning and behind the answer.
    """
    pieces = PART.split(written)
    parts: list[tuple[str, str]] = []
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            before, answer, after = piece.partition(ANSWER)
            parts += [("", before), *([(ANSWER, ""), ("", after)] if answer else [])]
        else:
            text = ESCAPED.sub(r"\1", piece)
            kind = "hint" if "hint" in text else "number" if DIGITS.search(text) else ""
            parts.append((kind, text))
    parts = [(kind, ESCAPED.sub(r"\1", text)) for kind, text in parts if kind or text]
    kinds = [kind for kind, _ in parts]
    is_whole = all(kinds.count(kind) == 1 for kind in (ANSWER, "number", "hint"))
    if not is_whole or len(written) > MAX_PATTERN_LENGTH:
        return None
    at = kinds.index(ANSWER)
    close = next((place for place in range(at, len(parts)) if not kinds[place]), 0)
    if kinds[0] or not close:
        return None
    marks = "".join(text for kind, text in parts if not kind)
    return ClozePattern(
        _compile(parts[:at]),
        _compile(parts[at + 1 : close], r"(?P<answer>.+?)"),
        parts[close][1],
        _compile(parts[close + 1 :]),
        marks + " \t",
    )


def to_anki(lines: Iterable[tuple[Line, Sequence[PatternDeletion]]]) -> Iterator[Line]:
    """Yield the lines of a card with their deletions in Anki's form.

    All are of one kind: beside one with a number those without are none, and so they are beside one with
    a sequence of `a`, `h` and `s`, a letter a card. One with an `a` is asked on the card, one with an `h`
    hidden where another is asked: Anki shows it on the back, which the plugin does not.
    """
    found = list(lines)
    written = [deletion.number for _, deletions in found for deletion in deletions]
    is_numbered, is_sequence = any(map(str.isdigit, written)), any(map(str.isalpha, written))
    asked = {at for number in written for at, sign in enumerate(number, 1) if sign == "a"}
    free = itertools.count(1)
    for (text, start), deletions in found:
        pieces, done = [], 0
        for deletion in deletions:
            hint = text[deletion.hint.start : deletion.hint.end]
            # The numbers that it has in Anki, each with the hint that is shown.
            if is_numbered:
                numbers = [(n, hint) for n in [deletion.number] if CLOZE_NUMBER.fullmatch(n)]
            elif is_sequence:
                signs = ((at, sign) for at, sign in enumerate(deletion.number, 1) if at in asked)
                hints = {"a": hint, "h": hint or HIDDEN}
                numbers = [(str(at), hints[sign]) for at, sign in signs if sign in hints]
            else:
                numbers = [(str(next(free)), hint)]
            if not (numbers or deletion.number):
                continue
            pieces.append(text[done : deletion.span.start])
            pieces += [f"{{{{c{number}::" for number, _ in numbers]
            pieces.append(text[deletion.answer.start : deletion.answer.end])
            pieces += [f"::{note}}}}}" if note else "}}" for _, note in reversed(numbers)]
            done = deletion.span.end
        yield Line("".join(pieces) + text[done:], start)


def _compile(parts: list[tuple[str, str]], before: str = "") -> re.Pattern[str]:
    """Return what matches some parts; each of the groups is there, also where it has no part."""
    pattern = before
    for kind, text in parts:
        if kind:
            divided = (
                re.split("hint", text, maxsplit=1) if kind == "hint" else DIGITS.split(text, 1)
            )
            first, last = map(re.escape, divided)
            pattern += f"(?:{first}{HINT_PART if kind == 'hint' else NUMBER_PART}{last})?"
        else:
            pattern += re.escape(text)
    kinds = [kind for kind, _ in parts]
    # A group that never takes part.
    pattern += "".join(f"(?P<{kind}>(?!))?" for kind in ("number", "hint") if kind not in kinds)
    return re.compile(pattern)
