"""What rules begin with: the characters at which `dispatch` asks them, by registered name.

A rule that is in no table is asked everywhere, as markdown-it would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from markdown_it.ruler import Ruler

# Inline rules: the character at the position at which they are asked.
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
    "footnote": "^",
    "footnote_ref": "[",
    "highlight": "=",
    "tag": "#",
    "bare_url": ":",
    "cloze": "{}",
}
# Block rules: the first character of the line that is no white space.
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
}

Rule = TypeVar("Rule", bound=Callable[..., Any])


def rules_by_name(ruler: Ruler[Rule]) -> list[tuple[str, Rule]]:
    """Return the active rules of a ruler with their names, in the order in which they are asked."""
    return list(zip(ruler.get_active_rules(), ruler.getRules(""), strict=True))


def by_first_character(
    rules: Sequence[tuple[str, Rule]], table: Mapping[str, str]
) -> tuple[dict[str, tuple[Rule, ...]], tuple[Rule, ...]]:
    """Return for each character of `table` the rules to ask, and those to ask at any other one."""
    characters = {char for name, _ in rules for char in table.get(name, "")}
    return (
        {
            char: tuple(rule for name, rule in rules if char in table.get(name, char))
            for char in characters
        },
        tuple(rule for name, rule in rules if name not in table),
    )
