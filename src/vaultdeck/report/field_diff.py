"""What changes in the fields of a note, as people review it.

Back
@@
 ### Saddle points
-- the gradient vanishes
+- the gradient is zero
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from vaultdeck.build.last_fields import NamedFields, named_fields
from vaultdeck.model import Note
from vaultdeck.model.diagnostics import CONTROL
from vaultdeck.report.field_text import text_lines_of

# How much of a note is shown, and of a line.
MAX_DIFF_LINES = 60
MAX_WIDTH = 200


def diff_lines(before: NamedFields, note: Note) -> Iterator[str]:
    """Yield the lines that differ, field by field."""
    lines = [CONTROL.sub(" ", line) for line in _all_lines(before, named_fields(note))]
    for line in lines[:MAX_DIFF_LINES]:
        yield line if len(line) <= MAX_WIDTH else f"{line[:MAX_WIDTH]}…"
    if len(lines) > MAX_DIFF_LINES:
        yield f"… and {len(lines) - MAX_DIFF_LINES} more lines"


def _all_lines(before: NamedFields, after: NamedFields) -> Iterator[str]:
    for name in {**after, **before}:
        old, new = before.get(name, ""), after.get(name, "")
        if old == new:
            continue
        yield name
        found = list(difflib.unified_diff(text_lines_of(old), text_lines_of(new), n=1, lineterm=""))
        # Behind the names of the two come the parts, each below its numbers of lines.
        yield from ("@@" if line.startswith("@@") else line for line in found[3:])
        if not found:
            yield " (the text is the same: links, pictures or layout differ)"
