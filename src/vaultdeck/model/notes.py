"""Notes and note types as Anki has them, and the media that they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vaultdeck.model.text import Location
from vaultdeck.model.value import value

# Anki's ids have 63 bits; the ids of a note's cards follow its own.
MAX_ID = 2**63 - 1001


@value(frozen=True, slots=True)
class MediaRef:
    """A file of the vault that a field shows: its path, its name in the package, a hash of its bytes.

    Without a path it is not in the vault and not packed, as where a Git LFS pointer tells the hash;
    without a name as well, nothing is known of it.
    """

    path: str
    name: str
    digest: str = ""


@value(frozen=True, slots=True)
class Template:
    """A card template of a note type: Anki's front and back format strings.

    `id` is fixed for ever; None where the note type is the user's own and matched by names.
    """

    name: str
    id: int | None
    front: str
    back: str


@value(frozen=True, slots=True)
class NoteType:
    """An Anki note type. `written` are the fields that an author can fill with a `Name:` line.

    `field_ids` are explicit, so that Anki takes a later rename for a rename; `mod` is in seconds and
    decides whether templates and CSS overwrite those of the collection. With `is_guess` only the name
    and fields are known: the templates are made up, and its cards tell whether it is a cloze type.
    `files` are what its templates and its CSS show.
    """

    name: str
    id: int
    fields: tuple[str, ...]
    field_ids: tuple[int | None, ...]
    templates: tuple[Template, ...]
    css: str
    is_cloze: bool = False
    mod: int = 0
    written: tuple[str, ...] = ()
    is_guess: bool = False
    files: tuple[MediaRef, ...] = ()


def own_type(
    number: int,
    name: str,
    fields: Sequence[str],
    templates: Sequence[Template],
    css: str,
    is_cloze: bool,
) -> NoteType:
    """Return a note type of the user's; with time 0 an import never changes templates or CSS."""
    ids = (None,) * len(fields)
    return NoteType(name, number, tuple(fields), ids, tuple(templates), css, is_cloze)


@value(frozen=True, slots=True)
class Note:
    """One Anki note ready for identity: fields in HTML, in the order of its note type.

    `kind` is the note type's name as the author wrote it; `remote` are the addresses of pictures that
    Anki loads from the web; `digest` is what `identity.digest_of` says, empty if it was not asked yet;
    `syntax` is that in which the card is written.
    """

    location: Location
    kind: str
    note_type: NoteType
    deck: str
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    media: tuple[MediaRef, ...] = ()
    id: int | None = None
    remote: tuple[str, ...] = ()
    digest: str = ""
    syntax: str = ""

    @property
    def named(self) -> dict[str, str]:
        """Return the fields by their names."""
        return dict(zip(self.note_type.fields, self.fields, strict=True))

    @property
    def files(self) -> tuple[MediaRef, ...]:
        """Return the media that are packed with the note."""
        own = [ref for ref in self.media if ref.path] if self.media else ()
        return (*own, *self.note_type.files)

    @property
    def is_partial(self) -> bool:
        """Tell whether a file that the note shows could not be read, so that it may be another note."""
        return any(not ref.name for ref in self.media)


@value(frozen=True, slots=True)
class StampedNote:
    """A note with its identity: Anki's note id, the GUID, and the modification time in seconds.

    `cards` are the numbers of its cards, the first template's or deletion's is 1.
    """

    note: Note
    id: int
    guid: str
    mtime: int
    cards: tuple[int, ...]


class AnkiCard(NamedTuple):
    """A card as Anki has it: `deck` is its home; a sync asks for more of it.

    `filtered` is the filtered deck that it is in (or nothing). It `waits` if it is learned and due on a
    later day than today.
    """

    number: int
    deck: str
    id: int = 0
    filtered: str = ""
    is_suspended: bool = False
    is_flagged: bool = False
    reviews: int = 0
    waits: bool = False


class AnkiNote(NamedTuple):
    """A note as Anki has it, with its cards in their order."""

    id: int
    guid: str
    type_id: int
    mtime: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    cards: tuple[AnkiCard, ...]

    @property
    def reviews(self) -> int:
        """Return how many reviews its cards had, as far as that was asked for."""
        return sum(card.reviews for card in self.cards)


@value(frozen=True, slots=True)
class AnkiCollection:
    """The notes that were asked for, by id, the note types they are of, and the names of all types."""

    notes: Mapping[int, AnkiNote]
    types: Mapping[int, NoteType]
    type_names: frozenset[str] = frozenset()
