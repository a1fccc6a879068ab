"""Ask at a mark or line only the rules that can match there.

markdown-it asks every rule at every mark and at every line; most rules decline at all but one character.
Here one rule takes the place of all, and asks those that can match, in their order. A rule that is in no
table is asked everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from vaultdeck.markdown.multiline import may_open
from vaultdeck.regexps import regexp

# Inline rules by name: the characters at which they can match. Text without any of these is read as it is.
INLINE = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
    # ours
    "math": "$",
    "tex_math": "\\",
    "comment": "%",
    "wikilink": "[!",
    "sound": "[",
    "footnote": "^",
    "footnote_ref": "[",
    "highlight": "=",
    "tag": "#",
    "bare_url": ":",
    "cloze": "{}",
}
# Block rules by name: the first character of the line that is no white space.
BLOCK = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
    # ours
    "footnote": "[",
    # Asked where no other mark stands.
    "unmarked": "",
}
BLOCK_MARKS = frozenset("".join(BLOCK.values()))
# What a table's second line or the line below a heading holds.
UNDERLINE = "|-:= \t"
# The chains that block rules go through to learn whether a line ends the block above.
CHAINS = ("paragraph", "reference", "blockquote", "list")
# Text in which no inline rule can match.
PLAIN_TEXT = regexp(rf"[^\r{re.escape(''.join(INLINE.values()))}]+")
# A line of it that is a paragraph, whatever the block rules are: it begins with a letter.
PLAIN_LINE = regexp(rf"(?=[^\W\d_]){PLAIN_TEXT.pattern}(?<!\s)")
Rule = TypeVar("Rule", bound=Callable[..., bool])
# The rules by first character, and those for any other.
Table = tuple[Mapping[str, Sequence[Rule]], Sequence[Rule]]


def ask_by_first_character(md: MarkdownIt) -> None:
    """Replace the rules of a parser by such as ask those that can match; its tokens stay the same.

    To be called behind all `md.use(…)`.
    """
    block = md.block.ruler
    block.before("table", "unmarked", _unmarked_paragraph)
    tables = [(chain, _by_first_character(block, chain, BLOCK)) for chain in ("", *CHAINS)]
    for chain, blocks in tables:
        block.push(f"first {chain}", _ask_block(blocks), {"alt": [chain] if chain else []})
    # The block parser asks whether there is a rule `code`; it declines where others could match.
    block.enableOnly(["code", *(f"first {chain}" for chain, _ in tables)])
    for char in "".join(INLINE.values()):
        md.inline.add_terminator_char(char)
    inline = md.inline.ruler
    inline.push("first", _ask_inline(_by_first_character(inline, "", INLINE)))
    inline.enableOnly("first")


def _by_first_character(ruler: Ruler[Rule], chain: str, begins: Mapping[str, str]) -> Table[Rule]:
    names = dict(zip(ruler.getRules(""), ruler.get_active_rules(), strict=True))
    rules = [(names[rule], rule) for rule in ruler.getRules(chain)]
    characters = {char for name, _ in rules for char in begins.get(name, "")}
    asked = {
        char: [rule for name, rule in rules if char in begins.get(name, char)]
        for char in characters
    }
    return asked, [rule for name, rule in rules if not begins.get(name)]


def _unmarked_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a paragraph that begins with no mark, unless one of its lines may underline the others.

    That is what `table`, `code`, `lheading` and `paragraph` would make of it, each of which looks at
    every line for itself; this one asks at a line that begins with a mark whether the paragraph ends.
    """
    if state.sCount[start] - state.blkIndent > 3:
        return False
    terminators = state.md.block.ruler.getRules("paragraph")
    outer, state.parentType = state.parentType, "paragraph"
    line = start + 1
    while line < state.lineMax:
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if not text:
            break
        # A line to the left is that of a list or quote around, one far to the right only goes on.
        if state.blkIndent <= state.sCount[line] <= state.blkIndent + 3 and not text.strip(
            UNDERLINE
        ):
            state.parentType = outer
            return False
        if (
            0 <= state.sCount[line] <= state.blkIndent + 3
            and (text[0] in BLOCK_MARKS or may_open(text))
            and any(rule(state, line, state.lineMax, True) for rule in terminators)
        ):
            break
        line += 1
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start, line]
    inline = state.push("inline", "", 0)
    inline.content = mdTrim(state.getLines(start, line, state.blkIndent, False))
    inline.map, inline.children = [start, line], []
    state.push("paragraph_close", "p", -1)
    state.parentType = outer
    return True


def _ask_block(table: Table[RuleFuncBlockType]) -> RuleFuncBlockType:
    asked, elsewhere = table

    def ask(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        start = state.bMarks[line] + state.tShift[line]
        for rule in asked.get(state.src[start : start + 1], elsewhere):
            if rule(state, line, end, silent):
                return True
        return False

    return ask


def _ask_inline(table: Table[RuleFuncInlineType]) -> RuleFuncInlineType:
    asked, elsewhere = table

    def ask(state: StateInline, silent: bool) -> bool:
        for rule in asked.get(state.src[state.pos], elsewhere):  # noqa: SIM110
            if rule(state, silent):
                return True
        return False

    return ask
