"""The addresses of links and what embeds show, in which no deletion stands: `[k](https://x.org/?a==&b==)`."""

from __future__ import annotations

from vaultdeck.cards.spans import COVER
from vaultdeck.regexps import regexp

# Where a Markdown link or a picture leads, and what an embed shows.
ADDRESS = regexp(
    r"(?<=\]\()(?:<[^<>\n]*>|(?:[^()<>\s]|\([^()<>\s]*\))+)(?=\)|[ \t]+[\"'(])|(?<=!\[\[)[^\[\]|\n]+"
)


def cover_addresses(text: str) -> str:
    """Return a text of the same length without the addresses in it, where no deletion stands."""
    has_any = "](" in text or "![[" in text
    return ADDRESS.sub(lambda match: COVER * len(match[0]), text) if has_any else text
