"""Note types of which only names and fields are known: made up with templates that fit any.

The settings of Obsidian_to_Anki and vaultdeck.yaml name the user's note types so; their cards show whether
they are cloze types.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from vaultdeck.anki.notetypes.builtin import OUR_SUFFIX, builtin_style, load_builtin, written_name
from vaultdeck.anki.notetypes.folder import FILLED_FIELDS, stable_id
from vaultdeck.anki.templates import TEMPLATE_TAG, template_tags
from vaultdeck.model import NoteType, Template
from vaultdeck.regexps import regexp

# Raised when templates that are made up change.
MOD = 4
# What a template begins the box with that an answer is typed into.
TYPE_BOX = "{{type:"
# What Anki puts behind a name that is taken: when it imports, when older versions did, when a type is cloned.
COPY = regexp(r"(?:\+|-[0-9a-f]{5}| copy)+$")


def add_known(
    types: Mapping[str, NoteType], lock_types: Mapping[str, NoteType]
) -> dict[str, NoteType]:
    """Return the note types and those that adoption knows, where no other has the name."""
    known = {name: replace(kind, written=kind.fields) for name, kind in lock_types.items()}
    return {**known, **types}


def guess_notetypes(
    fields: Mapping[str, tuple[str, ...]], lock_types: Mapping[str, NoteType]
) -> dict[str, NoteType]:
    """Return note types of which only names and fields are known; ours where the fields are ours.

    `lock_types` are those that adoption knows.
    """
    found: dict[str, NoteType] = {}
    for name, names in fields.items():
        ours = load_builtin().get(name)
        if ours and names and names == tuple(field for field in ours.written if field in names):
            found[name] = ours
        else:
            found[name] = guess_notetype(name, names, lock_types.get(name))
    return found


def guess_notetype(name: str, written: tuple[str, ...], known: NoteType | None = None) -> NoteType:
    """Return a note type made up from its name and fields, with templates that fit any.

    One that stands for a stock type of Anki, by its name or by the templates of `known`, asks what
    that one asks, whatever its fields are called.
    """
    filled = tuple(field for field in FILLED_FIELDS if field not in written)
    fields = written + filled
    # Ours of the same name stays another one in Anki.
    suffix = " (vaultdeck, own fields)" if name in load_builtin() else OUR_SUFFIX
    # Templates that fit any ask what the plain type asks.
    special = "" if is_plain(name) else stock_name(name)
    stock = load_builtin().get(special or (_stock_by_templates(known) if known else ""))
    is_like = stock is not None and len(stock.written) <= len(written)
    return NoteType(
        name=name + suffix,
        id=stable_id(name),
        fields=fields,
        field_ids=tuple(stable_id(name, field) for field in fields),
        templates=tuple(_templates_like(stock, name, fields, written))
        if stock and is_like
        else (_template(name, fields, written),),
        css=builtin_style(),
        # Newer than the templates that fit any, which such types had before.
        mod=MOD + is_like,
        written=written,
        is_guess=True,
    )


def is_vague(note_type: NoteType) -> bool:
    """Tell whether a note type was made up without a hint of what its templates are."""
    is_one = note_type.is_guess and not note_type.is_cloze and len(note_type.templates) == 1
    is_known = is_plain(written_name(note_type))
    return is_one and not is_known and TYPE_BOX not in note_type.templates[0].front


def _stock_by_templates(known: NoteType) -> str:
    """Return our name of the stock type that a type from a collection asks like, empty if none."""
    fronts = [template_tags(template.front) for template in known.templates]
    front, back, extra = (*known.fields, "", "", "")[:3]
    if known.is_cloze or not fronts or ("", front) not in fronts[0]:
        return ""
    if len(fronts) == 1 and f"{TYPE_BOX}{back}}}}}" in known.templates[0].front:
        return "Basic (type in the answer)"
    if len(fronts) == 2 and ("", back) in fronts[1] and extra and ("#", extra) in fronts[1]:
        return "Basic (optional reversed card)"
    if len(fronts) == 2 and ("", back) in fronts[1] and not any(mark for mark, _ in fronts[1]):
        return "Basic (and reversed card)"
    return ""


def _templates_like(
    stock: NoteType, name: str, fields: tuple[str, ...], written: tuple[str, ...]
) -> Iterator[Template]:
    """Yield a stock type's templates with other names of the fields; more fields are on the back."""
    names = dict(zip(stock.written, written, strict=False))
    others = "".join(_division(field, field) for field in written[len(stock.written) :])

    def renamed(html: str) -> str:
        return TEMPLATE_TAG.sub(
            lambda tag: tag[0].replace(tag["name"], names.get(tag["name"].strip(), tag["name"])),
            html,
        )

    for template in stock.templates:
        back = template.back.partition(f"{{{{#{FILLED_FIELDS[-1]}}}}}")[0]
        yield Template(
            template.name,
            stable_id(name, "", template.name),
            renamed(template.front),
            renamed(back) + others + _footer(fields, written),
        )


