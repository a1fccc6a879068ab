"""The JSON Schema of vaultdeck.yaml, from the one table of keys; `schema.json` is what it says.

Editors complete and check the file by it: the first line of the starter file names it.
"""

from __future__ import annotations

from typing import Any

from vaultdeck.settings.keys import SETTING_KEYS, SETTINGS_NAME
from vaultdeck.settings.kinds import table_of

SOURCE = "https://raw.githubusercontent.com/vaultdeck/vaultdeck/main/src/vaultdeck"
SETTINGS_SCHEMA = f"{SOURCE}/settings/schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def settings_schema() -> dict[str, Any]:
    """Return the schema of vaultdeck.yaml, which may be empty."""
    table = {**table_of(SETTING_KEYS.values()), "type": ["object", "null"]}
    return {"$schema": DIALECT, "$id": SETTINGS_SCHEMA, "title": SETTINGS_NAME, **table}
