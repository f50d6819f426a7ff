"""Named-credential metadata of every shape as one noun."""

from typing import Any

from tasks.inventory.credentials_gateway import outbound_credential
from tasks.inventory.model import OutboundKind

NAMED: dict[str, Any] = {
    "fullName": "Partner",
    "label": "Partner",
    "namedCredentialType": "SecuredEndpoint",
    "namedCredentialParameters": [
        {"parameterType": "Url", "parameterValue": "https://acme.my.salesforce.com"},
        {"parameterType": "Authentication", "externalCredential": "Partner_Auth"},
    ],
}


def test_an_external_credential_that_did_not_come_is_unknown_and_not_absent() -> None:
    assert outbound_credential(NAMED, {}).kind is OutboundKind.OTHER


def test_an_external_credential_without_authentication_is_none() -> None:
    open_door = {"fullName": "Partner_Auth", "authenticationProtocol": "NoAuthentication"}
    assert outbound_credential(NAMED, {"Partner_Auth": open_door}).kind is OutboundKind.NONE


def test_a_credential_that_names_no_holder_is_none() -> None:
    bare = NAMED | {"namedCredentialParameters": NAMED["namedCredentialParameters"][:1]}
    assert outbound_credential(bare, {}).kind is OutboundKind.NONE
