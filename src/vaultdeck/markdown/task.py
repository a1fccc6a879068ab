"""Task states at the beginning of a list item: `- [ ] open`, `- [x] done`, `- [?] any character`.

The plugin of mdit-py-plugins knows `[ ]` and `[x]` only (golden/markdown.md, "Tasks have a box").
"""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from vaultdeck.regexps import regexp

TASK = regexp(r"\[(?P<state>[^\n])\](?:[ \t]+|$)")


def mark_tasks(tokens: Sequence[Token]) -> None:
    """Take task states out of the text of list items; note them in the text's `meta["task"]`."""
    for index in range(2, len(tokens)):
        token = tokens[index]
        if token.type != "inline" or not token.content.startswith("["):
            continue
        item = tokens[index - 2]
        if item.type != "list_item_open" or tokens[index - 1].type != "paragraph_open":
            continue
        match = TASK.match(token.content)
        if match:
            token.meta["task"] = match["state"]
            item.attrJoin("class", "task-list-item")
            token.content = token.content[match.end() :]
