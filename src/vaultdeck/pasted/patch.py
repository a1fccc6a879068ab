"""A change of a note file as a diff that `git apply` takes."""

from __future__ import annotations

import difflib

from vaultdeck.regexps import regexp

# What git writes between quotes.
QUOTED = regexp(r'[\x00-\x1f\x7f"\\]')
NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def patch(path: str, before: str, after: str) -> str:
    """Return a unified diff; empty if nothing differs."""
    names = _name(f"a/{path}"), _name(f"b/{path}")
    found = difflib.unified_diff(_lines(before), _lines(after), *names)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found
    )


def _lines(text: str) -> list[str]:
    """Return lines with their newlines; what stands behind the last one is none if it is empty."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _name(path: str) -> str:
    """Return a file's name as git writes it in a diff; behind one with spaces stands a tab."""
    if QUOTED.search(path):
        spelled = QUOTED.sub(lambda m: NAMED.get(m[0], f"\\{ord(m[0]):03o}"), path)
        return f'"{spelled}"'
    return f"{path}\t" if " " in path else path
