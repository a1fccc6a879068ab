"""Raw HTML amid Markdown: which tags are open, and what goes with a script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from vaultdeck.regexps import regexp

# How deep raw HTML may nest.
MAX_OPEN_TAGS = 100
SCRIPT = regexp(r"<(?P<name>script|style)\b", re.IGNORECASE)
SCRIPT_END = regexp(r"</(?P<name>script|style)\b", re.IGNORECASE)


class OpenTags:
    """The tags that are open while a field is rendered, so that raw HTML cannot leak out of its place."""

    def __init__(self) -> None:
        # Innermost last; None stands for an element of the Markdown itself.
        self._open: list[str | None] = []

    def enter(self) -> None:
        """Note that an element of the Markdown begins."""
        self._open.append(None)

    def leave(self) -> str:
        """Return what closes the raw HTML that is open in the element that ends."""
        closing = []
        while self._open and (name := self._open.pop()) is not None:
            closing.append(f"</{name}>")
        return "".join(closing)

    def leave_all(self) -> str:
        """Return what closes all raw HTML that is open."""
        closing = [f"</{name}>" for name in reversed(self._open) if name is not None]
        self._open.clear()
        return "".join(closing)

    def open(self, name: str) -> bool:
        """Note a tag that opens; tell whether it may, or nests too deeply."""
        if len(self._open) >= MAX_OPEN_TAGS:
            return False
        self._open.append(name)
        return True

    def close(self, name: str) -> str:
        """Return the closing tags up to `name`; nothing if it was not opened in the same element."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index] is None:
                break
            if self._open[index] == name:
                closing = "".join(f"</{tag}>" for tag in reversed(self._open[index:]))
                del self._open[index:]
                return closing
        return ""


def without_dropped(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield inline tokens without scripts and styles, whose text Markdown sees as plain text."""
    last = {
        match["name"].lower(): index
        for index, token in enumerate(tokens)
        if token.type == "html_inline" and (match := SCRIPT_END.match(token.content))
    }
    ends: str | None = None
    for index, token in enumerate(tokens):
        if last and token.type == "html_inline":
            if ends is None and (match := SCRIPT.match(token.content)):
                name = match["name"].lower()
                ends = f"</{name}" if last.get(name, -1) > index else None
            elif ends and token.content.lower().startswith(ends):
                ends = None
        if ends is None:
            yield token
