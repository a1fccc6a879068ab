"""Links that call a note by an alias: Obsidian does not follow them, and writes the name before it.

aliases: [AI]    in Artificial Intelligence.md
[[AI]]           leads nowhere; [[Artificial Intelligence|AI]] is meant
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from vaultdeck.compile.note_file import CompiledFile
from vaultdeck.embeds.targets import missing_name
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.spelling import name_key


def hint_at_aliases(files: Iterable[tuple[str, CompiledFile]]) -> Iterator[Diagnostic]:
    """Yield the problems of note files; where a missing note is the alias of one, that is the hint.

    `files` are the compiled files with their paths; of two notes with one alias the first is named.
    """
    files = list(files)
    meant: dict[str, str] = {}
    for path, file in files:
        for alias in file.aliases:
            meant.setdefault(name_key(alias), path)
    for _, file in files:
        for problem in file.problems:
            name = missing_name(problem).removesuffix(".md") if meant else ""
            path = meant.get(name_key(name), "")
            if not path:
                yield problem
                continue
            note = path.rpartition("/")[2][: -len(".md")]
            link = f"![[{note}]]" if problem.code == "embed-not-found" else f"[[{note}|{name}]]"
            hint = f"that is an alias of '{shorten(path)}': write {shorten(link)}"
            yield replace(problem, hint=hint)
