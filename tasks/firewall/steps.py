"""Prefect tasks of the firewall room."""

from prefect import task

from tasks.firewall import gateway
from tasks.firewall.model import FirewallState
from tasks.orgs import load_policy, open_cloud
from tasks.policies import READ


@task(
    name="read-web-acls",
    description="Web ACLs of the policy, their address sets and logs, and what stands before each gateway.",
    **READ,
)
def read_firewalls() -> FirewallState:
    return gateway.read_firewalls(open_cloud(), load_policy().waf.gateways.values())
