"""What stands in a backup's way: a KMS that is asked too often, and a job of the org that never ends. Nothing half lies there."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from deployments.sandbox import launch
from tasks.aws.cloud import Cloud
from tasks.backups.org_gateway import OrgToKeep
from tasks.backups.vault_gateway import Vault
from tasks.errors import CloudError, OrgUnavailable, SecretUnavailable
from tasks.salesforce import bulk
from tasks.salesforce.session import Session
from tests.running import RunningEstate
from tests.tasks.backups.conftest import BEGAN
from tests.tasks.backups.test_vault import ID, ROWS, SHAPE, kept
from tests.tasks.salesforce.scanner import scanner_connection

ORG = "hq-uat"


class Busy:
    """Answers in the place of KMS that it is asked too often, so many times; then KMS itself is asked."""

    def __init__(self, cloud: Cloud, times: int) -> None:
        self.left, self.asked = times, 0
        self._events = cloud.client("kms").meta.events
        self._events.register("before-send.kms", self)

    def __call__(self, request: Any, **named: Any) -> AWSResponse | None:
        self.asked += 1
        if not self.left:
            return None
        self.left -= 1
        return AWSResponse(request.url, 400, {"x-amzn-RequestId": "busy"}, Raw())

    def over(self) -> None:
        self._events.unregister("before-send.kms", self)


class Raw:
    def stream(self, *given: object, **named: object) -> Iterator[bytes]:
        yield b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'


def test_a_kms_that_is_asked_too_often_for_a_moment_is_waited_for(on_disk: Vault, cloud: Cloud) -> None:
    busy = Busy(cloud, times=2)
    try:
        manifest = kept(on_disk, "hq", rows=ROWS[:50]).manifest
        busy.left = 2
        assert [*on_disk.rows([manifest], SHAPE.name)] == ROWS[:50]
    finally:
        busy.over()
    assert busy.left == 0 and busy.asked > 5


def test_a_kms_that_stays_busy_is_told_and_nothing_is_begun(
    on_disk: Vault, cloud: Cloud, tmp_path: Path
) -> None:
    busy = Busy(cloud, times=1_000)
    try:
        with pytest.raises(CloudError, match=r"too often.*ThrottlingException.*Run again in a while") as told:
            kept(on_disk, "hq", rows=ROWS[:50])
    finally:
        busy.over()
    assert not isinstance(told.value, SecretUnavailable), "its task tries again"
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept(on_disk, "hq", rows=ROWS[:50]).manifest.rows == 50


def test_a_job_that_never_ends_is_told_and_nothing_of_it_lies_there(
    estate: RunningEstate, on_disk: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_SECONDS", 120.0)
    rule = {"kind": "job_stuck", "org": ORG, "path": "jobs/query", "times": 1}
    launch.ask(estate.folder, "POST", "/faults", rule)
    with Session(scanner_connection(estate, ORG), sleep=lambda seconds: None) as session:
        source = OrgToKeep(session)
        (shape,) = source.shapes(["Lead"])

        def keep() -> int:
            groups = source.rows(shape, None, increment=False, overlap=timedelta(0))
            return on_disk.keep_rows(ID, shape, groups, None, None, lambda count: None, began=BEGAN).rows

        with pytest.raises(OrgUnavailable, match=r"bulk job is InProgress.*Look at it in Setup"):
            keep()
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]
        # The next job, as the task's own repeat makes one.
        assert keep() > 0
