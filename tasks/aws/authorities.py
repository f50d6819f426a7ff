"""Keys and authorities of AWS that sign certificates: KMS keys, and AWS Private CA."""

import time
from typing import Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tasks.aws.cloud import Cloud, cloud_error, error_code
from tasks.errors import CloudError, ConfigurationError

_TEMPLATE = "arn:aws:acm-pca:::template/EndEntityClientAuthCertificate/V1"
"""AWS Private CA user guide, Understanding certificate templates: clientAuth alone."""
_WAITS = 20
_LONGEST_MESSAGE = 4096
"""Bytes that KMS takes whole (KMS API reference, Sign)."""


class KmsKey(ec.EllipticCurvePrivateKey):
    """
    A key of the kind ECC_NIST_P256 that signs certificates and never leaves KMS.

    `cryptography` asks a private key for nothing but its signature and its curve when it signs a certificate.
    """

    def __init__(self, cloud: Cloud, key: str) -> None:
        """Raises CloudError, and ConfigurationError for a key of another kind."""
        self._kms, self._key = cloud.client("kms"), key
        try:
            answer = self._kms.get_public_key(KeyId=key)
        except (BotoCoreError, ClientError) as error:
            raise cloud_error(f"read the public key of {key}", error) from None
        public = load_der_public_key(answer["PublicKey"])
        if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
            raise ConfigurationError(
                f"The KMS key {key} cannot issue certificates: it must be an ECC_NIST_P256 key for signing."
            )
        self._public = public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """DER (RFC 3279). Raises CloudError."""
        wanted = signature_algorithm.algorithm
        if isinstance(wanted, Prehashed) or wanted.name != "sha256":
            raise ConfigurationError("A KMS key signs certificates with SHA-256.")
        message, kind = bytes(data), "RAW"
        if len(message) > _LONGEST_MESSAGE:
            # Only a long list of revoked certificates is: KMS then takes its digest.
            digest = hashes.Hash(hashes.SHA256())
            digest.update(message)
            message, kind = digest.finalize(), "DIGEST"
        try:
            answer = self._kms.sign(
                KeyId=self._key, Message=message, MessageType=kind, SigningAlgorithm="ECDSA_SHA_256"
            )
        except (BotoCoreError, ClientError) as error:
            raise cloud_error(f"sign with the key {self._key}", error) from None
        signature: bytes = answer["Signature"]
        return signature

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.curve.key_size

    def exchange(self, *_: Any) -> NoReturn:
        raise ConfigurationError("A KMS key for signing agrees on nothing.")

    def private_numbers(self) -> NoReturn:
        raise ConfigurationError("The numbers of a KMS key never leave KMS.")

    def private_bytes(self, *_: Any, **__: Any) -> NoReturn:
        raise ConfigurationError("A KMS key never leaves KMS.")

    def __copy__(self) -> "KmsKey":
        return self

    def __deepcopy__(self, _: Any) -> "KmsKey":
        return self


def issued_by_private_ca(cloud: Cloud, arn: str, request: str, days: int, token: str) -> str:
    """The chain for a request, leaf first, root last. The same `token` gives the same certificate for minutes. Raises CloudError."""
    client = cloud.client("acm-pca")
    try:
        made = client.issue_certificate(
            CertificateAuthorityArn=arn,
            Csr=request.encode(),
            SigningAlgorithm="SHA256WITHRSA" if _holds_rsa(client, arn) else "SHA256WITHECDSA",
            TemplateArn=_TEMPLATE,
            Validity={"Value": days, "Type": "DAYS"},
            IdempotencyToken=token[:36],
        )
        for _ in range(_WAITS):
            try:
                answer = client.get_certificate(
                    CertificateAuthorityArn=arn, CertificateArn=made["CertificateArn"]
                )
            except ClientError as error:
                if error_code(error) != "RequestInProgressException":
                    raise
                time.sleep(1)
                continue
            return f"{answer['Certificate'].strip()}\n{str(answer.get('CertificateChain') or '').strip()}\n"
    except (BotoCoreError, ClientError) as error:
        raise cloud_error(f"issue a certificate by {arn}", error) from None
    raise CloudError(f"AWS Private CA did not issue within {_WAITS} seconds. Run again.")


def revoked_by_private_ca(cloud: Cloud, arn: str, serial: int) -> None:
    """Raises CloudError; what is revoked already stays so."""
    try:
        cloud.client("acm-pca").revoke_certificate(
            CertificateAuthorityArn=arn, CertificateSerial=f"{serial:x}", RevocationReason="SUPERSEDED"
        )
    except ClientError as error:
        if error_code(error) != "RequestAlreadyProcessedException":
            raise cloud_error(f"revoke a certificate of {arn}", error) from None
    except BotoCoreError as error:
        raise cloud_error(f"revoke a certificate of {arn}", error) from None


def published(cloud: Cloud, bucket: str, key: str) -> bytes | None:
    """What `publish` put there, None where there is nothing. Raises CloudError."""
    try:
        body: bytes = cloud.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error_code(error) in ("NoSuchKey", "NoSuchBucket"):
            return None
        raise cloud_error(f"read {key} from the bucket {bucket}", error) from None
    except BotoCoreError as error:
        raise cloud_error(f"read {key} from the bucket {bucket}", error) from None
    return body


def _holds_rsa(client: Any, arn: str) -> bool:
    found = client.describe_certificate_authority(CertificateAuthorityArn=arn)["CertificateAuthority"]
    algorithm = str(found["CertificateAuthorityConfiguration"]["KeyAlgorithm"])
    return algorithm.startswith("RSA")


def publish(cloud: Cloud, bucket: str, key: str, content: bytes) -> None:
    """Puts a list of revoked certificates where orgs fetch it. Raises CloudError."""
    try:
        cloud.client("s3").put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ContentType="application/pkix-crl",
            CacheControl="max-age=300",
        )
    except (BotoCoreError, ClientError) as error:
        raise cloud_error(f"write {key} to the bucket {bucket}", error) from None
