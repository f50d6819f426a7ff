"""Nouns of contracts."""

from typing import Any

Row = dict[str, Any]
Frames = dict[str, list[Row]]
"""Section to profile rows."""
Broken = dict[str, dict[str, str]]
"""Org to section to what is broken; orgs and sections that keep their contract are left out."""
