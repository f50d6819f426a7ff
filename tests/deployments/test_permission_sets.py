"""The permission sets that customers deploy: they go in over the wire, they are enough, and none of their rights is too many."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping

import pytest

from deployments.docs import permission_sets
from deployments.doctor import probe
from deployments.sandbox import launch
from deployments.sandbox.seed import rights as seed
from tasks.credentials.gateway import read_exposed
from tasks.encryption.gateway import read_fields
from tasks.estate.model import OrgEntry
from tasks.estate.read import read_estate
from tasks.inventory.gateway import read_inventory
from tasks.network.gateway import read_network
from tasks.permissions.gateway import read_permissions
from tasks.permissions.own import ENFORCER, ENFORCER_WRITES, SCANNER, OwnSet
from tasks.reading import Reading
from tasks.salesforce.session import Session
from tests.running import RunningEstate
from tests.tasks.salesforce.scanner import scanner_connection

ORG = "apac"
ADMINISTRATOR = f"client.laboratory@{ORG}.meridian.example"
BEFORE = "before-permission-sets"
READERS: Mapping[str, Callable[[Session], Reading]] = {
    "inventory": read_inventory,
    "fields": lambda session: read_fields(session, kind="production"),
    "exposed": read_exposed,
    "network": lambda session: read_network(session, profiles=[]),
    "permissions": lambda session: read_permissions(session, fields=["Account.SSN__c"]),
}
OPENS = {
    "CustomizeApplication": ("inventory", "grants"),
    "ExternalClientAppViewer": ("inventory", "apps"),
    "ManageAuthProviders": ("inventory", "auth_providers"),
    "ManageEncryptionKeys": ("fields", "tenant_secrets"),
    "ManageTwoFactor": ("network", "mfa"),
    "MonitorLoginHistory": ("inventory", "logins"),
    "ViewEventLogFiles": ("network", "event_logs"),
    "ViewSetup": ("permissions", "permission_sets"),
}
"""Right to the reader and the section that are lost without it."""
OPENS_NOTHING_HERE = {
    "ApiEnabled": "the profile of API-only users gives it too; other profiles do not",
    "ApiUserOnly": "it takes away: the browser",
    "ViewAllUsers": "users of the embedded estate see each other; companies may make users private",
}


@pytest.fixture(scope="module")
def org(estate: RunningEstate) -> Iterator[OrgEntry]:
    launch.save_snapshot(estate.folder, BEFORE)
    yield read_estate((estate.folder / "estate.yaml").read_text()).org(ORG)
    launch.restore_snapshot(estate.folder, BEFORE)
    launch.delete_snapshot(estate.folder, BEFORE)


def deploy(estate: RunningEstate, files: Mapping[str, str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    options = {"deployOptions": {"singlePackage": True, "rollbackOnError": True}}
    parts = {
        "json": (None, json.dumps(options), "application/json"),
        "file": ("sets.zip", packed.getvalue(), "application/zip"),
    }
    requests = "v62.0/metadata/deployRequest"
    started = estate.call("POST", ORG, ADMINISTRATOR, requests, files=parts).json()
    for _ in range(100):
        found = estate.get(ORG, ADMINISTRATOR, f"{requests}/{started['id']}?includeDetails=true").json()
        if found["deployResult"]["done"]:
            break
        time.sleep(0.1)
    result = found["deployResult"]
    problems = [each["problem"] for each in result.get("details", {}).get("componentFailures", ())]
    assert result["success"], "; ".join(problems)


def one_set(own: OwnSet) -> dict[str, str]:
    return {
        "package.xml": permission_sets.manifest([own.name]),
        f"permissionsets/{own.name}.permissionset": permission_sets.component(own),
    }


def gaps(estate: RunningEstate, reader: str) -> Mapping[str, str]:
    with Session(scanner_connection(estate, ORG)) as session:
        return READERS[reader](session).gaps


def without(own: OwnSet, right: str) -> OwnSet:
    return own.model_copy(update={"rights": {name: why for name, why in own.rights.items() if name != right}})


def holding(own: OwnSet, *rights: str) -> OwnSet:
    return own.model_copy(update={"rights": {**own.rights, **dict.fromkeys(rights, "nothing")}})


def test_the_embedded_estate_gives_our_identities_these_rights_and_no_others() -> None:
    """So every test of the product against it runs with what customers deploy."""
    assert set(SCANNER.rights) == set(seed.SCANNER)
    assert set(ENFORCER.rights) == seed.ENFORCER
    assert set(ENFORCER_WRITES.rights) == seed.ENFORCER_WRITES
    assert (ENFORCER.name, ENFORCER_WRITES.name) == seed.ENFORCER_SETS


@pytest.mark.usefixtures("org")
def test_the_deployed_sets_leave_no_gap(estate: RunningEstate) -> None:
    deploy(estate, permission_sets.files())
    assert {reader: dict(gaps(estate, reader)) for reader in READERS} == {reader: {} for reader in READERS}


def test_doctor_finds_nothing_beyond_them_and_names_what_somebody_adds(
    estate: RunningEstate, org: OrgEntry
) -> None:
    deploy(estate, permission_sets.files())
    with Session(scanner_connection(estate, ORG)) as session:
        check = probe(session, org)
        assert (check.beyond, check.lacking, check.missing) == ({}, {}, {})
        deploy(estate, one_set(holding(SCANNER, "ViewAllData", "RunReports")))
        deploy(estate, one_set(holding(ENFORCER, "CustomizeApplication")))
        deploy(estate, one_set(without(ENFORCER_WRITES, "ManageCertificates")))
        check = probe(session, org)
    assert check.beyond == {"scanner": ("ViewAllData",), "enforcer": ("CustomizeApplication",)}
    assert check.lacking == {"enforcer": ("ManageCertificates",)}


@pytest.mark.usefixtures("org")
@pytest.mark.parametrize("right", sorted(OPENS))
def test_without_one_right_a_gap_names_what_it_opens(estate: RunningEstate, right: str) -> None:
    reader, section = OPENS[right]
    deploy(estate, one_set(without(SCANNER, right)))
    assert gaps(estate, reader)[section]


def test_every_right_of_the_scanner_has_a_gap_or_a_reason() -> None:
    assert set(SCANNER.rights) == {*OPENS, *OPENS_NOTHING_HERE}


@pytest.mark.usefixtures("org")
def test_what_writes_is_asleep_and_complete_where_the_platform_asks_for_more(estate: RunningEstate) -> None:
    """The org refuses a set that leaves out what one of its permissions depends on."""
    with pytest.raises(AssertionError, match="depends on permission"):
        deploy(estate, one_set(without(ENFORCER_WRITES, "ManageRoles")))
    deploy(estate, one_set(ENFORCER_WRITES))
    query = f"query?q=SELECT+HasActivationRequired+FROM+PermissionSet+WHERE+Name='{ENFORCER_WRITES.name}'"
    (row,) = estate.get(ORG, ADMINISTRATOR, f"v62.0/{query}").json()["records"]
    assert row["HasActivationRequired"] is True
