"""Hardening by the product's own plans, layer by layer, and each layer taken back."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from deployments.bench.rehearsal.carried import ROUTE as CARRIED
from deployments.sandbox import launch
from flows.allow_listing import allow_listing
from flows.least_privilege import least_privilege
from flows.mutual_tls import mutual_tls
from flows.plans import apply_plan, rollback_plan
from flows.rotation import credential_rotation
from flows.segmentation import segmentation
from flows.sign_in import oauth_flows, second_factors
from tasks.aws.cloud import Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.certificates.naming import waiting_name
from tasks.estate.model import Estate, Route
from tasks.orgs import load_estate, open_cloud, open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Approval
from tasks.rehearsal.model import Layer, Loot

REQUESTER = "ada@meridian.example"
APPROVERS = ("bob@meridian.example", "eve@meridian.example")
Job = Callable[[], str]
"""Gives the digest of the plan that it made."""


def jobs(folder: Path, estate: Estate, loot: Mapping[str, Loot]) -> dict[Layer, dict[str, Job]]:
    """
    By layer, in the order in which they are applied. Addresses come first, because least privilege moves users to other profiles.
    The rotation comes last: what it revokes does not come back, so whoever wants to be without it stops before. Encryption has no
    plan: a run of the route seals. Mutual TLS is that of the route whose key is used alone.
    """
    others = [route.name for route in estate.routes if route.name != CARRIED]
    stolen = loot["key-alone"].username if "key-alone" in loot else ""
    certified = [route.name for route in estate.routes if route.sync_user == stolen]
    org = loot["replay-after-rotation"].org if "replay-after-rotation" in loot else ""
    known = [each.secret for each in estate.credentials if each.org == org and each.kind == "client-secret"]
    return {
        Layer.NETWORK: {"allow-listing": lambda: allow_listing(requester=REQUESTER)},
        Layer.LEAST_PRIVILEGE: {
            "least-privilege": lambda: least_privilege(requester=REQUESTER, routes=others)
        },
        Layer.SEGMENTATION: {"segmentation": lambda: segmentation(requester=REQUESTER)},
        Layer.SIGN_IN: {
            "second-factors": lambda: second_factors(requester=REQUESTER),
            "oauth-flows": lambda: oauth_flows(requester=REQUESTER, although_used=True),
        },
        Layer.MUTUAL_TLS: {
            "mutual-tls": lambda: _signed(folder, certified),
            "mutual-tls, enforced": lambda: mutual_tls(requester=REQUESTER, routes=certified),
        }
        if certified
        else {},
        Layer.JUST_IN_TIME: {
            "least-privilege between runs": lambda: least_privilege(requester=REQUESTER, routes=[CARRIED])
        },
        Layer.ROTATION: {
            "credential-rotation": lambda: credential_rotation(
                requester=REQUESTER, secrets=known, emergency=True
            )
        },
    }


def _signed(folder: Path, routes: list[str]) -> str:
    """The first plan of each only asks for a signature; the authority is outside, as most are."""
    mutual_tls(requester=REQUESTER, routes=routes)
    cloud = open_cloud()
    for route in (each for each in load_estate().routes if each.name in routes):
        hand_in(folder, cloud, route, read_secret(cloud, waiting_name(route.credential))["nextRequest"])
    return mutual_tls(requester=REQUESTER, routes=routes)


def hand_in(folder: Path, cloud: Cloud, route: Route, request: str) -> None:
    """Has the embedded estate's authority sign a request, and puts the chain where the next plan looks for it."""
    signed = launch.ask(folder, "POST", "/authority/sign", {"request": request})
    write_secret(cloud, f"certificates/signed/{route.name}", {"chain": signed["chain"]})


def applied(job: Job) -> tuple[str, int]:
    """Makes a plan, has two people approve it, applies it; its digest and how much it changed. Raises as `apply-plan` does."""
    digest = job()
    with open_ledger() as ledger:
        for person in APPROVERS:
            said = Approval(plan=digest, approver=person, reason="breach rehearsal", at=datetime.now(UTC))
            PlanBook(ledger, person).approve(said)
        changes = len(PlanBook(ledger, "").find(digest)[1].changes)
    if changes:
        apply_plan(digest=digest, actor=REQUESTER)
    return digest, changes


def taken_back(digest: str) -> None:
    """Raises as `rollback-plan` does."""
    rollback_plan(digest=digest, reason="breach rehearsal: this layer is lost", actor=REQUESTER)
