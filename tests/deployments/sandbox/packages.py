"""Deploying to and retrieving from an org of the engine alone, without a wire."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deployments.sandbox.identity.sessions import Sessions
from deployments.sandbox.metadata import deploy as deployment
from deployments.sandbox.metadata import processes
from deployments.sandbox.metadata.package import manifest, pack
from deployments.sandbox.metadata.retrieve import gather
from deployments.sandbox.orgs import Org
from tests.deployments.sandbox.small_org import ADMIN_RIGHTS, SmallOrg

VERSION = "62.0"


def org_of(folder: Path) -> SmallOrg:
    """A small org whose administrator may write all metadata."""
    org = SmallOrg(folder)
    every = (*ADMIN_RIGHTS, "ModifyMetadata", "ModifyAllData", "ViewAllData", "CustomizeApplication")
    org.admin_id = org.user("keeper", every)
    return org


def deploy(
    org: SmallOrg, files: Mapping[str, bytes] | bytes, named: Mapping[str, Sequence[str]], **options: Any
) -> dict[str, Any]:
    """The whole result of one deployment."""
    content = files if isinstance(files, bytes) else pack({**files, "package.xml": manifest(named, VERSION)})
    held = Org(org.store, Sessions(org.store))
    process_id = deployment.start(held, org.admin, content, {"singlePackage": True, **options})
    for _ in deployment.work(held, process_id, content):
        pass
    result = processes.find(org.store, "deploy", process_id)
    assert result is not None
    return result


def retrieve(org: SmallOrg, named: Mapping[str, Sequence[str]]) -> tuple[dict[str, bytes], list[str]]:
    files, _, missing = gather(org.store, named, VERSION, "")
    return files, missing
