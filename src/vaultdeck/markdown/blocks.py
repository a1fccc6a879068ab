"""The block parser, asking only the rules that can match; see `dispatch`.

Three rules go by more than the first character of a line, and are asked only where that is there:
indented code by its indentation, a table by its second line, a heading with an underline by the
underline.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock, RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType

from vaultdeck.markdown.states import BlockState
from vaultdeck.markdown.triggers import BLOCK, by_first_character, rules_by_name

# The underline that makes a heading of the paragraph above.
UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")
UNDERLINE_END = re.compile(r"[=-][ \t]*(?:\n|\Z)")
# What the second line of a table begins with.
TABLE_ROW = frozenset("|-:")
Rules = tuple[RuleFuncBlockType, ...]


class BlockRuler(Ruler[RuleFuncBlockType]):
    """The rules of another ruler; those that a chain has in a row are asked as one.

    Rules go through a chain to learn whether a line ends the paragraph, list or quote above.
    """

    def __init__(self, stock: Ruler[RuleFuncBlockType]) -> None:
        vars(self).update(vars(stock))
        self._chains: dict[str, tuple[object, list[RuleFuncBlockType]]] = {}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:  # noqa: N802, N803
        """Return the rules of a chain, in the order in which they are to be asked."""
        rules = super().getRules(chainName)
        if not chainName or not rules:
            return rules
        known = self._chains.get(chainName)
        if known is None or known[0] is not rules:
            known = self._chains[chainName] = (rules, self._join(rules))
        return known[1]

    def _join(self, rules: list[RuleFuncBlockType]) -> list[RuleFuncBlockType]:
        names = {id(rule): name for name, rule in rules_by_name(self)}
        joined: list[RuleFuncBlockType] = []
        row: list[tuple[str, RuleFuncBlockType]] = []
        for rule in rules:
            name = names[id(rule)]
            if name in BLOCK or name == "table":
                row.append((name, rule))
                continue
            joined += [_ask_one_of(row)] if row else []
            joined.append(rule)
            row = []
        return [*joined, _ask_one_of(row)] if row else joined


def _ask_one_of(rules: list[tuple[str, RuleFuncBlockType]]) -> RuleFuncBlockType:
    """Return a rule that asks those of `rules` that can match, in their order."""
    with_table, tables = by_first_character(rules, BLOCK)
    without_table, nothing = by_first_character([r for r in rules if r[0] != "table"], BLOCK)

    def ask(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        char = _first_character(state, line)
        if tables and _begins_table(state, line):
            asked = with_table.get(char, tables)
        else:
            asked = without_table.get(char, nothing)
        for rule in asked:  # noqa: SIM110
            if rule(state, line, end, silent):
                return True
        return False

    return ask


class _Plan(NamedTuple):
    """What to ask where; made anew when rules are enabled or added."""

    made_of: list[RuleFuncBlockType]
    all: Rules
    # The rules by first character, and the others: for a line that may begin a table or does not,
    # of a paragraph that may have an underline or has none.
    lines: dict[tuple[bool, bool], tuple[dict[str, Rules], Rules]]


class BlockParser(ParserBlock):
    """A block parser with the rules of another one."""

    def __init__(self, stock: ParserBlock) -> None:
        vars(self).update(vars(stock))
        self.ruler = BlockRuler(stock.ruler)
        self._plan = self._make_plan()

    def _make_plan(self) -> _Plan:
        rules = rules_by_name(self.ruler)
        lines = {}
        for is_table in (False, True):
            for is_underlined in (False, True):
                asked = [
                    (name, rule if name != "lheading" or is_underlined else _decline_underline)
                    for name, rule in rules
                    if name != "code" and (name != "table" or is_table)
                ]
                lines[is_table, is_underlined] = by_first_character(asked, BLOCK)
        return _Plan(self.ruler.getRules(""), tuple(rule for _, rule in rules), lines)

    def parse(
        self,
        src: str,
        md: MarkdownIt,
        env: EnvType,
        outTokens: list[Token],  # noqa: N803
    ) -> list[Token] | None:
        """Append the block tokens of `src` to `outTokens`."""
        if not src:
            return None
        state = read_lines(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803
        """Append the tokens of the lines from `startLine` to `endLine`."""
        plan = self._plan
        if self.ruler.getRules("") is not plan.made_of:
            self._plan = plan = self._make_plan()
        line, deepest = startLine, state.md.options["maxNesting"]
        has_empty_lines = False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            if state.level >= deepest:
                state.line = endLine
                break
            for rule in _choose(plan, state, line, endLine):
                if rule(state, line, endLine, False):
                    break
            else:
                raise RuntimeError("none of the block rules matched")
            state.tight = not has_empty_lines
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                has_empty_lines = True
            if line < endLine and state.isEmpty(line):
                has_empty_lines = True
                line += 1
                state.line = line


def _choose(plan: _Plan, state: StateBlock, line: int, end: int) -> Rules:
    """Return the rules to ask at a line that is not empty."""
    if state.sCount[line] - state.blkIndent >= 4:
        return plan.all
    may_be = _begins_table(state, line), _is_underlined(state, line, end)
    asked, elsewhere = plan.lines[may_be]
    return asked.get(_first_character(state, line), elsewhere)


def _first_character(state: StateBlock, line: int) -> str:
    """Return the first character of a line behind its indentation; none at the end of the text."""
    start = state.bMarks[line] + state.tShift[line]
    return state.src[start : start + 1]


@functools.lru_cache(maxsize=16)
def _has_bar(text: str) -> bool:
    """Tell whether there is any bar in a text, without which there is no table; remembered."""
    return "|" in text


@functools.lru_cache(maxsize=16)
def _may_underline(text: str) -> bool:
    """Tell whether any line of a text ends as an underline does; remembered."""
    return UNDERLINE_END.search(text) is not None


def _begins_table(state: StateBlock, line: int) -> bool:
    return _has_bar(state.src) and _first_character(state, line + 1) in TABLE_ROW


def _is_underlined(state: StateBlock, line: int, end: int) -> bool:
    """Tell whether one of the lines up to the next empty one is an underline."""
    if not _may_underline(state.src):
        return False
    for number in range(line + 1, end):
        start, stop = state.bMarks[number] + state.tShift[number], state.eMarks[number]
        if start >= stop:
            return False
        if state.src[start] in "=-" and UNDERLINE.fullmatch(state.src, start, stop):
            return True
    return False


def _decline_underline(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Do what the rule `lheading` does when it finds no underline: it leaves this behind."""
    if not state.is_code_block(line):
        state.parentType = "paragraph"
    return False


def read_lines(src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> StateBlock:
    """Return the state in which the block parser begins.

    `StateBlock` looks at each character by itself to find where lines and their text begin; of the
    state of an empty text only these five lists and `lineMax` are different.
    """
    state = BlockState("", md, env, tokens)
    state.src = src
    begins, ends, shifts, columns = [], [], [], []
    begin = 0
    lines = src.split("\n")
    last = lines.pop()
    if last.strip(" \t"):
        # Without a newline behind it, a line of white space does not count.
        lines.append(last)
    for text in lines:
        shift = len(text) - len(text.lstrip(" \t"))
        begins.append(begin)
        begin += len(text)
        ends.append(begin)
        begin += 1
        shifts.append(shift)
        columns.append(len(text[:shift].expandtabs(4)) if shift else 0)
    # An entry behind the last line, which rules may look at.
    state.bMarks = [*begins, len(src)]
    state.eMarks = [*ends, len(src)]
    state.tShift = [*shifts, 0]
    state.sCount = [*columns, 0]
    state.bsCount = [0] * len(state.bMarks)
    state.lineMax = len(lines)
    return state
