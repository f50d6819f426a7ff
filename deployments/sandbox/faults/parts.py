"""Trouble inside a request or beside it: parts of composites and collections, and bulk jobs."""

from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.faults.rules import Fault
from deployments.sandbox.orgs import Org


def strike(org: Org, method: str, path: str) -> None:
    """Raises SalesforceError when a rule of kind `partial` strikes this part; `path` is the part's own."""
    fault = org.faults.take("part", org.alias, method, path, org.store.clock.now())
    if fault is not None:
        raise SalesforceError(400, fault.options["code"], fault.options["message"])


def job_trouble(org: Org, path: str) -> Fault | None:
    """
    The rule that strikes a bulk job about to be worked on; `path` is the job's, such as jobs/ingest/750….

    `job_stuck`: it stays InProgress for good. `job_failed`: it ends as Failed with `options["message"]`.
    """
    return org.faults.take("job", org.alias, "POST", path, org.store.clock.now())
