"""Problems as annotations of GitHub Actions, shown at their lines in a pull request.

::error file=notes/a.md,line=3,col=1,endLine=3,endColumn=5,title=unclosed-block::message
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vaultdeck.model.diagnostics import Diagnostic, gather
from vaultdeck.report.summary import vault_line
from vaultdeck.report.text import Annotation, often, place_of, printable
from vaultdeck.report.told import Told


def github(all_told: Sequence[Told]) -> Iterator[str]:
    """Yield an annotation for each problem, of a missing target one for each file, and the figures."""
    for told in all_told:
        yield from github_lines(gather(told.places, of_file=True), told.vault)
        yield vault_line(told)


def github_lines(problems: Iterable[Diagnostic], vault: str = ".") -> Iterator[str]:
    """Yield a workflow command for each problem; `vault` is the folder, of which as a whole some are."""
    for problem in problems:
        at = problem.location
        properties: dict[str, object] = {
            "file": at.path,
            "line": at.line,
            "col": at.column,
            "endLine": at.end_line,
            "endColumn": at.end_column,
            "title": problem.code,
        }
        if at.path == vault:
            # Of the vault as a whole: GitHub shows it above the files.
            properties = {"title": problem.code}
        elif at.end_line != at.line:
            # GitHub shows columns only within one line.
            del properties["col"], properties["endColumn"]
        lines = [problem.message + often(problem)]
        lines += [f"embedded at {place_of(embed)}" for embed in reversed(problem.via)]
        lines += [f"hint: {problem.hint}"] if problem.hint else []
        listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        yield Annotation(f"::{problem.severity} {listed}::{_data(chr(10).join(lines))}")


def _data(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
