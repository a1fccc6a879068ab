"""The page of problems, `docs/problems.md`: `python -m tools.problems_page` writes it.

One heading a code of `CODES`, with its meaning, and an example that is the code's first case in
`tests/cases/defects`, reported as `check` reports it. `vaultdeck explain` shows a section of this page.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.support.cases import DEFECTS, Case, read_cases
from tests.support.helpers import NOW, write_vault
from vaultdeck import report
from vaultdeck.build.build import build
from vaultdeck.build.options import Mode, Options
from vaultdeck.model.diagnostics import CODES, Diagnostic, UnusableError

PAGE = Path(__file__).parent.parent / "docs" / "problems.md"
# The vault with everything at once, see test_check.py.
WHOLE = "whole.md"
# What to do about the codes of which no text of a note is an example.
ACTIONS = {
    "unreadable-file": "look at the permissions of the file and its name, or split a note that is too long",
    "unreachable-file": "let the program that synchronises load the file, or connect the disk it lies on",
    "encrypted-file": "decrypt them, as by `git-crypt unlock`, or leave them out with the setting `ignore`",
    "not-utf8": "save the file as UTF-8; the place is that of the first byte which is no UTF-8",
    "link-outside-vault": "copy what the link points to into the vault",
    "slow-regexp": "write the pattern so that it begins with `^` and repeats nothing that holds a repetition",
    "not-written": "close the program that holds the file, make it writable, and run the command again",
    "lock-outdated": "run `vaultdeck build`, and commit the note files and vaultdeck.lock",
    "card-too-deep": "move the inner parts out of what surrounds them",
    "card-too-large": "split the card, close a block that is open, or give all cards less by embeds and tags",
    "media-too-large": "make the file smaller",
}
INTRO = """\
# Problems

    notes/Optimization.md:41:1: warning heading-not-found: 'Newton's method.md' has no heading 'Iterations'
        ![[Newton's method#Iterations]]
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: did you mean 'Iteration'?

An error means that a card was left out; a warning that a card was built but something in it is not right,
or that something looks like a card and is none.
Exit codes: 0 no errors, 1 errors (with `--strict` warnings, too), 2 wrong call or settings.

Paths are told as they are seen from where the command runs. What is wrong with one target (a link that leads
nowhere, say) is one problem, with the number of its places. Errors come last. A build, and `check` on a
terminal, show about a screen and count the rest; a build only counts the warnings that the last one told.
`check` in a pipe or with `--format text` shows all. `-q` says nothing but errors;
`--color`, `NO_COLOR` and `FORCE_COLOR` decide on colours.

`--format github` prints annotations, as `check` does by itself inside GitHub Actions; `rdjson` is for
reviewdog and editors, `gitlab` for code quality, `sarif` for code scanning. `json` is one object:
`version` (1), `vault`, `summary`, `notices`, and `diagnostics`, each with `path`, `line`, `column`,
`end_line`, `end_column` (from 1, the end exclusive), `severity`, `code`, `message`, `hint`, `count` (how
many places or embeds lead there), `via` (the embeds, outermost first, for what stands in embedded text)
and `others` (the other places). For several vaults it is `version` and `vaults`, each such an object.
"""


def defect_cases() -> list[Case]:
    """Return the cases of all codes, those of one code together in the order of their files."""
    files = sorted(file.name for file in DEFECTS.glob("*.md") if file.name != WHOLE)
    return [case for name in files for case in read_cases(name, DEFECTS)]


def find_problems(vault: Path, options: Options) -> list[Diagnostic]:
    """Return what a build finds wrong, also where the settings or the lock cannot be used."""
    try:
        return build(vault, NOW, options).diagnostics
    except UnusableError as error:
        return list(error.diagnostics)


def problems_page() -> str:
    """Return the text of the page."""
    examples: dict[str, Case] = {}
    for case in defect_cases():
        examples.setdefault(case.title.partition(":")[0], case)
    sections = [INTRO]
    for name, code in CODES.items():
        sections.append(f"## {name}\n\n{code.severity.capitalize()}: {code.meaning}.\n")
        sections.append(
            _example(examples[name]) if name in examples else f"To do: {ACTIONS[name]}.\n"
        )
    return "\n".join(sections)


def _example(case: Case) -> str:
    with tempfile.TemporaryDirectory() as folder:
        vault = write_vault(Path(folder) / "vault", case.files)
        problems = find_problems(vault, Options(Mode.CHECK))
        told = report.text_lines(problems, lambda path: _read(vault, path))
    shown = [f"=== {path}\n{text}" for path, text in case.files.items()]
    note = "".join(shown) if len(shown) > 1 else next(iter(case.files.values()))
    return f"{_code(note)}\n{_code(chr(10).join(told))}"


def _read(vault: Path, path: str) -> str | None:
    file = vault / path
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _code(text: str) -> str:
    """Return text as an indented block, lines cut where they are too long to read."""
    lines = [line if len(line) <= 110 else f"{line[:109]}…" for line in text.splitlines()]
    return "".join(f"    {line}".rstrip() + "\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(problems_page(), encoding="utf-8")
