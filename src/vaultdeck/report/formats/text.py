"""Problems for a person: warnings, then errors, then the figures of each vault.

notes/a.md:3:1: warning link-not-found: no note or file named 'gone' (2 places)
    see [[gone]]
        ^^^^^^^^
    hint: create it, or correct the name
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vaultdeck.report.screen import screen_lines
from vaultdeck.report.summary import lock_types, vault_line
from vaultdeck.report.text import text_lines
from vaultdeck.report.told import Told


def text(all_told: Sequence[Told]) -> Iterator[str]:
    """Yield notes, what is wrong in each vault that can be read, and how much is wrong in each."""
    for told in all_told if not all_told[0].is_quiet else ():
        yield from (f"note: {notice}" for notice in lock_types(told.build))
    for told in (told for told in all_told if told.is_usable):
        if told.is_brief:
            yield from screen_lines(told, read=told.read)
        else:
            yield from text_lines(told.problems, told.read, is_colored=told.is_colored)
    if not all_told[0].is_quiet:
        yield from map(vault_line, all_told)
