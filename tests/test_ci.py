"""What has to hold before a change lands fails where something in it fails."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.test_architecture import ROOT


@pytest.mark.parametrize(("body", "code"), [("true", 0), ("false; true", 1), ("(false; true); true", 1)])
def test_a_part_fails_with_its_first_command_that_fails(tmp_path: Path, body: str, code: int) -> None:
    """The script up to its own parts, then one of ours."""
    script = (ROOT / ".ci" / "run").read_text()
    before, _, _ = script.partition("\npart tools tools")
    (tmp_path / ".ci").mkdir()
    file = tmp_path / ".ci" / "run"
    file.write_text(f'{before}\nours() {{ {body}; }}\npart ours ours\necho "CI=$CI"\nfinish 0\n')
    bash = shutil.which("bash")
    assert bash
    ran = subprocess.run([bash, str(file)], capture_output=True, text=True, check=False, timeout=20)
    assert ran.returncode == code, ran.stderr
    assert ("ours: failed" in ran.stdout) is bool(code)
    assert ("CI=1" in ran.stdout) is not bool(code)
