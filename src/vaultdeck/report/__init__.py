"""What a run found: text for people, and a format each for the programs that read it.

told.py             what is told of a build, with paths from where one stands
formats/            a module a format, and the table of them
text.py             a problem with its line and caret
field_diff.py       what changes in the fields of a note
summary.py          what a build made and changes in Anki; github_summary.py: as Markdown for a job
survey.py           what `init` finds in a vault; advice.py tells it
profile.py          where the time of a build goes
preview/            the page on which cards are looked at, and its server
stats.py            the figures of a vault; stats_text.py tells them
"""

from vaultdeck.report.formats import FORMATS
from vaultdeck.report.formats.github import github_lines
from vaultdeck.report.formats.text import screen_lines
from vaultdeck.report.summary import change_lines, notices, summary, summary_lines
from vaultdeck.report.text import excerpt_lines, place_of, text_lines
from vaultdeck.report.told import Told

__all__ = [
    "FORMATS",
    "Told",
    "change_lines",
    "excerpt_lines",
    "github_lines",
    "notices",
    "place_of",
]
__all__ += ["screen_lines", "summary", "summary_lines", "text_lines"]
