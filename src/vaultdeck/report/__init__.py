"""What a run found: text for people, and a format each for the programs that read it."""

from vaultdeck.report.formats import FORMATS
from vaultdeck.report.formats.github import github_lines
from vaultdeck.report.summary import (
    build_lines,
    change_lines,
    counts,
    lock_types,
    notices,
    summary,
    summary_lines,
)
from vaultdeck.report.text import excerpt_lines, place_of, text_lines
from vaultdeck.report.told import Told

__all__ = [
    "FORMATS",
    "Told",
    "build_lines",
    "change_lines",
    "counts",
    "excerpt_lines",
    "github_lines",
    "lock_types",
    "notices",
    "place_of",
    "summary",
    "summary_lines",
    "text_lines",
]
