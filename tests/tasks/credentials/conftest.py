"""Apps and secrets to rotate in the running estate, and back to how they were."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deployments.bench.rotation_setup import Administrator
from deployments.sandbox import launch
from deployments.sandbox.seed.names import API_PROFILE
from tasks.aws.cloud import Cloud
from tasks.aws.secrets import write_secret
from tasks.credentials.passwords import new_password
from tasks.credentials.rotation_gateway import certificate_around, new_key
from tests.running import RunningEstate
from tests.tasks.credentials.lab import CERTIFICATE, ORG, PAIRED, PASSWORD, SET, STAGED, TWINS, Bench


@pytest.fixture(scope="module")
def lab(estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    launch.save_snapshot(estate.folder, "before-rotation")
    administrator = Administrator(estate.folder, ORG)
    administrator.make_app("Lab_Staged", run_as=administrator.username, held_by=SET)
    key = new_key()
    now = datetime.now(UTC)
    own = administrator.make_app("Lab_A", certificate=certificate_around(key, now), held_by=SET)
    administrator.make_app("Lab_B", certificate=certificate_around(new_key(), now), held_by=SET)
    password = new_password(12, (), secrets.choice)
    for number, name in enumerate(TWINS):
        # Whom nobody knows yet is at rest.
        given = password if number == 0 else new_password(12, (), secrets.choice)
        administrator.make_twin(name, API_PROFILE, (), given)
    yield {
        **administrator.pair("Lab_Staged"),
        "jwt": own,
        "private": key,
        "user": administrator.username,
        "password": password,
    }
    administrator.close()
    launch.restore_snapshot(estate.folder, "before-rotation")
    launch.delete_snapshot(estate.folder, "before-rotation")


@pytest.fixture
def staged(estate: RunningEstate, cloud: Cloud, lab: dict[str, str], tmp_path: Path) -> Iterator[Bench]:
    administrator = Administrator(estate.folder, ORG)
    pair = administrator.pair("Lab_Staged")
    administrator.close()
    value = {
        "consumerKey": pair["key"],
        "consumerSecret": pair["secret"],
        "instanceUrl": "https://lab.example",
    }
    write_secret(cloud, STAGED, value)
    bench = Bench(estate, cloud, tmp_path, "client-secret")
    yield bench
    other = bench.door.other()
    if other is not None:
        bench.door.discard(other.id)
    cloud.client("secretsmanager").delete_secret(SecretId=STAGED, ForceDeleteWithoutRecovery=True)
    bench.close()


@pytest.fixture
def paired(estate: RunningEstate, cloud: Cloud, lab: dict[str, str], tmp_path: Path) -> Iterator[Bench]:
    value = {"consumerKey": lab["jwt"], "privateKey": lab["private"], "username": lab["user"]}
    write_secret(cloud, PAIRED, value)
    bench = Bench(estate, cloud, tmp_path, "key-pair")
    yield bench
    bench.session.hello()
    bench.door.give(value)
    cloud.client("secretsmanager").delete_secret(SecretId=PAIRED, ForceDeleteWithoutRecovery=True)
    bench.close()


@pytest.fixture
def password(estate: RunningEstate, cloud: Cloud, lab: dict[str, str], tmp_path: Path) -> Iterator[Bench]:
    administrator = Administrator(estate.folder, ORG)
    fresh = new_password(12, (), secrets.choice)
    (found,) = administrator.rows(f"SELECT Id FROM User WHERE Username = '{TWINS[0]}'")
    administrator.rest("POST", f"sobjects/User/{found['Id']}/password", json={"NewPassword": fresh})
    administrator.close()
    write_secret(
        cloud,
        PASSWORD,
        {"username": TWINS[0], "password": fresh, "securityToken": "x", "instanceUrl": "https://lab"},
    )
    bench = Bench(estate, cloud, tmp_path, "password")
    yield bench
    cloud.client("secretsmanager").delete_secret(SecretId=PASSWORD, ForceDeleteWithoutRecovery=True)
    bench.close()


@pytest.fixture
def certificate(estate: RunningEstate, cloud: Cloud, lab: dict[str, str], tmp_path: Path) -> Iterator[Bench]:
    write_secret(cloud, CERTIFICATE, {"instanceUrl": "https://lab"})
    bench = Bench(estate, cloud, tmp_path, "client-certificate")
    first = bench.door.make({"instanceUrl": "https://lab"})
    bench.door.accepted()
    bench.door.give(first)
    write_secret(cloud, CERTIFICATE, first)
    yield bench
    bench.door.accepted()
    bench.door.void(bench.current())
    for name in (CERTIFICATE, f"{CERTIFICATE}.next"):
        cloud.client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    bench.close()
