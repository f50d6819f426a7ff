"""`bulkhead demo` from nothing, and once more in the same place."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest


def shown(home: Path) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "deployments.cli", "demo"],
        env={**os.environ, "BULKHEAD_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def holds(told: str, home: Path) -> None:
    assert re.search(r"Rows that the breach of October 2024 takes +47,000 → 0\n", told), told
    assert re.search(r"Leaked credentials that reach data in a year +3 of 3 → 0 of 3\n", told)
    assert re.search(r"Time to detect \(p95\) +\d days → \d+ minutes\n", told)
    # All four are closed in every org; two fields that no scheme takes are answered for, and said.
    assert re.search(r"Audit findings of the case study +4 → 0 \(2 waived until \d{4}-\d\d-\d\d\)\n", told)
    assert re.search(r"no mutual TLS \(ZT-01\) +5 \(.+\) → 0\n", told)
    assert re.search(r"overprivileged sync users \(ZT-03\) +\d \(.+\) → 0\n", told)
    assert re.search(
        r"no field encryption \(ZT-06\) +\d \(.+\) → 0 \(2 waived until \d{4}-\d\d-\d\d\)\n", told
    )
    assert re.search(r"logs reviewed by hand once a week \(ZT-18\) +3 \(.+\) → 0\n", told)
    assert "all layers: 15 of 15 stopped, missed: none\n" in told
    (link,) = re.findall(r"^report +(file://\S+)$", told, re.MULTILINE)
    assert "<html" in Path(urlsplit(link).path).read_text()[:500]
    assert re.search(r"^Prefect UI +http://127", told, re.MULTILINE)
    assert not (home / "demo" / "running.json").exists(), "off a terminal nothing stays"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_it_shows_the_article_s_headlines(tmp_path: Path) -> None:
    holds(shown(tmp_path / "home"), tmp_path / "home")


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_it_shows_them_once_more_in_the_same_place(tmp_path: Path) -> None:
    for _ in range(2):
        holds(shown(tmp_path / "home"), tmp_path / "home")
