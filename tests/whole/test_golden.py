"""Golden files: each syntax of blocks, each Markdown rule, each kind of embed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cases import Case, params
from tests.support.helpers import CONFIG, build, fields, problems, write_vault
from tests.support.reading import listing
from vaultdeck.html import guard, render_field
from vaultdeck.markdown import Markdown


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
    shown = [fields(result)["Back"]] if result.stamped.notes else []
    shown += problems(result.diagnostics)
    assert "\n".join(shown) == case.expected.rstrip("\n")
