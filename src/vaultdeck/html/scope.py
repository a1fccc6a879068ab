"""Whose `{{`, `}}` and `::` are deletions: by where in a field of a cloze note a text stands.

    in the note's own text    {{c1::…}} is a deletion
    in a deletion             a `}}` must not end it too early
    in an embed               nothing is a deletion: the text was not written for this note

In fields of other notes none of it means anything, and nothing is rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass

from vaultdeck.html.cloze_marks import mark_all, protect, split_braces
from vaultdeck.html.inert import CLOSE, disarm_closing, disarm_cloze, disarm_opening


@dataclass(slots=True)
class ClozeScope:
    """Where a renderer is: how many embeds and deletions of its field are open."""

    is_cloze: bool
    embeds: int = 0
    deletions: int = 0

    @property
    def is_foreign(self) -> bool:
        """Tell whether the text here is not the note's own."""
        return self.is_cloze and self.embeds > 0

    @property
    def has_own_clozes(self) -> bool:
        """Tell whether the author can write a deletion here."""
        return self.is_cloze and not self.embeds and not self.deletions

    def text(self, html: str) -> str:
        """Return escaped text: the deletions of a note's own text are tokens, so none is left in it."""
        if self.is_foreign:
            return disarm_cloze(html)
        if self.deletions:
            html = disarm_closing(html)
            html = html[:-1] + CLOSE if html.endswith("}") else html
        return disarm_opening(html) if self.is_cloze else html

    def math(self, tex: str) -> str:
        """Return the TeX of a formula, whose own deletions are marked."""
        if self.is_foreign:
            return split_braces(tex).replace("{{", "{ {")
        if self.deletions:
            return split_braces(tex)
        return protect(tex) if self.is_cloze else tex

    def code(self, html: str) -> str:
        """Return escaped code outside of its own deletions."""
        if self.is_foreign or self.deletions:
            return disarm_cloze(html)
        return disarm_closing(disarm_opening(html)) if self.is_cloze else html

    def raw(self, html: str) -> str:
        """Return a piece of raw HTML, whose own deletions are marked."""
        if self.has_own_clozes and "{{c" in html:
            return mark_all(html)
        return disarm_cloze(html) if self.is_foreign or self.deletions else html

    def attributes(self, html: str) -> str:
        """Return escaped attributes of a tag, where no deletion can stand."""
        return disarm_cloze(html) if self.is_cloze else html
