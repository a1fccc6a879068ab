"""The card styles that Obsidian_to_Anki's documentation offers as regexps, by name.

A **plain line** is a newline and a line that is neither empty nor begins with `<!--` (an ID).

The patterns find what the documentation's find. Those try a paragraph again from each of its lines, and the
text behind each mark (`A: `, `---`, `{`…) again for each mark before it:

- Where no card begins at a line, none begins further down its paragraph: `NONE_BELOW` passes over it.
- The last mark that fits makes the card. Text behind a mark ends at the next one: what lies behind that was
  tried with it. Only the text below an empty line holds no other choice.

`(?|…)` numbers the groups of its alternatives alike; `(?>…)`, `++` and `(*SKIP)` are of the library `regex`.
"""

from __future__ import annotations

PLAIN_BACK = r"\n(?!<!--).+"
# As a plain line that is no heading either.
BODY = r"\n(?!<!--|#).+"
# The rest of a paragraph, in which no card begins.
NONE_BELOW = r"(?:.++\n)++(*SKIP)(*FAIL)"
UNBRACED = r"[^{\n\r\u2028\u2029]"
# What makes a line a card of `remnote`.
COLONS = r"(?<!:)::[^\n:]"

# name: (note type, pattern in JavaScript's syntax)
STYLES: dict[str, tuple[str, str]] = {
    "header-paragraph": ("Basic", rf"^(?>#+(?=.))(.++)\n*((?:{BODY})+)"),
    "header3-paragraph": ("Basic", rf"^##(?>#+(?=.))(.++)\n*((?:{BODY})+)"),
    "question-answer": (
        "Basic",
        rf"^Q: (?|((?:.++\n)*)(?|\n+A: (.+(?:{PLAIN_BACK})*)"
        rf"|A: (.+(?:\n(?!<!--|A: .).+)*(?:\nA: )?))|{NONE_BELOW})",
    ),
    "remnote": ("Basic", rf"^(.*(?!:).)::([^\n:](?:(?!{COLONS}).)*(?:::)?)"),
    "ruled": (
        "Basic",
        rf"^(?:((?:.++\n)+)-{{3,}}((?:\n(?!<!--|-{{3,}}$).+)*)|{NONE_BELOW})",
    ),
    "neuracache": (
        "Basic",
        rf"^(?|((?:.++\n)*.+) #flashcard ?(?|\n+((?:{PLAIN_BACK})+)"
        rf"|((?:\n(?!<!--|.+ #flashcard ?$).+)*{PLAIN_BACK}))|{NONE_BELOW})",
    ),
    "table": ("Basic", r"\|([^\n|]+)\|\n\|[^\n|]*\|\n\|([^\n|]+)\|\n?"),
    "cloze-paragraph": (
        "Cloze",
        rf"^(?:((?:.++\n)*{UNBRACED}*\{{.*(?:\n(?!<!--){UNBRACED}+)*)|{NONE_BELOW})",
    ),
    "highlight-cloze": (
        "Cloze",
        rf"^(?:((?:.++\n)*(?:(?!==).)*==.*(?:\n(?!<!--)(?:(?!==).)+)*)|{NONE_BELOW})",
    ),
}
