"""
How words fit on pages of Prefect's UI.

It never breaks a line within a cell of a table: of what is wider than about 100 letters in all, the rest is out of sight.
"""

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

Forms = Mapping[str, str]
"""From names of deployments to their ids, as far as they are known."""

_PIECES = re.compile(r"[^/_.@:-]*[/_.@:-]|[^/_.@:-]+")


def cell(words: str, width: int = 0) -> str:
    """For a cell of a table; with `width`, in lines of so many letters."""
    plain = " ".join(words.split()).replace("|", "\\|")
    return folded(plain, width) if width else plain


def folded(words: str, width: int) -> str:
    """A word that is longer than a line goes on in the next one, after a sign where names and addresses have their joints."""
    lines = [""]
    for word in words.split(" "):
        pieces = [word] if len(word) <= width else list(_pieces(word, width))
        if len(pieces) > 1 and lines[-1]:
            lines.append("")
        for number, piece in enumerate(pieces):
            gap = " " if number == 0 and lines[-1] else ""
            if lines[-1] and len(lines[-1]) + len(gap) + len(piece) > width:
                lines.append(piece)
            else:
                lines[-1] += gap + piece
    return "<br>".join(_closed(lines))


def _closed(lines: list[str]) -> Iterator[str]:
    """Code that goes on in the next line ends in this one and begins anew there: within it a break would be shown as text."""
    carried = ""
    for line in lines:
        marked = carried + line
        carried = "`" if marked.count("`") % 2 else ""
        yield marked + carried


def _pieces(word: str, width: int) -> Iterator[str]:
    """No piece of an address may look like a whole one: Prefect's pages would make a link of it, to somewhere else."""
    for part in re.split("(?<=@)", word.replace("https://", "")):
        for piece in [part] if len(part) <= width else _PIECES.findall(part):
            yield from (piece[at : at + width] for at in range(0, len(piece), width))


def sentence(words: str) -> str:
    """The first letter large, the others as they are."""
    return words[:1].upper() + words[1:]


def to_job(name: str) -> str:
    """A link to a deployment, within the UI that shows it."""
    return f"[{name}](/deployments?deployments.flowOrDeploymentNameLike={quote(name)})"


def to_form(name: str, forms: Forms, **values: str) -> str:
    """A link to the start form of a deployment with these values filled in; where its id is not known, to the deployment."""
    if name not in forms:
        return to_job(name)
    filled = quote(json.dumps(values, separators=(",", ":")), safe="")
    return f"[{name}](/deployments/deployment/{forms[name]}/run?parameters={filled})"


def to_page(key: str, shown: str) -> str:
    """A link to an artifact by its key, within the UI that shows it."""
    return f"[{shown}](/artifacts/key/{quote(key)})"
