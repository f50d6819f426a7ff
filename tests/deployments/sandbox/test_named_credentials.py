"""Named and external credentials over REST: the components the Metadata API knows, and secrets that never come back."""

from typing import Any

import requests

from tests.deployments.sandbox.envelopes import read, texts
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
EXTERNAL = {
    "developerName": "Ledger_Auth",
    "masterLabel": "Ledger Auth",
    "authenticationProtocol": "Custom",
    "principals": [{"principalName": "Main", "principalType": "NamedPrincipal", "sequenceNumber": 1}],
}
NAMED = {
    "developerName": "Ledger",
    "masterLabel": "Ledger",
    "type": "SecuredEndpoint",
    "calloutUrl": "https://ledger.example",
    "externalCredentials": [{"developerName": "Ledger_Auth"}],
}
SECRET = {
    "externalCredential": "Ledger_Auth",
    "principalName": "Main",
    "principalType": "NamedPrincipal",
    "credentials": {"ApiKey": {"encrypted": True, "value": "s3cret-of-the-ledger"}},
}
WHICH = "named-credentials/credential?externalCredential=Ledger_Auth&principalName=Main&principalType=NamedPrincipal"


def call(
    estate: RunningEstate, method: str, path: str, user: str = ADMIN, **options: Any
) -> requests.Response:
    return estate.call(method, "hq", user, f"v62.0/{path}", **options)


def test_from_an_external_credential_to_its_secret_and_away_again(miniature: RunningEstate) -> None:
    made = call(miniature, "POST", "named-credentials/external-credentials", json=EXTERNAL)
    assert made.status_code == 201
    assert made.json()["principals"][0]["authenticationStatus"] == "NotConfigured"
    assert call(miniature, "POST", "named-credentials/named-credential-setup", json=NAMED).status_code == 201
    assert texts(read(miniature, "NamedCredential", "Ledger"), "externalCredential") == ["Ledger_Auth"]
    row = call(
        miniature,
        "GET",
        "query?q=SELECT Endpoint, MasterLabel FROM NamedCredential WHERE DeveloperName = 'Ledger'",
    )
    assert row.json()["records"][0]["MasterLabel"] == "Ledger"

    kept = call(miniature, "POST", "named-credentials/credential", json=SECRET)
    assert kept.status_code == 201
    assert kept.json()["credentials"] == {"ApiKey": {"encrypted": True, "revision": 1, "value": None}}
    assert (
        call(miniature, "POST", "named-credentials/credential", json=SECRET).json()[0]["errorCode"]
        == "DUPLICATE_VALUE"
    )
    changed = {"ApiKey": {"encrypted": True, "value": "another", "revision": 1}}
    again = call(miniature, "PATCH", "named-credentials/credential", json={**SECRET, "credentials": changed})
    assert again.json()["credentials"]["ApiKey"]["revision"] == 2
    late = call(miniature, "PATCH", "named-credentials/credential", json={**SECRET, "credentials": changed})
    assert late.json()[0]["errorCode"] == "INVALID_INPUT"
    looked = call(miniature, "GET", WHICH)
    assert looked.json()["authenticationStatus"] == "Configured"
    shown = call(miniature, "GET", "named-credentials/external-credentials/Ledger_Auth").json()
    assert shown["relatedNamedCredentials"] == [{"developerName": "Ledger", "masterLabel": "Ledger"}]
    for answer in (kept, again, looked):
        assert "s3cret" not in answer.text and "another" not in answer.text

    used = call(miniature, "DELETE", "named-credentials/external-credentials/Ledger_Auth")
    assert used.json()[0]["errorCode"] == "DELETE_FAILED"
    assert call(miniature, "DELETE", WHICH).status_code == 204
    assert call(miniature, "GET", WHICH).json()["authenticationStatus"] == "NotConfigured"
    assert call(miniature, "DELETE", "named-credentials/named-credential-setup/Ledger").status_code == 204
    assert call(miniature, "DELETE", "named-credentials/external-credentials/Ledger_Auth").status_code == 204
    assert call(miniature, "GET", "named-credentials/external-credentials/Ledger_Auth").status_code == 404


def test_what_is_missing_or_not_allowed_is_said(miniature: RunningEstate) -> None:
    def code(method: str, path: str, **options: Any) -> tuple[int, str]:
        answer = call(miniature, method, f"named-credentials/{path}", **options)
        return answer.status_code, answer.json()[0]["errorCode"]

    assert code("GET", "external-credentials", user="clerk@hq.example") == (403, "INSUFFICIENT_ACCESS")
    bare = {"developerName": "Bare"}
    assert code("POST", "external-credentials", json=bare) == (400, "REQUIRED_FIELD_MISSING")
    assert code("POST", "named-credential-setup", json={**NAMED, "externalCredentials": [bare]}) == (
        400,
        "INVALID_INPUT",
    )
    assert code("POST", "credential", json=SECRET) == (404, "NOT_FOUND")
    assert code("PATCH", "external-credentials", json=EXTERNAL) == (405, "METHOD_NOT_ALLOWED")
