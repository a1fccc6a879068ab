"""Names of packages: what Anki takes for a package of cards, and not for a whole collection."""

from __future__ import annotations

from vaultdeck.vault.folder import as_unicode

PACKAGE_SUFFIX = ".apkg"
# A name has at most 255 bytes; `_files` and the suffix are added.
MAX_STEM_BYTES = 200


def replaces_collection(name: str) -> bool:
    """Tell whether Anki would replace the whole collection by a package file of this name.

    Anki's `ColpkgImporter.can_import`: `collection.apkg` and `backup-….apkg`, in any letter case.
    """
    name = name.lower()
    return name == "collection.apkg" or (
        name.startswith("backup-") and name.endswith(PACKAGE_SUFFIX)
    )


def default_name(vault: str, suffix: str = PACKAGE_SUFFIX) -> str:
    """Return the name of the file that is made of the vault in a folder of this name."""
    stem = as_unicode(vault).encode()[:MAX_STEM_BYTES].decode("utf-8", "ignore") or "vault"
    # Every name that begins with `backup-` is one, whatever follows.
    names = (stem + suffix, f"{stem}-deck{suffix}", f"deck-{stem}{suffix}")
    return next(name for name in names if not replaces_collection(name))
