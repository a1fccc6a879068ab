"""What a build is told: by vaultdeck.yaml, else by the plugin's settings, and by the command line."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from vaultdeck.anki.decks import clean_deck
from vaultdeck.anki.notetypes.builtin import load_builtin
from vaultdeck.anki.notetypes.guess import add_known
from vaultdeck.model import Location, NoteType
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import CONTROL, Diagnostic, in_order, listed, shorten
from vaultdeck.regexps import regexp
from vaultdeck.settings.keys import SETTING_KEYS, SETTINGS_NAME
from vaultdeck.settings.kinds import Settings
from vaultdeck.settings.obsidian_to_anki import PLUGIN_FILE as PLUGIN
from vaultdeck.settings.obsidian_to_anki import read_plugin
from vaultdeck.settings.other_plugins import read_other_plugins
from vaultdeck.vault.folder import OBSIDIAN_FOLDER, as_unicode
from vaultdeck.vault.names import clean_folder
from vaultdeck.vault.observed import NO_FILE_HINT, Observed
from vaultdeck.vault.stand_in import decode_text
from vaultdeck.vault.yaml_source import Sheet, is_unset

MISNAMED = "vaultdeck.yml"
# What has a meaning of its own in a glob.
GLOB = regexp(r"[\\*?\[\]{}()!+@|]")
# Where the templates of Obsidian and of Templater are: the file that says so, and its key.
TEMPLATE_FOLDERS = {
    ".obsidian/templates.json": "folder",
    ".obsidian/plugins/templater-obsidian/data.json": "templates_folder",
}
NO_TYPES: Mapping[str, NoteType] = MappingProxyType({})


def read_config(
    root: Path,
    deck: str | None = None,
    vault_name: str = "",
    lock_types: Mapping[str, NoteType] = NO_TYPES,
    seen: Observed | None = None,
) -> tuple[Config, list[Diagnostic], list[str]]:
    """Return the settings of the vault in folder `root`, what is wrong in them, and notices.

    `vaultdeck.yaml` counts, else the settings of the Obsidian_to_Anki plugin, else the defaults;
    `deck` overrides the default deck. The vault's name is that of its folder, as in Obsidian, or
    `vault_name` (from the lock), unless the settings say otherwise. `lock_types` are the note types
    that adoption knows, by name. No card may be built if a diagnostic other than `bad-regexp` is an
    error. Notices are single lines that tell a person where settings come from and what is left out
    because of them. `seen` records what was asked of the folder.
    """
    folder = seen or Observed(root)
    app, notices = _obsidian_settings(folder, ".obsidian/app.json")
    hidden, left_out = _hidden_files(folder, app)
    notices += left_out
    others, unread = read_other_plugins(lambda path: _read_json(folder, path))
    values: dict[str, Any] = {"note_types": add_known(load_builtin(), lock_types), **others}
    problems: list[Diagnostic] = []
    text = folder.read_file(SETTINGS_NAME)
    fault = "" if text is not None else folder.find_fault(SETTINGS_NAME)
    data = None if text is not None or fault else folder.read_file(PLUGIN)
    origin = ""
    if text is not None:
        origin = SETTINGS_NAME
        found, problems = read_settings(folder, text, lock_types, others)
        values.update(found)
    elif fault:
        message = f"cannot read {SETTINGS_NAME}: {fault}"
        problems = [Diagnostic("bad-config", Location(SETTINGS_NAME), message, NO_FILE_HINT)]
    elif data is not None:
        origin = PLUGIN
        found, problems = read_plugin(data, folder.is_folder, lock_types)
        values.update(found)
        notices.insert(0, f"settings are taken from {PLUGIN}")
    elif not folder.exists(OBSIDIAN_FOLDER):
        notices += _inner_vaults(folder)
    if folder.exists(MISNAMED):
        message = f"{MISNAMED} is not read"
        place = Location(MISNAMED)
        problems.append(
            Diagnostic("unknown-setting", place, message, f"rename it to {SETTINGS_NAME}")
        )
    # Without vaultdeck.yaml `init` may switch on the syntax of any of these plugins.
    in_use = unread if text is None else values.get("syntaxes", ())
    notices += [line for name, lines in unread.items() if name in in_use for line in lines]
    own_name = _folder_name(root)
    named = values.pop("vault_name", "")
    if not named and vault_name not in ("", own_name):
        notices.append(
            f"this folder is named '{own_name}'; links and the default deck keep the name under which "
            f"the vault was built first, '{vault_name}'"
        )
    name = CONTROL.sub(" ", named or vault_name or own_name)
    wanted = clean_deck(as_unicode(deck or "")) or values.pop("default_deck", "")
    own = values.pop("ignore", ())
    values.pop("default_deck", None)
    config = Config(
        vault_name=name,
        default_deck=wanted or clean_deck(name) or "vault",
        # Settings that were written from a Config begin with what is hidden already.
        ignore=own if own[: len(hidden)] == hidden else hidden + own,
        origin=origin,
        **{"breaks": app.get("strictLineBreaks") is not True, **values},
    )
    return config, in_order(problems), [line for line in notices if line]


def read_settings(
    folder: Observed, data: bytes, lock_types: Mapping[str, NoteType], base: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Diagnostic]]:
    """Return the values of a Config that vaultdeck.yaml sets, and its problems.

    `base` are values that a key may set in part: those of the other plugins' own settings.
    """
    source = decode_text(SETTINGS_NAME, data, "bad-config")
    if isinstance(source, Diagnostic):
        return {}, [source]
    sheet, nodes = Sheet(source), dict[str, yaml.Node]()
    for key, key_node, value in sheet.mapping(sheet.root, SETTINGS_NAME) if sheet.root else ():
        if key not in SETTING_KEYS:
            sheet.unknown(key_node, key, "key", SETTING_KEYS, "unknown-setting")
        elif not is_unset(value):
            nodes[key] = value
    settings = Settings(folder, sheet, {type(value): value for value in base.values()}, lock_types)
    types = dict(load_builtin())
    # Maps of note types come after the types; a type with templates counts before one without.
    for key in ("fields", "note_types"):
        if key in nodes:
            types.update(SETTING_KEYS[key].kind.read(settings, nodes.pop(key), f"'{key}'"))
    settings.types = add_known(types, lock_types)
    values: dict[str, Any] = {}
    for key, node in nodes.items():
        value = SETTING_KEYS[key].kind.read(settings, node, f"'{key}'")
        if value is not None:
            values[SETTING_KEYS[key].field] = value
    if "regexp" not in values.get("syntaxes", ("regexp",)):
        sheet.problems = [p for p in sheet.problems if p.code != "bad-regexp"]
    return {**values, "note_types": settings.types}, sheet.problems


def _hidden_files(vault: Observed, app: Mapping[str, Any]) -> tuple[tuple[str, ...], list[str]]:
    """Return globs of what Obsidian excludes and of its templates, with notices that say so."""
    globs: list[str] = []
    excluded: list[str] = []
    notices: list[str] = []
    filters = app.get("userIgnoreFilters")
    for prefix in _texts(filters if isinstance(filters, list) else ()):
        if len(prefix) > 1 and prefix.startswith("/") and prefix.endswith("/"):
            notices.append(f"Obsidian's excluded files {prefix} are a regexp, which is not used")
            continue
        path = GLOB.sub(r"\\\g<0>", prefix.removeprefix("/"))
        globs += [f"{path}**"] if path.endswith("/") else [f"{path}*", f"{path}*/**"]
        excluded.append(prefix)
    if excluded:
        notices.append(f"Obsidian's excluded files {listed(excluded)} are left out")
    folders: list[object] = []
    for path, key in TEMPLATE_FOLDERS.items():
        settings, unread = _obsidian_settings(vault, path)
        folders.append(settings.get(key))
        notices += unread
    for folder in dict.fromkeys(map(clean_folder, _texts(folders))):
        if folder:
            globs.append(GLOB.sub(r"\\\g<0>", folder) + "/**")
            if any(vault.is_folder(unicodedata.normalize(form, folder)) for form in ("NFC", "NFD")):
                notices.append(f"the templates folder '{shorten(folder)}' is left out")
    return tuple(dict.fromkeys(globs)), notices


def _inner_vaults(vault: Observed) -> list[str]:
    """Return a notice of the vaults of Obsidian that lie in a folder that is none itself."""
    folders = [path for path in vault.folders_with(OBSIDIAN_FOLDER) if not path.startswith(".")]
    wanted = "name that folder" if len(folders) == 1 else "name one of these folders"
    message = f"the settings of Obsidian in {listed(folders)} are not read: {wanted} as the vault"
    return [message] if folders else []


def _texts(values: Iterable[object]) -> list[str]:
    """Keep the texts that are neither empty nor unfit for a path."""
    texts = [value.strip() for value in values if isinstance(value, str)]
    return [text for text in texts if text.strip("/") and text.isprintable()]


def _folder_name(root: Path) -> str:
    return " ".join(as_unicode(root.resolve().name).split()) or "vault"


def _obsidian_settings(vault: Observed, path: str) -> tuple[Mapping[str, Any], list[str]]:
    """Return a file of Obsidian's own settings, and a notice if it holds none."""
    data = _read_json(vault, path)
    return data or {}, [f"{path} holds no settings: the defaults count"] if data is None else []


def _read_json(vault: Observed, path: str) -> Mapping[str, Any] | None:
    """Return a file of Obsidian's settings, empty if there is none; None if it holds no such."""
    text = vault.read_file(path)
    if text is None:
        return None if vault.exists(path) else {}
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
