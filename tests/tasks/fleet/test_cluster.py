"""Which Dask clusters may be used: those with certificates, and those on this machine."""

import pytest

from tasks.errors import ConfigurationError
from tasks.fleet.cluster import local_processes


def test_a_cluster_is_local_or_has_tls() -> None:
    assert local_processes("local:3") == 3
    assert local_processes("tls://scheduler.acme.example:8786") is None
    assert local_processes("tcp://127.0.0.1:8786") is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("tcp://scheduler.acme.example:8786", "without TLS"),
        ("tcp://localhost.acme.example:8786", "without TLS"),
        ("local", "1 to 64"),
        ("local:0", "1 to 64"),
        ("local:many", "1 to 64"),
        ("scheduler.acme.example:8786", "it is neither"),
        ("tls://scheduler.acme.example", "it is neither"),
        ("tls://scheduler.acme.example:eight", "it is neither"),
        ("http://scheduler.acme.example:8786", "it is neither"),
    ],
)
def test_what_would_run_code_of_strangers_is_refused(value: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        local_processes(value)
