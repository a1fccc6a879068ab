"""Note types of which only names and fields are known: made up with templates that fit any.

The settings of Obsidian_to_Anki and vaultdeck.yaml name the user's note types so; their cards show whether
they are cloze types.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from vaultdeck.anki.notetypes.load import (
    FILLED_FIELDS,
    SUFFIX,
    builtin_style,
    load_builtin,
    stable_id,
    written_name,
)
from vaultdeck.model import NoteType, Template


def add_known(
    types: Mapping[str, NoteType], lock_types: Mapping[str, NoteType]
) -> dict[str, NoteType]:
    """Return the note types and those that adoption knows, where no other has the name."""
    known = {name: replace(kind, written=kind.fields) for name, kind in lock_types.items()}
    return {**known, **types}


def guess_notetypes(fields: Mapping[str, tuple[str, ...]]) -> dict[str, NoteType]:
    """Return note types of which only names and fields are known; ours where the fields are ours."""
    found: dict[str, NoteType] = {}
    for name, names in fields.items():
        ours = load_builtin().get(name)
        if ours and names and names == tuple(field for field in ours.written if field in names):
            found[name] = ours
        else:
            found[name] = guess_notetype(name, names)
    return found


def guess_notetype(name: str, written: tuple[str, ...]) -> NoteType:
    """Return a note type made up from its name and fields, with templates that fit any."""
    filled = tuple(field for field in FILLED_FIELDS if field not in written)
    fields = written + filled
    # Ours of the same name stays another one in Anki.
    suffix = " (vaultdeck, own fields)" if name in load_builtin() else SUFFIX
    return NoteType(
        name=name + suffix,
        id=stable_id(name),
        fields=fields,
        field_ids=tuple(stable_id(name, field) for field in fields),
        templates=(_template(name, fields, written),),
        css=builtin_style(),
        mod=1,
        written=written,
        is_guess=True,
    )


def as_cloze(note_type: NoteType, clozes: Container[str]) -> NoteType:
    """Return a guessed note type as the cloze type that its cards show it to be.

    `clozes` are the fields with deletions. The more there are, the newer the type is for Anki, which
    takes the template of a newer one.
    """
    name, written = written_name(note_type), note_type.written
    template = _template(name, note_type.fields, written, clozes)
    mod = sum(1 << place for place, field in enumerate(written[:31]) if field in clozes)
    return replace(note_type, templates=(template,), is_cloze=True, mod=mod or 1)


def _template(
    name: str, fields: tuple[str, ...], written: tuple[str, ...], clozes: Container[str] = ()
) -> Template:
    """Return the template of a made-up note type: all fields up to the last one that asks in front."""
    title = "Cloze" if any(field in clozes for field in written) else "Card 1"
    asking = max((place for place, field in enumerate(written) if field in clozes), default=0)
    front = "".join(
        _division(f"cloze:{field}" if field in clozes else field, "" if place == 0 else field)
        for place, field in enumerate(written[: asking + 1])
    )
    others = "".join(_division(field, field) for field in written[asking + 1 :])
    filled = [field for field in fields if field in FILLED_FIELDS and field not in written]
    texts = " ".join(f"{{{{{field}}}}}" for field in filled)
    footer = (
        f'{{{{#{filled[-1]}}}}}\n<footer class="vd-footer">{texts}</footer>\n' if filled else ""
    )
    footer += f"{{{{/{filled[-1]}}}}}\n" if filled else ""
    back = f'{front}<hr id="answer">\n{others}{footer}'
    return Template(title, stable_id(name, "", title), front, back)


def _division(shown: str, condition: str) -> str:
    """Return the part of a template that shows a field, where the field `condition` is filled."""
    division = f'<div class="vd">{{{{{shown}}}}}</div>\n'
    return f"{{{{#{condition}}}}}\n{division}{{{{/{condition}}}}}\n" if condition else division
