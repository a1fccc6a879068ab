"""A text as rows, of which two equal texts have the same.

White space at line ends, blank lines and the levels of headings do not count:

    ### Saddle points               # Saddle points
    - the gradient vanishes         - the gradient vanishes

    - [[momentum]] helps            - [[momentum]] helps
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from vaultdeck.cards.fences import find_fences
from vaultdeck.regexps import regexp

HEADING_ROW = regexp(r"[ ]{0,3}(?P<level>#{1,6})[ \t]+(?P<text>[^ \t].*)")
# A line that is a heading, all of it, if the next one underlines it: it begins no list, quote, table or code.
TITLE_ROW = regexp(r"[ ]{0,3}(?![-+*>#|`~<$%\s]|[0-9]+[.)]|\[\^)(?P<text>\S.*)")
UNDERLINES = ("-", "=")
HEADING_UNDERLINE = regexp(r"[ ]{0,3}(?P<level>=+|-+)")
# A line that only parts what is above from what is below.
BREAK_ROW = regexp(r"[ ]{0,3}(?:_[ \t]*){3,}|[ ]{0,3}(?:-[ \t]*){3,}|[ ]{0,3}(?:\*[ \t]*){3,}")

# What says something.
LETTER_OR_DIGIT = regexp(r"[^\W_]")

# How a line begins that is an embed.
EMBED_START = "![["


class Names:
    """A number for every row that was seen, the same for equal ones; `texts` are the rows by number.

    `of_cards` are the numbers of rows that stand in cards; with `will_embed` any embed may.
    """

    def __init__(self) -> None:
        self.will_embed = False
        self.texts: list[str] = []
        self.of_cards: set[int] = set()
        self._numbers: dict[str, int] = {}
        self._unlike: set[int] = set()

    def number(self, text: str) -> int:
        """Return the number of a row."""
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
            if self.will_embed and text.startswith(EMBED_START):
                self.of_cards.add(number)
        return number

    def unlike(self) -> int:
        """Return the number of a row that is equal to no other."""
        self.texts.append("…")
        self._unlike.add(len(self.texts) - 1)
        return len(self.texts) - 1

    def counted(self, numbers: Iterable[int]) -> int:
        """Return how many of some rows have a letter or a digit."""
        return sum(LETTER_OR_DIGIT.search(self.texts[number]) is not None for number in numbers)

    def has_unlike(self, numbers: Iterable[int]) -> bool:
        """Tell whether one of the rows is equal to no other."""
        return not self._unlike.isdisjoint(numbers)


@dataclass(slots=True)
class Rows:
    """The rows of a text: for each its number, its line, and its heading's level (0: it is none).

    `ends` are the last lines of rows: below a heading may stand the line that underlines it. `apart` are
    the rows with a blank line, or nothing, above; `indented` tells that a heading is.
    """

    numbers: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    apart: set[int] = field(default_factory=set)
    indented: bool = False

    def __len__(self) -> int:
        return len(self.numbers)

    def end_of_section(self, row: int) -> int:
        """Return where the section ends whose heading is `row`."""
        level = self.levels[row]
        for end in range(row + 1, len(self)):
            if 0 < self.levels[end] <= level:
                return end
        return len(self)


def read_rows(lines: Sequence[str], names: Names, unlike: Collection[int] = ()) -> Rows:
    """Return the rows of a text's lines; the lines with a number in `unlike` are equal to no others."""
    rows = Rows()
    code = _lines_of_code(lines)
    is_apart = True
    end = -1
    for number, line in enumerate(lines):
        text = line.rstrip()
        if number <= end:
            continue
        if not text:
            is_apart = True
            continue
        level, end = 0, number
        if "#" in text[:4]:
            heading = HEADING_ROW.fullmatch(text)
            if heading is not None and number not in code:
                level = len(heading["level"])
                rows.indented = rows.indented or text[0] == " "
                text = f"# {heading['text']}"
            elif text.startswith("# "):
                text = f"\\{text}"
        elif (is_apart or rows.levels[-1]) and number + 1 < len(lines):
            below = lines[number + 1].rstrip()
            underline = below[-1:] in UNDERLINES and HEADING_UNDERLINE.fullmatch(below)
            title = TITLE_ROW.fullmatch(text) if underline and number not in code else None
            if underline and title:
                level, end = 1 if underline["level"][0] == "=" else 2, number + 1
                text = f"# {title['text']}"
        if is_apart:
            rows.apart.add(len(rows))
            is_apart = False
        rows.numbers.append(names.unlike() if number in unlike else names.number(text))
        rows.lines.append(number)
        rows.ends.append(end)
        rows.levels.append(level)
    return rows


def _lines_of_code(lines: Iterable[str]) -> Collection[int]:
    """Return the numbers of the lines that stand in code fences."""
    text = "\n".join(lines)
    if "```" not in text and "~~~" not in text:
        return ()
    found: set[int] = set()
    line = at = 0
    for span in find_fences(text):
        line += text.count("\n", at, span.start)
        at = span.start
        found.update(range(line, line + text.count("\n", span.start, span.end - 1) + 1))
    return found
