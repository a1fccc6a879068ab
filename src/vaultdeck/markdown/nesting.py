"""Lists that nest by two spaces, whatever the width of the mark above.

1. first
  - nested, though CommonMark wants three spaces here

Writers indent by their editor's habit: by two, three, four spaces or a tab. CommonMark demands the
column of the text above, so that under `1.` two spaces would begin a list beside it.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from vaultdeck.regexps import regexp

LIST_MARK = regexp(r"(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]|$)")
# The least indentation that nests.
STEP = 2


def nesting_plugin(md: MarkdownIt) -> None:
    """Add a block rule that matches nothing: it is asked first in each list item and moves its edge."""
    md.block.ruler.before("table", "nesting", _nesting)


def _nesting(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if silent or not state.tokens or state.tokens[-1].type != "list_item_open":
        return False
    if state.sCount[start_line] - state.blkIndent >= 4:  # an item that begins with indented code
        return False
    mark = max(state.listIndent, _indentation(state, start_line))
    nearest = mark + STEP
    for line in range(start_line + 1, end_line if nearest < state.blkIndent else 0):
        if state.isEmpty(line):
            continue
        indent = state.sCount[line]
        if indent < nearest:
            break
        if indent < state.blkIndent and LIST_MARK.match(state.src, _start(state, line)):
            _move_edge(state, start_line, indent)
            break
        if indent >= state.blkIndent:
            break
    return False


def _move_edge(state: StateBlock, line: int, indent: int) -> None:
    """Let an item that begins on `line` reach as far to the left as `indent`."""
    # The item's first line begins behind its mark now: `getLines` would cut the old edge off it.
    state.bMarks[line], state.tShift[line] = _start(state, line), 0
    # It must not become indented code by this.
    state.sCount[line] = min(state.sCount[line], indent + 3)
    state.blkIndent = indent


def _start(state: StateBlock, line: int) -> int:
    return state.bMarks[line] + state.tShift[line]


def _indentation(state: StateBlock, line: int) -> int:
    """Return how many columns of white space a line begins with; the item's own mark is not space."""
    column = 0
    for char in state.src[state.bMarks[line] : state.eMarks[line]]:
        if char == "\t":
            column += 4 - (column + state.bsCount[line]) % 4
        elif char == " ":
            column += 1
        else:
            break
    return column
