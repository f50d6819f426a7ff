"""Reads web ACLs, address sets, logs and what stands before gateways."""

from collections.abc import Iterable

from tasks.aws.cloud import Cloud
from tasks.aws.firewall import Firewall, list_web_acls
from tasks.firewall.model import FirewallState
from tasks.network.model import WebAcl


def read_firewalls(cloud: Cloud, gateways: Iterable[str]) -> FirewallState:
    """`gateways` by ARN. Raises CloudError."""
    firewall = Firewall(cloud)
    return FirewallState(
        at=firewall.now(),
        acls={
            acl.name: WebAcl(
                name=acl.name,
                associated=acl.associated,
                rate_limit=acl.blocking_rate_limit,
                default=acl.default,
                rules=acl.rules,
                address_sets=dict(acl.address_sets),
                resources=acl.resources,
                log_destinations=acl.log_destinations,
                default_with=dict(acl.default_with),
            )
            for acl in list_web_acls(cloud)
        },
        logs={
            name: log
            for name, acl in firewall.web_acls().items()
            if (log := firewall.logging(acl.arn)) is not None
        },
        ip_sets={
            name: {"version": held.version, "addresses": list(held.addresses)}
            for name, held in firewall.ip_sets().items()
        },
        before={arn: firewall.before(arn) for arn in gateways},
    )
