"""
How words fit on pages of Prefect's UI.

It never breaks a line within a cell of a table: of what is wider than about 100 letters in all, the rest is out of sight.
"""

from textwrap import wrap
from urllib.parse import quote


def cell(words: str, width: int = 0) -> str:
    """For a cell of a table; with `width`, in lines of so many letters. A single long word stays whole."""
    plain = " ".join(words.split()).replace("|", "\\|")
    return folded(plain, width) if width else plain


def folded(words: str, width: int) -> str:
    return "<br>".join(wrap(words, width, break_long_words=False, break_on_hyphens=False)) or words


def sentence(words: str) -> str:
    """The first letter large, the others as they are."""
    return words[:1].upper() + words[1:]


def to_job(name: str) -> str:
    """A link to a deployment, within the UI that shows it."""
    return f"[{name}](/deployments?deployments.flowOrDeploymentNameLike={quote(name)})"


def to_page(key: str, shown: str) -> str:
    """A link to an artifact by its key, within the UI that shows it."""
    return f"[{shown}](/artifacts/key/{quote(key)})"
