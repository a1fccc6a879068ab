"""Resolved tokens → the HTML of a field."""

from vaultdeck.html.field import render_field
from vaultdeck.html.gate import guard, guard_fields, make_safe

__all__ = ["guard", "guard_fields", "make_safe", "render_field"]
