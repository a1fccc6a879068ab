"""The card styles that Obsidian_to_Anki's documentation offers as regexps, by name.

A **plain line** is a newline and a line that is neither empty nor begins with `<!--` (an ID).
"""

from __future__ import annotations

PLAIN_BACK = r"\n(?!<!--).+"
# As a plain line that is no heading either.
BODY = r"\n(?!<!--|#).+"

# name: (note type, pattern in JavaScript's syntax)
STYLES: dict[str, tuple[str, str]] = {
    "header-paragraph": ("Basic", rf"^#+(.+)\n*((?:{BODY})+)"),
    "header3-paragraph": ("Basic", rf"^###+(.+)\n*((?:{BODY})+)"),
    "question-answer": ("Basic", rf"^Q: ((?:.+\n)*)\n*A: (.+(?:{PLAIN_BACK})*)"),
    "remnote": ("Basic", r"^(.*[^\n:])::([^\n:].*)"),
    "ruled": ("Basic", rf"^((?:.+\n)+)-{{3,}}((?:{PLAIN_BACK})*)"),
    "neuracache": ("Basic", rf"^((?:.+\n)*.+) #flashcard ?\n*((?:{PLAIN_BACK})+)"),
    "table": ("Basic", r"\|([^\n|]+)\|\n\|[^\n|]*\|\n\|([^\n|]+)\|\n?"),
    "cloze-paragraph": ("Cloze", rf"^((?:.+\n)*[^\n{{]*\{{.*(?:{PLAIN_BACK})*)"),
    "highlight-cloze": ("Cloze", rf"^((?:.+\n)*(?:(?!==).)*==.*(?:{PLAIN_BACK})*)"),
}
