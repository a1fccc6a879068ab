"""What notes are made of, each piece to be repeated until it fills a note.

`§` in a piece is a number of 13 digits, another one each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

FIRST_NUMBER = 1_700_000_000_000
OTHER_PLUGINS = (
    "syntaxes: [block, inline, regexp, obsidian-spaced-repetition, flashcards-obsidian]\n"
)
CURLY = "curly_clozes: true\nhighlight_clozes: true\n"


@dataclass(frozen=True, slots=True)
class Construct:
    """A piece of text, what stands before and behind all of its copies, and a vault's settings.

    As content of a card it is the back of a basic note, or the text of a `Cloze` note; with a `path` it
    is the content of that file and of no note.
    """

    name: str
    piece: str
    head: str = ""
    tail: str = ""
    settings: str = ""
    kind: str = "Basic"
    path: str = ""

    def text(self, size: int) -> str:
        """Return about `size` characters, as many whole pieces as fit."""
        count = (size - len(self.head) - len(self.tail)) // len(self.piece.replace("§", 13 * "0"))
        if "§" not in self.piece:
            return self.head + self.piece * count + self.tail
        pieces = (self.piece.replace("§", str(FIRST_NUMBER + number)) for number in range(count))
        return self.head + "".join(pieces) + self.tail


# Runs without a newline between them; the name of each is the piece.
RUNS = [
    "a", "a ", " ", "\u00a0", "\u200b", "\t", "é", "a\u0301", "\u0301", "語", "語*a*", "🙂", "\\",
    "\\\\", "`", "``a", "` ", "a`", "`a``", "$", "$ a", "$a$", "a$", "$$", "$$a", "$$a$$", "\\(",
    "\\(a", "\\[", "\\)", "\\(a\\)", "*", "**", "*a ", "**a", "_", "_a", "__a ", "*_", "~", "~~",
    "~~a", "==", "==a", "==a== ", "=", "[", "]", "[]", "[a", "![", "[[", "![[", "]]", "[[a]]",
    "[[a|b]] ", "[[missing§]] ", "![[§]] ", "[[a#", "[[#", "[a](", "[a](b) ", "[a](<", "[a][",
    "[a](b \"", "(", ")", "^", "^[", "^[a", "^[a] ", "[^", "[^a", "[^1]", "#", "#a", "#a ", "#a/",
    "# ", "&", "&#", "&#1", "&amp", "&amp;", "<", "<a", "<a ", "<a b=\"", "<a>", "</a>", "<b>x",
    "<b>x</b>", "<!", "<!--", "<!-- a --> ", "-->", "<!-", "<?", "<![CDATA[", "<script>",
    "<style>", "<svg>", "<pre>", "<img src=x>", "<https://a.b> ", "https://a.b/ ", "https://a))",
    "www.a.b ", "a@b.c ", "%%", "%%a%% ", "%% ", "|", "a|", "\\|", "{{c1::", "{{c1::a",
    "{{c1::a}} ", "{{c1::a::", "}}", "{", "}", "{a} ", "{a", ":", "::", "a::b ", "::: ", ";;", "?",
    "!", "> ", ">", "- ", "1. ", "\r", "\u2028", "\x00", "\ufeff", "STARTI ", "ENDI ",
    "STARTI [Basic] a Back: b ENDI ", "STARTI [Basic] a <!--ID: §--> ENDI ", "STARTI [",
    "STARTI [Basic] Back: ", "Tags: ", "ID: 1 ", "<!--ID: 1--> ", "<!--ID: §-->", "<!--ID: ",
    "<!--ID:", "<!--ID: x", "<!--SR:!2024-08-16,51,230-->", "`<!--ID: 1-->", "^§ ", "DELETE ",
    "#card ", "#flashcards/a ",
]  # fmt: skip
# Lines.
LINES = [
    "", "a", " a", "    a", "\ta", "a  ", "a\\", "START", "END", "START\nEND", "START\n\nEND",
    " START", " END", "START\n END", "START\n```\nEND\n```", "```\nSTART\n```",
    "```\nSTART\nBasic\na\nBack: b\nEND\n```", "START\nBasic\na\nBack: b\nEND\n",
    "START\nBasic\na\nBack: b\n<!--ID: §-->\nEND\n", "START\nBasic\na\n<!--ID: §-->",
    "START\nNone\na\nEND", "START\nBasic\na\nBakc: b\nEND", "START\nBasic\nEND",
    "START\nCloze\na\nEND", "START\nCloze\n{{c1::a}}\nEND", "STARTI [Basic] a Back: b ENDI",
    "STARTI", "ENDI", "STARTI [None] a ENDI", "STARTI [Basic] a", "Basic", "Back:", "Back: a",
    "Bakc: a", "Front:", "Tags:", "Tags: a b", "Tags: a§", "<!--ID: 1-->", "<!--ID: §-->",
    "<!--ID: x-->", "<!--ID: 12", "ID: 1", "> <!--ID: §-->", "`<!--ID: §-->`", "- ID: §",
    "<!--\nID: 1\n-->", "DELETE", "DELETE\n<!--ID: §-->", "DELETE ID: §", "FROZEN - Basic:",
    "FROZEN - Basic:\na\n", "FROZEN - None:\na", "FROZEN", "FROZEN - ", "TARGET DECK",
    "TARGET DECK: a", "TARGET DECK\na", "TARGET DECK:", "FILE TAGS", "FILE TAGS: a",
    "FILE TAGS: a§", "FILE TAGS\n", "```", "````", "~~~", "```a`", " ```", "- ```", "> ```",
    "```\na\n```", "~~~\na\n~~~", "`", "``", "`a", "`a`", "$", "$a", "$$", "$$\na\n$$", "$a$",
    "a $", "\\(", "\\[", "\\[\na\n\\]", "\\[ a", "%%", "%%a", "%%\na\n%%", "%%a%%", "<!--", "-->",
    "<!-- a -->", "<!-- a", "<!--\na\n-->", "> <!--", "<!-- a --> a", "==", "==a", "==a==", "**a",
    "**", "*a", "_", "~~a", "[[a", "[[a]]", "![[a", "![[missing§]]", "![[#a]]", "![[#missing§]]",
    "![a](b§.png)", "[^1]", "[^1]:", "[^1]: a", "[^§]: a", "[^§]: a\n\n[^§]", "  [^1]: a", "[a]:",
    "[a]: b", "[a§]: b", "[a]: b \"", "[a]: b 'c", "[a]: b (c", "[a]:\nb\n\"", "[a", "[", "[ ]",
    "- [ ] a", "- [x] a", ">", "> a", ">>", "> > a", "> [!note]", "> [!note] a\n> b",
    "> [!note]- a\n>> [!a]", "-", "- a", "- a\n    - b", "- a\n\n    b", "  - a", "* a\n+ a", "1.",
    "1. a", "1) a", "§. a", "- - a", "| a | b |", "|---|---|", "a | b\n---|---",
    "| a |\n|---|\n| b |", "| a |\n|---|\n| `b | $c$ |\n", "---", "***", "===", "a\n---", "a\n===",
    "# a", "# a§", "###### a", "#", "# a\n## b\n### c", "#a", "# ^a", "a ^a§", "^a", "^§",
    "a\n^§\n", "<a", "<a>", "<div>", "</div>", "<div>\na\n</div>", "<div>\n\na\n\n</div>\n",
    "<pre>", "<script>", "<svg>", "<table><tr><td>", "<?", "<!a", "<![CDATA[", "&", "|", "\\",
    "https://a.b", "a\r", "a\r\n", "\x0b", "\x0c", "---\na: b\n---", "--- ", "a: b",
    "<<<<<<< HEAD", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x",
    "```anki\nSTART\nBasic\na\nBack: b\nEND\n```",
]  # fmt: skip
# For other plugins' cards, in notes that are theirs.
OTHERS = [
    "a::b", "a:::b", "a::", "::", ":::", "a::b\n", "a::b ^§", "a::b\n^§", "a::b <!--ID: §-->",
    "a::b <!--ID: §--> <!--SR:!2024-08-16,51,230-->", "a::b\n<!--SR:!2024-08-16,51,230-->",
    "a\n?\nb", "a\n?\nb\n", "?", "a\n?", "??", "?\n", "a #card", "a #card\n", "a #card\nb\n^§\n",
    "a #card\nb", "a #card\n\nb", "a #card-reverse\nb", "a #card-spaced", "# a #card\nb", "#card",
    "#card\n", "a #card #b #c", "#flashcards/a", "#flashcards/a a::b",
    "#flashcards #flashcards/b\n", "==a==", "==a==\n", "{a}", "{a", "{{c1::a}}", "==1;;a;;b==",
    "==a;;b", "^§", "a ^§", "a ^§\n", "a::$$", "$$\na::b\n", "$$\n", "`a::b", "`a::b`", "> ```",
    "<!--", "<!--\n", "<!-- a -->", "<!--\na\n", "-->", "> [!sr|card-metadata]", "> a::b",
    "- a::b", "cards-deck: a", "a: b", "TARGET DECK\na", "START\nBasic\na::b\nEND", "<!--ID: §-->",
    "a\n<!--ID: §-->\n",
]  # fmt: skip
OTHER_RUNS = [
    "a::", "::", "#card ", "#a ", "==a ", "{a", "`a::", "$a::", "<!--a--> ", "<!--SR:!1-->", "^§ ",
    "#flashcards ",
]  # fmt: skip
YAML = [
    "a§: b\n", "- a\n", "a: &a [*a]\n", "b§: *a\n", "  a:\n", "a§: |\n", "{", "[", "- ", "? ", "\t", "'",
    "#\n", "%\n", "a: b: c\n", "\n",
]  # fmt: skip
STYLED = {
    "header-paragraph": ("# a\nb\n", "# a", "#", "a", "\n", "# a\n"),
    "header3-paragraph": ("### a\nb\n", "###"),
    "question-answer": ("Q: a\nA: b\n", "Q: a", "A: b", "a"),
    "remnote": ("a::b", "a", "::", ":"),
    "ruled": ("a\n---\nb\n", "a", "---", "-"),
    "neuracache": ("a #flashcard\nb\n", "a", "a #flashcard", "#flashcard"),
    "table": ("|a|\n|---|\n|b|\n", "|a|", "|"),
    "cloze-paragraph": ("a {b}\n", "a", "{", "{a}"),
    "highlight-cloze": ("a ==b==\n", "a", "=="),
}


def constructs() -> Iterator[Construct]:
    """Yield every construct; the names are unique."""
    for piece in RUNS:
        yield Construct(f"run {piece!r}", piece, "a ")
    for piece in LINES:
        yield Construct(f"line {piece!r}", piece + "\n")
    yield from _nested()
    yield from _properties()
    for piece in (
        "{{c1::a}} ",
        "{{c1::a",
        "{{c1::a::",
        "{{c§::a}} ",
        "}} ",
        "{{c1::$a$}} ",
        "{{c1::`a`}} ",
    ):
        yield Construct(f"cloze run {piece!r}", piece, kind="Cloze")
    for piece in ("{{c1::a}}", "{{c1::", "}}", "{{c1::a\n}}", "- {{c1::a}}", "$${{c1::a}}$$"):
        yield Construct(f"cloze line {piece!r}", piece + "\n", kind="Cloze")
    for piece in (
        "{a} ",
        "{",
        "}",
        "{a",
        "{1:a} ",
        "==a== ",
        "==",
        "==a",
        "$",
        "`",
        "`a``",
        "\\(",
        "\\[",
        "$$a",
    ):
        yield Construct(f"curly run {piece!r}", piece, settings=CURLY, kind="Cloze")
    for piece in (
        "{a}",
        "{a",
        "==a==",
        "```",
        "~~~~",
        "`a",
        "``",
        "$a",
        "$$",
        "\\[ a",
        "{{c1::a}}",
    ):
        yield Construct(f"curly line {piece!r}", piece + "\n", settings=CURLY, kind="Cloze")
    for head in ("#flashcards\n", "#flashcards #card\n"):
        name = "sr" if head == "#flashcards\n" else "both"
        for piece in OTHERS:
            yield Construct(f"{name} line {piece!r}", piece + "\n", head, settings=OTHER_PLUGINS)
        for piece in OTHER_RUNS:
            yield Construct(f"{name} run {piece!r}", piece, head, settings=OTHER_PLUGINS)
    for style, lines in STYLED.items():
        settings = f"regexps:\n  {'Cloze' if 'cloze' in style else 'Basic'}: {style}\n"
        for piece in lines:
            yield Construct(f"{style} line {piece!r}", piece + "\n", settings=settings + CURLY)
        yield Construct(f"{style} run {lines[0]!r}", lines[0].replace("\n", " "), settings=settings)
    for piece in ("TARGET DECK: a§", "TARGET DECK", "a", "START\nBasic\na\nEND"):
        settings = "deck_scope: following\n"
        yield Construct(f"following line {piece!r}", piece + "\n", settings=settings)


def _nested() -> Iterator[Construct]:
    """Yield lines that each stand deeper than the one before, and nests of one line."""
    for mark in ("> ", "- ", "  - ", "1. ", ">"):
        yield Construct(f"deep {mark!r}", mark, "a\n\n", "a")
        yield Construct(
            f"deeper by the line {mark!r}", "".join(mark * n + "a\n" for n in range(60))
        )
    yield Construct("deeper list", "".join("  " * n + "- a\n" for n in range(60)))
    yield Construct("list over blank lines", "- a\n\n")
    yield Construct("quote, then lazy lines", "a\n", "> ")
    yield Construct("list, then lazy lines", "a\n", "- ")
    yield Construct(
        "formula of many lines", "a &= b \\\\\n", "$$\\begin{aligned}\n", "\\end{aligned}$$"
    )
    for piece in (
        "{",
        "\\style{a",
        "\\frac",
        "^",
        "\\left(",
        "\\begin{a}",
        "\\text{",
        "%\n",
        "&",
        "\\def\\a{",
        "a ",
    ):
        yield Construct(f"formula {piece!r}", piece, "$$", "$$")
        yield Construct(f"formulas {piece!r}", f"${piece.strip() or 'a'}$ ")
    yield Construct("code of many lines", "a = 1\n", "```python\n", "```\n")
    yield Construct("code without end", "a = 1\n", "```python\n")
    yield Construct("table of many columns", "| a ", "", "|\n|---|\n")
    yield Construct("table of many rows", "| a | b |\n", "| a | b |\n|---|---|\n")
    yield Construct("long title of a reference", "a ", '[a]: b "', '"\n\n[a]')
    yield Construct("long title without end", "a\n", '[a]: b "')
    yield Construct("comment of many lines", "a\n", "<!--\n", "-->\n")
    yield Construct("comment without end", "a\n", "<!--\n")
    yield Construct("hidden text of many lines", "a\n", "%%\n", "%%\n")
    yield Construct("open brackets, many references", "[a][", "[a]: b\n\n")
    yield Construct("footnotes that call the next", "[^a]: b[^a]\n", "[^a]\n\n")


def _properties() -> Iterator[Construct]:
    """Yield properties."""
    for piece in YAML:
        yield Construct(f"properties {piece!r}", piece, "---\na: &a b\n", "\n---\n")
    yield Construct("many tags as properties", "- a§\n", "---\ntags:\n", "---\n")
    yield Construct("properties without end", "a: b\n", "---\n")
    yield Construct("properties, tags in a line", "a§ ", "---\ntags: ", "\n---\n")
    yield Construct(
        "properties, merged again and again", "a§: &a§ [*a, *a]\n", "---\na: &a b\n", "---\n"
    )
