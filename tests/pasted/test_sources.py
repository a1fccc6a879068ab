"""What of a note may be a source."""

from __future__ import annotations

from dataclasses import astuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.helpers import CONFIG
from tests.support.strategies import TEXT
from vaultdeck.cards import blank_blocks, parse_file
from vaultdeck.model import NEWLINE, SourceFile
from vaultdeck.pasted.sources import shown_lines

WORDS = ("ID:", *astuple(CONFIG.markers))
BLOCK = "START\nBasic\nq\nBack: a\n<!--ID: 1700000000001-->\nEND\n"


@example("", "\r\n", "", "\n")
@example("---\r\na: b\r\n---\r\n", "# h\r\n", "", "\r\n")
@example("\ufeff", "```anki\n", "```\n", "\n")
@given(TEXT, TEXT, TEXT, st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=300, deadline=None)
def test_lines_of_a_note_are_as_embeds_show_them(
    above: str, between: str, below: str, newline: str
) -> None:
    block = BLOCK.replace("\n", newline)
    text = f"{above}{newline}{block}{between}{newline}{block}{below}"
    source = SourceFile("a.md", text)
    lines = shown_lines(parse_file(source, CONFIG)[0], CONFIG, WORDS, is_bare=False)
    shown = NEWLINE.split(blank_blocks(source, CONFIG))
    assert [line.strip("\ufeff \t") for line in lines] == [
        line.strip("\ufeff \t") for line in shown
    ]