def as_cloze(note_type: NoteType, clozes: Container[str]) -> NoteType:
    """Return a guessed note type as the cloze type that its cards show it to be.

    `clozes` are the fields with deletions. The more there are, the newer the type is for Anki, which
    takes the template of a newer one.
    """
    name, written = written_name(note_type), note_type.written
    template = _template(name, note_type.fields, written, clozes)
    mod = sum(1 << place for place, field in enumerate(written[:31]) if field in clozes)
    # Times that, it is newer than what the same type was before its templates changed.
    return replace(note_type, templates=(template,), is_cloze=True, mod=MOD * mod or MOD)


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
    footer = _footer(fields, written)
    # Sounds of the question are not played again; Anki's own cloze type plays them.
    question = front if clozes else "{{FrontSide}}\n"
    back = f'{question}<hr id="answer">\n{others}{footer}'
    return Template(title, stable_id(name, "", title), front, back)


def _footer(fields: tuple[str, ...], written: tuple[str, ...]) -> str:
    """Return the end of a back: the fields that vaultdeck fills, if it fills the last one."""
    filled = [field for field in fields if field in FILLED_FIELDS and field not in written]
    texts = " ".join(f"{{{{{field}}}}}" for field in filled)
    footer = f'<footer class="vd-footer">{texts}</footer>\n'
    return f"{{{{#{filled[-1]}}}}}\n{footer}{{{{/{filled[-1]}}}}}\n" if filled else ""


def _division(shown: str, condition: str) -> str:
    """Return the part of a template that shows a field, where the field `condition` is filled."""
    division = f'<div class="vd" dir="auto">{{{{{shown}}}}}</div>\n'
    return f"{{{{#{condition}}}}}\n{division}{{{{/{condition}}}}}\n" if condition else division


def stock_name(name: str) -> str:
    """Return the English name of a stock type that is no cloze type; empty if it is none.

    Anki makes its first note types in the language of the person, and fields can be called anything: a
    type of one of these names asks what the stock type asks. stock.txt has those of Anki's translations:

        Basic (and reversed card)
            Einfach (und die umgekehrte Richtung)
    """
    found = _load_names().get(_key(name), "")
    return "" if found == "Cloze" else found


def names_cloze(name: str) -> bool:
    """Tell whether a name is that of a cloze type; for Obsidian_to_Anki any with `Cloze` in it is."""
    return "Cloze" in name or _load_names().get(_key(name)) == "Cloze"


def is_plain(name: str) -> bool:
    """Tell whether a name is that of Anki's first note type, with one card."""
    return stock_name(name) == "Basic"


@functools.cache
def _load_names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    kind = ""
    for line in Path(__file__).with_name("stock.txt").read_text(encoding="utf-8").splitlines():
        kind = kind if line[0] == " " else line
        names[_key(line)] = kind
    return names


def _key(name: str) -> str:
    """Return the form in which names compare."""
    return COPY.sub("", " ".join(unicodedata.normalize("NFKC", name).casefold().split()))
