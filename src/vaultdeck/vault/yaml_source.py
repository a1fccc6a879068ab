"""Settings in YAML with the place of every value, so that each problem is reported where it stands.

A `Sheet` reads values of the kinds that settings have; what is not of its kind is reported, left out,
and reading goes on, so that one run shows all problems.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import yaml

from vaultdeck.model import SourceFile
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.regexps import regexp
from vaultdeck.spelling import did_you_mean

# More is no settings file.
MAX_YAML_LENGTH = 200_000
# The C parser's stack ends at some 20,000 levels of nesting.
MAX_YAML_NESTING = 100
# Where a line begins, and lists that nest on it: `  - - - …`.
LINE_BEGIN = regexp(r"^[ \t]*(?:[-?:][ \t]+)*(?=\S)", re.MULTILINE)
COLUMN = regexp(r"[-?:]|\Z")
FLOW_BRACKET = regexp(r"[\[\]{}]")
# What YAML allows in no text. (`re` compiles large ranges, as all that it allows are, slowly.)
NO_YAML_CHARACTER = regexp(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
# The first line of a conflict that git left.
CONFLICT = regexp(r"^<{7}(?= |\r?$)", re.MULTILINE)
# Control characters, line ends and halves of surrogate pairs: in no name or pattern.
UNENCODABLE = regexp("[\ud800-\udfff]")
UNUSABLE = regexp(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
YAML_TAG = "tag:yaml.org,2002:"
TRUE = ("true", "yes", "on")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def nests_too_deeply(text: str) -> bool:
    """Tell whether brackets, lists or indented lines nest more than `MAX_YAML_NESTING` deep."""
    columns: list[int] = []
    for begin in LINE_BEGIN.findall(text):
        for column in COLUMN.finditer(begin):
            while columns and columns[-1] >= column.start():
                columns.pop()
            columns.append(column.start())
            if len(columns) > MAX_YAML_NESTING:
                return True
    depth = 0
    for char in FLOW_BRACKET.findall(text):
        depth = max(depth + (1 if char in "[{" else -1), 0)
        if depth > MAX_YAML_NESTING:
            return True
    return False


class Sheet:
    """One settings file while it is read: its nodes, and the problems found so far."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.problems: list[Diagnostic] = []
        self.root: yaml.Node | None = self._compose()

    def _compose(self) -> yaml.Node | None:
        text = self.source.text
        unprintable = NO_YAML_CHARACTER.search(text)
        if unprintable:
            message = f"character U+{ord(unprintable[0]):04X} may not stand in YAML"
            return self._fail(unprintable.start(), message)
        conflict = CONFLICT.search(text)
        if conflict:
            message = "a conflict that git left stands in this file"
            return self._fail(conflict.start(), message, "keep one of the two sides")
        if len(text) > MAX_YAML_LENGTH or nests_too_deeply(text):
            return self._fail(0, "this file is too long or nested too deeply")
        try:
            node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = min(mark.index, len(text)) if mark else 0
            if text[at : at + 1] == "\t":
                return self._fail(at, "this line is indented with a tab", "use spaces")
            message = f"this is not valid YAML: {shorten(error.problem or 'cannot be read')}"
            return self._fail(at, message, "put text with ':' or '#' in it between quotes")
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            return self._fail(0, f"this is not valid YAML: {shorten(str(error))}")
        return node

    def _fail(self, at: int, message: str, hint: str = "") -> yaml.Node | None:
        self.problems.append(Diagnostic("bad-config", self.source.locate(at), message, hint))
        return None

    def report(
        self, node: yaml.Node, message: str, hint: str = "", code: str = "bad-config"
    ) -> None:
        """Add a problem at a node, of a mapping or list at its first line."""
        start, end = node.start_mark.index, node.end_mark.index
        location = self.source.locate(start, end)
        if location.end_line > location.line:
            line = self.source.line_span(location.line - 1)
            location = self.source.locate(start, max(line.end, start))
        self.problems.append(Diagnostic(code, location, message, hint))

    def mapping(self, node: yaml.Node, what: str) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """Yield key, its node and the value's of a mapping; a key that stands there twice once."""
        if not isinstance(node, yaml.MappingNode):
            if not is_unset(node):
                self.report(node, f"{what} is {_kind(node)}, not a mapping", "write 'name: value'")
            return
        seen: dict[str, int] = {}
        for key_node, value in node.value:
            key = self.text(key_node, f"a key of {what}", allows_empty=True)
            if key is None:
                continue
            if key in seen:
                message = f"'{shorten(key)}' is set already in line {seen[key]}"
                self.report(key_node, message, "keep one of the two")
                continue
            seen[key] = self.source.locate(key_node.start_mark.index).line
            yield key, key_node, value

    def text(
        self, node: yaml.Node, what: str, *, allows_empty: bool = False, allows_lines: bool = False
    ) -> str | None:
        """Return a text of one line, whatever YAML takes it for: `2024` and `no` are texts here.

        With `allows_lines` it may have several lines, as a regexp may.
        """
        if not isinstance(node, yaml.ScalarNode) or is_unset(node):
            self.report(node, f"{what} is {_kind(node)}, not a text", "put the text on one line")
            return None
        # A text behind `|` or `>` ends with a newline, which belongs to YAML and not to the text.
        value: str = node.value.rstrip("\n") if node.style in ("|", ">") else node.value
        if (UNENCODABLE if allows_lines else UNUSABLE).search(value):
            self.report(node, f"{what} holds a control character or a line break")
            return None
        if not value.strip() and not allows_empty:
            self.report(node, f"{what} is empty", "write a text, or remove the key")
            return None
        return value

    def texts(self, node: yaml.Node, what: str) -> Iterator[tuple[str, yaml.Node]]:
        """Yield each text of a list with its node; a single text counts as a list of one."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if isinstance(node, yaml.MappingNode):
            self.report(node, f"{what} is a mapping, not a list", "write '- value' in each line")
            return
        for item in items:
            value = self.text(item, f"an entry of {what}" if item is not node else what)
            if value is not None:
                yield value, item

    def flag(self, node: yaml.Node, what: str) -> bool | None:
        """Return true or false."""
        if node.tag != YAML_TAG + "bool" or not isinstance(node, yaml.ScalarNode):
            self.report(node, f"{what} is {_kind(node)}, not true or false", "write true or false")
            return None
        return node.value.lower() in TRUE

    def number(self, node: yaml.Node, what: str, limit: int) -> int | None:
        """Return a number from 1 to `limit`."""
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        if not re.fullmatch(r"[0-9]{1,19}", value) or not 0 < int(value) <= limit:
            self.report(node, f"{what} is not a number from 1 to {limit}")
            return None
        return int(value)

    def choice(self, node: yaml.Node, what: str, names: Collection[str]) -> str | None:
        """Return a text that is one of `names`."""
        value = self.text(node, what)
        if value is None or value in names:
            return value
        self.unknown(node, value, what, names, "bad-config")
        return None

    def unknown(
        self, node: yaml.Node, value: str, what: str, names: Collection[str], code: str
    ) -> None:
        """Report a name that means nothing, with the nearest that does."""
        self.report(node, f"unknown {what} '{shorten(value)}'", did_you_mean(value, names), code)


def is_unset(node: yaml.Node) -> bool:
    """Tell whether a key has no value, as when all below it is commented out."""
    return isinstance(node, yaml.ScalarNode) and node.tag == YAML_TAG + "null"


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "empty" if is_unset(node) else "a text"
