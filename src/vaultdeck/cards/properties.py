"""Properties: the YAML at the very top of a note file.

---
tags: [algebra, groups]
TARGET DECK: Mathematics::Algebra
deck: "[[Algebra]]"
---

As in Obsidian, the letter case of their names does not matter. The plugin `front_matter` of mdit-py-plugins
takes lines of four dashes as well, and none below a byte order mark; its tokens have no offsets, either.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import yaml

from vaultdeck.model import SourceFile
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.regexps import regexp
from vaultdeck.vault.yaml_source import nests_too_deeply

FRONT_MATTER = regexp(r"\ufeff?---[ \t]*\r?\n(?P<yaml>(?:.*\n)*?)---[ \t]*\r?(?:\n|\Z)")
# More is no list of properties.
MAX_PROPERTIES_LENGTH = 200_000
# A text that is a link and nothing else: it means the name that it leads to.
LINK = regexp(r"\[\[(?P<path>[^\]|#^]*)[^\]]*\]\]|\[[^\]]*\]\((?P<address>[^)\s]+)\)")
# Other names of the note; most notes have the property without a value.
ALIASES_LINE = regexp(
    r"^[\"']?alias(?:es)?[\"']?[ \t]*:[ \t]*(?:[^\s\[]|\[\s*[^\s\]]|\r?\n[ \t]*-)",
    re.MULTILINE | re.IGNORECASE,
)
# A property in one line, and what no text without quotes may hold.
PROPERTY = regexp(r"(?P<name>[^\s:#][^:]*):[ ]+(?P<value>[^\s\"'\[{|>].*)")
NO_PLAIN_TEXT = regexp(r"[@`*&!%]|.*:(?:[ ]|$)")
EMPTY = ("", "~", "null", "Null", "NULL")
# All values are texts: no tag or deck is meant as a number, a date or a merge of mappings.
_TextLoader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def end_of_properties(text: str) -> int:
    """Return the offset just behind the properties, 0 if there are none."""
    match = FRONT_MATTER.match(text)
    return match.end() if match else 0


def read_properties(source: SourceFile) -> tuple[dict[str, Any], list[Diagnostic]]:
    """Return the properties by name in lower case, the first of two that differ in nothing but case.

    Empty if they are missing or broken (`bad-properties`).
    """
    match = FRONT_MATTER.match(source.text)
    if match is None:
        return {}, []
    text = match["yaml"].replace("\t", "    ")
    if len(text) > MAX_PROPERTIES_LENGTH or nests_too_deeply(text):
        return {}, [_bad(source, 0, "they are too long or nested too deeply")]
    try:
        data = yaml.load(text, Loader=_TextLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return {}, [_bad(source, line, error.problem or "they cannot be read")]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return {}, [_bad(source, 0, str(error))]
    if not isinstance(data, dict):
        return {}, []
    properties: dict[str, Any] = {}
    for name, value in data.items():
        properties.setdefault(str(name).casefold(), value)
    return properties, []


def _bad(source: SourceFile, line: int, problem: str) -> Diagnostic:
    span = source.line_span(line)
    written = source.text[span.start : span.end].strip()
    found = PROPERTY.fullmatch(written)
    hint = "put text with ':' or '#' in it between quotes"
    if "%%" in written:
        problem = "'%%' begins no comment in them"
        hint = "remove the comment, or put the text between quotes"
    elif "<%" in written:
        hint = "list templates under `ignore` in vaultdeck.yaml"
    elif found and NO_PLAIN_TEXT.match(found["value"]):
        problem = f"'{found['value']}' has no quotes"
        mark = "'" if '"' in found["value"] else '"'
        hint = f"write `{found['name']}: {mark}{shorten(found['value'])}{mark}`"
    message = f"the properties are not valid YAML, and not read: {shorten(problem)}"
    return Diagnostic("bad-properties", source.place(span), message, hint)


def read_aliases(source: SourceFile) -> tuple[str, ...]:
    """Return the other names that a note has by its properties; Obsidian parts a text at commas."""
    if not ALIASES_LINE.search(source.text, 0, end_of_properties(source.text)):
        return ()
    properties, _ = read_properties(source)
    values = (properties.get(name) for name in ("aliases", "alias"))
    lists = (value.split(",") if isinstance(value, str) else texts_of(value) for value in values)
    names = (" ".join(name.split()) for found in lists for name in found)
    return tuple(name for name in dict.fromkeys(names) if name not in EMPTY)


def name_of(value: object) -> str | None:
    """Return a property's value as a name, of a link that of its note; None if it is no single name.

    A link without quotes, `deck: [[Algebra]]`, is a list for YAML; so may be a single name.
    """
    depth = 0
    while isinstance(value, list) and len(value) == 1:
        value, depth = value[0], depth + 1
    if not isinstance(value, str) or value.strip() in EMPTY:
        return None
    link = LINK.fullmatch(value.strip() if depth < 2 else f"[[{value}]]")
    if link is None:
        return value.strip()
    path = link["path"] or unquote(link["address"] or "")
    return path.rpartition("/")[2].removesuffix(".md").strip() or None


def texts_of(value: object) -> list[str]:
    """Return a property's value as a list of texts: a text is split, a list taken item by item."""
    if isinstance(value, str):
        return [] if value in EMPTY else re.split(r"[\s,]+", value)
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str) and item not in EMPTY]
    return []
