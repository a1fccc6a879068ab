"""What is told of cards that hold pasted sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vaultdeck.compile.asked import VaultLookup
from vaultdeck.model import ParsedFile, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic, counted
from vaultdeck.pasted.find import find_runs
from vaultdeck.pasted.links import Links
from vaultdeck.pasted.searched import Run
from vaultdeck.pasted.sources import read_index
from vaultdeck.vault.names import Vault
from vaultdeck.vault.progress import LOOKING, UNSEEN, Progress


def find_pasted(
    vault: Vault,
    config: Config,
    paths: Iterable[str],
    progress: Progress = UNSEEN,
    parsed: Iterable[ParsedFile] = (),
) -> Iterator[Diagnostic]:
    """Yield `pasted-section` and `stale-section` for the cards of the note files `paths`.

    What is `parsed` already is not parsed again.
    """
    index = read_index(vault, config, paths, progress, parsed)
    links = Links(index, vault, VaultLookup(vault, config))
    cards = {file.source.path: file for file in index.cards}
    for path in progress.over([*cards], LOOKING):
        source = cards[path].source
        for block in cards[path].blocks:
            for run in find_runs(links, source, block):
                yield diagnostic_of(run, source)


def diagnostic_of(run: Run, source: SourceFile) -> Diagnostic:
    """Return what a run is: a section that was pasted, or one that was and differs by now."""
    place = source.place(run.span)
    if run.changed:
        lines = counted(run.changed, "line")
        message = f"this differs in {lines} from '{run.name}': the answer may be out of date"
        hint = f"compare the two, or write {run.embeds[0]}, which always shows the note's text"
        return Diagnostic("stale-section", place, message, hint, diff=run.diff)
    if len(run.embeds) > 1:
        message = f"this is the text of {len(run.embeds)} sections of the vault, pasted"
        hint = f"write the embed of the one that you mean: {', '.join(run.embeds)}"
        return Diagnostic("pasted-section", place, message, hint)
    message = f"this is the text of '{run.name}', pasted"
    hint = f"write {run.embeds[0]} instead: `vaultdeck embed` does"
    if run.heading:
        hint = f"write {run.embeds[0]} instead, if its heading may be shown as well"
    return Diagnostic("pasted-section", place, message, hint)
