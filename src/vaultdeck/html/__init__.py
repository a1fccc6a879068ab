"""Resolved tokens → the HTML of a field."""

from vaultdeck.html.field import render_field
from vaultdeck.html.gate import guard, guard_fields

__all__ = ["guard", "guard_fields", "render_field"]
