"""Tags as an author writes them → tags as Anki has them.

    Tags: mathematics WS2526      →  mathematics, WS2526
    Tags: grammar, verbs          →  grammar, verbs
    Tags: #algebra/groups         →  algebra::groups

Anki's tags hold no white space and nest with `::`; Obsidian's nest with `/`.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable

from vaultdeck.regexps import regexp

SEPARATORS = regexp(r"[\s,]+")
NESTING = regexp(r"::+|/+")
# Control and formatting characters, which Anki drops or folds.
UNSEEN_CHARACTERS = regexp(r"[\x00-\x08\x0e-\x1b\x7f\u200b-\u200f\u2060\ufeff]")


def split_tags(text: str) -> list[str]:
    """Return the tags that a line names, in order, without repetition."""
    return clean_tags(SEPARATORS.split(text))


def clean_tags(names: Iterable[str]) -> list[str]:
    """Return tags in Anki's form: white space becomes `_`; names of which nothing is left go."""
    cleaned = (_clean_tag(name) for name in names)
    return list(dict.fromkeys(tag for tag in cleaned if tag))


@functools.lru_cache(maxsize=1024)
def _clean_tag(name: str) -> str:
    name = UNSEEN_CHARACTERS.sub("", unicodedata.normalize("NFC", "_".join(name.split()))).lstrip(
        "#"
    )
    return "::".join(part for part in NESTING.split(name) if part)
