"""A callout of tokens as HTML: a frame in the look of its type; `<details>` where it folds.

> [!tip]- Title      <details class="vd-callout vd-tip">
> text                 <summary class="vd-callout-title">Title</summary>  text  </details>
"""

from __future__ import annotations

from markdown_it.token import Token


def open_callout(token: Token, attributes: str) -> str:
    """Return the tag that opens a callout; `attributes` are what it has besides, as HTML."""
    is_open = " open" if token.meta["fold"] == "+" else ""
    return f'<{token.tag} class="vd-callout vd-{token.meta["look"]}"{attributes}{is_open}>'


def open_callout_title(token: Token) -> str:
    """Return the tag that opens the title of a callout."""
    return f'<{token.tag} class="vd-callout-title">'
