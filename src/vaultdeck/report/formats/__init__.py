"""How problems can be told: a module each, and the table of them by the name of `--format`.

text.py is for people; github.py, gitlab.py, plain.py (`json`), rdjson.py and sarif.py for programs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from vaultdeck.model.value import value
from vaultdeck.report.formats.github import github
from vaultdeck.report.formats.gitlab import gitlab
from vaultdeck.report.formats.plain import plain
from vaultdeck.report.formats.rdjson import rdjson
from vaultdeck.report.formats.sarif import sarif
from vaultdeck.report.formats.text import text
from vaultdeck.report.told import Told


@value(frozen=True, slots=True)
class Format:
    """`write` yields the lines for some vaults; `is_data` is for programs: UTF-8, and nothing beside."""

    write: Callable[[Sequence[Told]], Iterable[str]]
    is_data: bool = True


FORMATS = {
    "text": Format(text, is_data=False),
    "json": Format(plain),
    "github": Format(github, is_data=False),
    "gitlab": Format(gitlab),
    "rdjson": Format(rdjson),
    "sarif": Format(sarif),
}
