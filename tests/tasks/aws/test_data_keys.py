"""What KMS refuses, and whether a repeat may help: a busy one is asked again, a shut one is a matter for a person."""

from typing import Any, cast

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from tasks.aws.cloud import Cloud
from tasks.aws.data_keys import DataKeys
from tasks.errors import CloudError, SecretUnavailable


class Account:
    """AWS with one client, which answers what it is told."""

    def __init__(self) -> None:
        self.kms = boto3.client(
            "kms",
            region_name="eu-central-1",
            aws_access_key_id="a",
            aws_secret_access_key="b",
            config=Config(retries={"max_attempts": 0}),
        )
        self.stub = Stubber(self.kms)

    def client(self, name: str, region: str | None = None) -> Any:
        assert (name, region) == ("kms", None), "an alias names no region"
        return self.kms


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "KMSInternalException", "DependencyTimeoutException"]
)
def test_a_busy_kms_may_be_asked_again(code: str) -> None:
    account = Account()
    account.stub.add_client_error("decrypt", code, "the wrapped key was AAAA")
    account.stub.add_client_error("generate_data_key_without_plaintext", code)
    with account.stub:
        keys = DataKeys(cast(Cloud, account), "alias/k")
        for ask in (lambda: keys.unwrap(b"AAAA", {"bulkhead:route": "R"}), lambda: keys.make({})):
            with pytest.raises(CloudError) as refused:
                ask()
            assert not isinstance(refused.value, SecretUnavailable), "that would not be tried again"
            assert "AAAA" not in str(refused.value) and "alias/k" in str(refused.value)


@pytest.mark.parametrize("code", ["DisabledException", "KMSInvalidStateException", "NotFoundException"])
def test_a_key_that_is_shut_says_what_to_do(code: str) -> None:
    account = Account()
    account.stub.add_client_error("decrypt", code)
    with account.stub, pytest.raises(SecretUnavailable, match=f"about to be deleted, or not there .{code}."):
        DataKeys(cast(Cloud, account), "alias/k").unwrap(b"w", {})


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "InvalidCiphertextException", "IncorrectKeyException"]
)
def test_a_wrapped_key_that_is_not_this_routes_says_so(code: str) -> None:
    account = Account()
    account.stub.add_client_error("decrypt", code)
    with account.stub, pytest.raises(SecretUnavailable, match="belongs to another route or was changed"):
        DataKeys(cast(Cloud, account), "alias/k").unwrap(b"w", {})
