"""All that the AWS server holds, written to one file and read back, over restarts and for snapshots."""

import copyreg
import importlib
import io
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import moto
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from deployments.sandbox.state import write_whole

_STAMP = f"moto {moto.__version__}, Python {sys.version_info.major}.{sys.version_info.minor}".encode()
_PRIVATE: dict[type, Callable[[], Any]] = {
    rsa.RSAPrivateKey: lambda: rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505  only for its type
    ec.EllipticCurvePrivateKey: lambda: ec.generate_private_key(ec.SECP256R1()),
}


class OtherVersion(Exception):
    """The file was written by another moto or Python, whose objects these are not."""


def save(path: Path) -> None:
    """Writes every service that has been used."""
    _teach_keys()
    buffer = io.BytesIO()
    buffer.write(_STAMP + b"\n")
    backends = _backends()
    state = {
        service: {"extra": _extra(found), "regions": _regions(found)} for service, found in backends.items()
    }
    _Writer(buffer, backends).dump(state)
    write_whole(path, buffer.getvalue())


def load(path: Path) -> None:
    """Makes every service what the file says, and empties those it does not know. Raises OtherVersion."""
    content = path.read_bytes()
    stamp, _, pickled = content.partition(b"\n")
    if stamp != _STAMP:
        raise OtherVersion(f"{path} was written by {stamp.decode()}, this is {_STAMP.decode()}")
    for found in _backends().values():
        for account in found.values():
            account.reset()
    state = _Reader(io.BytesIO(pickled)).load()
    for service, kept in state.items():
        found = _service(service)
        vars(found).update(kept["extra"])
        for account, region, facts in kept["regions"]:
            backend = found[account][region]
            vars(backend).clear()
            vars(backend).update(facts)


def _teach_keys() -> None:
    """Private keys of the KMS do not pickle by themselves: they are written as PKCS#8."""
    for make in _PRIVATE.values():
        kind = type(make())
        if kind not in copyreg.dispatch_table:
            copyreg.pickle(kind, _reduced)


def key_of(der: bytes) -> Any:
    """A private key from its PKCS#8; a name in the file, so that it is public."""
    return serialization.load_der_private_key(der, None)


def _reduced(key: Any) -> tuple[Callable[[bytes], Any], tuple[bytes]]:
    plain = serialization.NoEncryption()
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
    return key_of, (der,)


def _service(name: str) -> Any:
    return getattr(importlib.import_module(f"moto.{name}.models"), f"{name}_backends")


def _backends() -> dict[str, Any]:
    """The services whose code has been loaded, by their module's name."""
    loaded = [name.split(".") for name in list(sys.modules)]
    names = sorted(
        parts[1] for parts in loaded if len(parts) == 3 and (parts[0], parts[2]) == ("moto", "models")
    )
    services = {name: getattr(sys.modules[f"moto.{name}.models"], f"{name}_backends", None) for name in names}
    return {name: found for name, found in services.items() if found is not None}


def _extra(found: Any) -> dict[str, Any]:
    """What a service keeps beside its regions: S3 the owners of its buckets."""
    return {name: value for name, value in vars(found).items() if name == "bucket_accounts"}


def _regions(found: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return [(account, region, vars(backend)) for account, region, backend in found.iter_backends()]


class _Writer(pickle.Pickler):
    """Writes a reference to another backend as its name: it lives once, in its service."""

    def __init__(self, file: io.BytesIO, backends: dict[str, Any]) -> None:
        super().__init__(file, protocol=5)
        self._names = {
            id(backend): (service, account, region)
            for service, found in backends.items()
            for account, region, backend in found.iter_backends()
        }

    def persistent_id(self, obj: Any) -> tuple[str, str, str] | None:
        return self._names.get(id(obj))


class _Reader(pickle.Unpickler):
    def persistent_load(self, pid: tuple[str, str, str]) -> Any:
        service, account, region = pid
        return _service(service)[account][region]
