"""The verifier as one file for whoever checks evidence: a zipapp (PEP 441) of those modules of ours that checking needs."""

import subprocess
import sys
import tempfile
import zipapp
from pathlib import Path

import tasks

NEEDS = ("cryptography", "orjson", "pydantic")
"""What the machine that checks has to have beside Python."""
_ENTRY = "tasks.packs.verifier_gateway"
_ASK = f"import sys, {_ENTRY}; print(*sorted(name for name in sys.modules if name.split('.')[0] == 'tasks'))"


def write_verifier(file: Path) -> list[str]:
    """Gives the names of the modules in it. The same version writes the same code. Raises OSError."""
    root = Path(tasks.__file__).parents[1]
    # Asked in a process of its own: this one has imported far more.
    names = subprocess.run(
        [sys.executable, "-c", _ASK], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in names:
            path = Path(*name.split("."))
            source = root / path.with_suffix(".py")
            kept = source if source.exists() else root / path / "__init__.py"
            target = folder / kept.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(kept.read_bytes())
        main = f"import sys\nfrom {_ENTRY} import main\nsys.exit(main())\n"
        (folder / "__main__.py").write_text(main)
        zipapp.create_archive(folder, file, interpreter="/usr/bin/env python3", compressed=True)
    return names
