"""Where the headings of a note stand, found without parsing it.

    # Title
    text

    ## Section ^id

An embed shows one section of a note: parsing all of the note for it is most of the work of a build.
A heading at the beginning of a line ends every list, quote, table and paragraph; only code, HTML, math
and comments can reach over it. What these hide is known where they begin and end for sure; a note in
which that is not so, or in which one part has to do with another (footnotes, link definitions), has
to be parsed as a whole.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from vaultdeck.markdown.block_id import BLOCK_ID
from vaultdeck.markdown.multiline import FENCE, MAX_LINES, OTHER_BLOCK, left_open, may_open

# What can be a heading, hide one, or be no heading because of where it stands; sought with a newline
# before the text, since `re` finds a newline many times faster than the beginning of a line.
SPECIAL = re.compile(
    r"\n(?:(?P<heading>\#{1,6})(?![^ \t\n])"
    r"|[ ]{1,3}(?P<indented>\#{1,6})(?![^ \t\n])"
    r"|[ ]{0,3}(?P<fence>`{3,}|~{3,})"
    r"|[ ]{0,3}(?P<html><[A-Za-z/!?])"
    r"|[ ]{0,3}(?P<underline>=+|-+)[ \t]*(?=\n|\Z))"
)
OPENERS = ("$$", "%%", "\\[", "\\begin{")
# The marks of lists and quotes at the beginning of a line.
CONTAINERS = re.compile(r"(?:[ \t]*(?:>|(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t]|$)))+[ \t]*")
QUOTE = re.compile(r"[ ]{0,3}(?:>[ ]?)+")
BULLET = re.compile(r"[ \t]*[-+*][ \t]+[^ \t]")
# A line across the page.
RULE = re.compile(r"(?:[*_-][ \t]*){3,}$")
# Lines in which lists and quotes may nest so deeply that the parser gives up.
DEEP = re.compile(r"\n([ \t>*+\-0-9.)]{24,})")
DEEPEST = 90
# HTML that goes on over empty lines.
LONG_HTML = re.compile(r"[ ]*<(?:[!?]|(?:script|pre|style|textarea)(?![^\s>]))", re.IGNORECASE)
COMMENT_LINE = re.compile(r"[ ]*<!--[^\n]*?-->")
EMPTY_LINE = re.compile(r"\n[ \t]*(?=\n|\Z)")
# What may stand behind a closing fence.
WHITE = " \t"


class HeadingLine(NamedTuple):
    """A heading that begins a line: where that is, which line (0-based), its level and its text."""

    start: int
    line: int
    level: int
    text: str


def find_headings(text: str) -> list[HeadingLine] | None:
    """Return the headings of a note that are in no list or quote, None if that takes parsing.

    `text` is as `Markdown.clean` returns it. If there is an answer, the note's parts between headings
    parse one by one to the same tokens as together.
    """
    return None if "]:" in text else _Outline(text).find()


class _UnsureError(Exception):
    """What hides headings, if anything does, takes parsing to find out."""


class _Outline:
    """Walks over what is special in a text."""

    def __init__(self, text: str) -> None:
        self._text = f"\n{text}"
        # From here on, up to the next list or quote, nothing is in a list or quote.
        self._outside = 1
        # What stands before this is not looked at again.
        self._done = 1

    def find(self) -> list[HeadingLine] | None:
        text = self._text
        if any(len(match[1].expandtabs(4)) >= DEEPEST for match in DEEP.finditer(text)):
            return None
        headings: list[HeadingLine] = []
        pos = line = 0
        counted = 1
        found, opener = SPECIAL.search(text), self._find_opener(0)
        try:
            while found or opener < len(text):
                if not found or opener < found.start():
                    pos = self._skip_opened(opener, self._end_of_line(opener))
                else:
                    start = found.start() + 1
                    end = self._end_of_line(start)
                    if found.lastgroup == "heading":
                        line += text.count("\n", counted, start)
                        counted = start
                        headings.append(self._heading(found, end, line))
                        self._outside = self._done = end + 1
                        pos = end
                    else:
                        pos = self._skip(found, start, end)
                if found and found.start() < pos:
                    found = SPECIAL.search(text, pos)
                if opener < pos:
                    opener = self._find_opener(pos)
        except _UnsureError:
            return None
        return headings

    def _skip(self, found: re.Match[str], start: int, end: int) -> int:
        """Return where ends what stands on the line from `start` to `end`, and begins no heading."""
        if found.lastgroup == "fence":
            return self._skip_fence(found, end)
        if found.lastgroup == "html":
            return self._skip_html(start, end)
        if found.lastgroup == "underline" and (
            start == self._outside or self._is_below_empty(start)
        ):
            return end
        raise _UnsureError

    def _find_opener(self, pos: int) -> int:
        """Return where the next thing stands that can begin math or a comment; the end if none does."""
        found = (self._text.find(opener, pos) for opener in OPENERS)
        return min((at for at in found if at >= 0), default=len(self._text))

    def _end_of_line(self, pos: int) -> int:
        end = self._text.find("\n", pos)
        return len(self._text) if end < 0 else end

    def _line_at(self, start: int) -> str:
        return self._text[start : self._end_of_line(start)]

    def _is_below_empty(self, start: int) -> bool:
        """Tell whether a line is the first one or stands below an empty one."""
        before = self._text.rfind("\n", 0, max(start - 1, 0)) + 1
        return not self._text[before:start].strip(" \t\n")

    def _heading(self, match: re.Match[str], end: int, line: int) -> HeadingLine:
        """Return the heading whose line ends at `end`; its text as the parser reads it."""
        content = self._text[match.end() : end]
        if "|" in content and self._text[end + 1 : end + 5].lstrip(WHITE)[:1] in ("|", "-", ":"):
            raise _UnsureError  # the first line of a table
        content = content.rstrip(WHITE)
        bare = content.rstrip("#")
        if bare != content and bare[-1] in WHITE:
            content = bare
        if "\x85" in content:
            raise _UnsureError  # white space for some versions of markdown-it, but not for all
        content = content.strip()
        block_id = BLOCK_ID.search(content) if "^" in content else None
        if block_id is not None:
            if not block_id.start():
                raise _UnsureError  # the id of the block above
            content = content[: block_id.start()].rstrip()
        return HeadingLine(match.start(), line, len(match["heading"]), content)

    def _skip_fence(self, match: re.Match[str], end: int) -> int:
        """Return where the code ends that a fence begins.

        An indented fence may stand in a list, which ends its code; so all of it must be indented.
        """
        text, fence = self._text, match["fence"]
        if fence[0] == "`" and "`" in text[match.end() : end]:
            return match.end()
        indent = match.start("fence") - match.start() - 1
        for found in _closing(fence).finditer(text, end):
            if indent:
                if found[1] != " " * indent or not self._is_indented(end, found.start(), indent):
                    raise _UnsureError
                self._done = found.end() + 1
            elif "\t" in found[1] or len(found[1]) > 3:
                continue
            else:
                self._outside = self._done = found.end() + 1
            return found.end()
        raise _UnsureError

    def _is_indented(self, start: int, end: int, indent: int) -> bool:
        """Tell whether all lines of a part of the text that are not empty are indented."""
        lines = self._text[start:end].split("\n")
        return all(_indentation(line) >= indent for line in lines if line.strip(WHITE))

    def _skip_html(self, start: int, end: int) -> int:
        """Return where a block of HTML ends at the latest: nothing else begins in it."""
        text = self._text
        if COMMENT_LINE.match(text, start):
            if text.find("$$", start, end) >= 0 or text.find("%%", start, end) >= 0:
                raise _UnsureError
            return end
        if LONG_HTML.match(text, start):
            raise _UnsureError
        empty = EMPTY_LINE.search(text, end)
        stop = empty.start() if empty else len(text)
        if self._find_opener(start) < stop:
            raise _UnsureError
        for found in SPECIAL.finditer(text, end, stop):
            if found.lastgroup != "html" or LONG_HTML.match(text, found.start() + 1):
                raise _UnsureError
        return stop

    def _skip_opened(self, pos: int, end: int) -> int:
        """Return where a line, or the math or comment that it leaves open, ends."""
        start = self._text.rfind("\n", 0, pos) + 1
        line = self._text[start:end]
        marks = CONTAINERS.match(line)
        body = line[marks.end() :] if marks else line.lstrip(WHITE)
        if not may_open(body) or OTHER_BLOCK.match(body):
            return end
        opener, behind = left_open(body, "")
        if not opener:
            return end
        quote = QUOTE.match(line)
        is_quote = quote is not None and quote.end() == len(line) - len(body)
        if marks and not is_quote and (BULLET.match(line) is None or _indentation(line) > 3):
            raise _UnsureError  # perhaps text that only looks like an item
        is_outside = not marks and _indentation(line) < 4 and self._is_outside(start)
        is_bare = body[:behind].endswith("$$") and not body[behind:].strip()
        depth = line[: len(line) - len(body)].count(">")
        indent = 0 if is_quote else _indentation(line)
        stop = self._find_close(end + 1, opener, indent, depth, is_bare, is_outside)
        self._done = stop + 1
        if is_outside:
            self._outside = stop + 1
        return stop

    def _is_outside(self, start: int) -> bool:
        """Tell whether it is sure that a line is in no list, quote, table or HTML."""
        while True:
            line = self._line_at(start)
            if "|" in line or line.lstrip(WHITE).startswith("<") or CONTAINERS.match(line):
                return False
            if start <= max(self._outside, self._done):
                return self._outside >= self._done
            if self._is_below_empty(start):
                return line[:1] not in WHITE
            start = self._text.rfind("\n", 0, start - 1) + 1

    def _find_close(
        self, start: int, opener: str, indent: int, depth: int, is_bare: bool, is_outside: bool
    ) -> int:
        """Return the end of the line that closes what is open before `start`.

        Inside of a list or quote, which may end before the closer, nothing may stand there that could;
        all lines of a quote have `depth` marks.
        """
        text, first = self._text, opener
        is_empty = True
        number = 0
        while start < len(text):
            line = self._line_at(start)
            end = start + len(line)
            if depth:
                marks = QUOTE.match(line)
                if marks is None or marks[0].count(">") != depth:
                    break
                line = line[marks.end() :]
            body = line.lstrip(WHITE)
            number += 1
            if (first != "%%" and number >= MAX_LINES) or (opener != "%%" and FENCE.match(body)):
                break
            if not is_outside and not self._is_plain(line, body, indent):
                break
            if body:
                opener, _ = left_open(body, opener)
                if not opener:
                    if is_bare and is_empty and body.startswith("$$"):
                        break  # two strays
                    return end
                is_empty = False
            start = end + 1
        raise _UnsureError

    def _is_plain(self, line: str, body: str, indent: int) -> bool:
        """Tell whether a line is text wherever it stands, or more of what its paragraph has opened."""
        if not body or _indentation(line) < indent or "|" in line:
            return False
        if OTHER_BLOCK.match(body) or RULE.match(body):
            return False
        return SPECIAL.match(f"\n{line}") is None


@functools.lru_cache(maxsize=64)
def _closing(fence: str) -> re.Pattern[str]:
    """Match the newline before a line that closes the code which `fence` begins, and this line."""
    return re.compile(rf"\n([ \t]*){fence}{fence[0]}*[ \t]*(?=\n|\Z)")


def _indentation(line: str) -> int:
    """Return how many columns of white space a line begins with."""
    return len(line[: len(line) - len(line.lstrip(WHITE))].expandtabs(4))
