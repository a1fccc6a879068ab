"""What a run found: text for people, annotations for GitHub, JSON for programs."""

from vaultdeck.report.github import github_lines
from vaultdeck.report.summary import (
    as_json,
    change_lines,
    counts,
    lock_types,
    notices,
    several_as_json,
    summary,
    summary_lines,
)
from vaultdeck.report.text import (
    excerpt_lines,
    limited,
    place_of,
    text_lines,
    without_most_missing_ids,
)

__all__ = [
    "as_json",
    "change_lines",
    "counts",
    "excerpt_lines",
    "github_lines",
    "limited",
    "lock_types",
    "notices",
    "place_of",
    "several_as_json",
    "summary",
    "summary_lines",
    "text_lines",
    "without_most_missing_ids",
]
