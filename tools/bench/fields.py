"""The fields of all cards as Markdown text, embedded sections pasted in: what stock Markdown renders.

python -m tools.bench.fields fields VAULT FILE      writes them, as JSON
python -m tools.bench.fields notes VAULT COPY       writes all notes so into a copy of the vault
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from vaultdeck.build.session import Session, open_vault
from vaultdeck.cards import parse_file
from vaultdeck.compile.asked import VaultLookup
from vaultdeck.markdown.wikilink import WIKILINK, split_wikilink
from vaultdeck.model import NEWLINE, SourceFile
from vaultdeck.vault.links import split_link

MAX_DEPTH = 5


def card_texts(root: Path) -> list[list[str]]:
    """Return for each card of a vault the texts of its fields, embeds replaced by what they name."""
    session = open_vault(root)
    lookup = VaultLookup(session.vault, session.config)
    texts = []
    for path in session.paths:
        source = session.vault.read_note(path)
        if isinstance(source, SourceFile):
            parsed, _ = parse_file(source, session.config)
            texts += [
                [_expand(field.text, path, session, lookup) for field in block.fields]
                for block in parsed.blocks
            ]
    return texts


def paste_embeds(root: Path, copy: Path) -> None:
    """Write the notes of a vault into a copy of it, embeds replaced by what they name."""
    session = open_vault(root)
    lookup = VaultLookup(session.vault, session.config)
    for path in session.paths:
        source = session.vault.read_note(path)
        if isinstance(source, SourceFile):
            text = _expand(source.text, path, session, lookup)
            (copy / path).write_text(text, encoding="utf-8")


def _expand(text: str, path: str, session: Session, lookup: VaultLookup, depth: int = 0) -> str:
    def paste(match: re.Match[str]) -> str:
        if not match[0].startswith("!") or depth == MAX_DEPTH:
            return match[0]
        link = split_link(split_wikilink(match["inner"])[0])
        found = session.vault.find(link.path, path).path
        if found is None or not found.endswith(".md"):
            return match[0]
        document = lookup.document(found)
        part = document.find(link.subpath) if document else None
        if document is None or part is None:
            return match[0]
        spans = [token.map for token in document.cut(part) if token.map]
        lines = NEWLINE.split(document.text)[spans[0][0] : max(span[1] for span in spans)]
        return _expand("\n".join(lines), found, session, lookup, depth + 1)

    return WIKILINK.sub(paste, text)


if __name__ == "__main__":
    what, vault, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if what == "notes":
        paste_embeds(vault, target)
    else:
        cards = card_texts(vault)
        texts = [text for card in cards for text in card if text]
        target.write_text(json.dumps(texts), encoding="utf-8")
        print(len(cards))
