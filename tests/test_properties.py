"""What holds for any text: the parser never raises, every block is accounted for, math is opaque."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import CONFIG
from vaultdeck.markdown import Markdown
from vaultdeck.model import NEWLINE, SourceFile
from vaultdeck.parse import blank_blocks, parse_file
from vaultdeck.render import render_field

# fmt: off
FRAGMENTS = [
    "START", "END", " END", "START ", "ENDING", "Basic", "Cloze", "Basic (and reversed card)",
    "Back:", "Back: a", "Front: b", "Tags: x, y", "Tags:", "<!--ID: 1700000000001-->", "ID: 5",
    "<!--ID:", "TARGET DECK", "TARGET DECK: a::b", "FILE TAGS: t", "---", "***", "```", "````",
    "~~~", "```py", "$$", "$", "$x$", "%%", "> ", "- ", "\t- ", "1. ", "# h", "## h ##", "===",
    "![[a]]", "[[a|b]]", "![[#h]]", "^id", "| a | b |\n|---|---|", "<div>", "</div>",
    "<!-- c -->", "{{c1::", "}}", "::", "\\(", "\\)", "\\[", "\\]", "\\", "`", "``", "*", "**",
    "_", "~~", "==", "[x](y)", "![x](y.png)", "[^1]", "&amp;", "&#31;", "\r\n", "\r",
    "\ufeff", "\u200b", "\u2028", "\x00", "\xe9", "e\u0301", "\U0001f600",
]
# fmt: on
TEXT = st.lists(
    st.one_of(st.sampled_from([*FRAGMENTS, "\n", "\n\n", " "]), st.text(max_size=5)), max_size=60
).map("".join)


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
    blanked = blank_blocks(source, CONFIG.markers)
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
