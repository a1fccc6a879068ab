"""Golden files: each syntax of blocks, each Markdown rule, each kind of embed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import Case, params
from tests.helpers import CONFIG, build, fields, problems, write_vault
from vaultdeck.cards import parse_file
from vaultdeck.cards.directives import read_settings
from vaultdeck.html import guard, render_field
from vaultdeck.markdown import Markdown
from vaultdeck.model import Config, SourceFile


def listing(text: str, config: Config) -> str:
    """Return what a note file says about cards, and what is wrong with it, as the golden files do."""
    source = SourceFile("note.md", text)
    parsed, found = parse_file(source, config)
    lines = []
    deck = read_settings(source, config).deck if parsed.blocks else None
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


@pytest.mark.parametrize("case", params("blocks.md"))
def test_block_is_read_as_written(case: Case) -> None:
    assert listing(case.input, CONFIG) == case.expected.rstrip("\n")


@pytest.mark.parametrize("case", params("markdown.md"))
def test_markdown_becomes_html(case: Case) -> None:
    tokens = Markdown().parse(case.input)[0]
    assert guard(render_field(tokens)).html == case.expected.rstrip("\n")


@pytest.mark.parametrize("case", params("cloze.md"))
def test_cloze_field_becomes_html(case: Case) -> None:
    tokens = Markdown(is_cloze=True).parse(case.input)[0]
    assert guard(render_field(tokens, is_cloze=True), is_cloze=True).html == case.expected.rstrip(
        "\n"
    )


@pytest.mark.parametrize("case", params("embeds.md"))
def test_embed_is_spliced_in(case: Case, tmp_path: Path) -> None:
    """The input is files, each behind `=== path`; the first block's back is the output."""
    vault = write_vault(tmp_path / "vault", case.files)
    result = build(vault)
    shown = [fields(result)["Back"]] if result.linked.notes else []
    shown += problems(result.diagnostics)
    assert "\n".join(shown) == case.expected.rstrip("\n")
