"""What raw HTML is made of, and files other than notes: drawings, the lock, the settings, note types."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bench.constructs import YAML, Construct

# Raw HTML, in a line.
HTML = [
    '<b title="a">x</b> ', '<p style="color:red">a</p>', '<p style="color:red">', '<a href="b">x</a> ',
    '<a href="obsidian://open?file=a">x</a> ', '<img src="a§.png"> ', '<audio src="a.mp3"></audio> ',
    "<iframe src=x></iframe>", "<wbr>", "<br>", "<ruby>a<rt>", "<details><summary>", "<li>", "</p>",
    "<b>a</i>", "<b a b c>", "<x>", "<p>\\(a", "\\(<wbr>a\\)", "<code>\\(</code>",
]  # fmt: skip
# What stands in a tag, and in one of its attributes.
TAGS = {"attributes of a tag": ('a§="b" ', "<b ", ">x</b>")} | {
    f"{name}: {piece!r}": (piece, f'<b {name}="', '">x</b>')
    for name, pieces in {
        "style": ("color:red;", "rgb(", "a ", ",", "'", "\\6f ", "/**/", "url(a) ", "&#58;"),
        "title": ("a ", "&amp;", "&#1", "<b>", "[sound:a]", "\\("),
        "class": ("a ", "mathjax_process "),
        "href": ("a/", "%41", "&#58;"),
    }.items()
    for piece in pieces
}
# Path → pieces, each with what stands before and behind them.
FILES = {
    "x.svg": [
        (piece, '<svg xmlns="http://www.w3.org/2000/svg">', "</svg>")
        for piece in (
            "<g/>", "<g>", "<g><g/></g>", "<text>a</text>", "a ", "&amp;", "<!-- a -->", "<!--",
            '<use href="#a"/>', '<g id="a§"/>', '<g id="a§"/><use href="#a§"/>', '<g style="fill:red"/>',
            "<style>a{fill:red}</style>", "<g a='", "<?a?>", "<![CDATA[a]]>", "</g>",
            '<path d="M 0 0 L 1 1"/>',
        )
    ] + [
        ("a{fill:red}", '<svg xmlns="http://www.w3.org/2000/svg"><style>', "</style></svg>"),
        ("M0 0L1 1", '<svg xmlns="http://www.w3.org/2000/svg"><path d="', '"/></svg>'),
        ("fill:red;", '<svg xmlns="http://www.w3.org/2000/svg"><g style="', '"/></svg>'),
        ('a§="b" ', '<svg xmlns="http://www.w3.org/2000/svg"><g ', "/></svg>"),
        ("<!ENTITY a§ 'b'>", "<!DOCTYPE svg [", "]><svg/>"),
    ],
    "vaultdeck.lock": [
        (piece, "# vaultdeck.lock 1\nvault\tx\nadopted\n", "# end\n")
        for piece in (
            "§\t-\t1795327542\te05925fc7ec481a7f8cb\t1\tA::B\tBasic\n",
            "§\t-\t1795327542\te05925fc7ec481a7f8cb\t1\tA::B§\tBasic§\n", "a\tb\n", "\t", "a", "\n",
            "type\ta\n", "<<<<<<< HEAD\n", "{", '"',
        )
    ],
    "vaultdeck.yaml": [
        *((piece, "", "") for piece in YAML),
        ("  a§: b\n", "regexps:\n", ""), ("  a§: b\n", "folder_decks:\n", ""),
        ("- a§\n", "tags:\n", ""), ("- a§/**/*\n", "ignore:\n", ""), ("*", "ignore: ['", "']\n"),
        ("(a|", "regexps: {Basic: '(", "'}\n"), ("(a+)+", "regexps: {Basic: '", "'}\n"),
    ],
    "T/style.css": [
        (piece, "", "")
        for piece in ("a{b:c}\n", "{", "}", "url(", "url(a§.png) ", "@import 'a';", "/*", "/**/", "'", "\\",
                      "a ")
    ],
    "T/card.front.html": [
        (piece, "{{Front}}", "")
        for piece in ("{{Front}}", "{{", "}}", "{{#Front}}", "{{/Front}}", "{{#Front}}{{/Front}}", "{{a§}}",
                      "<img src='a§.png'>", "<", "<b>", "\\(", "\\(a\\)", "[sound:a]", "<!--",
                      "<script>a</script>")
    ],
}  # fmt: skip


def other_files() -> Iterator[Construct]:
    """Yield what is no note; the names are unique."""
    for path, pieces in FILES.items():
        for piece, head, tail in pieces:
            inside = head if head != pieces[0][1] else ""
            yield Construct(f"{path} {inside + piece!r}", piece, head, tail, path=path)


def raw_html() -> Iterator[Construct]:
    """Yield raw HTML; the names are unique."""
    for piece in HTML:
        yield Construct(f"html {piece!r}", piece, "<div>", "</div>")
    for name, (piece, head, tail) in TAGS.items():
        yield Construct(name, piece, head, tail)
