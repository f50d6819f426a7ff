"""Hands on AWS WAF: address sets, web ACLs, what they stand before and where they log."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from pydantic import JsonValue

from tasks.aws.cloud import Cloud
from tasks.aws.firewall import ABSENT, Firewall, WebAclState
from tasks.errors import CloudError, OrgRefused, OrgUnavailable
from tasks.plans.model import Around, Change, Refusal, Resource, ResourceKind, State

CHANGED_MEANWHILE = "WAFOptimisticLockException"
PASSING = frozenset(
    {
        # Somebody wrote between our look and our write: what it is now is read, and judged, before anything is sent again.
        CHANGED_MEANWHILE,
        # What was just made or let go of is not known everywhere yet (API reference, common WAF errors).
        "WAFUnavailableEntityException",
        "WAFAssociatedItemException",
        "WAFInternalErrorException",
        "ThrottlingException",
    }
)


def read_firewall(cloud: Cloud, resources: Sequence[Resource]) -> dict[Resource, State]:
    """What AWS has; what it does not have is left out. Raises OrgError."""
    firewall = Firewall(cloud)
    named: dict[ResourceKind, set[str]] = {}
    for resource in resources:
        named.setdefault(resource.kind, set()).add(resource.key)
    try:
        sets = firewall.ip_sets(named[kind]) if (kind := ResourceKind.IP_SET) in named else {}
        acls = {}
        if wanted := named.get(ResourceKind.WEB_ACL, set()) | named.get(ResourceKind.WEB_ACL_LOG, set()):
            acls = firewall.web_acls(wanted)
        found: dict[Resource, State] = {}
        for resource in resources:
            state: Mapping[str, Any] | None = None
            match resource.kind:
                case ResourceKind.IP_SET if resource.key in sets:
                    held = sets[resource.key]
                    state = {"version": held.version, "addresses": list(held.addresses)}
                case ResourceKind.WEB_ACL if resource.key in acls:
                    state = _state_of(acls[resource.key])
                case ResourceKind.WEB_ACL_PLACE:
                    name = firewall.before(resource.key)
                    state = None if name is None else {"web_acl": name}
                case ResourceKind.WEB_ACL_LOG if resource.key in acls:
                    state = firewall.logging(acls[resource.key].arn)
            if state is not None:
                found[resource] = cast("dict[str, JsonValue]", dict(state))
    except CloudError as error:
        raise _of_org(resources[0].org, error) from None
    return found


def write_firewall(cloud: Cloud, changes: Sequence[Change]) -> dict[int, Refusal]:
    """
    One change after the other; what was refused, by number. Raises OrgError where no answer came.

    Each is read first: only what is as planned is written, under the lock of exactly that reading. Who else writes in
    between makes AWS refuse ours.
    """
    firewall = Firewall(cloud)
    refused: dict[int, Refusal] = {}
    for change in changes:
        try:
            if code := _WRITES[change.resource.kind](firewall, change):
                refused[change.number] = Refusal(code=code, what=code, passing=code in PASSING)
        except CloudError as error:
            if not error.code:
                raise _of_org(change.resource.org, error) from None
            refused[change.number] = Refusal(code=error.code, what=error.code, passing=error.code in PASSING)
    return refused


def around_cloud(cloud: Cloud, org: str) -> Around:
    """For plans that leave the org alone: AWS's time, and nobody whose rights could change. Raises OrgError."""
    try:
        return Around(users=0, now=Firewall(cloud).now(), holdings={})
    except CloudError as error:
        raise _of_org(org, error) from None


def _of_org(org: str, error: CloudError) -> OrgUnavailable | OrgRefused:
    """The engine thinks in orgs: no answer leaves open what was done, a no does not."""
    what, _, next_step = str(error).partition(". ")
    kind = OrgRefused if error.code and error.code not in PASSING else OrgUnavailable
    return kind(org, what, next_step, error.code)


# Each gives the code of what speaks against writing, or nothing ---------------------------------------


def _write_ip_set(firewall: Firewall, change: Change) -> str:
    name = change.resource.key
    held = firewall.ip_sets([name]).get(name)
    state = None if held is None else {"version": held.version, "addresses": list(held.addresses)}
    if state != change.before:
        return CHANGED_MEANWHILE
    if change.after is None:
        assert held is not None, "a change that leaves nothing started from something"
        firewall.drop_ip_set(held)
    elif held is None:
        firewall.make_ip_set(name, str(change.after["version"]), _texts(change.after, "addresses"))
    else:
        firewall.set_addresses(held, _texts(change.after, "addresses"))
    return ""


def _write_web_acl(firewall: Firewall, change: Change) -> str:
    name = change.resource.key
    held = firewall.web_acls([name]).get(name)
    state = None if held is None else _state_of(held)
    if state != change.before:
        return CHANGED_MEANWHILE
    if change.after is None:
        assert held is not None, "a change that leaves nothing started from something"
        firewall.drop_web_acl(held)
        return ""
    default, rules = str(change.after["default"]), cast("list[dict[str, Any]]", change.after["rules"])
    default_with = cast("dict[str, Any]", change.after.get("default_with") or {})
    if held is None:
        firewall.make_web_acl(name, default, rules, default_with)
    else:
        firewall.set_rules(held, default, rules, default_with)
    return ""


def _state_of(acl: WebAclState) -> dict[str, Any]:
    settings = {"default_with": dict(acl.default_with)} if acl.default_with else {}
    return {"default": acl.default, **settings, "rules": list(acl.rules)}


def _write_place(firewall: Firewall, change: Change) -> str:
    """Associations have no lock: the look before the write is all there is, and the reading after it tells."""
    held = firewall.before(change.resource.key)
    if held != (change.before or {}).get("web_acl"):
        return CHANGED_MEANWHILE
    if change.after is None:
        firewall.take_from(change.resource.key)
        return ""
    name = str(change.after["web_acl"])
    acl = firewall.web_acls([name]).get(name)
    if acl is None:
        return ABSENT
    firewall.put_before(change.resource.key, acl.arn)
    return ""


def _write_log(firewall: Firewall, change: Change) -> str:
    acl = firewall.web_acls([change.resource.key]).get(change.resource.key)
    if acl is None:
        return ABSENT
    if firewall.logging(acl.arn) != change.before:
        return CHANGED_MEANWHILE
    if change.after is None:
        firewall.log_no_more(acl.arn)
    else:
        firewall.log_to(acl.arn, change.after)
    return ""


def _texts(state: State, name: str) -> list[str]:
    return [str(each) for each in cast("list[JsonValue]", state[name])]


_WRITES: dict[ResourceKind, Callable[[Firewall, Change], str]] = {
    ResourceKind.IP_SET: _write_ip_set,
    ResourceKind.WEB_ACL: _write_web_acl,
    ResourceKind.WEB_ACL_PLACE: _write_place,
    ResourceKind.WEB_ACL_LOG: _write_log,
}
