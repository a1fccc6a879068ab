"""The card styles that Obsidian_to_Anki's documentation offers as regexps, by name.

A **plain line** is a newline and a line that is neither empty nor begins with `<!--` (an ID). A card ends
with plain lines, and tags or an ID may have to stand in them. The patterns find what the documentation's
find, but in linear time, in `re`:

- Where no card begins at the first line of a paragraph, none begins in it: `SKIPPED` says what to pass.
- Of several lines from which a back can begin the last one counts. A back that begins above goes no
  further than to the next such line: what stands below was tried before.
"""

from __future__ import annotations

PLAIN_BACK = r"\n(?!<!--).+"
# As a plain line that is no heading either.
BODY = r"\n(?!<!--|#).+"
# A heading's text behind its marks; of marks alone the last one is the text.
TITLE = r"((?!#).+|#$)"


def _plain_to(begin: str) -> str:
    """Return the pattern of plain lines up to, and with, one from which a back can begin."""
    last = rf"\n(?!<!--)(?={begin}).+"
    return rf"(?:(?:\n(?!<!--|{begin}).+)+(?:{last})?|{last})"


def _paragraph(begin: str) -> str:
    """Return the pattern of a paragraph of which one line must begin so."""
    return rf"^((?:.+\n)*{begin}.*{_plain_to(begin)}?)"


TERM = r"[^\n:]::[^\n:]"
BELOW_EMPTY_LINE = rf"(?<=\n\nA: ).+(?:{PLAIN_BACK})*"
ANSWER = rf"(?<!\n\nA: ).+{_plain_to('A: .')}?"
BACK = rf"(?<=\n)(?:{PLAIN_BACK})+|(?<!\n){_plain_to('.+ #flashcard ?$')}"

# name: (note type, pattern in JavaScript's syntax)
STYLES: dict[str, tuple[str, str]] = {
    "header-paragraph": ("Basic", rf"^#+{TITLE}\n*((?:{BODY})+)"),
    "header3-paragraph": ("Basic", rf"^###+{TITLE}\n*((?:{BODY})+)"),
    "question-answer": ("Basic", rf"^Q: ((?:.+\n)*)\n*A: ({BELOW_EMPTY_LINE}|{ANSWER})"),
    "remnote": ("Basic", rf"^(.*[^\n:])::([^\n:](?:(?!{TERM}).)*(?:(?={TERM}).{{1,3}})?)"),
    "ruled": ("Basic", rf"^((?:.+\n)+)-{{3,}}({_plain_to('-{3,}$')}?)"),
    "neuracache": ("Basic", rf"^((?:.+\n)*.+) #flashcard ?\n*({BACK})"),
    "table": ("Basic", r"\|([^\n|]+)\|\n\|[^\n|]*\|\n\|([^\n|]+)\|\n?"),
    "cloze-paragraph": ("Cloze", _paragraph(r"[^\n{]*\{")),
    "highlight-cloze": ("Cloze", _paragraph("(?:(?!==).)*==")),
}

# What is passed where a style finds no card.
SKIPPED: dict[str, str] = {
    STYLES["question-answer"][1]: r"^Q: (?:.+\n)+",
    **{
        STYLES[name][1]: r"^(?:.+\n)+"
        for name in ("ruled", "neuracache", "cloze-paragraph", "highlight-cloze")
    },
}
