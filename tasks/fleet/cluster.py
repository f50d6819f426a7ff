"""Where the tasks of many orgs run beside those of one machine: on which Dask cluster."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from tasks.errors import ConfigurationError

SETTING = "BULKHEAD_DASK"
"""
Environment variable of workers: `tls://scheduler.acme.example:8786`, or `local:4` for that many processes of this machine. Without it
tasks are threads of their run.
"""
_LOCAL = "local"


def local_processes(value: str) -> int | None:
    """How many processes `local:<n>` asks for; None for the address of a cluster. Raises ConfigurationError for what is neither."""
    kind, _, count = value.partition(":")
    if kind == _LOCAL:
        if not count.isdigit() or not 1 <= int(count) <= 64:
            raise ConfigurationError(f"{SETTING} is local:<n>, with 1 to 64 processes; it says {value}.")
        return int(count)
    try:
        address = urlsplit(value)
        known = address.scheme in ("tls", "tcp") and address.hostname and address.port
    except ValueError:
        known = None
    if not known:
        raise ConfigurationError(
            f"{SETTING} is tls://<host>:<port> of a Dask scheduler, or local:<n>; it is neither."
        )
    if address.scheme != "tls" and not _here(address.hostname or ""):
        # Whoever reaches a scheduler without certificates runs code on its workers.
        raise ConfigurationError(
            f"{SETTING} names a Dask cluster without TLS. Give scheduler and workers certificates "
            "(DASK_DISTRIBUTED__COMM__TLS__…), and write tls://."
        )
    return None


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
