"""Search a note with a pattern of the settings, within the time that patterns get.

'^Q: (.+)\\nA: (.+)'        tried with tags and an ID behind it, with an ID, with tags, and bare
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from vaultdeck.cards.reading import Reading
from vaultdeck.cards.syntaxes.regexp_javascript import (
    OTHER_LINE_ENDS,
    expanded_length,
    translate,
)
from vaultdeck.cards.syntaxes.regexp_shadow import Shadow
from vaultdeck.cards.syntaxes.regexp_styles import SKIPPED, STYLES
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.model.value import value
from vaultdeck.regexps import regexp

if TYPE_CHECKING:
    import regex

Result = TypeVar("Result")
Match: TypeAlias = "re.Match[str] | regex.Match[str]"
LINEAR = frozenset(pattern for _, pattern in STYLES.values())
# What the passes put behind a pattern.
TAGS_BEGIN, REST_OF_LINE = r"Tags: (?<!\STags: )", r"[^\n\r]*"
TAGS_PART = rf"{TAGS_BEGIN}(?P<vaultdeck_tags>{REST_OF_LINE})"
ID_PART = r"\n?(?:<!--)?ID: (?P<vaultdeck_id>[0-9]+)[^\n\r]*"
# The lines below a card: up to an empty one, or one with an ID.
LINES = regexp(r"(?:\n(?![^\n]*ID:)[^\S\n]*\S[^\n]*)*")
PASSES = (TAGS_PART + ID_PART, ID_PART, TAGS_PART, "")
# Tags with an ID behind them, of a line that holds `Tags: ` ten times at the most: each looks no further
# for the ID.
TO_NEXT_TAGS = rf"(?:(?!{TAGS_BEGIN})[^\n\r])*"
FEW_TAGS = f"{TO_NEXT_TAGS}(?:{TAGS_BEGIN}{TO_NEXT_TAGS}){{0,9}}"
LINEAR_PARTS = {TAGS_PART + ID_PART: TAGS_PART.replace(REST_OF_LINE, FEW_TAGS) + ID_PART}
# Where these do not suffice, nothing is built: else the cards would depend on the machine, and on how many
# processes there are.
# CPU seconds for one pass of a pattern over one note file; far more than any sane pattern needs.
TIME_LIMIT = 5.0
# CPU seconds that a sane pattern needs for a pass, at the most: for any note, and for a character.
NEEDED = 0.005
NEEDED_A_CHARACTER = 2e-6
# What a pattern may need beyond that in all notes that a process compiles.
BUDGET = 20.0
# Searches whose matches are remembered: a note is read once to know which types are cloze types, and again
# to compile it.
SEARCHES = 1 << 14
# Pieces of a pattern, its repetitions written out: they take 30 MB.
MAX_PATTERN = 100_000
TOO_LARGE = "it is too large"


@value(frozen=True, slots=False)
class Search:
    """A compiled pattern: of `re` for a style, which is linear; else of `regex`, with a time limit."""

    compiled: re.Pattern[str] | regex.Pattern[str]

    def find_all(self, text: str, pos: int, end: int, limit: float) -> list[Match]:
        """Return the matches between two offsets, in order; raises TimeoutError."""
        if isinstance(self.compiled, re.Pattern):
            # What was skipped has no field.
            return [m for m in self.compiled.finditer(text, pos, end) if m.start(1) >= 0]
        return list(self.compiled.finditer(text, pos, end, timeout=limit))

    def match(self, text: str, pos: int, limit: float) -> Match | None:
        """Return the match that begins at an offset; raises TimeoutError."""
        if isinstance(self.compiled, re.Pattern):
            found = self.compiled.match(text, pos)
            return found if found and found.start(1) >= 0 else None
        return self.compiled.match(text, pos, timeout=limit)


@functools.lru_cache(maxsize=256)
def compile_pattern(pattern: str, suffix: str, *, only_newlines: bool = False) -> Search:
    """Return a compiled pattern; raises regex.error."""
    translated = translate(pattern, only_newlines=only_newlines)
    if pattern in LINEAR:
        skipped = translate(SKIPPED.get(pattern, "(?!)"), only_newlines=only_newlines)
        linear = LINEAR_PARTS.get(suffix, suffix)
        return Search(re.compile(f"(?:{translated}){linear}|{skipped}"))
    import regex

    if "vaultdeck_" in pattern:
        raise regex.error("group names that begin with 'vaultdeck_' are taken")
    return Search(regex.compile(f"(?:{translated}){suffix}"))


def _compile_for(text: str, pattern: str, suffix: str = "") -> Search:
    """Return the compiled pattern with which a text, or a part of it, is searched."""
    return compile_pattern(pattern, suffix, only_newlines=_has_only_newlines(text))


@functools.lru_cache(maxsize=8)
def _has_only_newlines(text: str) -> bool:
    """Tell whether `regex` sees all line ends of a text; asked for each match in it."""
    return not any(end in text for end in OTHER_LINE_ENDS)


def find_fault(pattern: str) -> str | None:
    """Return what is wrong with a pattern that somebody wrote, None if it can be used."""
    import regex

    if expanded_length(pattern) > MAX_PATTERN:
        return TOO_LARGE
    try:
        if compile_pattern(pattern, "").compiled.groups == 0:
            return "it has no group, so that it fills no field"
    except regex.error as error:
        # Its position is one in the translated pattern.
        return str(error).partition(" at position ")[0]
    except (OverflowError, RecursionError, ValueError):
        return TOO_LARGE
    return None


@value(frozen=True, slots=True)
class PatternSearch:
    """A note file that is searched with the pattern of a note type, `name`."""

    reading: Reading
    name: str
    pattern: str

    @property
    def is_given_up(self) -> bool:
        """Tell whether the pattern has used up its time."""
        return self.reading.spent.get(self.name, 0) >= BUDGET

    def report_given_up(self) -> None:
        """Report a pattern that has used up its time, once for all notes: the problem is the settings'."""
        message = (
            f"the regexp of '{self.name}' took more than {BUDGET:.0f} seconds beyond what patterns need: "
            "it was given up, and nothing is built"
        )
        hint = "write the pattern so that it begins with `^` and repeats nothing that holds a repetition"
        place = Location(self.reading.config.origin or self.reading.source.path)
        self.reading.problems.append(Diagnostic("slow-regexp", place, message, hint))

    def find_matches(self, shadow: Shadow, suffix: str) -> list[Match] | None:
        """Return the matches of one pass, in order; None, and reported, if the pattern runs away."""
        needed = NEEDED + NEEDED_A_CHARACTER * len(shadow.text)
        return self._run(lambda s: list(_search(self.pattern, suffix, shadow.text, s)), needed)

    def find_behind(self, match: Match, suffix: str, pos: int) -> list[Match]:
        """Return the matches of a pass that begin in another match, at `pos` or behind."""
        text, end = match.string, match.end()
        compiled = _compile_for(text, self.pattern, suffix)
        needed = NEEDED_A_CHARACTER * (end - pos)
        return self._run(lambda limit: compiled.find_all(text, pos, end, limit), needed) or []

    def goes_on(self, match: Match) -> bool:
        """Tell whether a card has more text below what seem to be its tags: then they are text."""
        if self.is_given_up:
            return False
        text, start = match.string, match.start()
        compiled = _compile_for(text, self.pattern)
        needed = NEEDED_A_CHARACTER * (match.end() - start)
        bare = self._run(lambda limit: compiled.match(text, start, limit), needed)
        return bare is not None and bool(text[match.end() : bare.end()].strip())

    def find_amid(self, shadow: Shadow) -> set[int] | None:
        """Return where the IDs begin below which their card goes on, as its author has added lines to it.

        Lines that hold an ID are none of them, nor are those that are a card of their own; of deletions a
        paragraph may hold many. None, and reported, if the pattern runs away.
        """
        amid: set[int] = set()
        if not shadow.behind:
            return amid
        found = self.find_matches(shadow, ID_PART)
        if found is None:
            return None
        text, bare = shadow.text, _compile_for(shadow.text, self.pattern)
        is_cloze = self.reading.config.note_types[self.name].is_cloze
        for match in found:
            number = match.start("vaultdeck_id")
            at = shadow.behind.get(shadow.offset(number))
            end = text.rfind("\n", match.start(), number)
            lines = LINES.match(text, match.end())
            if at is None or lines is None or not lines[0]:
                continue
            card = text[match.start() : end]
            needed = NEEDED_A_CHARACTER * (len(card) + len(lines[0]))
            if self._run(partial(_takes, bare, card, lines[0], is_cloze), needed):
                amid.add(at)
        return amid

    def _run(self, search: Callable[[float], Result], needed: float) -> Result | None:
        """Return what a search finds; None, and reported, if it takes longer than the time it is given.

        What it takes beyond the seconds `needed` is taken off the pattern's budget.
        """
        start = time.process_time()
        try:
            return search(TIME_LIMIT)
        except TimeoutError:
            message = f"the regexp of '{self.name}' takes too long on this note: nothing is built"
            hint = "split the long paragraph, or write the pattern so that it begins with `^`"
            self.reading.report("slow-regexp", 0, 0, message, hint)
            return None
        finally:
            beyond = time.process_time() - start - needed
            spent = self.reading.spent
            spent[self.name] = spent.get(self.name, 0) + max(beyond, 0)


@functools.lru_cache(maxsize=SEARCHES)
def _search(pattern: str, suffix: str, text: str, limit: float) -> tuple[Match, ...]:
    """Return all matches at once: the time limit is for the pattern alone. Raises TimeoutError."""
    # A match ends with the suffix. Behind its last place a pattern would only try all ways in vain.
    found = re.finditer(LINEAR_PARTS.get(suffix, suffix), text) if suffix else ()
    end = max((match.end() for match in found), default=0) if suffix else len(text)
    if suffix and not end:
        return ()
    return tuple(_compile_for(text, pattern, suffix).find_all(text, 0, end, limit))


def _takes(bare: Search, card: str, below: str, takes_any: bool, limit: float) -> bool:
    """Tell whether a card goes on in the text below it: if that holds no other card, or in any."""
    whole = bare.match(card + below, 0, limit)
    is_longer = whole is not None and bool(whole[0][len(card) :].strip())
    return is_longer and (takes_any or not bare.find_all(below, 0, len(below), limit))
