"""Parsed fields → fields with links bound, embeds spliced in, and media collected."""

from vaultdeck.resolve.lookup import ExpansionTooLargeError, Footnote, Locate, Lookup, Resolved
from vaultdeck.resolve.resolver import Resolver

__all__ = ["ExpansionTooLargeError", "Footnote", "Locate", "Lookup", "Resolved", "Resolver"]
