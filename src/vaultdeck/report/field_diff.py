"""What changes in the fields of a note, as people review it.

Back
@@
 ### Saddle points
-- the gradient vanishes
+- the gradient is zero
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from html.parser import HTMLParser

from vaultdeck.build.last_fields import NamedFields, named_fields
from vaultdeck.model import Note
from vaultdeck.regexps import regexp
from vaultdeck.report.text import UNSHOWN

# How much of a note is shown, and of a line.
MAX_DIFF_LINES = 60
MAX_WIDTH = 200


BLOCKS = frozenset(
    "address article aside blockquote br dd details div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li"
    " ol p pre section summary table tr ul".split()
)
MARK_SIGNS = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "s": "~~",
    "del": "~~",
    "mark": "==",
    "code": "`",
}
# Anki's marks of formulas, as Markdown has them.
FORMULA_MARKS = {"\\(": "$", "\\)": "$", "\\[": "$$", "\\]": "$$"}
FORMULA_MARK = regexp(r"\\[()\[\]]")


def diff_lines(before: NamedFields, note: Note) -> Iterator[str]:
    """Yield the lines that differ, field by field."""
    lines = [
        UNSHOWN.sub(" ", line) for line in _all_lines(before, named_fields(note, note.note_type))
    ]
    for line in lines[:MAX_DIFF_LINES]:
        yield line if len(line) <= MAX_WIDTH else f"{line[:MAX_WIDTH]}…"
    if len(lines) > MAX_DIFF_LINES:
        yield f"… and {len(lines) - MAX_DIFF_LINES} more lines"


def _all_lines(before: NamedFields, after: NamedFields) -> Iterator[str]:
    for name in {**after, **before}:
        old, new = before.get(name, ""), after.get(name, "")
        if old == new:
            continue
        yield name
        found = list(difflib.unified_diff(text_lines_of(old), text_lines_of(new), n=1, lineterm=""))
        # Behind the names of the two come the parts, each below its numbers of lines.
        yield from ("@@" if line.startswith("@@") else line for line in found[3:])
        if not found:
            yield " (the text is the same: links, pictures or layout differ)"


def text_lines_of(html: str) -> list[str]:
    """Return what HTML shows as lines of Markdown without tags; empty ones are left out."""
    reader = _FieldReader()
    reader.feed(html)
    reader.close()
    return [line.rstrip() for line in "".join(reader.text).split("\n") if line.strip("> ")]


class _FieldReader(HTMLParser):
    """Collects the text; `lists` has, for each open list, the number of its last item, 0 without numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._lists: list[int] = []
        self._quotes = 0
        self._is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in BLOCKS:
            self._begin_line()
        if tag in ("ul", "ol"):
            self._lists.append(int(tag == "ol"))
        elif tag == "li" and self._lists:
            number = self._lists[-1]
            self._lists[-1] += number > 0
            self.text.append("  " * (len(self._lists) - 1) + (f"{number}. " if number else "- "))
        elif tag == "blockquote":
            self._quotes += 1
            self._begin_line()
        elif tag == "pre":
            self._is_code = True
        elif tag == "input" and said.get("type") == "checkbox":
            self.text.append("[x]" if "checked" in said else "[ ]")
        elif tag == "img":
            self.text.append(f"![[{said.get('alt') or said.get('src') or ''}]]")
        elif tag in ("td", "th"):
            self.text.append("| ")
        elif tag == "hr":
            self.text.append("---\n")
        elif tag[0] == "h" and tag[1:].isdigit():
            self.text.append("#" * int(tag[1:]) + " ")
        self._mark(tag)

    def handle_endtag(self, tag: str) -> None:
        self._mark(tag)
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "blockquote":
            self._quotes = max(self._quotes - 1, 0)
        elif tag == "pre":
            self._is_code = False
        elif tag in ("td", "th"):
            self.text.append(" ")
        if tag in BLOCKS:
            self._begin_line()

    def handle_data(self, data: str) -> None:
        self.text.append(FORMULA_MARK.sub(lambda match: FORMULA_MARKS[match[0]], data))

    def _begin_line(self) -> None:
        self.text.append("\n" + "> " * self._quotes)

    def _mark(self, tag: str) -> None:
        if not self._is_code:
            self.text.append(MARK_SIGNS.get(tag, ""))
