"""Nouns of policy.yaml about addresses: which are ours, whom a plan may lock out, what stands before gateways."""

import datetime as dt
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from tasks.estate.model import Alias, Network
from tasks.value import Value


class NamedNetwork(Value):
    """Addresses that are ours under one name. The corporate VPN is one; whatever other VPN somebody uses is outside."""

    name: str = Field(pattern=r"^[A-Za-z0-9][\w .,()/-]{0,79}$")
    use: Literal["office", "middleware", "vpn"]
    """Integrations come from offices and middleware, administrators through the VPN too."""
    ranges: tuple[Network, ...] = Field(min_length=1)


class SharedBlock(Value):
    """Addresses of a provider from which any of its customers may come."""

    network: Network
    owner: str = Field(min_length=2)


class ExplainedLockOut(Value):
    """Sign-ins that may end: who stands for it, why, and until which day it is accepted."""

    org: Alias
    username: str = Field(min_length=1)
    """A user name, or a shell pattern of such; case does not count."""
    addresses: Network
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=2)
    expires: dt.date
    """The last day on which it accepts anything."""


class UnloggedSessions(Value):
    """Who stands for it that every request is checked in an org of which no log tells from where sessions are used."""

    org: Alias
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=2)
    expires: dt.date
    """The last day on which it accepts anything."""


_SHARED = (
    SharedBlock(network=IPv4Network("52.94.76.0/22"), owner="AWS"),
    SharedBlock(network=IPv4Network("52.95.110.0/24"), owner="AWS"),
)


class NetworkPolicy(Value):
    allowed: tuple[Network, ...] = ()
    """Offices and middleware: the only addresses integrations and administrators come from."""
    vpn: tuple[Network, ...] = ()
    """Addresses of the VPN through which remote administrators come."""
    networks: tuple[NamedNetwork, ...] = ()
    """The same with names; `allowed` and `vpn` are those without."""
    broadest_prefix: int = 16
    """An IPv4 range wider than this prefix length is no allow-list."""
    broadest_prefix_v6: int = Field(default=48, ge=1, le=128)
    """The same for IPv6. One site gets a /48 (RFC 6177); a provider with all of its customers has a /32."""
    shared: tuple[SharedBlock, ...] = _SHARED
    """
    Blocks of providers that are no allow-list either. Nothing is downloaded: enter here what your provider publishes (AWS: its
    ip-ranges document). The two that are there are those that integration guides for AWS middleware like to allow.
    """
    own_prefix: int = Field(default=28, ge=1, le=128)
    """Within a shared block a range is our own (reserved egress addresses) when it is no wider than this prefix length."""
    max_ranges: int = Field(default=16, ge=1, le=64)
    """How many ranges at most are proposed for addresses that were seen outside of the networks."""
    explained: tuple[ExplainedLockOut, ...] = ()
    """Sign-ins that a plan may end although they are in use."""
    unlogged: tuple[UnloggedSessions, ...] = ()
    """Orgs in which a plan may have every request checked although no log of calls shows whom that would stop."""

    @model_validator(mode="after")
    def _one_network_each(self) -> "NetworkPolicy":
        names = [network.name for network in self.networks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two networks are named {twice[0]}")
        return self


class WafPolicy(Value):
    web_acls: dict[Alias, str] = Field(default_factory=dict)
    """Org alias to the name of the regional AWS web ACL before that org's integration gateway."""
    gateways: dict[Alias, str] = Field(default_factory=dict)
    """Org alias to the ARN of that gateway (load balancer, API stage, …), which its web ACL has to stand before."""
    max_rate: int = Field(default=2000, ge=10)
    """Requests per five minutes and address; a higher limit protects nothing. AWS takes no limit below 10."""
    allowed_networks_only: bool = False
    """Whether gateways answer offices and middleware alone: `network.allowed`, and named networks that are no VPN."""
    managed_groups: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$")], ...] = ()
    """AWS's own rule groups that a web ACL must have, such as AWSManagedRulesCommonRuleSet."""
    managed_groups_block: bool = False
    """Whether plans make AWS's groups block. Otherwise they count at first, so that their logs show what would be refused."""
    shield_advanced: bool = False
    """Whether AWS Shield Advanced has to protect every gateway. It is a paid subscription."""
    log_destination: str | None = Field(
        default=None, pattern=r"^arn:aws[a-z-]*:(logs|s3|firehose):.*aws-waf-logs-.*$"
    )
    """ARN of where web ACLs log to; AWS asks that its name begins with `aws-waf-logs-`."""
