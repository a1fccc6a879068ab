"""New IDs in note files: exactly where Obsidian_to_Anki puts them, and not a byte besides.

    …                       …
    Back: a                 Back: a
    END                     <!--ID: 1769619800835-->
                            END

An empty line directly above the end marker takes the ID (the plugin inserts a line and removes the
empty one, which comes to the same).
"""

from __future__ import annotations

from collections.abc import Sequence

from vaultdeck.diagnostics import Diagnostic
from vaultdeck.files import ChangedMeanwhileError, replace_bytes
from vaultdeck.model import CardBlock, Edit, Location, SourceFile
from vaultdeck.vault import Vault


def id_edit(source: SourceFile, block: CardBlock, note_id: int) -> Edit:
    """Return the edit that gives a block an ID; the newline is that of the begin marker's line."""
    mark = f"<!--ID: {note_id}-->"
    text, at = source.text, block.insert_at
    newline = "\r\n" if text[: text.find("\n", block.span.start)].endswith("\r") else "\n"
    for ending in ("\r\n", "\n"):
        if text.endswith(ending, 0, at):
            above = at - len(ending)
            if text.endswith("\n", 0, above):
                return Edit(above, above, mark)
            break
    return Edit(at, at, mark + newline)


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with all edits made; they must not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def write_edits(vault: Vault, source: SourceFile, edits: Sequence[Edit]) -> Diagnostic | None:
    """Make the edits in the note file, or say why not (`not-written`): then it is untouched.

    A file that is not any more as it was read is left alone: its author is at work.
    """
    path, before = vault.root / source.path, source.text.encode()
    try:
        replace_bytes(path, apply_edits(source.text, edits).encode(), expected=before)
        return None
    except ChangedMeanwhileError:
        reason = "it was changed meanwhile"
    except OSError as error:
        reason = error.strerror or str(error)
    message = f"cannot write new IDs into this file: {reason}"
    hint = "its new cards are left out; run again when it can be written"
    return Diagnostic("not-written", Location(source.path), message, hint)
