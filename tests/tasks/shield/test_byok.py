"""Key material arrives as it was made, and only where it was wrapped for."""

import base64
import hashlib
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tasks.errors import ConfigurationError
from tasks.shield.byok import MATERIAL_BYTES, Padding, oaep, wrapped
from tasks.shield.byok_gateway import write_private

DAY = datetime(2026, 5, 1, tzinfo=UTC)
MATERIAL = bytes(range(MATERIAL_BYTES))


def certificate(key: CertificateIssuerPrivateKeyTypes) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "BYOK")])
    built = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=7,
        not_valid_before=DAY,
        not_valid_after=DAY + timedelta(days=300),
    )
    return built.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 4096)


@pytest.mark.parametrize("hashing", ["SHA-512", "SHA-1"])
def test_the_org_unwraps_what_was_made_and_can_check_it(key: rsa.RSAPrivateKey, hashing: Padding) -> None:
    upload = wrapped(MATERIAL, certificate(key), "BYOK_2026", "Data", hashing)
    material = key.decrypt(base64.b64decode(upload.SecretValue), oaep(hashing))
    assert material == MATERIAL
    assert base64.b64decode(upload.SecretValueHash) == hashlib.sha256(material).digest()
    assert (upload.Type, upload.SecretValueCertificate) == ("Data", "BYOK_2026")
    assert MATERIAL.hex() not in upload.model_dump_json()
    assert wrapped(MATERIAL, certificate(key), "BYOK_2026").SecretValue != upload.SecretValue


def test_other_certificates_and_other_material_are_refused(key: rsa.RSAPrivateKey) -> None:
    for other in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())):
        with pytest.raises(ConfigurationError, match="no RSA key of 4096 bits"):
            wrapped(MATERIAL, certificate(other), "BYOK")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        wrapped(MATERIAL, "nothing", "BYOK")
    with pytest.raises(ConfigurationError, match="32 random bytes"):
        wrapped(MATERIAL[1:], certificate(key), "BYOK")


def test_the_file_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "tenant-secrets" / "hq.upload.json"
    before = os.umask(0)
    try:
        write_private(path, b"wrapped")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(ConfigurationError, match="already"):
        write_private(path, b"another")
    assert path.read_bytes() == b"wrapped"
