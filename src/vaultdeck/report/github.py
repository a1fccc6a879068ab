"""Problems as annotations of GitHub Actions, shown at their lines in a pull request.

::error file=notes/a.md,line=3,col=1,endLine=3,endColumn=5,title=unclosed-block::message
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vaultdeck.diagnostics import Diagnostic
from vaultdeck.report.text import place_of


def github_lines(diagnostics: Sequence[Diagnostic], folder: str = "") -> Iterator[str]:
    """Yield a workflow command for each problem; `folder` is the vault's path in the repository."""
    for problem in diagnostics:
        at = problem.location
        properties: dict[str, object] = {
            "file": f"{folder}/{at.path}" if folder else at.path,
            "line": at.line,
            "col": at.column,
            "endLine": at.end_line,
            "endColumn": at.end_column,
            "title": problem.code,
        }
        if at.path == ".":
            # Of the vault as a whole: GitHub shows it above the files.
            properties = {"title": problem.code}
        elif at.end_line != at.line:
            # GitHub shows columns only within one line.
            del properties["col"], properties["endColumn"]
        often = f" ({problem.count} times)" if problem.count > 1 else ""
        lines = [problem.message + often]
        lines += [f"embedded at {place_of(embed)}" for embed in reversed(problem.via)]
        lines += [f"hint: {problem.hint}"] if problem.hint else []
        listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        yield f"::{problem.severity} {listed}::{_data(chr(10).join(lines))}"


def _data(text: str) -> str:
    """Escape the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
