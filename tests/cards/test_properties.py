"""What holds for any text: the parser never raises, every block is accounted for, math is opaque."""

from __future__ import annotations

import html
import re
from pathlib import Path

import html5lib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from tests.support.helpers import CONFIG
from tests.support.strategies import FRAGMENTS, TEXT
from vaultdeck.cards import blank_blocks, parse_file
from vaultdeck.compile.asked import VaultLookup
from vaultdeck.embeds import CardState, Footnote, resolve
from vaultdeck.html import guard, render_field
from vaultdeck.markdown import Markdown
from vaultdeck.model import NEWLINE, Location, SourceFile
from vaultdeck.vault.folder import FolderWalk
from vaultdeck.vault.names import Vault


@example("TARGET DECK: a::b\r\ntext\r\n")
@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_any_text_is_parsed_and_every_block_accounted_for(text: str) -> None:
    source = SourceFile("a.md", text)
    parsed, problems = parse_file(source, CONFIG)
    for block in parsed.blocks:
        assert text[block.span.start :].startswith("START")
        for field in block.fields:
            lines = field.text.split("\n") if field.text else []
            assert len(lines) <= len(field.origins)
            for line, origin in zip(lines, field.origins, strict=False):
                words = line.split()
                assert not words or text.startswith(words[0], text.find(words[0], origin))
    for problem in problems:
        assert problem.location.line >= 1
    blanked = blank_blocks(source, CONFIG)
    assert len(NEWLINE.findall(blanked)) == len(NEWLINE.findall(text))


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_any_text_renders(text: str) -> None:
    for is_cloze in (False, True):
        tokens = Markdown(is_cloze=is_cloze).parse(text)[0]
        assert isinstance(render_field(tokens, is_cloze=is_cloze), str)


MATH = st.text(
    alphabet=st.sampled_from("abxy01 +-*/=<>&_^{}[]()|\\'\"`!#%~:;,.\n"), min_size=1, max_size=40
)
WRITTEN = re.compile(r"\\\[(.*)\\\]", re.S)


@given(MATH)
@settings(max_examples=500, deadline=None)
def test_display_math_passes_unchanged(tex: str) -> None:
    tex = f"x{tex}x".replace("\\x", "x").replace("\\label", "")
    field = render_field(Markdown().parse(f"before\n\n$$\n{tex}\n$$\n\nafter")[0])
    match = WRITTEN.search(field)
    assert match, field
    shown = [line.strip() for line in html.unescape(match[1]).strip().split("\n")]
    assert shown == [line.strip() for line in f"{tex}".strip().split("\n")]


INLINE = st.text(
    alphabet=st.sampled_from("abxy01 +-*/=<>&_^{}[]()|'\"!#%~:;,."), min_size=1, max_size=40
)


@given(INLINE)
@settings(max_examples=500, deadline=None)
def test_inline_math_passes_unchanged(tex: str) -> None:
    tex = f"x{tex}x"
    field = render_field(Markdown().parse(f"say ${tex}$ *so*")[0])
    assert (
        field == f"say \\({html.escape(tex, quote=True).replace('&#x27;', chr(39))}\\) <em>so</em>"
    )


LOOKUP = VaultLookup(Vault(Path("vault"), FolderWalk({}, {}, [], 0, [])), CONFIG)


def render(text: str, is_cloze: bool) -> str:
    """Return the field that a text becomes in a vault without other files."""

    def locate(inline: Token, start: int, end: int) -> Location:
        return Location("note.md")

    tokens, footnotes = Markdown(is_cloze=is_cloze).parse(text)
    found = {name: Footnote(definition, locate) for name, definition in footnotes.items()}
    resolved = resolve(tokens, "note.md", locate, CardState(is_cloze, found), LOOKUP)
    return guard(render_field(resolved.tokens, is_cloze=is_cloze), is_cloze=is_cloze).html


HTML_TAGS = """<p> </p> <div> </div> <b> </b> <i> </i> <a> <ul> </ul> <li> </li> <ol> </ol> <table>
</table> <tr> </tr> <td> </td> <th> <thead> <tbody> </tbody> <details> </details>
<br> <hr> <h2> </h2> <blockquote> </blockquote> <pre> </pre> <center> </center> <sup> </sup> <u>
</u> <script> </script> <style> </style> <svg> </svg> <form> <button> <textarea> <select> <option>
<img> <iframe> <video> <source> <object> <embed> <base> <meta> <link> <template> <noscript> <math> <!--
--> < > <![CDATA[ ]]> <?x ?>""".split()
HOSTILE = [
    "<a href='https://a.org'>",
    "</a>",
    "<a href='java&#115;cript:x'>",
    "<a href=javascript:x>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://a.org/x.png'>",
    "<svg onload=x>",
    "<p onclick=x style='background:url(//a.org)'>",
    "<iframe srcdoc='<script>x</script>'>",
    "<iframe src=javascript:x>",
    "<details open ontoggle=x>",
    "[x](javascript:x)",
    "$\\href{javascript:x}{y}$",
    "[x](<data:text/html,x>)",
    "<input type=checkbox onfocus=x autofocus>",
    "> [!note]- t\n",
    "https://a.org",
]
HOSTILE_TEXT = st.lists(
    st.sampled_from([*FRAGMENTS, *HTML_TAGS, *HOSTILE, "\n", "\n\n", " ", "text"]), max_size=25
).map("".join)


@given(HOSTILE_TEXT, st.booleans())
@settings(max_examples=500, deadline=None)
def test_html_is_well_formed_and_nothing_in_it_runs(text: str, is_cloze: bool) -> None:
    field = render(text, is_cloze)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parseFragment(field, container="div")
    for element in tree.iter():
        assert element.tag not in FORBIDDEN, field
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), field
            assert name not in ("srcdoc", "formaction"), field
            assert not ACTIVE_ADDRESS.match(value), field
            assert name != "style" or "url" not in value, field
    assert not ACTIVE_MATH.search(field), field


FORBIDDEN = "script style svg form button textarea select object embed base meta link math".split()
ACTIVE_MATH = re.compile(r"\\[(\[](?:(?!\\[)\]]).)*\\href\{java", re.DOTALL)
ACTIVE_ADDRESS = re.compile(r"[\s\x00-\x20]*(?:javascript|data|vbscript|file):", re.IGNORECASE)
