"""Edits of note files, and not a byte besides: IDs that are written back, and embeds of pasted sections.

    …                       …
    Back: a                 Back: a
    END                     <!--ID: 1769619800835-->
                            END

`cards.slots` says where that is for each syntax, `compile.placing` which place is taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from vaultdeck.model import CardBlock, Edit, Location, Rewritten, SourceFile
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.vault.names import Vault
from vaultdeck.vault.progress import UNSEEN, Progress
from vaultdeck.vault.write import ChangedMeanwhileError, inside, replace_bytes, uninterrupted


def id_edit(block: CardBlock, note_id: int) -> Edit:
    """Return the edit that gives a card its first ID."""
    slot = block.slots[0]
    return Edit(slot.at, slot.at, f"{slot.before}{note_id}{slot.after}")


def write_edits(
    vault: Vault,
    source: SourceFile,
    edits: Sequence[Edit],
    progress: Progress = UNSEEN,
    *,
    what: str = "new IDs",
    hint: str = "its new cards are left out; run again when it can be written",
) -> Diagnostic | None:
    """Make the edits in the note file, or say why not (`not-written`): then it is untouched.

    A file that has changed since it was read is left alone: its author is at work. `progress` knows of
    the file once it is written, whatever signal comes meanwhile.
    """
    try:
        path = inside(vault.root, source.path)
        with uninterrupted():
            text = Rewritten(source.text, edits).text
            replace_bytes(path, text.encode(), source.text.encode())
            progress.wrote(source.path)
        return None
    except ChangedMeanwhileError:
        reason = "it was changed meanwhile"
    except OSError as error:
        reason = error.strerror or str(error)
    message = f"cannot write {what} into this file: {reason}"
    return Diagnostic("not-written", Location(source.path), message, hint)
