"""A note's text as the plugin's regexps expect it, and the way back to its offsets.

Newlines are `\\n`, properties are left out, and every ID that somebody moved stands where the plugin
writes it; one on a heading's line, before a block ID, in a table's cell or amid its card is taken out, and
is `lifted`.

    - cat::animal <!--ID: 1769619800835-->          - cat::animal
                                                    <!--ID: 1769619800835-->
    - cat::animal                                   - cat::animal
      %%ID: 1769619800835%%                         <!--ID: 1769619800835-->
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence

from vaultdeck.cards.ids import BARE_LINE, ID_COMMENT, LINE_PREFIX, find_comments
from vaultdeck.cards.lines import strip_end
from vaultdeck.cards.opaque import find_code
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.cards.slots import is_on_heading
from vaultdeck.cards.spans import Spans
from vaultdeck.model import Edit, Rewritten, Span
from vaultdeck.regexps import regexp

# What may stand behind an ID on its line: white space and comments, and a block ID or the end of a cell.
UNSEEN = regexp(r"(?:[ \t]|<!--(?:(?!-->)[^\n])*-->)*")
REST = regexp(r"(?P<inner>(?<=[ \t])\^[A-Za-z0-9-]+[ \t]*|\|[| \t]*)?\r?$", re.MULTILINE)
SCHEDULE_START = "<!--SR:"
TEXT_BELOW = regexp(r"\n[^\S\n]*\S")


class Shadow:
    """The text to be searched; IDs in `taken` stay where they are.

    Those that begin in `amid` stand amid their cards. `behind` tells of the number of an ID behind text
    or indentation, which is where the plugin writes none, with another line below, where it begins.
    """

    def __init__(self, text: str, taken: Iterable[Span] = (), amid: Collection[int] = ()) -> None:
        self._amid = amid
        self.behind: dict[int, int] = {}
        self.lifted: list[tuple[Span, re.Match[str]]] = []
        self._rewritten = Rewritten(text, self._edits(text, Spans(taken)))
        self.text = self._rewritten.text

    def lifted_in(self, span: Span) -> Sequence[tuple[Span, re.Match[str]]]:
        """Return the IDs that were taken out of a span of the file, each with what was taken."""
        first, last = (
            bisect_left(self.lifted, at, key=lambda item: item[1].start())
            for at in (span.start, span.end)
        )
        return self.lifted[first:last]

    def offset(self, position: int) -> int:
        """Return the offset in the file of a position in the text."""
        return self._rewritten.origin(position)

    def span(self, span: Span) -> Span:
        """Return the span in the file of one in the text."""
        return Span(self.offset(span.start), self.offset(span.end))

    def _edits(self, text: str, taken: Spans) -> Iterator[Edit]:
        """Yield what is put in the place of what."""
        top = end_of_properties(text) or int(text.startswith("\ufeff"))
        if top:
            # What a card cannot begin in, properties or a BOM, is the end of a line before the first.
            yield Edit(0, top, "\n")
        for match in re.finditer("\r\n", text) if "\r\n" in text else ():
            yield Edit(match.start(), match.end(), "\n")
        if "ID:" not in text:
            return
        code = Spans(find_code(text))
        passed = 0
        for match in find_comments(ID_COMMENT, text):
            at = match.start()
            if taken.meet(at, match.end()) or code.meet(at, at):
                continue
            start = _begin(text, at)
            if match.end() > passed:
                # What stands behind many IDs of a line is passed over once.
                unseen = UNSEEN.match(text, match.end())
                passed = unseen.end() if unseen else match.end()
            rest = REST.match(text, passed)
            if at in self._amid or is_on_heading(text, at) or (rest and rest["inner"]):
                self.lifted.append((Span(start, match.end()), match))
                yield Edit(start, match.end(), "")
            elif rest:
                yield Edit(start, match.start("id"), "\n<!--ID: " if start else "<!--ID: ")
                yield Edit(match.end("id"), match.end(), "-->")
                is_behind = at > text.rfind("\n", 0, at) + 1
                if is_behind and TEXT_BELOW.match(text, rest.end()):
                    self.behind[match.start("id")] = at
                elif not is_behind:
                    # Below an ID ends what a pattern takes for a paragraph.
                    yield Edit(rest.end() + 1, rest.end() + 1, "\n")
        for match in BARE_LINE.finditer(text):
            start = _begin(text, match.start("id_mark"))
            if start and not taken.meet(match.start(), match.end()):
                yield Edit(start, match.start("id_mark"), "\n")


def _begin(text: str, at: int) -> int:
    """Return where the text ends that an ID at `at` stands behind, over blank lines and schedules."""
    line = text.rfind("\n", 0, at) + 1
    if not LINE_PREFIX.fullmatch(text, line, at):
        return strip_end(text, at, " \t")
    end = strip_end(text, line, " \t\r\n")
    while end and text.endswith("-->", 0, end):
        line = text.rfind("\n", 0, end) + 1
        if not text.startswith(SCHEDULE_START, line):
            break
        end = strip_end(text, line, " \t\r\n")
    return end
