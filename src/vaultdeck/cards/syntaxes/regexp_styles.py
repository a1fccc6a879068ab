"""The card styles that Obsidian_to_Anki's documentation offers as regexps, by name.

A **plain line** is a newline and a line that is neither empty nor begins with `<!--` (an ID). A card ends
with plain lines, and tags or an ID may have to stand in them. The patterns find what the documentation's
find, in linear time:

- Where no card begins at the first line of a paragraph, none begins in it: its lines are skipped.
- Of several lines from which a back can begin, the last one counts. A back that begins above goes no
  further than to the next such line: what stands below was tried before.
"""

from __future__ import annotations

PLAIN_BACK = r"\n(?!<!--).+"
# As a plain line that is no heading either.
BODY = r"\n(?!<!--|#).+"
SKIP = r"(?:.+\n)++(*SKIP)(*FAIL)"


def _plain_to(begin: str) -> str:
    """Return the pattern of plain lines up to, and with, one from which a back can begin."""
    last = rf"\n(?!<!--)(?={begin}).+"
    return rf"(?:(?:\n(?!<!--|{begin}).+)+(?:{last})?|{last})"


def _paragraph(begin: str) -> str:
    """Return the pattern of a paragraph whose card needs one line that begins so."""
    return rf"^(?:((?:.+\n)*{begin}.*{_plain_to(begin)}?)|{SKIP})"


BRACE = r"[^\n{]*+\{"
HIGHLIGHT = r"(?:(?!==).)*+=="
MARKED = r".+ #flashcard ?$"
TERM = r"[^\n:]::[^\n:]"

# name: (note type, pattern in JavaScript's syntax and what `regex` knows beyond it)
STYLES: dict[str, tuple[str, str]] = {
    "header-paragraph": ("Basic", rf"^(?>#+(.+))\n*((?:{BODY})+)"),
    "header3-paragraph": ("Basic", rf"^(?>###+(.+))\n*((?:{BODY})+)"),
    "question-answer": (
        "Basic",
        rf"^Q: (?:((?:.+\n)*)(?|A: (.+{_plain_to('A: .')}?)|\n+A: (.+(?:{PLAIN_BACK})*))"
        rf"|{SKIP})",
    ),
    "remnote": ("Basic", rf"^(.*[^\n:])::([^\n:](?:(?!{TERM}).)*(?:(?={TERM}).{{1,3}})?)"),
    "ruled": ("Basic", rf"^(?:((?:.+\n)+)-{{3,}}({_plain_to('-{3,}$')}?)|{SKIP})"),
    "neuracache": (
        "Basic",
        rf"^(?:((?:.+\n)*.+) #flashcard ?"
        rf"(?|({_plain_to(MARKED)})|\n+((?:{PLAIN_BACK})+))|{SKIP})",
    ),
    "table": ("Basic", r"\|([^\n|]+)\|\n\|[^\n|]*\|\n\|([^\n|]+)\|\n?"),
    "cloze-paragraph": ("Cloze", _paragraph(BRACE)),
    "highlight-cloze": ("Cloze", _paragraph(HIGHLIGHT)),
}
