"""What a note file says and becomes, as tests spell it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.support.helpers import CONFIG, problems, write_vault
from vaultdeck.cards import parse_file
from vaultdeck.cards.directives import read_file_settings
from vaultdeck.compile.note_file import Compiler
from vaultdeck.model import Note, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.vault.names import scan


def listing(text: str, config: Config) -> str:
    """Return what a note file says about cards, and what is wrong with it, as the golden files do."""
    source = SourceFile("note.md", text)
    parsed, found = parse_file(source, config)
    lines = []
    deck = read_file_settings(source, config).deck if parsed.blocks else None
    lines += [f"deck {deck}"] if deck is not None else []
    if parsed.tags:
        lines.append(f"tags {' '.join(parsed.tags)}")
    for block in parsed.blocks:
        at = source.locate(block.span.start, block.span.end)
        lines.append(f"block {at.line}-{at.end_line} {block.note_type}")
        lines += [f"  {f.name}: {f.text!r}" for f in block.fields if f.text]
        lines += [f"  tags: {' '.join(block.tags)}"] if block.tags else []
        lines += [f"  id: {block.id}"] if block.id else []
    lines += [f"{p.code} {p.location.line}:{p.location.column}" for p in found]
    return "\n".join(lines)


def compile_text(text: str, path: str = "a.md", **changes: Any) -> tuple[list[Note], list[str]]:
    """Compile one note file by settings that differ from the defaults in `changes`."""
    with tempfile.TemporaryDirectory() as folder:
        vault, _ = scan(write_vault(Path(folder), {path: text}))
        compiled = Compiler(vault, replace(CONFIG, **changes)).compile_file(path)
    return list(compiled.notes), problems(compiled.problems)
