"""Words of messages: a number with its noun, a list of names, a user's text cut to one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vaultdeck.regexps import regexp

# How many names are listed.
MAX_NAMES = 10
CONTROL = regexp(r"[\x00-\x1f\x7f-\x9f]")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, `1 note` or `2 notes`; `noun` is that of one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def code_counts(counts: Mapping[str, int]) -> str:
    """Return how many problems of each code there are: `3 half-card, 1 stray-id`."""
    return ", ".join(f"{count} {code}" for code, count in counts.items())


def listed(names: Sequence[str]) -> str:
    """Return names in quotes, of many the first."""
    shown = [f"'{shorten(name)}'" for name in names[:MAX_NAMES]]
    return ", ".join([*shown, "…"] if len(names) > MAX_NAMES else shown)


def shorten(text: str, limit: int = 60) -> str:
    """Return the user's text for use in a message: one line, cut to `limit` characters."""
    text = " ".join(CONTROL.sub(" ", text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
