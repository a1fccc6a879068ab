"""Footnotes.

Text[^1] and text^[with the note in its place].

[^1]: The note, which may
  go on indented,

  also behind a blank line.

Obsidian: names in any letter case; the definition may stand anywhere in the note, and one that
nothing refers to is not shown.

Definitions are read by mdit-py-plugins. Its rules for what refers to them take `[^1](address)`, a link,
for a footnote, and a note within a note for one of its own (golden/obsidian.md, "a link that looks like
one, and a note within a note"), and forget the column at which a note in its place stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkLabel
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from vaultdeck.regexps import regexp

FOOTNOTE_REFERENCE = regexp(r"\[\^(?P<name>[^\s\[\]^]+)\]")
DEFINITION = regexp(r"\[\^[^\s\[\]^]+\]:(?P<space>[ \t]*)")
# How far the lines that belong to a definition are indented at least: in Obsidian, and in the plugin.
INDENT, PLUGIN_INDENT = 2, 4


def footnote_plugin(md: MarkdownIt) -> None:
    """Add tokens `footnote_ref` (`meta`: `name`, `pos`) and, round a note in place, `footnote_inline_*`."""
    md.block.ruler.before("reference", "footnote", _definition, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.before("image", "footnote_ref", _reference)
    md.inline.ruler.before("footnote_ref", "footnote", _inline)


def take_footnotes(tokens: Sequence[Token]) -> tuple[list[Token], dict[str, list[Token]]]:
    """Split block tokens into what is shown in its place and the definitions by name; the first wins."""
    shown: list[Token] = []
    footnotes: dict[str, list[Token]] = {}
    open_: list[list[Token]] = []
    for token in tokens:
        if token.type == "footnote_reference_open":
            open_.append(footnotes.setdefault(token.meta["label"].lower(), []))
            if open_[-1]:
                open_[-1] = []
        elif token.type == "footnote_reference_close":
            open_.pop()
        else:
            (open_[-1] if open_ else shown).append(token)
    return shown, footnotes


def group_footnotes(children: Iterable[Token]) -> Iterator[Token | list[Token]]:
    """Yield inline tokens; those of a note in its place as one list."""
    note: list[Token] | None = None
    for token in children:
        if token.type == "footnote_inline_open":
            note = []
        elif token.type == "footnote_inline_close" and note is not None:
            yield note
            note = None
        elif note is not None:
            note.append(token)
        else:
            yield token
    if note is not None:
        yield from note


def _definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    match = DEFINITION.match(state.src, start, state.eMarks[start_line])
    if match is None:
        return False
    indent = state.blkIndent
    edge, space = state.sCount[start_line] + INDENT, len(match["space"].expandtabs(4))
    # What stands far behind the colon is no indented code.
    state.blkIndent = (edge if space < edge + 4 else space) - PLUGIN_INDENT
    is_found = footnote_def(state, start_line, end_line, silent)
    state.blkIndent = indent
    return is_found


def _reference(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[^", state.pos):
        return False
    match = FOOTNOTE_REFERENCE.match(state.src, state.pos, state.posMax)
    if match is None or state.src.startswith("(", match.end()):
        return False
    if not silent:
        token = state.push("footnote_ref", "", 0)
        token.content = match[0]
        token.meta = {"name": match["name"].lower(), "pos": state.pos}
    state.pos = match.end()
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not state.src.startswith("^[", start) or state.env.get("in_footnote"):
        return False
    end = parseLinkLabel(state, start + 1)
    if end < 0 or not state.src[start + 2 : end].strip():
        return False
    if not silent:
        state.push("footnote_inline_open", "", 1)
        kept = state.posMax
        state.pos, state.posMax = start + 2, end
        state.env["in_footnote"] = True  # no note in a note
        state.md.inline.tokenize(state)
        state.env["in_footnote"] = False
        state.posMax = kept
        state.push("footnote_inline_close", "", -1)
    state.pos = end + 1
    return True
