"""Embeds in the place of pasted sections: what of a note file changes, and no card by it.

A card is compiled with and without the embeds before anything is written. Embeds that would show
something else (a link that leads elsewhere from the other note, a footnote, a deletion) are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from vaultdeck.cards import parse_file
from vaultdeck.compile.asked import VaultLookup
from vaultdeck.compile.note_file import CompiledFile, Compiler
from vaultdeck.model import CardBlock, Edit, Location, Note, Rewritten, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.pasted.find import find_runs
from vaultdeck.pasted.links import Links
from vaultdeck.pasted.searched import Run
from vaultdeck.pasted.sources import read_index
from vaultdeck.regexps import regexp
from vaultdeck.vault.names import Vault
from vaultdeck.vault.progress import UNSEEN, Progress

# What is no content: an embed's wrapper, and what blank lines do to paragraphs and lists.
EMBED_LAYOUT = regexp(r'(?:(?:<div class="vd-embed">|</div>|</?p>|<br>)\s*)+')
LEVEL = regexp(r"(?<=<h)[1-6](?=>)|(?<=</h)[1-6](?=>)")
BETWEEN = regexp(r"(?<=>)\s+|\s+(?=<)")
# What says that an embed shows not what it should.
UNFIT = regexp(r"embed-|ambiguous-|heading-not-found|nested-too-deep|cloze-")
# A section that is embedded may make a part of another one whole; after so many there is no more.
MAX_PASSES = 12
# Says whether the runs of a card are to be replaced; the card is given by its place.
Choose = Callable[[SourceFile, Location, Sequence[Run]], bool]


@dataclass(slots=True)
class Replaced:
    """A note file as it was and as it is with embeds; `left` are places with why one was left out."""

    source: SourceFile
    text: str
    embeds: int = 0
    left: dict[Location, str] = field(default_factory=dict)
    _refused: dict[int, set[str]] = field(default_factory=dict)

    def refuse(self, number: int, run: Run, place: Location) -> None:
        """Note that a card would change with an embed."""
        embed = run.embeds[0]
        self._refused.setdefault(number, set()).add(embed)
        self.left[place] = (
            f"{embed} shows the heading as well: --stale would write it"
            if run.heading
            else f"the card would show something else with {embed}"
        )

    def refused(self, number: int) -> frozenset[str]:
        """Return the embeds with which a card would change."""
        return frozenset(self._refused.get(number, ()))


def replace_pasted(
    vault: Vault,
    config: Config,
    paths: Iterable[str],
    choose: Choose,
    progress: Progress = UNSEEN,
    *,
    with_stale: bool,
) -> Iterator[Replaced]:
    """Yield each of the note files that has pasted sections, with embeds where `choose` agrees.

    With `with_stale` sections that differ are replaced as well, so that cards show the notes' text.
    Nothing is written.
    """
    index = read_index(vault, config, paths, progress, will_embed=True)
    links = Links(index, vault, VaultLookup(vault, config))
    work = _Work(links, Compiler(vault, config), config, choose, with_stale)
    for parsed in links.index.cards:
        done = work.replace(parsed.source)
        if done.embeds or done.left:
            yield done


@dataclass(slots=True)
class _Work:
    links: Links
    compiler: Compiler
    config: Config
    choose: Choose
    with_stale: bool

    def replace(self, source: SourceFile) -> Replaced:
        """Return a note file with embeds, again and again until nothing is left to replace."""
        done = Replaced(source, source.text)
        declined: set[int] = set()
        for _ in range(MAX_PASSES):
            now = SourceFile(source.path, done.text)
            left = len(done.left)
            edits = self._edits(now, done, declined)
            if not edits and len(done.left) == left:
                break
            done.text = Rewritten(done.text, edits).text
            done.embeds += len(edits)
        return done

    def _edits(self, source: SourceFile, done: Replaced, declined: set[int]) -> list[Edit]:
        """Return the edits of one pass; cards that were `declined` are passed over."""
        blocks = parse_file(source, self.config)[0].blocks
        found = {
            number: self._wanted(find_runs(self.links, source, block, done.refused(number)))
            for number, block in enumerate(blocks)
            if number not in declined
        }
        gate = _Replaceable(self.compiler, source, blocks)
        accepted: list[Run] = []
        for is_stale in (False, True):
            runs = {
                number: [run for run in runs if bool(run.changed) == is_stale]
                for number, runs in found.items()
            }
            for number, found_runs in runs.items():
                place = source.locate(blocks[number].span.start)
                several = [run for run in found_runs if len(run.embeds) > 1]
                for run in several:
                    at = source.place(run.span)
                    done.left[at] = f"several sections say this: {', '.join(run.embeds)}"
                rest = [run for run in found_runs if run not in several]
                titled = [run for run in rest if run.heading and not self.with_stale]
                for run in titled:
                    done.refuse(number, run, source.place(run.span))
                runs[number] = [run for run in rest if run not in titled]
                if runs[number] and not self.choose(source, place, runs[number]):
                    declined.add(number)
                    runs[number] = []
            fitting = gate.pass_(accepted, {n: found for n, found in runs.items() if found})
            for number, found_runs in runs.items():
                for run in (run for run in found_runs if run not in fitting):
                    done.refuse(number, run, source.place(run.span))
            accepted += fitting
        return [run.edit for run in accepted]

    def _wanted(self, runs: Sequence[Run]) -> list[Run]:
        """Return the runs to replace; one that differs takes the place of the equal ones in it."""
        stale = [run for run in runs if run.changed and self.with_stale]
        equal = [
            run
            for run in runs
            if not run.changed
            and not any(s.span.start <= run.span.start < s.span.end for s in stale)
        ]
        return sorted([*stale, *equal], key=lambda run: run.span.start)


class _Replaceable:
    """Tells which runs of a note file's cards can be replaced."""

    def __init__(self, compiler: Compiler, source: SourceFile, blocks: Sequence[CardBlock]) -> None:
        self._compiler, self._source = compiler, source
        self._places = [source.place(b.span) for b in blocks]
        self._before: CompiledFile | None = None

    def pass_(self, accepted: Sequence[Run], wanted: dict[int, list[Run]]) -> list[Run]:
        """Return those of the runs, by the number of their card, that pass beside the `accepted`."""
        if not wanted:
            return []
        bad = self._bad(accepted, wanted)
        fitting = {number: runs for number, runs in wanted.items() if number not in bad}
        single: dict[int, list[Run]] = {number: [] for number in bad}
        for turn in range(max((len(wanted[number]) for number in bad), default=0)):
            one = {n: [wanted[n][turn]] for n in bad if turn < len(wanted[n])}
            wrong = self._bad(accepted, one)
            for number in one.keys() - wrong:
                single[number] += one[number]
        fitting |= {number: runs for number, runs in single.items() if runs}
        wrong = self._bad(accepted, fitting) if bad else set()
        return [run for n in sorted(fitting.keys() - wrong) for run in fitting[n]]

    def _bad(self, accepted: Sequence[Run], wanted: dict[int, list[Run]]) -> set[int]:
        """Return the numbers of the cards that would change."""
        runs = [*accepted, *(run for runs in wanted.values() for run in runs)]
        # With the headings that embeds show besides.
        headings = [(run.span.start, run.heading) for run in runs if run.heading]
        before = self._compile([Edit(at, at, f"{heading}\n") for at, heading in headings])
        after = self._compile([run.edit for run in runs])
        base = self._compile([])
        if not len(before.notes) == len(after.notes) == len(base.notes):
            return set(wanted)
        cards = {place: number for number, place in enumerate(self._places)}
        bad = set(wanted) - {cards[note.location] for note in base.notes}
        worse = _unfit(after) - _unfit(before)
        for old, new, note in zip(before.notes, after.notes, base.notes, strict=True):
            number = cards[note.location]
            is_stale = any(run.changed for run in wanted.get(number, ()))
            names = [(n.id, n.kind, n.deck) if is_stale else _content(n) for n in (old, new)]
            is_same = names[0] == names[1]
            if not is_same or (is_stale and worse):
                bad.add(number)
        return bad & set(wanted) if bad <= set(wanted) else set(wanted)

    def _compile(self, edits: Sequence[Edit]) -> CompiledFile:
        if not edits:
            if self._before is None:
                self._before = self._compiler.compile_text(self._source)
            return self._before
        text = Rewritten(self._source.text, edits).text
        return self._compiler.compile_text(SourceFile(self._source.path, text))


def _unfit(compiled: CompiledFile) -> Counter[str]:
    return Counter(p.code for p in compiled.problems if UNFIT.match(p.code))


def _content(note: Note) -> object:
    """Return what a card says: layout and the levels of headings are none of it."""
    fields = [
        BETWEEN.sub("", LEVEL.sub("", EMBED_LAYOUT.sub("\n", html))).strip() for html in note.fields
    ]
    return note.id, note.kind, note.deck, note.tags, fields
