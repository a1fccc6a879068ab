"""Parsed fields → fields with links bound, embeds spliced in, and media collected."""

from vaultdeck.resolve.lookup import (
    Card,
    ExpansionTooLargeError,
    Footnote,
    Locate,
    Lookup,
    Resolved,
)
from vaultdeck.resolve.resolver import Resolver

__all__ = ["Card", "ExpansionTooLargeError", "Footnote", "Locate", "Lookup", "Resolved", "Resolver"]
