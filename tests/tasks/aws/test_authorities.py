"""AWS Private CA: it issues for a request, and takes back."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tasks.aws.authorities import issued_by_private_ca, revoked_by_private_ca
from tasks.aws.cloud import Cloud
from tasks.certificates.authority import checked, request_of, subject_of
from tasks.errors import CloudError
from tests.tasks.certificates.minted import elliptic, modular, named, pem

UNKNOWN = (
    "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/00000000-0000-0000-0000-000000000000"
)


@pytest.fixture(scope="module")
def request_text() -> str:
    return request_of(modular(2048), subject_of("Acme", "a", "b", "A_to_B"))


def authority(cloud: Cloud) -> str:
    """One whose certificate a root of ours has signed, as its owner does it once."""
    client = cloud.client("acm-pca")
    arn: str = client.create_certificate_authority(
        CertificateAuthorityConfiguration={
            "KeyAlgorithm": "RSA_2048",
            "SigningAlgorithm": "SHA256WITHRSA",
            "Subject": {"Organization": "Acme", "CommonName": "Acme Private CA"},
        },
        CertificateAuthorityType="SUBORDINATE",
    )["CertificateAuthorityArn"]
    asked = x509.load_pem_x509_csr(
        client.get_certificate_authority_csr(CertificateAuthorityArn=arn)["Csr"].encode()
    )
    now, root = datetime.now(UTC), elliptic("private root")

    def made(subject: x509.Name, key: object) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(named("Private Root"))
            .public_key(key)  # type: ignore[arg-type]
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=900))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(root, hashes.SHA256())
        )

    client.import_certificate_authority_certificate(
        CertificateAuthorityArn=arn,
        Certificate=made(asked.subject, asked.public_key()).public_bytes(Encoding.PEM),
        CertificateChain=pem(made(named("Private Root"), root.public_key())).encode(),
    )
    return arn


def test_it_issues_a_chain_for_the_request_and_revokes_it(cloud: Cloud, request_text: str) -> None:
    arn = authority(cloud)
    try:
        chain = checked(issued_by_private_ca(cloud, arn, request_text, 90, "token"), request_text)
        assert len(chain.certificates) >= 2 and chain.certificates[1].common_name == "Acme Private CA"
        assert chain.leaf.common_name == "A_to_B"
        revoked_by_private_ca(cloud, arn, int(chain.leaf.serial))
    finally:
        client = cloud.client("acm-pca")
        client.update_certificate_authority(CertificateAuthorityArn=arn, Status="DISABLED")
        client.delete_certificate_authority(CertificateAuthorityArn=arn)


def test_an_authority_that_is_not_there_is_named(cloud: Cloud, request_text: str) -> None:
    with pytest.raises(CloudError, match="issue a certificate"):
        issued_by_private_ca(cloud, UNKNOWN, request_text, 90, "token")
    with pytest.raises(CloudError, match="revoke a certificate"):
        revoked_by_private_ca(cloud, UNKNOWN, 1)
