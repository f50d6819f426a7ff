"""`python -m deployments.docs` writes every generated document anew; with `--check` it only says which are out of date."""

import sys
from pathlib import Path

from deployments.docs import permission_sets, reference, rooms, runbook, unverified

DEPLOYMENTS = Path(__file__).parents[1]


def generated() -> dict[Path, str]:
    """Every generated file with what it should hold now."""
    sets, pages = DEPLOYMENTS / "permission_sets", DEPLOYMENTS / "docs"
    found = {sets / path: text for path, text in permission_sets.files().items()}
    found |= {pages / f"{Path(file).stem}.md": reference.page(file) for file in reference.PAGES}
    found[pages / "rights.md"] = permission_sets.page()
    found[pages / "rooms.md"] = rooms.page()
    found[pages / "runbook.md"] = runbook.page()
    found[pages / "not-verified.md"] = unverified.page()
    return found


def stale() -> list[Path]:
    """Those that hold something else, or are not there."""
    return [
        path for path, text in generated().items() if not path.exists() or path.read_text("utf-8") != text
    ]


def main(words: list[str]) -> int:
    """Exit code 1 where `--check` found something out of date, 2 for words that nobody knows."""
    if words not in ([], ["--check"]):
        print("usage: python -m deployments.docs [--check]", file=sys.stderr)
        return 2
    found = stale()
    for path in found:
        print(path.relative_to(DEPLOYMENTS.parent))
        if not words:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(generated()[path], "utf-8")
    return 1 if words and found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
