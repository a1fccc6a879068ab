"""Compiled files between runs: which of them are still good, and keep the new ones."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from vaultdeck.anki.media import Refusal
from vaultdeck.compile.asked import Asked, hash_answer
from vaultdeck.compile.cache.folder import prune, vault_key
from vaultdeck.compile.cache.key import config_key
from vaultdeck.compile.cache.plain import pack_file, unpack_file
from vaultdeck.compile.cache.store import CacheRow, State, Store, make_row
from vaultdeck.compile.growth import MAX_IN_FILE, Growth
from vaultdeck.compile.note_file import CompiledFile
from vaultdeck.model import MediaRef
from vaultdeck.model.config import Config
from vaultdeck.model.decode import parse_json
from vaultdeck.vault.folder import racy_paths
from vaultdeck.vault.inside import Stat
from vaultdeck.vault.names import Vault
from vaultdeck.vault.observed import hash_file

# How many rows are read or written at once: all of them are several times what a build holds.
ROWS_AT_ONCE = 256
NO_STAT: Stat = (-1, -1, -1, -1)
AskMedia = Callable[[str], MediaRef | Refusal]


class FileCache:
    """The compiled files of one vault and settings, in a folder of caches.

    `ask_media` names a file of the vault as `Lookup.media` does.
    """

    def __init__(self, folder: Path, vault: Vault, config: Config, ask_media: AskMedia) -> None:
        self._folder = folder
        self._vault = vault
        self._config = config
        self._key = vault_key(vault.root)
        self._store = Store(folder / f"{self._key}-{config_key(config)}.db")
        self._state = State()
        self._names = _hash_names(vault)
        # It is not waited for again and again.
        self._is_busy = False
        # What is to be written next.
        self._gone: set[str] = set()
        self._rows: list[CacheRow] = []
        self._facts = _Facts(vault, {}, ask_media)

    def recall(self, paths: Iterable[str]) -> Iterator[tuple[str, CompiledFile]]:
        """Yield, by path, those of the note files that would compile to the same again."""
        with self._guard():
            self._state = self._store.read()
        state, stats = self._state, self._vault.stats
        self._facts.seen = state.seen
        found: set[str] = set()
        with self._guard():
            wanted = [path for path in paths if path in state.paths]
            for start in range(0, len(wanted), ROWS_AT_ONCE):
                rows = self._store.rows(state, wanted[start : start + ROWS_AT_ONCE])
                for path, file in self._read(rows):
                    found.add(path)
                    yield path, file
        has_same_names = self._names == state.names
        others = state.paths.difference(wanted) if has_same_names else ()
        self._gone = state.paths - found - {path for path in others if path in stats}

    def _read(self, rows: Iterable[CacheRow]) -> Iterator[tuple[str, CompiledFile]]:
        """Yield the files of those rows that still hold."""
        types, files = self._config.note_types, self._vault.stats
        for row in rows:
            try:
                if not row.is_whole or not self._holds(row):
                    continue
                file = unpack_file(parse_json(row.result), row.path, types, files)
            except ValueError:
                # Not written by us: the file is compiled again.
                continue
            # The last card of a file may go beyond the bound, but not so far.
            growth = Growth(2 * MAX_IN_FILE, files[row.path][0])
            growth.add(file.notes, ())
            if not growth.is_endless:
                yield row.path, file

    def _holds(self, row: CacheRow) -> bool:
        """Tell whether the text of a file and all answers that it got are still the same."""
        facts, vault = self._facts, self._vault
        if facts.text(row.path) != row.text:
            return False
        notes, media = row.read_needs()
        if any(facts.text(path) != text for path, text in notes.items()):
            return False
        if self._names != self._state.names:
            links, unique = row.read_links()
            if any(hash_answer(vault.find(link, source)) != a for link, source, a in links):
                return False
            if any(vault.has_unique_name(path) != is_unique for path, is_unique in unique.items()):
                return False
        return all(
            facts.media(path, is_unique) == answer for path, (answer, is_unique) in media.items()
        )

    def keep(self, path: str, file: CompiledFile, asked: Asked) -> None:
        """Keep a file that was compiled anew."""
        self._facts.learn(path, asked)
        if _is_lasting(file, asked):
            self._rows.append(make_row(path, asked, pack_file(file)))
        if len(self._rows) >= ROWS_AT_ONCE:
            self._write(self._state.seen)

    def finish(self) -> None:
        """Write what is not written yet, and forget what is not good any more."""
        self._write(self._facts.lasting())

    def _write(self, seen: dict[str, tuple[Stat, str]]) -> None:
        state, rows, gone = self._state, self._rows, self._gone
        self._rows, self._gone = [], set()
        is_news = rows or gone or (self._names, seen) != (state.names, state.seen)
        if is_news and not self._is_busy:
            with self._guard():
                self._store.update(state, self._names, seen, rows, gone)
                prune(self._folder, self._key)

    def racy(self) -> dict[str, str] | None:
        """Return hashes of the texts that may change without a trace; None if media may, too."""
        return self._facts.racy()

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """Go on without the cache if it cannot be used; one that is damaged is made anew."""
        try:
            yield
        except (sqlite3.OperationalError, OSError):
            # In use by another build, or not to be written.
            self._state, self._is_busy = State(), True
        except (sqlite3.Error, ValueError, KeyError, TypeError, RecursionError):
            self._store.discard()
            self._state = State()


class _Facts:
    """What files hold now; they are read again only where their state is another than it was `seen`."""

    def __init__(
        self, vault: Vault, seen: Mapping[str, tuple[Stat, str]], ask_media: AskMedia
    ) -> None:
        self.seen = seen
        self._vault = vault
        self._ask_media = ask_media
        self._now: dict[str, str] = {}
        self._media: set[str] = set()

    def text(self, path: str) -> str:
        """Return a hash of a note's text, empty if it cannot be read."""
        return self._answer(path, self._hash_text)

    def media(self, path: str, is_unique: bool) -> str:
        """Return a hash of what is said of a media file; `is_unique` is whether its name was."""
        self._media.add(path)
        is_same = is_unique == self._vault.has_unique_name(path)
        return self._answer(path, lambda path: hash_answer(self._ask_media(path)), is_same)

    def _answer(self, path: str, ask: Callable[[str], str], is_same: bool = True) -> str:
        """Return the answer for a file: what is remembered, while nothing has changed, else asked anew."""
        if path not in self._now:
            now = self._vault.stats.get(path)
            state, answer = self.seen.get(path, (NO_STAT, ""))
            if now is None:
                # Not a file of the vault, whoever asks.
                answer = ""
            elif state != now or not is_same:
                answer = ask(path)
            self._now[path] = answer
        return self._now[path]

    def _hash_text(self, path: str) -> str:
        try:
            return hash_file(self._vault.read_bytes(path))
        except OSError:
            return ""

    def learn(self, path: str, asked: Asked) -> None:
        """Take over what a file was told while it compiled."""
        self._now.update(asked.notes)
        self._media.update(asked.media)
        self._now.update((name, answer) for name, (answer, _) in asked.media.items())
        self._now[path] = asked.text

    def lasting(self) -> dict[str, tuple[Stat, str]]:
        """Return what to remember: the answers, with the states of files that tell a later change."""
        vault, racy = self._vault, racy_paths(self._vault.walked)
        seen = {path: known for path, known in self.seen.items() if path in vault.stats}
        for path, answer in self._now.items():
            stat = vault.stats.get(path)
            if stat is not None:
                seen[path] = (NO_STAT if path in racy else stat, answer)
        return seen

    def racy(self) -> dict[str, str] | None:
        """Return hashes of the texts that may change without a trace; None if media may, too."""
        racy = racy_paths(self._vault.walked) & self._now.keys()
        if racy & self._media:
            return None
        return {path: self._now[path] for path in sorted(racy)}


def _is_lasting(file: CompiledFile, asked: Asked) -> bool:
    """Tell whether a file would compile to the same again.

    Not if its cards are about to get IDs, or a regexp ran out of time, or a file cannot be read,
    which passes by itself and leaves no trace in the file's state.
    """
    is_passing = any(problem.traits.passes for problem in file.problems)
    return bool(asked.text) and not file.unnamed and not is_passing and all(asked.notes.values())


def _hash_names(vault: Vault) -> str:
    names = "\0".join([*vault.files, "", *sorted(vault.walked.aliases)])
    return hashlib.sha256(names.encode()).hexdigest()[:24]
