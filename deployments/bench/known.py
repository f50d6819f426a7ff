"""What least-privilege plans are reasoned from, read as the scanner without Prefect."""

from collections.abc import Iterable
from datetime import datetime

from deployments.bench.sessions import Sessions
from flows.allow_listing import network_of, whom_to_look_at
from flows.least_privilege import joined
from tasks.estate.model import Estate, Route
from tasks.estate.policy import Policy
from tasks.inventory.gateway import read_inventory
from tasks.network.gateway import read_network
from tasks.network.model import OrgNetwork
from tasks.network.sign_ins_gateway import read_sign_ins
from tasks.permissions.gateway import read_field_facts, read_newcomers, read_permissions
from tasks.permissions.model import OrgRights
from tasks.permissions.newcomers import API_LICENCE
from tasks.usage.gateway import read_usage

DAYS = 91
"""Ninety whole days, and today, whose file is not there yet."""


def rights_in(
    sessions: Sessions, org: str, routes: Iterable[Route], *, split_shared: bool = False
) -> tuple[OrgRights, datetime]:
    """Of the routes those into the org, and the org's own time. Raises OrgError."""
    ours = [route for route in routes if route.target == org]
    names = {route.sync_user.lower() for route in ours}
    with sessions.scanner(org) as session:
        inventory = read_inventory(session)
        facts = read_field_facts(session, {name for route in ours for name in objects_of(route)})
        users = [u.id for u in inventory.values["users"] if u.username.lower() in names]
        now = inventory.server_time
        assert now is not None
        rights = read_permissions(session, fields=sorted(facts.values["facts"]))
        readings = [inventory, facts, rights, read_usage(session, users, now, DAYS)]
        if split_shared:
            readings.append(read_newcomers(session, users, API_LICENCE))
        return joined(org, readings, split_shared=split_shared)


def network_in(sessions: Sessions, org: str, estate: Estate, policy: Policy) -> tuple[OrgNetwork, datetime]:
    """What plans about address ranges are reasoned from, and the org's own time. Raises OrgError."""
    with sessions.scanner(org) as session:
        inventory = read_inventory(session)
        users = inventory.values["users"]
        profiles = sorted({(user.profile_id, user.profile_name) for user in users if user.active})
        readings = [inventory, read_permissions(session, fields=[]), read_network(session, profiles=profiles)]
        looked_at, now = whom_to_look_at(org, readings, estate, policy)
        readings.append(read_sign_ins(session, looked_at, now))
    return network_of(org, readings, looked_at)


def objects_of(route: Route) -> set[str]:
    return {route.sobject, *(name.partition(".")[0] for name in route.also_reads)}
