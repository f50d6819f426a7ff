"""Who am I, and what is there to deploy: identity documents and the Metadata API's reading calls."""

from typing import Any

import pytest
import requests
from simple_salesforce import Salesforce

from tests.contract.org import ContractOrg, lacking

USERINFO = """sub user_id organization_id preferred_username nickname name email email_verified given_name family_name
zoneinfo photos profile picture address urls active user_type language locale utcOffset updated_at"""
URLS = """enterprise metadata partner rest sobjects search query recent tooling_soap tooling_rest profile feeds groups
users feed_items feed_elements custom_domain"""
DISCOVERY = """issuer authorization_endpoint token_endpoint revocation_endpoint userinfo_endpoint jwks_uri
scopes_supported response_types_supported subject_types_supported id_token_signing_alg_values_supported"""


def test_userinfo(org: ContractOrg) -> None:
    document = org.call("GET", "/services/oauth2/userinfo").json()

    assert lacking(document, USERINFO) == set()
    assert document["sub"].endswith(f"/id/{document['organization_id']}/{document['user_id']}")
    assert lacking(document["urls"], URLS) == set()
    assert document["urls"]["custom_domain"] == org.url


def test_discovery_and_keys(org: ContractOrg) -> None:
    document = org.call("GET", "/.well-known/openid-configuration", token="").json()
    assert lacking(document, DISCOVERY) == set()
    assert document["issuer"] == org.url

    keys = org.call("GET", "/id/keys", token="").json()["keys"]
    assert all(lacking(key, "kty use kid n e alg") == set() for key in keys)


@pytest.fixture
def client(org: ContractOrg) -> Any:
    session = requests.Session()
    session.trust_env = False
    session.proxies = {"https": org.proxy} if org.proxy else {}
    session.verify = org.ca_bundle or True
    return Salesforce(session_id=org.token, instance_url=org.url, version=org.version, session=session)


def test_describe_metadata(client: Any) -> None:
    """Over the WSDL that simple-salesforce brings: an element out of order or unknown would not be read."""
    # Its metadata transport makes a session of its own.
    client.mdapi._client.transport.session.trust_env = False
    client.mdapi._client.transport.session.proxies = client.session.proxies
    client.mdapi._client.transport.session.verify = client.session.verify
    described = client.mdapi.describe_metadata()

    kinds = {each["xmlName"]: each for each in described["metadataObjects"]}
    assert lacking(kinds, "Profile PermissionSet CustomObject ConnectedApp PermissionSetGroup") == set()
    assert (kinds["Profile"]["directoryName"], kinds["Profile"]["suffix"]) == ("profiles", "profile")
    assert "CustomField" in kinds["CustomObject"]["childXmlNames"]

    query = client.mdapi.ListMetadataQuery(type="PermissionSet")
    listed = client.mdapi.list_metadata([query])
    assert all(
        each["type"] == "PermissionSet" and each["fileName"].startswith("permissionsets/") for each in listed
    )
