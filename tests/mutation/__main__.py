"""
Mutation testing of what must never be wrong: plans, ledger, effective rights, just-in-time access.

`make mutate` runs it in a copy of the committed tree, for mutmut writes beside what it mutates and an editable install would
hide that. Prints how many mutants each room's tests notice, writes the survivors as a list (prints them where only some mutants
were asked for), and fails below the share that is wanted.
"""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".bulkhead-tools" / "mutation"
SURVIVORS = Path(__file__).with_name("survivors.md")
WANTED = 85
"""Per cent of the mutants of each room."""
_NOTICED = ("killed", "timeout", "segfault", "suspicious")
_JUDGED = (*_NOTICED, "survived", "no tests")
_RESULT = re.compile(r"^\s*(\S+): (.+?)\s*$")


def main(*only: str) -> int:
    """`only` are names of mutants with stars; all without any. 0, 1 below the share, 2 where there was nothing to judge."""
    tree, python = PLACE / "tree", PLACE / "venv" / "bin" / "python"
    _copy(tree)
    _install(python)
    subprocess.run([python, "-m", "mutmut", "run", "--max-children", "2", *only], cwd=tree, check=False)
    told = _told(python, tree, "results", "--all", "true")
    found = [(name, verdict) for name, verdict in map(_parts, told.splitlines()) if verdict in _JUDGED]
    if not found:
        print("mutmut made no mutant; its own words are above", file=sys.stderr)
        return 2
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, verdict in found:
        counts[_room(name)][verdict] += 1
    shares = {room: _share(count) for room, count in sorted(counts.items())}
    for room, share in shares.items():
        print(f"{room}: {share:.1f} % of {sum(counts[room].values())} mutants noticed ({dict(counts[room])})")
    told = _survivors([name for name, verdict in found if verdict not in _NOTICED], shares, python, tree)
    if only:
        # A part does not replace the list of the whole.
        print(told)
    else:
        SURVIVORS.write_text(told, encoding="utf-8")
        print(f"survivors: {SURVIVORS.relative_to(ROOT)}")
    return int(min(shares.values()) < WANTED)


def _copy(tree: Path) -> None:
    """What is committed, and nothing else."""
    if tree.exists():
        subprocess.run(["rm", "-r", tree], check=True)
    tree.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", tree], check=True)


def _install(python: Path) -> None:
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
    locks = [ROOT / "deployments" / "requirements.lock", Path(__file__).with_name("requirements.lock")]
    install = [Path(sys.executable).with_name("uv"), "pip", "install", "--system-certs", "--quiet"]
    for lock in locks:
        subprocess.run([*install, "--require-hashes", "--python", python, "-r", lock], check=True)


def _told(python: Path, tree: Path, *arguments: str) -> str:
    command = [python, "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True).stdout


def _parts(line: str) -> tuple[str, str]:
    found = _RESULT.match(line)
    return (found[1], found[2]) if found else ("", "")


def _room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def _share(count: Counter[str]) -> float:
    return 100 * sum(count[verdict] for verdict in _NOTICED) / sum(count.values())


def _survivors(names: list[str], shares: dict[str, float], python: Path, tree: Path) -> str:
    """Each survivor as the line that was and the line that it became."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=tree, check=True, capture_output=True, text=True
    ).stdout.strip()
    lines = ["# Mutants that no test noticed", "", f"At `{commit}`, by `make mutate`. Noticed: "]
    lines[-1] += ", ".join(f"{room} {share:.1f} %" for room, share in shares.items()) + "."
    module = ""
    for name in sorted(names):
        here, _, function = name.rpartition(".")
        if here != module:
            module = here
            lines += ["", f"## {module}", ""]
        changed = [
            line for line in _told(python, tree, "show", name).splitlines() if re.match(r"[-+](?![-+])", line)
        ]
        lines.append(f"* `{function}`")
        lines += [f"  `{line.replace('`', chr(39))}`  " for line in changed]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
