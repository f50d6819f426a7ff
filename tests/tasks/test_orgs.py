"""From an alias to a working session, on a real server and the embedded estate."""

import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tasks.errors import ConfigurationError, WriteRefused
from tasks.orgs import forget_connections, load_estate, load_policy, open_cloud, open_org
from tests.product import Product
from tests.running import RunningEstate


@pytest.fixture(autouse=True)
def fresh(product: Product) -> None:
    forget_connections()


def test_what_was_registered_comes_back() -> None:
    estate = load_estate()
    assert [org.alias for org in estate.orgs] == ["hq", "emea", "apac", "compliance", "hq-uat"]
    assert estate.routes and load_policy().network.allowed


def test_a_session_reads() -> None:
    with open_org("emea") as session:
        assert session.count("SELECT COUNT() FROM User") > 10


def test_sessions_of_one_identity_sign_in_once(estate: RunningEstate) -> None:
    estate.reset_wire()

    def read() -> None:
        with open_org("apac") as session:
            session.count("SELECT COUNT() FROM Profile")

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tokens = [row for row in estate.wire() if row["path"].endswith("/services/oauth2/token")]
    assert len(tokens) == 1


def test_an_unknown_alias_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match=r"mars.*estate.yaml"), open_org("mars"):
        pass


def test_the_scanner_cannot_write() -> None:
    with open_org("hq") as session, pytest.raises(WriteRefused):
        session._transport.post(
            f"{session.connection.base_url}/services/data/v67.0/sobjects/Account", json={}
        )


def test_the_cloud_is_reached_where_it_was_registered() -> None:
    assert open_cloud().client("secretsmanager").meta.endpoint_url == load_estate().cloud.endpoint_url


DIES = """
import os, resource
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
{reads}
print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
os.abort()
"""
READS = "from tasks.orgs import open_org\nwith open_org('hq') as session: session.count('SELECT COUNT() FROM User')"


def died(folder: Path, reads: str) -> tuple[int, list[Path]]:
    """What its limit was in the end, and the core files that it left."""
    folder.mkdir()
    command = [sys.executable, "-c", DIES.format(reads=reads)]
    ended = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=120)
    assert ended.returncode == -signal.SIGABRT, ended.stderr
    return int(ended.stdout), [*folder.iterdir()]


def test_who_has_read_a_secret_leaves_no_core_file(tmp_path: Path) -> None:
    limit, left = died(tmp_path / "read", READS)
    assert limit in (0, 1)
    assert not left
    if resource.getrlimit(resource.RLIMIT_CORE)[1] != 0 and not core_pattern().startswith(("|", "/")):
        assert died(tmp_path / "nothing", "")[1], "without it there is one"


def core_pattern() -> str:
    return Path("/proc/sys/kernel/core_pattern").read_text()
